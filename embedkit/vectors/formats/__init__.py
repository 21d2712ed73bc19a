"""File formats of word vectors: one file a format, one table that detects them."""

from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.registry import FORMATS, read, write

__all__ = ["FORMATS", "VectorContents", "read", "write"]
