"""Raw text to token ids: readers, tokenizers, vocabulary, corpus."""
