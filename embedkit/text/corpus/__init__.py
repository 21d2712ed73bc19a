"""The corpus: raw text as token ids on disk."""
