"""`Texts`: texts in memory where files of text are expected, in any of the forms that Python knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LIBRARIES = ("pandas", "polars", "pyarrow", "datasets", "narwhals", "modin", "cudf")
ARROW = ("__arrow_c_stream__", "__arrow_c_array__")


@dataclass(frozen=True)
class Texts:
    """Texts in memory, each a document, where a string would be the path of a file.

    Args:
        texts: any iterable of strings, which may be a generator; a column of pandas, polars or pyarrow; a
            data frame of theirs, or a `Dataset` or `IterableDataset` of Hugging Face, of which one column is
            read. All but iterables of strings, which may be paths, need not be wrapped.
        text_column: the name, or the number from 1, of the column of a frame or dataset; found if None.

    Example:
        >>> from embedkit import PPMISVD, Texts
        >>> texts = Texts(text.lower() for text in ["The cat sat down.", "The dog sat down, too."])
        >>> PPMISVD(vector_size=2, min_count=1).train(texts).vocabulary.words
        ('down', 'sat', 'the', 'cat', 'dog', 'too')
    """

    texts: Any
    text_column: str | int | None = None


def is_texts(source: Any) -> bool:
    """Whether a source is texts, and nothing else: `Texts`, a column, a data frame or a dataset."""
    library = type(source).__module__.partition(".")[0]
    return isinstance(source, Texts) or library in LIBRARIES or any(hasattr(source, name) for name in ARROW)
