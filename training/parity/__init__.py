"""What holds the Swift engine and other runtimes to this definition: golden tensors, graphs."""
