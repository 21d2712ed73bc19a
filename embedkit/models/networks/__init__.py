"""Neural classifiers and their training with Keras."""
