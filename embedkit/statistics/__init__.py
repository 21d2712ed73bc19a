"""What is said of numbers: intervals, correlations, tests of whether a difference could be chance."""
