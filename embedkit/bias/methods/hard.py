"""Hard debiasing: neutralize and equalize (Bolukbasi et al. 2016, section 6, steps 2a).

All vectors are taken at length 1, as the paper assumes. With w_B the projection of w on the bias subspace:

    neutralize   w := (w - w_B) / |w - w_B|                              every word that is not protected
    equalize     w := n + sqrt(1 - |n|^2) (w_B - m_B) / |w_B - m_B|      every word of an equality set

where m is the mean of the set and n = m - m_B. Afterwards each neutral word has a projection of 0, but for
the rounding to float32; each equality set is on unit norm and equally far from every neutral word. Words that
are protected but in no equality set have the vectors they had, at length 1. A word of which nothing is left
outside the subspace gets a zero vector. Done twice it is as done once if all definitional sets are equalized;
else those that are not may turn the direction that is found the second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.bias.provenance import debiased
from embedkit.bias.subspace import SubspaceMethod, subspace
from embedkit.bias.topics.definitional_words import Keep, ProtectedWords, protected_words
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_sets import MatchedSets, match_sets
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.projections import equalized, neutralized


@dataclass(frozen=True, kw_only=True)
class Hard:
    """Hard debiasing for two classes; `apply` debiases vectors.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> topic = embedkit.topic("gender")
        >>> fair = Hard().apply(vectors, topic)
        >>> [round(abs(v.similarity("singer", "she") - v.similarity("singer", "he")), 2)
        ...  for v in (vectors, fair)]
        [0.24, 0.0]
    """

    subspace: SubspaceMethod = hyperparameter("pca", "method to find the bias subspace")
    components: int = hyperparameter(1, "dimensions of the bias subspace", minimum=1)
    keep: Keep = hyperparameter(
        "listed", "protected words: listed in the topic, or also those learned by a classifier"
    )
    seed: int = seed_field("random seed of the classifier")

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """New vectors of length 1 without the bias of a topic of two classes.

        Raises:
            InputError: the topic has more classes; too few of its words are known; two words of a set have
                the same vector; or equality sets that share a word.
        """
        check_two_classes(topic, "hard")
        basis = subspace(vectors, topic, self.subspace, self.components).basis
        protected = protected_words(vectors, topic, self.keep, seed=self.seed)
        sets = equalize_sets(vectors, topic)
        matrix = neutralized_and_equalized(vectors, basis, protected, sets)
        return debiased(vectors, matrix, "hard", self, topic, equalized=sets.coverage, **protected.provenance)


def check_two_classes(topic: Topic, method: str) -> None:
    """Raise `InputError` if a topic has more than two classes."""
    if len(topic.classes) > 2:
        raise InputError(
            f"the method {method!r} is for topics of two classes, and {topic.name} has {len(topic.classes)}; "
            "use multiclass"
        )


def equalize_sets(vectors: Embeddings, topic: Topic) -> MatchedSets:
    """The equality sets of a topic that are known; of the others there is nothing to equalize.

    Raises:
        InputError: two of them share a word as the vectors spell it.
    """
    sets = match_sets(vectors, topic.equalize, min_coverage=0, min_sets=0)
    words = list(chain.from_iterable(sets.words))
    if again := next((word for word in words if words.count(word) > 1), None):
        raise InputError(
            f"as the vectors spell it, {again!r} is twice in the equalize sets of {topic.name}; "
            "leave out a set"
        )
    return sets


def neutralized_and_equalized(
    vectors: Embeddings, basis: Doubles2d, protected: ProtectedWords, sets: MatchedSets
) -> Floats2d:
    """The two steps with the subspace of `basis` (k, D): a new matrix (V, D)."""
    before = sets.unit(vectors)
    matrix = neutralized(vectors.matrix, basis, protected.ids)
    for ids, unit, words in zip(sets.ids, before, sets.words, strict=True):
        matrix[ids] = equalized(unit, basis, words)
    return matrix
