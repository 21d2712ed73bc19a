"""Iterative nullspace projection (Ravfogel et al. 2020, "Null it out", algorithm 1 and section 6.1).

Words are labeled by their bias: as many most biased to each class as there are biased to none. A
linear support vector machine learns the labels from the vectors, which are then projected on the nullspace
of its weights, where it can tell nothing; and so on with what the next one finds:

    W_i      weights of the classifier trained on P_{i-1} X
    P_i      the projection on the intersection of the nullspaces of W_1 ... W_i

until words that were held out are labeled hardly better than by chance, or the iterations are used up. P is
I - B^T B with an orthonormal basis B of all the weights together, so it is a projection in exact arithmetic,
which a product of projections is not. All words are projected, gendered ones too, and keep what is left of
their length.

Words are biased to a class by their cosine with the direction that "means" finds for this class against all
others, so that there may be more than two classes; definitional words are not labeled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d, Longs1d
from embedkit.bias.provenance import debiased
from embedkit.bias.topics.definitional_words import Keep, protected_words
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_sets import match_sets
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.random_state import untouched_random_state
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.projections import projected

FREQUENT = 150_000  # words are labeled among the first so many, as in the paper
HELD_OUT = 0.3  # share of the labeled words on which accuracy is measured
RANK = 1e-8  # weights smaller than this share of the largest find nothing new
MIN_WORDS = 10  # words a label


@dataclass(frozen=True, kw_only=True)
class Inlp:
    """Iterative nullspace projection; `apply` debiases vectors.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> topic = embedkit.topic("gender")
        >>> fair = Inlp(iterations=2, labeled_words=100).apply(vectors, topic)
        >>> [round(abs(v.similarity("singer", "she") - v.similarity("singer", "he")), 2)
        ...  for v in (vectors, fair)]
        [0.24, 0.09]
    """

    iterations: int = hyperparameter(35, "maximum number of classifiers", minimum=1)
    labeled_words: int = hyperparameter(
        7500, "training words per label, fewer in a small vocabulary", minimum=MIN_WORDS
    )
    tolerance: float = hyperparameter(
        0.02, "early stopping: distance of the accuracy from chance", minimum=0, maximum=1
    )
    keep: Keep = hyperparameter(
        "listed", "unlabeled words: listed in the topic, or also those learned by a classifier"
    )
    seed: int = seed_field("random seed of the classifiers and the train-test split")

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """New vectors on which a linear classifier cannot tell the words that were biased.

        The metadata tell the accuracies, with chance and before each projection, and how many dimensions
        were taken away.

        Raises:
            InputError: too few words of the topic are known, too few others can be labeled, or nothing
                would be left of the vectors.
        """
        protected = protected_words(vectors, topic, self.keep, seed=self.seed)
        ids, labels = self._labeled(vectors, topic, protected.ids)
        basis, accuracies = self._null_spaces(vectors.take_unit(ids), labels)
        details = {"dimensions": len(basis), "accuracies": accuracies, "chance": _chance(labels)}
        return debiased(
            vectors, projected(vectors.matrix, basis), "inlp", self, topic, **details, **protected.provenance
        )

    def _labeled(self, vectors: Embeddings, topic: Topic, protected: Longs1d) -> tuple[Longs1d, Longs1d]:
        """Rows, and the class each is biased to, or the number of classes for none."""
        towards = _class_directions(vectors, topic).astype(np.float32)
        pool = np.setdiff1d(np.arange(min(FREQUENT, len(vectors))), protected)
        cosines = vectors.take_unit(pool) @ towards.T  # (n, classes)
        count = min(self.labeled_words, len(pool) // (len(towards) + 1))
        if count < MIN_WORDS:
            raise InputError(
                f"expected at least {MIN_WORDS * (len(towards) + 1)} words to label that do not belong to "
                f"{topic.name} by definition, got {len(pool)}"
            )
        closest = cosines.argmax(axis=1)
        groups = []
        for label in range(len(towards)):
            own = np.flatnonzero(closest == label)
            groups.append(own[np.argsort(-cosines[own, label], kind="stable")[:count]])
        taken = np.concatenate(groups)
        rest = np.setdiff1d(np.arange(len(pool)), taken)
        groups.append(rest[np.argsort(np.abs(cosines[rest]).max(axis=1), kind="stable")[:count]])
        sizes = [len(group) for group in groups]
        if min(sizes) < MIN_WORDS:
            raise InputError(
                f"expected at least {MIN_WORDS} words that lean to each class of {topic.name} and to none, "
                f"got {sizes}: in these vectors almost all words lean the same way; center() them first"
            )
        labels = np.repeat(np.arange(len(groups)), sizes)
        return pool[np.concatenate(groups)], labels

    @untouched_random_state()
    def _null_spaces(self, rows: Floats2d, labels: Longs1d) -> tuple[Doubles2d, list[float]]:
        """An orthonormal basis (k, D) of what is taken away, and the accuracies before each step."""
        from sklearn.model_selection import train_test_split
        from sklearn.svm import LinearSVC

        train, held, train_labels, held_labels = train_test_split(
            rows.astype(np.float64), labels, test_size=HELD_OUT, random_state=self.seed, stratify=labels
        )
        basis = np.empty((0, rows.shape[1]))
        accuracies: list[float] = []
        for _ in range(self.iterations):
            machine: Any = LinearSVC(dual=False, random_state=self.seed)
            machine.fit(train - (train @ basis.T) @ basis, train_labels)
            rest = held - (held @ basis.T) @ basis
            accuracies.append(float(machine.score(rest, held_labels)))
            if accuracies[-1] <= _chance(labels) + self.tolerance:
                break
            basis = _extended(basis, machine.coef_)
            if len(basis) == rows.shape[1]:
                raise InputError(
                    f"after {len(accuracies)} iterations nothing would be left of {len(rows[0])} dimensions; "
                    "take fewer iterations or a larger tolerance"
                )
        return basis, accuracies


def _class_directions(vectors: Embeddings, topic: Topic) -> Doubles2d:
    """For each class the unit vector from the mean of the definitional sets to it, (classes, D)."""
    sets = match_sets(vectors, topic.definitional, what=f"the definitional sets of {topic.name}")
    means: Doubles2d = np.mean([rows - rows.mean(axis=0) for rows in sets.unit(vectors)], axis=0)
    lengths: Doubles1d = np.linalg.norm(means, axis=1)
    if not lengths.all():
        raise InputError(f"the definitional sets of {topic.name} cancel out: their mean difference is zero")
    directions: Doubles2d = means / lengths[:, None]
    return directions


def _extended(basis: Doubles2d, weights: Doubles2d) -> Doubles2d:
    """The orthonormal basis (k, D) with what weights (c, D) add to it."""
    new = weights - (weights @ basis.T) @ basis
    new -= (new @ basis.T) @ basis  # once more: what is left is orthogonal to float64 rounding
    _, lengths, rows = np.linalg.svd(new, full_matrices=False)
    added = rows[lengths > RANK * max(lengths[0], np.finfo(float).tiny)]
    joined: Doubles2d = np.concatenate([basis, added])[: basis.shape[1]]
    return joined


def _chance(labels: Longs1d) -> float:
    """The share of the most frequent label."""
    return float(np.bincount(labels).max() / len(labels))
