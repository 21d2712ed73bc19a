"""The forward pass of trained networks, in numpy and compiled, without TensorFlow."""
