"""Sets of words, such as ("she", "he"), matched with a vocabulary: those whose words are all known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Doubles2d, Longs1d
from embedkit.bias.topics.word_lists import MIN_COVERAGE, NAMED
from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import UNKNOWN, is_lowercase, known_form
from embedkit.vectors.norms import unit_vectors

SAME = 1e-6  # unit vectors that are closer than this are the same but for rounding


@dataclass(frozen=True, eq=False)
class MatchedSets:
    """The sets that are known.

    Args:
        ids: the rows of each set, (w,) each; no two sets are the same.
        words: their words, as the vectors spell them.
        lowercased: those that are known in lower case only, as the topic spells them, each once.
        missing: the words of the other sets that are unknown, each once.
        coverage: how many sets were found, of how many.
    """

    ids: tuple[Longs1d, ...]
    words: tuple[tuple[str, ...], ...]
    lowercased: tuple[str, ...]
    missing: tuple[str, ...]
    coverage: tuple[int, int]

    def unit(self, vectors: Embeddings) -> list[Doubles2d]:
        """The vectors of each set at length 1, float64 (w, D).

        Raises:
            InputError: a vector is zero, or two words of a set have the same vector; they are named.
        """
        rows = [unit_vectors(vectors.take(ids)).astype(np.float64) for ids in self.ids]
        for unit, words in zip(rows, self.words, strict=True):
            _check_different(unit, words)
        return rows


def match_sets(
    vectors: Embeddings,
    sets: Sequence[Sequence[str]],
    *,
    min_coverage: float = MIN_COVERAGE,
    min_sets: int = 1,
    what: str = "the sets",
) -> MatchedSets:
    """Look up sets of words, each word as `match_words` does.

    Args:
        vectors: where they are looked up.
        sets: the sets; one counts as known if all its words are.
        min_coverage: the share of sets that must be known.
        min_sets: the number of sets that must be known.
        what: what errors call the sets, such as "the definitional sets of gender".

    Raises:
        InputError: fewer sets are known; the missing words are named.
    """
    vocabulary, lowercase = vectors.vocabulary, is_lowercase(vectors)
    known: dict[tuple[int, ...], None] = {}
    missing: dict[str, None] = {}
    lowercased: dict[str, None] = {}
    covered = 0
    for words in sets:
        forms = [known_form(vocabulary, word, lowercase) for word in words]
        rows = [UNKNOWN if form is None else vocabulary[form] for form in forms]
        missing.update((word, None) for word, row in zip(words, rows, strict=True) if row < 0)
        if min(rows) >= 0:
            covered += 1
            lowercased.update((word, None) for word, form in zip(words, forms, strict=True) if word != form)
            known[tuple(rows)] = None
    if covered < max(min_sets, min_coverage * len(sets)):
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        raise InputError(
            f"expected the vectors to know {max(min_coverage, min_sets / len(sets)):.0%} of {what}, got "
            f"{covered} of {len(sets)}; missing: {', '.join(map(repr, list(missing)[:NAMED]))}{more}; give a "
            "topic of other words, or vectors of a larger vocabulary"
        )
    known_words = tuple(tuple(vocabulary.words[row] for row in rows) for rows in known)
    ids = tuple(np.array(rows, np.int64) for rows in known)
    return MatchedSets(ids, known_words, tuple(lowercased), tuple(missing), (covered, len(sets)))


def _check_different(unit: Doubles2d, words: Sequence[str]) -> None:
    """Raise `InputError` for a zero vector among unit vectors (w, D), and for two that are the same."""
    for first, row in enumerate(unit):
        if not row.any():
            raise InputError(f"{words[first]!r} has a zero vector, which has no direction; leave its set out")
        for second in range(first):
            if words[first] == words[second]:
                raise InputError(
                    f"as the vectors spell it, {words[first]!r} is twice in a set, so that nothing tells its "
                    "words apart; leave the set out"
                )
            if np.linalg.norm(row - unit[second]) < SAME:
                raise InputError(
                    f"{words[second]!r} and {words[first]!r} have the same vector, so that nothing tells "
                    "them apart; leave their set out"
                )
