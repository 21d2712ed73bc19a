"""Half-sibling regression (Yang and Feng 2020, "A causal inference method for reducing gender bias").

What definitional words V_D (D, d) can tell of another word is taken for its bias. Ridge regression predicts
the other words V_N (D, n), each of the D dimensions being a sample, and the prediction is subtracted:

    W = (V_D^T V_D + alpha I)^-1 V_D^T V_N
    V_N := V_N - V_D W

so that each word w becomes (I + V_D V_D^T / alpha)^-1 w, one matrix for all. Definitional words are kept.

Here alpha counts in units of the mean squared length of the definitional words, so that it means the same
for vectors of any length; that of GloVe vectors is about 30, which makes the paper's 60 our 2. If there are
many more definitional words than dimensions, they tell almost all of a word: a small alpha leaves little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.bias.provenance import debiased
from embedkit.bias.topics.definitional_words import Keep, protected_words
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_sets import match_sets
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.projections import mapped


@dataclass(frozen=True, kw_only=True)
class HalfSibling:
    """Half-sibling regression; `apply` debiases vectors.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> topic = embedkit.topic("gender")
        >>> fair = HalfSibling().apply(vectors, topic)
        >>> [round(abs(v.similarity("singer", "she") - v.similarity("singer", "he")), 2)
        ...  for v in (vectors, fair)]
        [0.24, 0.09]
    """

    alpha: float = hyperparameter(
        2.0, "ridge penalty, in units of the mean squared norm of definitional words", above=0
    )
    keep: Keep = hyperparameter(
        "listed", "definitional words: listed in the topic, or also those learned by a classifier"
    )
    seed: int = seed_field("random seed of the classifier")

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """New vectors, less what the topic's definitional words predict of them.

        Raises:
            InputError: less than half of the definitional sets are known, or all vectors are zero.
        """
        match_sets(vectors, topic.definitional, what=f"the definitional sets of {topic.name}")
        protected = protected_words(vectors, topic, self.keep, seed=self.seed)
        defining = vectors.matrix[protected.ids].astype(np.float64)  # V_D^T
        unit = np.square(defining).sum(axis=1).mean()
        if unit == 0:
            raise InputError(f"expected words of {topic.name} with vectors, got zero vectors only")
        gram = defining.T @ defining / (self.alpha * unit)
        matrix = mapped(vectors.matrix, np.linalg.inv(np.eye(len(gram)) + gram))
        matrix[protected.ids] = vectors.matrix[protected.ids]
        return debiased(vectors, matrix, "half-sibling", self, topic, **protected.provenance)
