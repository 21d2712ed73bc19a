"""Speech: recordings as log-mel features, recurrent networks with CTC, decoding, words in recordings."""
