"""Protected words: those that belong to a class by definition, such as "actress", and stay as they are.

They are the words of the topic, or those and what a linear classifier learns from them (Bolukbasi et al.
2016, section 7 and appendix C): a support vector machine is trained to tell the specific words of the topic
from the other frequent words, and finds more such words in the whole vocabulary. It sees fewer of these than
in the paper: among 50,000 others it finds next to nothing in vectors of 96 dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_lists import match_words
from embedkit.errors import InputError
from embedkit.hyperparameters import check_seed
from embedkit.random_state import untouched_random_state
from embedkit.vectors.embeddings import Embeddings

Keep = Literal["listed", "learned"]

TRAINED = 10_000  # most frequent words that the classifier learns from, besides the specific ones
FOLDS = 5  # of the cross-validation


@dataclass(frozen=True, eq=False)
class ProtectedWords:
    """Words that belong to a class by definition.

    Args:
        ids: their rows, in ascending order.
        words: the same, as the vectors spell them.
        f1: for learned words, the F1 of the classifier on seed words it was not trained on: the mean of
            5 folds.
    """

    ids: Longs1d
    words: tuple[str, ...]
    f1: float | None = None

    @property
    def provenance(self) -> dict[str, object]:
        """What the metadata of debiased vectors say of them."""
        learned = {} if self.f1 is None else {"f1": self.f1}
        return {"kept": list(self.words), **learned}


def protected_words(
    vectors: Embeddings, topic: Topic, keep: Keep = "listed", *, seed: int = 1
) -> ProtectedWords:
    """The words of a topic that debiasing protects.

    Args:
        vectors: where they are looked up.
        topic: whose definitional words are protected: those of its classes, its definitional and equality
            sets, and its specific words.
        keep: "listed" protects these; "learned" also those that a classifier finds.
        seed: random seed of the folds and the classifier.

    Raises:
        InputError: "learned" of a topic with fewer than 10 known specific words.
    """
    listed = match_words(
        vectors, topic.definitional_words, min_coverage=0, what=f"the words of {topic.name}"
    ).ids
    if keep == "listed":
        return _protected(vectors, listed, None)
    learned, f1 = _learned(vectors, topic, seed)
    return _protected(vectors, np.union1d(listed, learned), f1)


@untouched_random_state()
def _learned(vectors: Embeddings, topic: Topic, seed: int) -> tuple[Longs1d, float]:
    """The rows that the classifier takes for specific words, and its F1 in cross-validation."""
    check_seed(seed)
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.svm import LinearSVC

    seeds = match_words(vectors, topic.specific, min_coverage=0, min_words=0).ids
    trained = np.union1d(np.arange(min(TRAINED, len(vectors))), seeds)
    if len(seeds) < 2 * FOLDS or len(trained) - len(seeds) < 2 * FOLDS:
        raise InputError(
            f"expected at least {2 * FOLDS} specific words of {topic.name} among the vectors, and as many "
            f"other words, to learn from, got {len(seeds)} and {len(trained) - len(seeds)}; "
            'keep="listed" needs none'
        )
    labels = np.isin(trained, seeds)
    rows = vectors.take_unit(trained)
    machine: Any = LinearSVC(C=1.0, dual=False, random_state=seed)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    f1 = float(cross_val_score(machine, rows, labels, scoring="f1", cv=folds).mean())
    machine.fit(rows, labels)
    scores = vectors.unit_matrix @ machine.coef_[0].astype(np.float32) + np.float32(machine.intercept_[0])
    return np.flatnonzero(scores > 0), f1


def _protected(vectors: Embeddings, ids: Longs1d, f1: float | None) -> ProtectedWords:
    ids = np.unique(ids)
    return ProtectedWords(ids, tuple(vectors.vocabulary.words[row] for row in ids.tolist()), f1)
