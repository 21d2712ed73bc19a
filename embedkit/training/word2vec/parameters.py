"""The hyper-parameters of word2vec, which `Word2Vec` and both of its engines read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter


@dataclass(frozen=True, kw_only=True)
class Word2VecParameters:
    """The fields of `Word2Vec`, named as in gensim, checked together."""

    model: Literal["skipgram", "cbow"] = hyperparameter(
        "skipgram", "predict a word from each word around it, or from their mean"
    )
    vector_size: int = hyperparameter(
        100, "dimensions of the vectors; multiples of 16 use memory best", minimum=1
    )
    window: int = hyperparameter(5, "most words on either side of the predicted word", minimum=1)
    min_count: int = hyperparameter(5, "leave out words that occur less often", minimum=1)
    max_vocabulary: int | None = hyperparameter(
        None, "keep only so many of the most frequent words", minimum=2
    )
    negative: int = hyperparameter(5, "noise words a prediction is made against", minimum=1)
    sample: float = hyperparameter(
        1e-3, "thin out words of a relative frequency above this; 0 for none", minimum=0, maximum=1
    )
    ns_exponent: float = hyperparameter(
        0.75, "noise words are drawn by their count to this power", minimum=-2, maximum=2
    )
    epochs: int = hyperparameter(5, "passes over the corpus", minimum=1)
    learning_rate: float = hyperparameter(0.05, "first learning rate", above=0)
    min_learning_rate: float = hyperparameter(5e-6, "last learning rate, reached in equal steps", minimum=0)
    workers: int | None = hyperparameter(
        None, "threads, by default one a core; only 1 gives the same bytes every time", minimum=1
    )
    seed: int = hyperparameter(1, "seed of everything drawn at random", minimum=0)
    engine: Literal["embedkit", "gensim"] = hyperparameter("embedkit", "who trains")
    hierarchical_softmax: bool = hyperparameter(
        False, "predict along a Huffman tree instead of against noise words; engine gensim only"
    )

    def __post_init__(self) -> None:
        check(self)
        if self.min_learning_rate > self.learning_rate:
            raise InputError(
                f"min_learning_rate must be at most learning_rate ({self.learning_rate}), "
                f"got {self.min_learning_rate}"
            )
        if self.hierarchical_softmax and self.engine != "gensim":
            raise InputError(
                'hierarchical_softmax needs engine="gensim"; embedkit trains by negative sampling'
            )
