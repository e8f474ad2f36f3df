"""Annotated clips as training data, and models that learn new words and categories from them."""
