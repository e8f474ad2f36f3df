"""Starting weights of the two encoders, and what AudioSet calls our categories."""
