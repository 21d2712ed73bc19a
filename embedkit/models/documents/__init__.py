"""Document vectors of n-grams, trained with the cosine."""
