"""The explorer: a page on which one looks at vectors, served here or kept as one file."""
