"""Maps: words, or whatever has vectors, as points in two dimensions."""
