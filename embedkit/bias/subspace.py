"""`Subspace`: the directions in which words of different classes differ, found in four ways.

Definitional sets hold a word of each class, such as ("she", "he"); vectors are taken at length 1.

"pca": the principal components of all sets, each less its own mean (Bolukbasi et al. 2016, section 5.1, for
    pairs; Manzini et al. 2019, section 2.2, for several classes).
"means": the principal components of the class means of sets less their own mean; of two classes the one
    direction from the mean of the second to the mean of the first, the mean of the differences of pairs.
"pair": the difference of the first known definitional pair.
"classifier": the normals of a linear support vector machine that tells the attribute words of the classes
    from one another, one class against the rest.

Components point towards the first class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_lists import match_words
from embedkit.bias.topics.word_sets import MatchedSets, match_sets
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.random_state import untouched_random_state
from embedkit.vectors.embeddings import Embeddings

SubspaceMethod = Literal["pca", "means", "pair", "classifier"]

RANK = 1e-6  # a component of less than this share of the largest singular value is rounding
NO_SIDE = 1e-9  # a component on which the first class has a smaller projection has no side


@dataclass(frozen=True, eq=False)
class Subspace:
    """Orthonormal directions.

    Args:
        basis: (k, D), float64, read-only; the first component tells most.
        explained: the share of the variance of what the components were made from that each explains; for
            "classifier", None, since normals explain none.
        method: how they were made.
        words: the sets, or the classes, of words that they were made from, as the vectors spell them.
        lowercased: those of the words that the vectors know in lower case only, as the topic spells them.
    """

    basis: Doubles2d
    explained: tuple[float, ...] | None
    method: str
    words: tuple[tuple[str, ...], ...]
    lowercased: tuple[str, ...]

    @property
    def direction(self) -> Doubles1d:
        """The first component, (D,)."""
        first: Doubles1d = self.basis[0]
        return first

    def coordinates(self, vectors: ArrayLike) -> Doubles2d:
        """The lengths of vectors (n, D) along each component, (n, k)."""
        lengths: Doubles2d = np.asarray(vectors, np.float64) @ self.basis.T
        return lengths


def subspace(
    vectors: Embeddings, topic: Topic, method: SubspaceMethod = "pca", components: int | None = 1
) -> Subspace:
    """The subspace of a topic.

    Args:
        vectors: whose space it is in.
        topic: the definitional sets, or for "classifier" the classes.
        method: "pca", "means", "pair" or "classifier", as the module says.
        components: how many directions; None for one less than there are classes.

    Raises:
        InputError: fewer than half of the words are known; two words of a set have the same vector; or the
            words do not allow as many components.

    Example:
        >>> import embedkit
        >>> gender = subspace(embedkit.load(), embedkit.topic("gender"))
        >>> gender.basis.shape, round(gender.explained[0], 2)
        ((1, 96), 0.52)
    """
    if method not in SUBSPACE_METHODS:
        raise InputError(f"expected a method of {', '.join(map(repr, SUBSPACE_METHODS))}, got {method!r}")
    count = len(topic.classes) - 1 if components is None else components
    check_count("components", count)
    return SUBSPACE_METHODS[method](vectors, topic, count)


def from_sets(vectors: Embeddings, sets: Sequence[Sequence[str]], components: int = 1) -> Subspace:
    """The subspace by "pca" of sets of words given, such as [("she", "he")]; it points to their first."""
    check_count("components", components)
    return _pca_of(vectors, match_sets(vectors, sets, what="the sets"), components)


def _pca(vectors: Embeddings, topic: Topic, components: int) -> Subspace:
    return _pca_of(vectors, _definitional(vectors, topic), components)


def _pca_of(vectors: Embeddings, sets: MatchedSets, components: int) -> Subspace:
    centered = _centered(sets.unit(vectors))
    basis, explained = _principal(np.concatenate(centered), components, "the definitional sets")
    first = np.mean([rows[0] for rows in centered], axis=0)
    return _made(_towards(basis, first), explained, "pca", sets.words, sets.lowercased)


def _means(vectors: Embeddings, topic: Topic, components: int) -> Subspace:
    sets = _definitional(vectors, topic)
    means = np.mean(_centered(sets.unit(vectors)), axis=0)  # (classes, D), of mean zero
    basis, explained = _principal(means, components, "the class means")
    return _made(_towards(basis, means[0]), explained, "means", sets.words, sets.lowercased)


def _pair(vectors: Embeddings, topic: Topic, components: int) -> Subspace:
    pairs = [words for words in topic.definitional if len(words) == 2]
    if not pairs:
        raise InputError(f"expected a topic of two classes for a single pair, got {len(topic.classes)}")
    sets = match_sets(vectors, pairs, min_coverage=0, what=f"the definitional pairs of {topic.name}")
    first, second = sets.unit(vectors)[0]
    basis, explained = _principal((first - second)[None], components, "a single pair")
    of_pair = {word.lower() for word in sets.words[0]}
    lowercased = tuple(word for word in sets.lowercased if word.lower() in of_pair)
    return _made(_towards(basis, first - second), explained, "pair", sets.words[:1], lowercased)


@untouched_random_state()
def _classifier(vectors: Embeddings, topic: Topic, components: int) -> Subspace:
    from sklearn.svm import LinearSVC

    classes = [match_words(vectors, words, what=f"the class {name}") for name, words in topic.classes.items()]
    rows = np.concatenate([words.unit(vectors) for words in classes]).astype(np.float64)
    labels = np.repeat(np.arange(len(classes)), [len(words.ids) for words in classes])
    normals = LinearSVC(dual=True, random_state=0, max_iter=100_000).fit(rows, labels).coef_
    basis, _ = _principal(normals, components, "the normals of the classifier")
    first = rows[labels == 0].mean(axis=0) - rows[labels > 0].mean(axis=0)
    words = tuple(words.words for words in classes)
    lowercased = tuple(word for words in classes for word in words.lowercased)
    return _made(_towards(basis, first), None, "classifier", words, lowercased)


SUBSPACE_METHODS = {"pca": _pca, "means": _means, "pair": _pair, "classifier": _classifier}


def _definitional(vectors: Embeddings, topic: Topic) -> MatchedSets:
    return match_sets(vectors, topic.definitional, what=f"the definitional sets of {topic.name}")


def _centered(sets: Sequence[Doubles2d]) -> list[Doubles2d]:
    """Each set (w, D) less its mean."""
    return [rows - rows.mean(axis=0) for rows in sets]


def _principal(rows: Doubles2d, components: int, what: str) -> tuple[Doubles2d, tuple[float, ...]]:
    """The first principal components (components, D) of rows (n, D) and the share each explains."""
    _, lengths, basis = np.linalg.svd(rows, full_matrices=False)
    rank = int(np.count_nonzero(lengths > RANK * lengths[0]))
    if components > rank:
        raise InputError(f"expected at most {rank} components of {what}, got {components}")
    shares = lengths**2 / np.sum(lengths**2)
    return basis[:components], tuple(shares[:components].tolist())


def _towards(basis: Doubles2d, first: Doubles1d) -> Doubles2d:
    """The components (k, D), each with the sign on which the first class (D,) lies.

    One across which it does not lie gets the sign that makes its largest entry positive.
    """
    projections = basis @ first
    largest = basis[np.arange(len(basis)), np.abs(basis).argmax(axis=1)]
    signs: Doubles2d = np.where(np.abs(projections) > NO_SIDE, np.sign(projections), np.sign(largest))[
        :, None
    ]
    return basis * signs


def _made(
    basis: Doubles2d,
    explained: tuple[float, ...] | None,
    method: str,
    words: tuple[tuple[str, ...], ...],
    lowercased: tuple[str, ...],
) -> Subspace:
    basis = np.ascontiguousarray(basis)
    basis.flags.writeable = False
    return Subspace(basis, explained, method, words, lowercased)
