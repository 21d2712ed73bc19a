"""`DecodedWords`: words as they are read from files in UTF-8; what is not UTF-8 is told once, at the end."""

from __future__ import annotations

import warnings
from pathlib import Path

SHOWN = 40  # bytes of a word in a message


class DecodedWords:
    r"""Words that are decoded block by block.

    Args:
        source: the file, for messages.

    Attributes:
        words: those that were added so far.

    Example:
        >>> words = DecodedWords(Path("vectors.txt"))
        >>> words.extend([b"caf\xc3\xa9", b"tea"])
        >>> words.finished()
        ['café', 'tea']
    """

    def __init__(self, source: Path) -> None:
        self.words: list[str] = []
        self._source = source
        self._odd: list[bytes] = []  # words that are not UTF-8

    def extend(self, words: list[bytes]) -> None:
        """Add words; bytes that are not UTF-8 become U+FFFD."""
        joined = b"\n".join(words)
        try:
            decoded = joined.decode().split("\n")
        except UnicodeDecodeError:
            decoded = []
        if len(decoded) == len(words):
            self.words += decoded
        else:
            self.words += map(self._decoded, words)

    def finished(self) -> list[str]:
        """All words, after a warning if some were not UTF-8."""
        if self._odd:
            told = f"{len(self._odd):,}, such as {self._odd[0][:SHOWN]!r}"
            warnings.warn(
                f"{self._source}: bytes that are not UTF-8 in some words became U+FFFD ({told})", stacklevel=3
            )
        return self.words

    def _decoded(self, word: bytes) -> str:
        try:
            return word.decode()
        except UnicodeDecodeError:
            self._odd.append(word)
            return word.decode(errors="replace")
