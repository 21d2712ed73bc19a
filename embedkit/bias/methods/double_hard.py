"""Double-hard debiasing (Wang et al. 2020, "Double-hard debias", algorithm 1).

Word frequency shows in some principal components of a space and hides part of the bias from hard debiasing:

    1. center all vectors, and find their principal components u_1 ... u_d;
    2. for each u_i, take it away, w' = w - (u_i . w) u_i, debias hard, and cluster the words that were most
       biased to either side into two groups: the accuracy is the share that falls with its own side;
    3. take the u_i with the lowest accuracy away from all words, and debias hard.

The most biased words are the neutral words with the largest and the smallest cosine to the bias direction,
among the most frequent. The result is that of `embedkit.bias.methods.hard`, with its guarantees, in the space
without u_i: its own direction is found there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d, Longs1d
from embedkit.bias.methods.hard import check_two_classes, equalize_sets, neutralized_and_equalized
from embedkit.bias.provenance import debiased
from embedkit.bias.subspace import SubspaceMethod, subspace
from embedkit.bias.topics.definitional_words import Keep, protected_words
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_lists import match_words
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.statistics.clusters import two_clusters
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import frozen
from embedkit.vectors.projections import changed, neutralized
from embedkit.vectors.search.exact import slices

FREQUENT = 50_000  # the most biased words are sought among the first so many
BLOCK = 1 << 14


@dataclass(frozen=True, kw_only=True)
class DoubleHard:
    """Double-hard debiasing for two classes; `apply` debiases vectors.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> topic = embedkit.topic("gender")
        >>> fair = DoubleHard(candidates=3, biased_words=100).apply(vectors, topic)
        >>> [round(abs(v.similarity("singer", "she") - v.similarity("singer", "he")), 2)
        ...  for v in (vectors, fair)]
        [0.24, 0.0]
    """

    candidates: int = hyperparameter(20, "number of principal components to try", minimum=1)
    biased_words: int = hyperparameter(
        500, "number of most biased words of either class to cluster", minimum=2
    )
    subspace: SubspaceMethod = hyperparameter("pca", "method to find the bias direction")
    keep: Keep = hyperparameter(
        "listed", "protected words: listed in the topic, or also those learned by a classifier"
    )
    seed: int = seed_field("random seed of clustering and of the classifier")

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """New vectors of length 1 without the bias of a topic of two classes.

        The metadata tell which component was taken away, from 1, and the clustering accuracy with each.

        Raises:
            InputError: as `Hard.apply`, or fewer than four neutral words.
        """
        check_two_classes(topic, "double-hard")
        protected = protected_words(vectors, topic, self.keep, seed=self.seed)
        biased = self._most_biased(vectors, topic, protected.ids)
        mean = vectors.matrix.mean(axis=0, dtype=np.float64)
        components = _components(vectors.matrix, mean, self.candidates)
        accuracies = [self._accuracy(vectors, topic, biased, mean, component) for component in components]
        chosen = int(np.argmin(accuracies))
        rest = _without(vectors, mean, components[chosen])
        basis = subspace(rest, topic, self.subspace).basis
        sets = equalize_sets(rest, topic)
        matrix = neutralized_and_equalized(rest, basis, protected, sets)
        details = {
            "component": chosen + 1,
            "accuracies": accuracies,
            "equalized": sets.coverage,
            **protected.provenance,
        }
        return debiased(vectors, matrix, "double-hard", self, topic, **details)

    def _most_biased(self, vectors: Embeddings, topic: Topic, protected: Longs1d) -> Longs1d:
        """The rows most biased to the second class, then as many of those most biased to the first."""
        direction = subspace(vectors, topic, self.subspace).direction.astype(np.float32)
        frequent = np.setdiff1d(np.arange(min(FREQUENT, len(vectors))), protected)
        count = min(self.biased_words, len(frequent) // 2)
        if count < 2:
            raise InputError(f"expected at least 4 words neutral to {topic.name}, got {len(frequent)}")
        order = frequent[np.argsort(vectors.take_unit(frequent) @ direction, kind="stable")]
        return np.concatenate([order[:count], order[-count:]])

    def _accuracy(
        self, vectors: Embeddings, topic: Topic, biased: Longs1d, mean: Doubles1d, component: Doubles1d
    ) -> float:
        """How well two clusters of the `biased` rows, half of either class, are the classes.

        They are clustered as they are when they are debiased without `component`.
        """
        words = vectors.vocabulary.words
        known = match_words(vectors, topic.definitional_words, min_coverage=0).words
        part = vectors.subset([*known, *(words[row] for row in biased.tolist())])
        rest = _without(part, mean, component)
        basis = subspace(rest, topic, self.subspace).basis
        rows = neutralized(rest.matrix[len(known) :], basis, np.arange(0))
        clusters = two_clusters(rows, self.seed)
        agree = float(np.mean(clusters == np.repeat([False, True], len(biased) // 2)))
        return max(agree, 1 - agree)


def _components(matrix: Floats2d, mean: Doubles1d, count: int) -> Doubles2d:
    """The first principal components of rows (V, D), (count, D) or as many as there are."""
    covariance = np.zeros((matrix.shape[1], matrix.shape[1]))
    for block in slices(len(matrix), BLOCK):
        rows = matrix[block] - mean.astype(np.float32)
        covariance += rows.T @ rows
    axes: Doubles2d = np.linalg.eigh(covariance)[1][:, ::-1].T
    return axes[:count]


def _without(vectors: Embeddings, mean: Doubles1d, component: Doubles1d) -> Embeddings:
    """The rows w - mean - (u . w) u of vectors, with the words they had."""
    matrix = changed(vectors.matrix, lambda rows, _: rows - mean - np.outer(rows @ component, component))
    return Embeddings(frozen(matrix), vectors.vocabulary)
