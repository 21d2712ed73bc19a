"""`Reading`: how texts are found in files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.hyperparameters import check, described, hyperparameter


@dataclass(frozen=True, kw_only=True)
class Reading:
    r"""How texts are found in files; each field is an option of the commands that read raw text.

    Args:
        text_column: the name, or the number from 1, of the column of texts of tables; found if None. What
            comes through a pipe is taken for a table if this is given.
        header: whether the first row of csv or tsv names the columns; found if None.
        quoting: whether quotes enclose cells of csv or tsv; found if None.
        encoding: of text, csv, tsv and JSON lines; any that Python knows.
        documents: what becomes a document: each line of text and each row of a table ("lines"), or each
            sentence in them, see `embedkit.text.sentences`; None for lines or, of text that is added to a
            corpus, for what its documents are.
        strict: refuse a table with a row that cannot be read, instead of leaving such rows out with a
            warning that counts them. Labeled tables are refused unless `skip_bad_rows` says otherwise, as
            a row that slips shifts its label, too.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from embedkit import Corpus, Reading
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     table = Path(folder, "reviews.csv")
        ...     _ = table.write_text("id,review\n1,A fine film.\n2,A dull one.\n", encoding="utf-16")
        ...     reading = Reading(text_column="review", encoding="utf-16")
        ...     corpus = Corpus.encode(table, Path(folder, "corpus"), reading=reading)
        ...     print(corpus.vocabulary.words)
        ('a', 'dull', 'film', 'fine', 'one')
    """

    text_column: str | int | None = described(
        None, "column of texts in tables, by name or number; default: guessed and reported"
    )
    header: bool | None = described(
        None, "the first row of a .csv or .tsv file has the column names; default: detected"
    )
    quoting: bool | None = described(None, "cells of a .csv or .tsv file may be quoted; default: detected")
    encoding: str = described("utf-8", "encoding of the text, such as cp1252 or utf-16")
    documents: Literal["lines", "sentences"] | None = hyperparameter(
        None,
        "what becomes a document: each line of text and row of a table, or each sentence of them; default: "
        "lines",
    )
    strict: bool = described(
        False, "stop at the first row of a table that cannot be read, instead of leaving such rows out"
    )

    def __post_init__(self) -> None:
        check(self)
