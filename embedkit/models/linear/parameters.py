"""The parameters of linear classifiers, for their estimators and for the options of commands."""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.hyperparameters import hyperparameter

STRENGTH = "inverse L2 regularization strength of logistic regression"
MAX_NGRAM = 100  # words or characters of an n-gram


@dataclass(kw_only=True, eq=False, repr=False)
class NgramFeatureParameters:
    """What models on n-grams make of texts."""

    ngrams: int = hyperparameter(3, "maximum length of word n-grams", minimum=1, maximum=MAX_NGRAM)
    characters: int = hyperparameter(
        0,
        "maximum length of character n-grams within words, at least 2; 0 for none",
        minimum=0,
        maximum=MAX_NGRAM,
    )
    min_df: int = hyperparameter(2, "minimum document frequency: ignore n-grams of fewer texts", minimum=1)


@dataclass(kw_only=True, eq=False, repr=False)
class NgramParameters(NgramFeatureParameters):
    """What `TfidfClassifier` makes of texts, and how it learns."""

    naive_bayes: bool = hyperparameter(
        True, "weight n-grams by naive-Bayes log-count ratios (NB-weighted n-grams, Wang and Manning 2012)"
    )
    C: float = hyperparameter(30.0, STRENGTH, above=0)


@dataclass(kw_only=True, eq=False, repr=False)
class MeanVectorParameters:
    """What `MeanVectorClassifier` makes of vectors, and how it learns."""

    smoothing: float | None = hyperparameter(
        None,
        "smooth inverse frequency: weight words of frequency p by a / (a + p), with this a; default: no "
        "weighting",
        above=0,
    )
    C: float = hyperparameter(1.0, STRENGTH, above=0)
