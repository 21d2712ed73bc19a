"""Word lists beside matrices: a file of one word a line, which may have a count behind a tab or a space.

Counts behind spaces, as GloVe and word2vec write vocabularies, are taken for such if no word holds a space
and no count is larger than the one above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file
from embedkit.vectors.formats.text_rows import check_words, decode_words

ENDINGS = (".words.txt", ".vocab.txt", ".words", ".vocab")  # behind the name of the matrix
NAMES = ("words.txt", "vocab.txt")
LINE = re.compile(r"[^\r\n]*[^\s]|\S", re.DOTALL)
DIGITS = 18  # of a count, at most
ADVICE = "save as safetensors instead"


def words_path(matrix: Path) -> Path:
    """Where the words of a matrix are written."""
    return matrix.with_suffix(ENDINGS[0])


def list_names(matrix: Path) -> list[str]:
    """The names that the file with the words of a matrix may have."""
    return [matrix.with_suffix(ending).name for ending in ENDINGS] + list(NAMES)


def find_words(matrix: Path) -> Path:
    """The file with the words of a matrix, which lies beside it; `FormatError` if there is none."""
    names = list_names(matrix)
    for name in names:
        if (path := matrix.with_name(name)).is_file():
            return path
    raise FormatError(
        f"{matrix}: expected its words, one a line, in a file beside it, got a matrix alone; "
        f"name the file {', '.join(names[:-1])} or {names[-1]}"
    )


def read_words(path: Path) -> tuple[list[str], Longs1d | None]:
    """The words of a list, and their counts if it has them."""
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    lines = [line.removesuffix(b"\r") for line in text.removesuffix(b"\n").split(b"\n")]
    return _parsed(decode_words(lines, path))


def write_words(path: Path, words: Sequence[str], counts: Longs1d | None) -> None:
    """Write a list of words, with their counts if they are known.

    Raises:
        InputError: words that a line cannot hold, or that would be read as words with counts.
    """
    check_words(words, LINE, "a list of words", ADVICE)
    lines = list(words)
    if counts is not None:
        lines = [f"{word}\t{count}" for word, count in zip(words, counts.tolist(), strict=True)]
    if counts is None and _parsed(lines)[1] is not None:
        raise InputError(f"a list cannot hold words such as {lines[0]!r}, which end in a count; {ADVICE}")
    with atomic_file(path) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())


def _parsed(lines: list[str]) -> tuple[list[str], Longs1d | None]:
    """Words and their counts, if each line has one."""
    for blank in "\t ":
        if not _have_counts([line.rpartition(blank) for line in lines[:1]]):
            continue
        parts = [line.rpartition(blank) for line in lines]
        if not _have_counts(parts):
            continue
        words = [word for word, _, _ in parts]
        counts = np.array([int(count) for _, _, count in parts], np.int64)
        descending = bool((np.diff(counts) <= 0).all()) and len(set(words)) == len(words)
        if blank == "\t" or (descending and not any(" " in word for word in words)):
            return words, counts
    return lines, None


def _have_counts(parts: list[tuple[str, str, str]]) -> bool:
    """Whether lines, parted at their last blank, are all a word and a count."""
    return all(word and len(count) <= DIGITS and count.isdecimal() for word, _, count in parts)
