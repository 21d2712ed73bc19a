"""Linear projection (Dev and Phillips 2019, "Attenuating bias in word vectors", section 4.1).

Every word, gendered or not, loses its part along the bias subspace, w := w - w_B, and keeps the rest and its
length. Afterwards no word has a projection on the subspace, but for the rounding to float32.
"""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.bias.provenance import debiased
from embedkit.bias.subspace import SubspaceMethod, subspace
from embedkit.bias.topics.topic import Topic
from embedkit.hyperparameters import check, hyperparameter
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.projections import projected


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Linear projection; `apply` debiases vectors.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> topic = embedkit.topic("gender")
        >>> fair = Projection().apply(vectors, topic)
        >>> [round(abs(v.similarity("singer", "she") - v.similarity("singer", "he")), 2)
        ...  for v in (vectors, fair)]
        [0.24, 0.07]
    """

    subspace: SubspaceMethod = hyperparameter("pca", "method to find the bias subspace")
    components: int | None = hyperparameter(
        None, "dimensions of the bias subspace, by default one less than classes", minimum=1
    )

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """New vectors, none of which has a part in the subspace of a topic.

        Raises:
            InputError: too few words of the topic are known, or two words of a set have the same vector.
        """
        basis = subspace(vectors, topic, self.subspace, self.components).basis
        return debiased(vectors, projected(vectors.matrix, basis), "projection", self, topic, kept=[])
