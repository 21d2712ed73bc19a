"""A tag for each token: parts of speech, named entities, by a BiLSTM with a CRF on top."""
