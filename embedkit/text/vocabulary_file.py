r"""The file of a vocabulary: one line `word\tcount` a word, and behind special tokens what they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.container.packed_words import not_unicode
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file, check_regular

ROLES = ("oov_token", "padding_token")


def write_vocabulary(path: Path, words: Sequence[str], counts: Longs1d, tokens: Mapping[str, str]) -> None:
    r"""Write the words in the order of their ids, UTF-8, and behind special tokens a tab and their role.

    Args:
        path: the file.
        words: in the order of their ids.
        counts: of each, (V,).
        tokens: the special tokens by their roles, see `ROLES`.

    Raises:
        InputError: a word that no such file can hold.
    """
    for word in words:
        if "\t" in word or "\n" in word:
            raise InputError(f"a word may hold no tab and no line end, got {word!r}")
    roles = {token: f"\t{role}" for role, token in tokens.items()}
    lines = (
        f"{word}\t{count}{roles.get(word, '')}\n" for word, count in zip(words, counts.tolist(), strict=True)
    )
    try:
        data = "".join(lines).encode()
    except UnicodeEncodeError:
        raise not_unicode(words) from None
    with atomic_file(path) as stream:
        stream.write(data)


def read_vocabulary(path: Path) -> tuple[list[str], Longs1d, dict[str, str]]:
    """What `write_vocabulary` wrote: words, counts, and the special tokens by their roles."""
    words, counts, tokens = [], [], {}
    for number, line in enumerate(_lines(path), 1):
        word, tab, rest = line.partition("\t")
        count, more, role = rest.partition("\t")
        if not tab or not (count.isascii() and count.isdigit() and len(count) < 19):
            raise FormatError(f"{path}, line {number}: expected a word, a tab and a count, got {line[:60]!r}")
        if more and (role not in ROLES or role in tokens):
            raise FormatError(f"{path}, line {number}: expected one of {', '.join(ROLES)} once, got {role!r}")
        if more:
            tokens[role] = word
        words.append(word)
        counts.append(int(count))
    return words, np.array(counts, np.int64), tokens


def _lines(path: Path) -> list[str]:
    r"""The lines of the file, which are ended by \n and nothing else."""
    check_regular(path)
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        raise InputError(f"no such vocabulary file: {path}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FormatError(f"{path}, line {line}: byte {error.start} is not UTF-8") from None
    lines = text.split("\n")
    if lines.pop():
        raise FormatError(f"{path}, line {len(lines) + 1}: the file is cut off, its last line does not end")
    return lines
