"""Linear classifiers: n-grams with TF-IDF, means of vectors, logistic regression."""
