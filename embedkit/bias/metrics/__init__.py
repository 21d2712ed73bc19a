"""Bias metrics, one file each; every number comes as a `Measurement` with its interval and coverage."""
