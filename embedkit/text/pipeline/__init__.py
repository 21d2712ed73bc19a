"""Text pipelines: the steps from raw text to tokens, as one value."""
