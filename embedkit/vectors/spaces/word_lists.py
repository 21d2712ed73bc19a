"""Files of words that belong together: dictionaries of pairs, and lexicons of synonyms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from embedkit.errors import FormatError, InputError
from embedkit.files import check_regular
from embedkit.text.datasets.lines import decoded_lines
from embedkit.text.formats.sources import Source
from embedkit.vectors.checks import checked_words

WordPair = tuple[str, str]
Dictionary = str | Path | Mapping[str, str] | Iterable[WordPair]
Lexicon = str | Path | Mapping[str, Iterable[str]] | Iterable[Iterable[str]]

SHOWN = 60  # characters of a malformed line that an error quotes


def word_pairs(dictionary: Dictionary) -> list[WordPair]:
    """The pairs of a dictionary, each once, in their order.

    Args:
        dictionary: a file with a word and its translation on each line, between them a tab or white space; a
            mapping, or pairs. A file may be compressed, and a word may have several lines.

    Raises:
        FormatError: a line that is no pair, with its number.
        InputError: something else than pairs of words, or none.

    Example:
        >>> word_pairs({"cat": "chat", "dog": "chien"})
        [('cat', 'chat'), ('dog', 'chien')]
    """
    if isinstance(dictionary, str | Path):
        pairs = list(_pairs_in(Path(dictionary)))
    else:
        given = dictionary.items() if isinstance(dictionary, Mapping) else dictionary
        pairs = [_checked_pair(pair) for pair in given]
    if not pairs:
        where = f"{dictionary}: " if isinstance(dictionary, str | Path) else ""
        raise InputError(f"{where}expected pairs of words, got none")
    return list(dict.fromkeys(pairs))


def synonyms(lexicon: Lexicon) -> dict[str, list[str]]:
    """The words of a lexicon, each with the words that it is linked to; a word of several lines has them all.

    Args:
        lexicon: a file whose lines are a word and its synonyms, with white space between them, as those of
            Faruqui et al.; a mapping from words to synonyms, or such lists of words.

    Raises:
        FormatError: a line that is no UTF-8, with its number.
        InputError: something else than lists of words, or none.

    Example:
        >>> synonyms([["happy", "glad", "merry"], ["glad", "happy"]])
        {'happy': ['glad', 'merry'], 'glad': ['happy']}
    """
    if isinstance(lexicon, str | Path):
        lists: Iterable[list[str]] = (line.split() for _, line in _lines(Path(lexicon)))
    elif isinstance(lexicon, Mapping):
        lists = (checked_words([word, *checked_words(others)]) for word, others in lexicon.items())
    else:
        lists = map(checked_words, lexicon)
    links: dict[str, list[str]] = {}
    for word, *others in filter(None, lists):
        links.setdefault(word, []).extend(others)
    if not links:
        where = f"{lexicon}: " if isinstance(lexicon, str | Path) else ""
        raise InputError(f"{where}expected words and their synonyms, got none")
    return links


def _pairs_in(path: Path) -> Iterator[WordPair]:
    for number, line in _lines(path):
        parts = [part.strip() for part in line.split("\t")] if "\t" in line else line.split()
        if len(parts) != 2 or not all(parts):
            raise FormatError(
                f"{path}, line {number}: expected a word and its translation, with a tab between them, "
                f"got {line.strip():.{SHOWN}}"
            )
        yield parts[0], parts[1]


def _checked_pair(pair: object) -> WordPair:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise InputError(f"expected pairs of words, got {pair!r:.{SHOWN}}")
    first, second = checked_words(pair)
    return first, second


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The number and the text of each line that is not blank."""
    check_regular(path)

    def undecodable(number: int, line: bytes, error: UnicodeDecodeError) -> NoReturn:
        raise FormatError(
            f"{path}, line {number}: byte 0x{line[error.start]:02x} is not UTF-8; convert the file, as "
            "`iconv -f latin1 -t utf-8` does"
        )

    lines = decoded_lines(Source(path).text(), str(path), "utf-8", undecodable)
    return ((number, line) for number, line in lines if line.strip())
