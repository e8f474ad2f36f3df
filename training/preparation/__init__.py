"""From originals, as packages and repositories have them, to prepared sources."""
