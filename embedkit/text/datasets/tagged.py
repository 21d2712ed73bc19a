"""`TaggedTexts`: sentences as tokens with a tag each, read from files of columns or JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.column_files import column_rows
from embedkit.text.datasets.lines import numbered_lines
from embedkit.text.datasets.splitting import check_fraction
from embedkit.text.datasets.token_lists import is_token_lists, listed_rows


@dataclass(frozen=True)
class TaggedTexts:
    """Sentences of tokens, and a tag for each token.

    Args:
        name: where they come from, for messages.
        sentences: lists of tokens.
        tags: a list as long of each sentence.
        lines: the line of the first token of each sentence, or of the sentence.

    Example:
        >>> from embedkit.text.datasets.tagged import TaggedTexts
        >>> data = TaggedTexts("poem", [["roses", "are", "red"]], [["NOUN", "AUX", "ADJ"]], [1])
        >>> len(data), data.describe()["tokens"]
        (1, 3)
    """

    name: str
    sentences: Sequence[Sequence[str]]
    tags: Sequence[Sequence[str]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.sentences)

    def describe(self) -> dict[str, Any]:
        """What there is, ready for JSON."""
        tokens = sum(map(len, self.sentences))
        kinds = sorted({tag for tags in self.tags for tag in tags})
        return {"name": Path(self.name).name, "sentences": len(self), "tokens": tokens, "tags": kinds}

    def split(self, fraction: float, seed: int) -> tuple[TaggedTexts, TaggedTexts]:
        """Two parts in the order of the sentences, the second of them a `fraction` drawn at random.

        What is drawn stays in the first part if it has a tag that no other sentence there has.

        Raises:
            InputError: a fraction that is too large, or too small for any sentence.
        """
        check_fraction(fraction)
        count = round(fraction * len(self))
        if count == 0 or count == len(self):
            raise InputError(
                f"expected to hold out some of {len(self)} sentences and to learn from others, but "
                f"{fraction} of them is {count}; hold out another fraction, or 0 for none (--validation, "
                "validation_fraction)"
            )
        held = np.zeros(len(self), np.bool_)
        held[np.random.default_rng(seed).permutation(len(self))[:count]] = True
        known = {tag for own in compress(self.tags, ~held) for tag in own}
        held &= [known.issuperset(own) for own in self.tags]
        return self._only(~held), self._only(held)

    def _only(self, kept: np.ndarray[Any, np.dtype[np.bool_]]) -> TaggedTexts:
        sentences, tags = list(compress(self.sentences, kept)), list(compress(self.tags, kept))
        return TaggedTexts(self.name, sentences, tags, list(compress(self.lines, kept)))


def check_tagged_file(path: Path) -> None:
    """Raise `InputError` for a path that is no file."""
    if not path.exists() or path.is_dir():
        got = "a folder" if path.is_dir() else "no such file"
        raise InputError(f"cannot read {path}: expected a file of tagged tokens, got {got}")


def read_tagged(
    path: str | Path,
    *,
    token_column: str | None = None,
    tag_column: str | None = None,
    encoding: str = "utf-8",
    tagged: bool = True,
) -> TaggedTexts:
    r"""Tagged sentences in a file, plain or compressed.

    A file of columns has a token a line, and a blank line behind each sentence; columns are parted by tabs,
    or else by blanks. Lines that begin with -DOCSTART- are left out, and so are comments; of CoNLL-U the
    ranges of multiword tokens and empty nodes, too. JSON lines are {"tokens": [...], "tags": [...]}.

    Args:
        path: the file.
        token_column: the column of the tokens: its number, from 1, or -1 for the last; of CoNLL-U also its
            name, such as form; of JSON lines the key. Default: the first; of CoNLL-U form; tokens.
        tag_column: that of the tags. Default: the last; of CoNLL-U upos; tags.
        encoding: of the text.
        tagged: whether there are to be tags; if not, each is "".

    Raises:
        InputError: no such file or column, or no sentence.
        FormatError: a line that cannot be read, with its number.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from embedkit import read_tagged
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "train.conll")
        ...     _ = path.write_text("Ada B-person\nlives O\n\nHere O\n")
        ...     read_tagged(path).tags
        [['B-person', 'O'], ['O']]
    """
    path = Path(path)
    check_tagged_file(path)
    lines = list(numbered_lines(path, encoding, BadRows(str(path), advice="mend it, or give --encoding")))
    reader = listed_rows if is_token_lists(lines) else column_rows
    rows = list(reader(str(path), lines, token_column, tag_column, tagged))
    if not rows:
        raise InputError(f"{path}: expected tokens, got none")
    numbers, sentences, tags = zip(*rows, strict=True)
    return TaggedTexts(str(path), list(sentences), list(tags), list(numbers))
