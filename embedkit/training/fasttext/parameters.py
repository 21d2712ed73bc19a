"""The hyper-parameters of fastText."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import hyperparameter, repeated
from embedkit.training.word2vec.parameters import WindowParameters, Word2VecParameters
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS

MAX_BUCKETS = (1 << 31) - 1  # rows of n-grams, which other programs count in 32 bits with a sign
MAX_WINDOW = 10_000


@dataclass(frozen=True, kw_only=True)
class FastTextParameters(WindowParameters):
    """The fields of `FastText`, named as in gensim, with the defaults of the fastText program."""

    window: int = hyperparameter(
        5, "context window: maximum distance of context words from the target word", minimum=1,
        maximum=MAX_WINDOW,
    )  # fmt: skip
    min_n: int = hyperparameter(3, "characters of the shortest n-grams", minimum=1, maximum=MAX_CHARACTERS)
    max_n: int = hyperparameter(
        6, "characters of the longest n-grams; 0 for none", minimum=0, maximum=MAX_CHARACTERS
    )
    bucket: int = hyperparameter(
        2_000_000, "number of rows for n-grams, which share one by hash", minimum=1, maximum=MAX_BUCKETS
    )
    sample: float = repeated(WindowParameters, "sample", 1e-4)
    subsampling: Literal["word2vec", "fasttext"] = repeated(WindowParameters, "subsampling", "fasttext")
    ns_exponent: float = repeated(WindowParameters, "ns_exponent", 0.5)
    position_weights: bool = hyperparameter(
        False, "CBOW: learn weights of context words by their position (Mikolov et al. 2018)"
    )
    keep_output: bool = repeated(Word2VecParameters, "keep_output")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.position_weights and self.model != "cbow":
            raise InputError(f'position_weights needs model="cbow", got "{self.model}"')
        if 0 < self.max_n < self.min_n:
            raise InputError(
                f"min_n must be at most max_n ({self.max_n}), got {self.min_n}; max_n=0 is for no n-grams"
            )
