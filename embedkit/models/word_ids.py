"""`WordIds`: the ids of words in a model, and texts encoded with them.

Id 0 is padding and id 1 any word that is not in the vocabulary; the words of a vocabulary follow, so that
word i has the id i + 2. A text without words is one unknown word: no row is ever all padding, which the fast
recurrent layers of a GPU refuse, as they do padding on the left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from embedkit.text.sequences.sequences import Sequences, joined

PADDING, UNKNOWN, FIRST_WORD = 0, 1, 2


class WordIds(dict[str, int]):
    """The id of each word of a vocabulary for a model; any other word has the id `UNKNOWN`."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(zip(words, range(FIRST_WORD, FIRST_WORD + len(words)), strict=True))

    def __missing__(self, word: str) -> int:
        return UNKNOWN

    def __repr__(self) -> str:
        return f"<WordIds: {len(self):,} words>"


def encode(texts: Iterable[Sequence[str]], words: Mapping[str, int]) -> Sequences:
    """The numbers of the words of texts, read one by one; a text without tokens is one `UNKNOWN`."""
    return joined((map(words.__getitem__, tokens) for tokens in texts), empty=UNKNOWN)
