"""Text classifiers: scikit-learn estimators, their files and their assessment."""
