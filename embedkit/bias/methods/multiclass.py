"""Hard debiasing for several classes (Manzini et al. 2019, sections 2.2 and 2.3).

The bias subspace has as many components as the definitional sets need to tell k classes apart, k - 1 unless
more are asked for; neutralizing and equalizing are those of `embedkit.bias.methods.hard`, which for two
classes is the same method, with the same guarantees.
"""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.bias.methods.hard import equalize_sets, neutralized_and_equalized
from embedkit.bias.provenance import debiased
from embedkit.bias.subspace import SubspaceMethod, subspace
from embedkit.bias.topics.definitional_words import Keep, protected_words
from embedkit.bias.topics.topic import Topic
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.vectors.embeddings import Embeddings


@dataclass(frozen=True, kw_only=True)
class Multiclass:
    """Hard debiasing for two or more classes; `apply` debiases vectors.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(20_000)
        >>> fair = Multiclass().apply(vectors, embedkit.topic("religion"))
        >>> before = subspace(vectors, embedkit.topic("religion"), components=None)
        >>> bool(abs(before.coordinates(fair["violent"])).max() < 1e-6)
        True
    """

    subspace: SubspaceMethod = hyperparameter("pca", "method to find the bias subspace")
    components: int | None = hyperparameter(
        None, "dimensions of the bias subspace, by default one less than classes", minimum=1
    )
    keep: Keep = hyperparameter(
        "listed", "protected words: listed in the topic, or also those learned by a classifier"
    )
    seed: int = seed_field("random seed of the classifier")

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """New vectors of length 1 without the bias of a topic.

        Raises:
            InputError: too few words of the topic are known; two words of a set have the same vector, or
                would have once they are equalized; or equality sets that share a word.
        """
        basis = subspace(vectors, topic, self.subspace, self.components).basis
        protected = protected_words(vectors, topic, self.keep, seed=self.seed)
        sets = equalize_sets(vectors, topic)
        matrix = neutralized_and_equalized(vectors, basis, protected, sets)
        return debiased(
            vectors, matrix, "multiclass", self, topic, equalized=sets.coverage, **protected.provenance
        )
