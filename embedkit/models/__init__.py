"""Classifiers of texts: estimators in the manner of scikit-learn, their files and their scores."""
