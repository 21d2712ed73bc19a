"""Topics of bias: classes, word lists and definitional words, and the TOML files that hold them."""
