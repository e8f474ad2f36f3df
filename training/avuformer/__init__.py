"""AVUFormer-lite: definition, data, training and export of the default model."""
