"""What the kernels compute, in readable numpy: the oracle of the tests."""
