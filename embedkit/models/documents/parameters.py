"""The parameters of `DocumentVectorClassifier`, for the estimator and for the options of commands."""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.hyperparameters import (
    MAX_DIMENSIONS,
    MAX_EPOCHS,
    MAX_WORKERS,
    hyperparameter,
)
from embedkit.models.linear.parameters import MAX_NGRAM, STRENGTH
from embedkit.training.doc2vec.parameters import Doc2VecParameters
from embedkit.training.word2vec.parameters import MAX_NEGATIVE


@dataclass(kw_only=True, eq=False, repr=False)
class DocumentVectorParameters:
    """What document vectors are made of, and how they are trained."""

    ngrams: int = hyperparameter(3, "maximum length of word n-grams", minimum=1, maximum=MAX_NGRAM)
    min_df: int = hyperparameter(5, "minimum document frequency: ignore n-grams of fewer texts", minimum=1)
    vector_size: int = hyperparameter(256, "vector dimensions", minimum=1, maximum=MAX_DIMENSIONS)
    epochs: int = hyperparameter(10, "number of epochs", minimum=1, maximum=MAX_EPOCHS)
    negative: int = hyperparameter(
        5, "noise n-grams that an n-gram of a text weighs as much as", minimum=1, maximum=MAX_NEGATIVE
    )
    cosine_scale: float = hyperparameter(
        6.0, "factor of the cosines of texts and n-grams in the sigmoid", above=0, maximum=50
    )
    sample: float = hyperparameter(
        1e-4,
        "subsampling threshold: n-grams of a higher relative frequency count less; 0 turns it off",
        minimum=0,
        maximum=1,
    )
    learning_rate: float = hyperparameter(
        1.0,
        "initial learning rate of the vectors of texts, of all their n-grams together",
        above=0,
        maximum=100,
    )
    ngram_learning_rate: float = hyperparameter(
        0.01, "initial learning rate of the vectors of n-grams", above=0, maximum=10
    )
    with_ngrams: bool = hyperparameter(
        False, "learn from naive-Bayes weighted n-grams too, in the same logistic regression"
    )
    C: float = hyperparameter(30.0, STRENGTH, above=0)
    workers: int | None = hyperparameter(
        None,
        "number of threads; default: one per core; unless deterministic, only 1 gives the same model again",
        minimum=1,
        maximum=MAX_WORKERS,
    )
    deterministic: bool = hyperparameter(
        False, "the same model with any number of threads, by training in rounds"
    )

    def doc2vec(self, seed: int) -> Doc2VecParameters:
        """How the vectors are trained."""
        return Doc2VecParameters(
            objective="cosine",
            vector_size=self.vector_size,
            epochs=self.epochs,
            negative=self.negative,
            cosine_scale=self.cosine_scale,
            sample=self.sample,
            learning_rate=self.learning_rate,
            target_learning_rate=self.ngram_learning_rate,
            deterministic=self.deterministic,
            seed=seed,
        )
