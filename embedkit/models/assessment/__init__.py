"""Assessment of classifiers: scores, calibration, explanations."""
