"""Translation between aligned spaces, and how often it is right on a test dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.progress import SILENT, Progress
from embedkit.statistics.intervals import Interval, wilson
from embedkit.vectors.answers import AnswerList, named
from embedkit.vectors.checks import checked_words
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.exact import TopRows
from embedkit.vectors.search.nearest import nearest
from embedkit.vectors.spaces.csls import NEIGHBORS, csls_nearest, nearness
from embedkit.vectors.spaces.paired_rows import PairedRows
from embedkit.vectors.spaces.word_lists import Dictionary
from embedkit.vectors.spaces.words import check_same_size

Retrieval = Literal["cosine", "csls"]
TOP = (1, 5)


@dataclass(frozen=True)
class TranslationScore:
    """How many words have one of their translations among the first answers.

    Attributes:
        method: "cosine" or "csls".
        top: how many answers count.
        right: the words with a right one among them.
        covered: the words that both spaces know, with at least one of their translations.
        total: the words of the dictionary.
    """

    method: Retrieval
    top: int
    right: int
    covered: int
    total: int

    @property
    def precision(self) -> float:
        """The share of covered words that are right."""
        return self.right / self.covered

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of the precision."""
        return wilson(self.right, self.covered)


def translate(
    source: Embeddings,
    target: Embeddings,
    words: Iterable[str],
    top: int = 5,
    method: Retrieval = "csls",
    neighbors: int = NEIGHBORS,
) -> list[AnswerList]:
    """The `top` words of the target space that are nearest to each word of an aligned source space.

    Args:
        source: vectors that `align` made.
        target: the vectors that they were aligned with.
        words: words of the source space.
        top: answers a word.
        method: "csls", which corrects cosines for words that are near to many (see
            `embedkit.vectors.spaces.csls`); it compares all words of both spaces. Or plain "cosine".
        neighbors: nearest words by which CSLS corrects.

    Raises:
        UnknownWordError: a word that is not in the source space.
        InputError: spaces of different dimensions, or another method.

    Example:
        >>> import embedkit
        >>> english = embedkit.Embeddings([[1, 0], [0, 1]], ["cat", "dog"])
        >>> french = embedkit.Embeddings([[0, 1], [0.8, 0.6]], ["chien", "chat"])
        >>> embedkit.translate(english, french, ["cat"], top=1, method="cosine")
        [[Answer(word='chat', score=0.800000011920929)]]
    """
    check_same_size(source, target, advice="align such spaces first")
    if method not in get_args(Retrieval):
        raise InputError(f"expected one of the methods {', '.join(get_args(Retrieval))}, got {method!r}")
    rows = source.vocabulary.encode(checked_words(words), unknown="error").astype(np.int64)
    found = _nearest(source, target, rows, top, method, neighbors)
    return named(found, target.vocabulary.words)


def translation_scores(
    source: Embeddings,
    target: Embeddings,
    dictionary: Dictionary,
    methods: Sequence[Retrieval] = get_args(Retrieval),
    top: Sequence[int] = TOP,
    neighbors: int = NEIGHBORS,
    progress: Progress = SILENT,
) -> list[TranslationScore]:
    """How often the words of a test dictionary are translated rightly, by each method.

    A word with several translations needs one of them (Conneau et al. 2018). Every word of the target space
    may be the answer, not those of the dictionary alone.

    Args:
        source: vectors that `align` made, without these pairs.
        target: the vectors that they were aligned with.
        dictionary: see `align`.
        methods: see `translate`.
        top: numbers of answers among which a right one counts.
        neighbors: see `translate`.
        progress: where to report progress.

    Raises:
        InputError: spaces of different dimensions, or a dictionary of which no pair is known.

    Example:
        >>> import embedkit
        >>> english = embedkit.Embeddings([[1, 0], [0, 1]], ["cat", "dog"])
        >>> french = embedkit.Embeddings([[0, 1], [0.8, 0.6]], ["chien", "chat"])
        >>> [score] = embedkit.translation_scores(
        ...     english, french, {"cat": "chat", "dog": "chat"}, methods=["cosine"], top=[1]
        ... )
        >>> score.precision
        0.5
    """
    check_same_size(source, target, advice="align such spaces first")
    pairs = PairedRows.of_dictionary(source, target, dictionary)
    words, places = np.unique(pairs.sources, return_inverse=True)
    scores = []
    for method in methods:
        found = _nearest(source, target, words, max(top), method, neighbors, progress).rows
        hits = found[places] == pairs.targets[:, None]  # (pairs, top)
        for count in top:
            right = len(np.unique(places[hits[:, :count].any(axis=1)]))
            scores.append(TranslationScore(method, count, right, len(words), pairs.total_sources))
    return scores


def _nearest(
    source: Embeddings,
    target: Embeddings,
    rows: Longs1d,
    top: int,
    method: Retrieval,
    neighbors: int,
    progress: Progress = SILENT,
) -> TopRows:
    """The nearest rows of the target space to some of the source space."""
    queries = StoredRows(source.stored.take(rows))
    if method == "cosine":
        return nearest(target.stored, queries.values, top)
    r_queries = nearness(queries, target.stored, neighbors)
    r_targets = nearness(target.stored, source.stored, neighbors, progress)
    return csls_nearest(queries, target.stored, r_queries, r_targets, k=top)
