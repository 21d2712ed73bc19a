"""Files of models: one checked .safetensors each, written and read without running code."""
