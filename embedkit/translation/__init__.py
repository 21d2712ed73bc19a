"""Sequence to sequence: encoders and decoders with attention, for translation, pronunciation and the like."""
