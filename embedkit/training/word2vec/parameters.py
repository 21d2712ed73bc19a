"""The hyper-parameters of word2vec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import (
    MAX_DIMENSIONS,
    MAX_EPOCHS,
    MAX_WORKERS,
    check,
    hyperparameter,
    seed_field,
)
from embedkit.training.rounds.round_size import MAX_ROUND_WORDS, WORKERS, check_rounds

MAX_NEGATIVE = 1000
VECTOR_SIZE = 100  # dimensions, where nothing says otherwise


@dataclass(frozen=True, kw_only=True)
class WindowParameters:
    """The hyper-parameters of what learns from windows of words by negative sampling, named as in gensim."""

    model: Literal["skipgram", "cbow"] = hyperparameter(
        "skipgram", "architecture: skip-gram, or continuous bag of words (CBOW)"
    )
    vector_size: int = hyperparameter(
        VECTOR_SIZE, "vector dimensions; multiples of 16 use memory best", minimum=1, maximum=MAX_DIMENSIONS
    )
    window: int = hyperparameter(
        5,
        "context window: maximum distance of context words from the target word",
        minimum=1,
        maximum=1_000_000,
    )
    shrink_windows: bool = hyperparameter(
        True, "draw the size of each window from 1 to the window size, which favors near words"
    )
    min_count: int = hyperparameter(5, "ignore words that occur less often than this", minimum=1)
    max_vocabulary: int | None = hyperparameter(
        None, "maximum vocabulary size; keeps the most frequent words", minimum=2
    )
    negative: int = hyperparameter(
        5, "number of negative samples per prediction", minimum=1, maximum=MAX_NEGATIVE
    )
    sample: float = hyperparameter(
        1e-3,
        "subsampling threshold: randomly skip words of a higher relative frequency; 0 turns it off",
        minimum=0,
        maximum=1,
    )
    subsampling: Literal["word2vec", "fasttext"] = hyperparameter(
        "word2vec",
        "relative frequencies among words of the vocabulary (word2vec), or all of the text (fasttext)",
    )
    ns_exponent: float = hyperparameter(
        0.75, "exponent of the word counts in the negative-sampling distribution", minimum=-2, maximum=2
    )
    epochs: int = hyperparameter(
        5, "number of epochs (passes over the corpus)", minimum=1, maximum=MAX_EPOCHS
    )
    learning_rate: float = hyperparameter(0.05, "initial learning rate", above=0)
    min_learning_rate: float = hyperparameter(5e-6, "final learning rate, reached by linear decay", minimum=0)
    workers: int | None = hyperparameter(
        None,
        "number of threads; default: one per core; unless deterministic, only 1 gives the same vectors again",
        minimum=1,
        maximum=MAX_WORKERS,
    )
    deterministic: bool = hyperparameter(
        False, "the same vectors with any number of threads, by training in rounds"
    )
    round_workers: int | None = hyperparameter(
        None,
        f"deterministic: logical workers of a round, on which the vectors depend; default: {WORKERS}",
        minimum=1,
        maximum=MAX_WORKERS,
    )
    round_groups: int | None = hyperparameter(
        None,
        "cluster: groups of round_workers whose changes are added up on one machine before they travel, a "
        "divisor of round_workers; default: as many",
        minimum=1,
        maximum=MAX_WORKERS,
    )
    round_words: int | None = hyperparameter(
        None,
        "deterministic: words of a round for each logical worker; default: by corpus size",
        minimum=1,
        maximum=MAX_ROUND_WORDS,
    )
    wire: Literal["float32", "float16", "bfloat16"] = hyperparameter(
        "float32",
        "cluster: numbers that travel between machines; those of 16 bits are changes, rounded at random",
    )
    seed: int = seed_field()

    def __post_init__(self) -> None:
        check(self)
        check_rounds(self)
        if self.min_learning_rate > self.learning_rate:
            raise InputError(
                f"min_learning_rate must be at most learning_rate ({self.learning_rate}), "
                f"got {self.min_learning_rate}"
            )


@dataclass(frozen=True, kw_only=True)
class Word2VecParameters(WindowParameters):
    """The fields of `Word2Vec`, named as in gensim, checked together."""

    engine: Literal["embedkit", "gensim"] = hyperparameter("embedkit", "training backend")
    hierarchical_softmax: bool = hyperparameter(False, "hierarchical softmax instead of negative sampling")
    keep_output: bool = hyperparameter(
        False, "keep the output vectors, too, to go on from them and to predict words"
    )

    precision: Literal["float32", "bfloat16"] = hyperparameter(
        "float32",
        "numbers of the matrices in training: bfloat16, rounded at random, takes half the memory",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.precision != "float32" and self.engine == "gensim":
            raise InputError('precision="bfloat16" needs engine="embedkit"')
        if self.precision != "float32" and self.wire != "float32":
            raise InputError('rows of precision="bfloat16" travel as they are; leave wire="float32"')
        if self.keep_output and self.engine == "gensim":
            raise InputError('keep_output needs engine="embedkit"')
        if self.keep_output and self.hierarchical_softmax:
            raise InputError(
                "keep_output needs negative sampling; hierarchical softmax has vectors of the nodes of a "
                "tree, not of words"
            )
        if self.deterministic and self.engine == "gensim":
            raise InputError('deterministic needs engine="embedkit"; of gensim, workers=1 is deterministic')
