"""Word lists matched with a vocabulary: words that are known, words that are missing, minimum coverage.

A list is written as its source has it, "John" and "Katie"; vectors are often of lower-cased text. So a word
is looked up as it is written and, if that is unknown and the vectors are so, in lower case, which is told. In
cased vectors "Bill" and "bill" are different words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.vectors.checks import checked_words
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import is_lowercase, known_form

MIN_COVERAGE = 0.5  # share of a list that must be known
NAMED = 10  # missing words named in an error


@dataclass(frozen=True, eq=False)
class MatchedWords:
    """What `match_words` found of a list of words.

    Args:
        ids: the rows of the words that are known, (n,), in the order of the list; none twice.
        words: these words, as the vectors spell them.
        listed: these words, as the list spells them.
        missing: those that are unknown, as the list spells them.
        repeated: those left out because an earlier word of the list has the same row.
    """

    ids: Longs1d
    words: tuple[str, ...]
    listed: tuple[str, ...]
    missing: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many different words the list has."""
        return len(self.words) + len(self.missing)

    @property
    def lowercased(self) -> tuple[str, ...]:
        """Those that are known in lower case only, as the list spells them."""
        pairs = zip(self.listed, self.words, strict=True)
        return tuple(listed for listed, word in pairs if listed != word)

    @property
    def coverage(self) -> tuple[int, int]:
        """How many words were found, of how many."""
        return len(self.words), self.total

    def unit(self, vectors: Embeddings) -> Floats2d:
        """The vectors of the words at length 1, (n, D)."""
        return vectors.take_unit(self.ids)


def match_words(
    vectors: Embeddings,
    words: Iterable[str],
    *,
    min_coverage: float = MIN_COVERAGE,
    min_words: int = 1,
    what: str = "the list",
) -> MatchedWords:
    """Look up a list of words.

    Args:
        vectors: where they are looked up.
        words: the list; each as it is written, else in lower case if the vectors are of lower-cased text.
        min_coverage: the share of different words that must be known, in [0, 1].
        min_words: the number of words that must be known.
        what: what errors call the list, such as "the attributes A".

    Raises:
        InputError: fewer words are known; those that are missing are named.

    Example:
        >>> import embedkit
        >>> matched = match_words(embedkit.load(), ["John", "qwzx"])
        >>> matched.words, matched.lowercased, matched.missing, matched.coverage
        (('john',), ('John',), ('qwzx',), (1, 2))
    """
    if not 0 <= min_coverage <= 1:
        raise InputError(f"expected a share of words between 0 and 1, got {min_coverage}")
    vocabulary, lowercase = vectors.vocabulary, is_lowercase(vectors)
    rows: dict[int, str] = {}
    missing: dict[str, None] = {}
    repeated = []
    for word in checked_words(words):
        known = known_form(vocabulary, word, lowercase)
        if known is None:
            missing[word] = None
        elif (row := vocabulary[known]) in rows:
            repeated.append(word)
        else:
            rows[row] = word
    _check(len(rows), tuple(missing), min_coverage, min_words, what)
    ids = np.fromiter(rows, np.int64, len(rows))
    known_words = tuple(vocabulary.words[row] for row in rows)
    return MatchedWords(ids, known_words, tuple(rows.values()), tuple(missing), tuple(repeated))


def check_disjoint(first: MatchedWords, second: MatchedWords, what: str) -> None:
    """Raise `InputError` if two lists, called `what`, share a word."""
    both = sorted({*first.words} & {*second.words})
    if both:
        raise InputError(
            f"expected {what} to have no word in common, got {', '.join(map(repr, both[:NAMED]))} in both"
        )


def _check(known: int, missing: tuple[str, ...], min_coverage: float, min_words: int, what: str) -> None:
    total = known + len(missing)
    if known >= max(min_words, min_coverage * total):
        return
    need = f"at least {min_words}" if known < min_words else f"{min_coverage:.0%}"
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    named = f"; missing: {', '.join(map(repr, missing[:NAMED]))}{more}" if missing else ""
    lower = "" if known < min_words else ", or allow a lower coverage"
    raise InputError(
        f"expected the vectors to know {need} of {what}, got {known} of {total} different words{named}; "
        f"give other words or vectors of a larger vocabulary{lower}"
    )
