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
COUNT = re.compile(r"(.+)\t(\d{1,18})", re.DOTALL)
SPACED_COUNT = re.compile(r"(\S+) (\d{1,18})")
ADVICE = "save as safetensors instead"


def words_path(matrix: Path) -> Path:
    """Where the words of a matrix are written."""
    return matrix.with_suffix(ENDINGS[0])


def find_words(matrix: Path) -> Path:
    """The file with the words of a matrix, which lies beside it; `FormatError` if there is none."""
    names = [matrix.with_suffix(ending).name for ending in ENDINGS] + list(NAMES)
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
    for pattern in (COUNT, SPACED_COUNT):
        found = [pattern.fullmatch(line) for line in lines]
        pairs = [(match[1], int(match[2])) for match in found if match]
        if len(pairs) == len(lines):
            words, counts = [word for word, _ in pairs], np.array([count for _, count in pairs], np.int64)
            descending = bool((np.diff(counts) <= 0).all()) and len(set(words)) == len(words)
            if pattern is COUNT or descending:
                return words, counts
    return lines, None
