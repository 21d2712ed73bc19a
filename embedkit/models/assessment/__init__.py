"""How good a classifier is: scores, calibration, explanations."""
