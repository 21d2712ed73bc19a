"""Measures of bias, one file each; every number comes as a `Measurement` with what it rests on."""
