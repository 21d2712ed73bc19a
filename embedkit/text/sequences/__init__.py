"""Token ids of many texts: ragged, cut to a length, padded to rows, and in batches of similar lengths."""
