"""Text pipelines: the steps from raw text to tokens, as one value that is saved with whatever was made of it."""
