"""File formats of text: compression, archives and encodings, told by content."""
