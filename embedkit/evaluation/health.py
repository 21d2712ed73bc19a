"""`health`: intrinsic diagnostics of a space without any benchmark.

- zero vectors; duplicate vectors (`duplicates`): those that repeat one before them.
- isotropy and mean cosine (`spectrum`): whether vectors point everywhere alike; 1 and 0 are ideal.
- variance explained by the first principal component and by the first ten (or all, if there are fewer).
- hubness (`hubness`), of 10 neighbors, on a seeded sample of words.
- correlation of norm and log frequency: Pearson's. Without counts, frequencies are taken to fall as 1 /
  rank (Zipf's law), the words being in descending order of frequency.

All but the hubness are exact. Zero rows take no part in what concerns directions. Memory: the unit vectors
and blocks; if there are zero rows, copies without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from embedkit.arrays import Doubles1d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.evaluation.duplicates import distinct_rows
from embedkit.evaluation.hubness import k_occurrences, skewness
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.spectrum import explained_variance, isotropy, mean_cosine, moments
from embedkit.hyperparameters import check_seed
from embedkit.statistics.correlation import pearson
from embedkit.vectors.answers import Answer
from embedkit.vectors.embeddings import Embeddings

NEIGHBORS = 10  # of which hubs are told, as in the paper
HUBS = 5  # named
COMPONENTS = 10  # whose share of the variance is told
FUNCTION_WORDS = 100  # the first words: their neighbors say little
SHOWN = 5  # common words whose neighbors are listed
LETTERS = 4  # of such a word at least


@dataclass(frozen=True, eq=False)
class Health:
    """What `health` found; None where a measure is not defined.

    Args:
        words: how many there are.
        zero: how many have a zero vector.
        duplicates: how many others repeat a vector before them.
        isotropy: of the vectors as they are.
        mean_cosine: of all pairs of words.
        explained: the share of the variance along each component, (D,), the largest first.
        sampled: words of the sample that hubness is measured on.
        hubness: the skewness of their k-occurrences.
        hubs: those among the neighbors of most others, and of how many.
        norm_frequency: correlation of norm and log frequency.
        neighbors: of a few common words, in the whole space.
        warnings: what a reader of the numbers should know.
    """

    words: int
    zero: int
    duplicates: int
    isotropy: float | None
    mean_cosine: float | None
    explained: Doubles1d
    sampled: int
    hubness: float | None
    hubs: tuple[tuple[str, int], ...]
    norm_frequency: float | None
    neighbors: Mapping[str, list[Answer]]
    warnings: tuple[str, ...]

    def rows(self) -> list[ResultRow]:
        """One row a measure; `covered` of `total` words took part in it."""
        directed, first = self.words - self.zero, min(COMPONENTS, len(self.explained))
        measures = (
            ("share of zero vectors", self.zero / self.words, self.words),
            ("share of duplicate vectors", self.duplicates / self.words, self.words),
            ("isotropy", self.isotropy, directed),
            ("mean cosine", self.mean_cosine, directed),
            ("variance explained by the first component", self._explained(1), directed),
            (f"variance explained by the first {first} components", self._explained(first), directed),
            ("hubness", self.hubness, self.sampled),
            ("correlation of norm and log frequency", self.norm_frequency, directed),
        )
        return [
            ResultRow("health", "total", name, value, None, None, n, self.words)
            for name, value, n in measures
        ]

    def _explained(self, components: int) -> float | None:
        return float(self.explained[:components].sum()) if self.explained.any() else None


def health(
    vectors: Embeddings,
    *,
    sample: int = 10_000,
    seed: int = 1,
    words: Sequence[str] | None = None,
    top: int = 5,
) -> Health:
    """Examine a space.

    Args:
        vectors: the space.
        sample: how many words hubness is measured on; all if there are fewer.
        seed: random seed of the sample.
        words: those whose neighbors are listed; by default the first few that are long enough and common,
            but not the most common.
        top: neighbors listed for each.

    Raises:
        InputError: a sample of fewer than two words.
        UnknownWordError: one of `words` is not known.

    Example:
        >>> import embedkit
        >>> state = health(embedkit.load().subset(2000), words=["king"], top=2)
        >>> state.zero, round(state.hubness, 1), [answer.word for answer in state.neighbors["king"]]
        (0, 0.8, ['prince', 'queen'])
    """
    if sample < 2:
        raise InputError(f"expected a sample of at least 2 words, got {sample}")
    directed = np.flatnonzero(vectors.norms > 0)
    everything = len(directed) == len(vectors)  # spares copies of what may be large
    matrix = vectors.matrix if everything else vectors.matrix[directed]
    unit = vectors.unit_matrix if everything else vectors.unit_matrix[directed]
    of_matrix = moments(matrix) if len(matrix) else None
    sampled, occurrences = _k_occurrences(unit, sample, seed)
    shown = _common_words(vectors) if words is None else list(words)
    return Health(
        words=len(vectors),
        zero=len(vectors) - len(directed),
        duplicates=len(matrix) - distinct_rows(matrix),
        isotropy=isotropy(matrix, of_matrix) if of_matrix else None,
        mean_cosine=mean_cosine(unit),
        explained=explained_variance(of_matrix.covariance) if of_matrix else np.zeros(vectors.vector_size),
        sampled=len(sampled),
        hubness=skewness(occurrences) if len(sampled) else None,
        hubs=_hubs(vectors, directed[sampled], occurrences),
        norm_frequency=_norm_frequency(vectors, directed),
        neighbors=dict(zip(shown, vectors.neighbors_many(shown, top), strict=True)) if shown else {},
        warnings=_warnings(vectors, len(directed)),
    )


def _k_occurrences(unit: Floats2d, sample: int, seed: int) -> tuple[Longs1d, Longs1d]:
    """The sampled places among `unit` (n, D), ascending, and their k-occurrences; none of fewer than two."""
    if len(unit) < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    check_seed(seed)
    generator = np.random.default_rng(seed)
    places = np.sort(generator.choice(len(unit), min(sample, len(unit)), replace=False))
    return places, k_occurrences(unit[places], NEIGHBORS)


def _hubs(vectors: Embeddings, sampled: Longs1d, occurrences: Longs1d) -> tuple[tuple[str, int], ...]:
    """The words of the rows `sampled` (s,) with the highest of `occurrences` (s,)."""
    first = np.argsort(-occurrences, kind="stable")[:HUBS]
    words = vectors.vocabulary.words
    return tuple((words[sampled[place]], int(occurrences[place])) for place in first)


def _norm_frequency(vectors: Embeddings, directed: Longs1d) -> float | None:
    """The correlation of norm and log frequency of the rows `directed`."""
    counts = vectors.vocabulary.counts
    logarithms = -np.log(directed + 1.0) if counts is None else np.log(counts[directed].clip(1))
    correlation = pearson(vectors.norms[directed], logarithms) if len(directed) else np.array(np.nan)
    return float(correlation) if np.isfinite(correlation) else None


def _common_words(vectors: Embeddings) -> list[str]:
    """A few words of letters, the most frequent ones after the function words."""
    words = vectors.vocabulary.words
    ordered = chain(words[FUNCTION_WORDS:], words[:FUNCTION_WORDS])
    return list(islice((word for word in ordered if word.isalpha() and len(word) >= LETTERS), SHOWN))


def _warnings(vectors: Embeddings, directed: int) -> tuple[str, ...]:
    warnings = []
    if not directed:
        warnings.append("every vector is zero: nothing can be said of directions")
    if vectors.vocabulary.counts is None:
        warnings.append("the vectors have no counts: the order of the words stands for their frequency")
    return tuple(warnings)
