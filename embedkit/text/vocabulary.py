"""`Vocabulary`: words and their ids, sorted by frequency, so that every cut by frequency is a prefix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, overload

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError, InputError, UnknownWordError
from embedkit.files import atomic_file, check_regular
from embedkit.text.packed_words import PackedWords, frequency_order

SUGGESTIONS = 3
SEARCHED = 200_000  # close spellings are looked for among the first words
LETTERS = 4  # of a word, for each typing error that a suggestion may be away


class Vocabulary:
    """An immutable list of words; a word's id is its position.

    A vocabulary made from counts is sorted by descending count, ties by word. One read from a file of vectors
    keeps the order of the file and may have no counts.

    Args:
        words: the words, in the order of their ids, each once.
        counts: how often each word was seen; None when nobody knows.

    Example:
        >>> from embedkit import Vocabulary
        >>> vocabulary = Vocabulary.from_counts({"cat": 3, "the": 9, "cut": 1})
        >>> vocabulary.words
        ('the', 'cat', 'cut')
        >>> vocabulary["cat"]
        1
        >>> vocabulary.prefix(min_count=3).words
        ('the', 'cat')
        >>> vocabulary.suggestions("cats")
        ('cat',)
    """

    def __init__(self, words: Sequence[str], counts: Longs1d | None = None) -> None:
        if isinstance(words, str):
            raise InputError(f"words must be a list of words, got the string {words[:40]!r}")
        self.words: Final = tuple(words)
        self.counts: Final = None if counts is None else _read_only(counts)
        if self.counts is not None and self.counts.shape != (len(self.words),):
            raise InputError(f"{len(self.words)} words need as many counts, got {self.counts.shape}")
        if len(set(self.words)) < len(self.words):
            raise InputError(f"each word may occur once; found again: {', '.join(_repeated(self.words))}")

    @classmethod
    def from_counts(cls, counts: Mapping[str, int]) -> Vocabulary:
        """The vocabulary of `counts`: the most frequent word first, ties in the order of the words."""
        words, numbers = list(counts), np.fromiter(counts.values(), np.int64, len(counts))
        order = frequency_order(PackedWords.of(words), numbers)
        return cls(list(map(words.__getitem__, order.tolist())), numbers[order])

    @cached_property
    def _index(self) -> dict[str, int]:
        return dict(zip(self.words, range(len(self.words)), strict=True))

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} words)"

    def __contains__(self, word: object) -> bool:
        return word in self._index

    def __getitem__(self, word: str) -> int:
        try:
            return self._index[word]
        except KeyError:
            raise UnknownWordError(word, self.suggestions(word)) from None

    @overload
    def get(self, word: str) -> int | None: ...
    @overload
    def get(self, word: str, default: int) -> int: ...
    def get(self, word: str, default: int | None = None) -> int | None:
        """The id of `word`, or `default` when it is unknown."""
        return self._index.get(word, default)

    def ids(self, words: Iterable[str]) -> Longs1d:
        """The ids of `words`; the first unknown one raises `UnknownWordError`."""
        if isinstance(words, str):
            raise InputError(f"ids() takes a list of words, got the string {words[:40]!r}; use [word]")
        try:
            return np.fromiter(map(self._index.__getitem__, words), np.int64)
        except KeyError as error:
            word = str(error.args[0])
            raise UnknownWordError(word, self.suggestions(word)) from None

    def suggestions(self, word: str) -> tuple[str, ...]:
        """Up to three known words spelled like `word`: its other cases first, then the fewest typing errors.

        A typing error is a letter too many, too few, another one, or two that changed places. A word of three
        letters may have one, and for every four more another. Among equals the most frequent come first.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        cases = (word.lower(), word.capitalize(), word.title(), word.upper())
        suggested = [case for case in cases if case != word and case in self]
        errors = (len(word) + 1) // LETTERS
        if not errors:
            return tuple(suggested[:SUGGESTIONS])
        close = process.extract(
            word,
            self.words[:SEARCHED],
            scorer=OSA.distance,
            processor=str.lower,
            limit=SUGGESTIONS + len(cases),
            score_cutoff=errors,
        )
        suggested += [other for other, _, _ in close if other != word]
        return tuple(dict.fromkeys(suggested))[:SUGGESTIONS]

    def prefix(self, *, min_count: int = 1, max_size: int | None = None) -> Vocabulary:
        """The words seen at least `min_count` times, of them the first `max_size`; their ids stay."""
        if max_size is not None and max_size < 1:
            raise InputError(f"max_size must be at least 1, got {max_size}")
        counts = self._needed_counts("a cut by frequency")
        if not self.is_sorted:
            raise InputError("only a vocabulary sorted by descending count can be cut by frequency")
        kept = int(np.count_nonzero(counts >= min_count))
        kept = kept if max_size is None else min(kept, max_size)
        return self if kept == len(self) else Vocabulary(self.words[:kept], counts[:kept])

    @property
    def is_sorted(self) -> bool:
        """Whether the counts are known and descend, so that every cut by frequency is a prefix."""
        return self.counts is not None and not np.any(self.counts[1:] > self.counts[:-1])

    def save(self, path: str | Path) -> None:
        r"""Write one line `word\tcount` a word, in the order of the ids, UTF-8."""
        counts = self._needed_counts("a vocabulary file").tolist()
        text = "".join(f"{word}\t{count}\n" for word, count in zip(self.words, counts, strict=True))
        if not text.count("\t") == text.count("\n") == len(self):
            word = next(word for word in self.words if "\t" in word or "\n" in word)
            raise InputError(f"a word may hold no tab and no line end, got {word!r}")
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            raise InputError(f"a word holds {error.object[error.start]!r}, which is no character") from None
        with atomic_file(Path(path)) as stream:
            stream.write(data)

    @classmethod
    def load(cls, path: str | Path) -> Vocabulary:
        """Read what `save` wrote."""
        words, counts = [], []
        for number, line in enumerate(_lines(Path(path)), 1):
            word, tab, count = line.partition("\t")
            if not tab or not (count.isascii() and count.isdigit() and len(count) < 19):
                raise FormatError(
                    f"{path}, line {number}: expected a word, a tab and a count, got {line[:60]!r}"
                )
            words.append(word)
            counts.append(int(count))
        return cls(words, np.array(counts, np.int64))

    def _needed_counts(self, purpose: str) -> Longs1d:
        if self.counts is None:
            raise InputError(f"{purpose} needs the counts of the words, and this vocabulary has none")
        return self.counts


def _read_only(counts: Longs1d) -> Longs1d:
    """A copy that cannot be changed."""
    copy = np.array(counts, np.int64)
    copy.flags.writeable = False
    return copy


def _repeated(words: Iterable[str]) -> list[str]:
    """The first few words that came before: ["'a'"] of ["a", "b", "a"]."""
    seen: set[str] = set()
    again = (word for word in words if word in seen or seen.add(word))  # type: ignore[func-returns-value]
    return [repr(word) for word, _ in zip(dict.fromkeys(again), range(SUGGESTIONS), strict=False)]


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
