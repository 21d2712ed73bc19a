"""The parameters of `TextClassifier`, in groups: how texts are read, vectors made, and networks trained.

`Architecture` is another. Each group is a base of the estimator, so that its fields are parameters of the
estimator and options of the commands, and a value of its own for the code that needs no more.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter

Group = TypeVar("Group")


@dataclass(kw_only=True, eq=False, repr=False)
class TokenizationConfig:
    """How texts become ids."""

    tokenizer: str = hyperparameter(
        "words", "words, whitespace, spacy:LANG or spacy:PACKAGE; vectors that know their own are read by it"
    )
    lowercase: bool = hyperparameter(True, "lower the case of all text")
    punctuation: bool = hyperparameter(False, "keep punctuation as tokens")
    min_count: int = hyperparameter(
        2, "words that occur less often in the texts are unknown, unless they have a given vector", minimum=1
    )
    max_vocabulary: int | None = hyperparameter(
        None, "keep only so many of the most frequent words", minimum=1
    )
    first_tokens: int = hyperparameter(100, "tokens read at the beginning of a longer text", minimum=0)
    last_tokens: int = hyperparameter(300, "tokens read at its end", minimum=0)


@dataclass(kw_only=True, eq=False, repr=False)
class EmbeddingConfig:
    """How the vectors of a network are made and trained."""

    vector_size: int = hyperparameter(128, "dimensions of vectors that are not from a file", minimum=1)
    fine_tune: bool | int = hyperparameter(
        True, "train the vectors too: yes, no, or N for after N epochs and gently", minimum=0
    )
    pseudo_labels: bool = hyperparameter(
        True,
        "learn from unlabelled texts with the pseudo-labels of n-grams; without, they only help the vectors",
    )


@dataclass(kw_only=True, eq=False, repr=False)
class TrainingConfig:
    """How a network is trained."""

    epochs: int = hyperparameter(20, "maximum number of epochs", minimum=1)
    batch_size: int = hyperparameter(64, "texts in a batch", minimum=1)
    learning_rate: float = hyperparameter(1e-3, "initial learning rate of Adam", above=0)
    decay: Literal["none", "cosine", "plateau"] = hyperparameter(
        "plateau",
        "learning rate schedule: constant, cosine decay to 0 after all epochs, or a third of the rate, from "
        "the best epoch's weights on, after an epoch without a better validation loss",
    )
    clip_norm: float = hyperparameter(
        1.0, "clip the global gradient norm (embeddings excluded) to this", above=0
    )
    validation_fraction: float = hyperparameter(
        0.1,
        "share of each class held out to choose the best epoch by; 0 keeps the last",
        minimum=0,
        maximum=0.5,
    )
    patience: int = hyperparameter(
        2, "early stopping: epochs without a better validation loss before training ends", minimum=1
    )
    precision: Literal["auto", "float32", "mixed_float16"] = hyperparameter(
        "auto", "numeric precision; auto: mixed_float16 on a GPU, else float32"
    )


def group(kind: type[Group], parameters: Any) -> Group:
    """The fields of the dataclass `kind` as `parameters` has them; `InputError` for one that cannot be."""
    values = kind(**{item.name: getattr(parameters, item.name) for item in fields(kind)})  # type: ignore[arg-type]
    check(values)
    if isinstance(values, TokenizationConfig) and values.first_tokens + values.last_tokens == 0:
        raise InputError("first_tokens and last_tokens must not both be 0; keep at least one token")
    return values
