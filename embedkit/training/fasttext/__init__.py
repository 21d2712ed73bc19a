"""fastText: word vectors made of the vectors of character n-grams."""
