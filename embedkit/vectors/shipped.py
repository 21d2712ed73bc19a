"""`load`: vectors from a file, downloaded ones by name, or the bundled English ones."""

from __future__ import annotations

from pathlib import Path

from embedkit.vectors.downloaded import vectors_path
from embedkit.vectors.embeddings import Embeddings

ENGLISH = "english"


def load(
    path: str | Path | None = None,
    limit: int | None = None,
    *,
    skip_bad_rows: bool = False,
    verify: bool = False,
    trust_pickle: bool = False,
) -> Embeddings:
    """Load vectors of any known format from `path`; None stands for the vectors that ship with embedkit.

    Args:
        path: a file or folder, "-" for stdin, or None.
        limit: how many words to read, the first of the file.
        skip_bad_rows: leave out rows that cannot be read, see `Embeddings.load`.
        verify: compare the content with its checksums, see `Embeddings.load`.
        trust_pickle: read words and arrays from pickles, see `Embeddings.load`.

    Raises:
        InputError: there is no such file, or the vectors of this name are not downloaded.
        FormatError: it is damaged or of no known format.

    Example:
        >>> load(limit=1000)
        Embeddings(1000 words x 96)
    """
    file = vectors_path(ENGLISH if path is None else path)
    return Embeddings.load(file, limit, skip_bad_rows=skip_bad_rows, verify=verify, trust_pickle=trust_pickle)
