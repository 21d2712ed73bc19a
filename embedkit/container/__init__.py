"""One checked .safetensors container for vectors, counts and models."""
