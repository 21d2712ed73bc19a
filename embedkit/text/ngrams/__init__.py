"""n-grams of words and characters, counted without making strings, and sparse matrices of them."""
