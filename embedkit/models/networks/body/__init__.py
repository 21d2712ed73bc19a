"""The layers of a network in Keras and TensorFlow, and what they make together."""
