"""The parameters of `TextClassifier`, in groups: what it reads, what it is built of, how it is trained.

Each group is a base of the estimator, so that its fields are parameters of the estimator and options of
`embedkit train-classifier`, and a value of its own for the code that needs no more.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter

Group = TypeVar("Group")


@dataclass(kw_only=True)
class Reading:
    """How texts become ids."""

    tokenizer: str = hyperparameter(
        "words", "words, whitespace, spacy:LANG or spacy:PACKAGE; vectors that know their own are read by it"
    )
    lowercase: bool = hyperparameter(True, "lower the case of all text")
    punctuation: bool = hyperparameter(False, "keep signs as tokens")
    min_count: int = hyperparameter(
        2, "words that occur less often in the texts are unknown, unless they have a given vector", minimum=1
    )
    max_words: int | None = hyperparameter(
        None, "know only so many words, the most frequent in the texts", minimum=1
    )
    first_tokens: int = hyperparameter(100, "tokens read at the beginning of a longer text", minimum=0)
    last_tokens: int = hyperparameter(300, "tokens read at its end", minimum=0)


@dataclass(kw_only=True)
class Architecture:
    """What a network is built of, from the vectors of words to the scores of classes."""

    cell: Literal["lstm", "gru", "rnn", "conv"] = hyperparameter(
        "lstm", "what reads the vectors: a recurrent cell, or convolutions"
    )
    layers: int = hyperparameter(1, "layers of it, each reading the one below", minimum=1)
    units: int = hyperparameter(64, "numbers a layer gives for each token, in each direction", minimum=1)
    bidirectional: bool = hyperparameter(True, "read texts from both ends; conv always sees both sides")
    width: int = hyperparameter(5, "tokens that a convolution sees at once", minimum=1)
    pooling: Literal["last", "max", "mean", "attention"] = hyperparameter(
        "attention", "what is made of the tokens of a text: the state after its end, or a summary of all"
    )
    vector_dropout: float = hyperparameter(
        0.4, "share of the numbers of the vectors left out in training", minimum=0, maximum=0.95
    )
    layer_dropout: float = hyperparameter(
        0.0, "share left out between layers in training", minimum=0, maximum=0.95
    )
    dropout: float = hyperparameter(
        0.5, "share left out before the scores in training", minimum=0, maximum=0.95
    )


@dataclass(kw_only=True)
class Schedule:
    """How a network is trained."""

    epochs: int = hyperparameter(20, "most passes over the texts", minimum=1)
    batch_size: int = hyperparameter(64, "texts a step", minimum=1)
    learning_rate: float = hyperparameter(1e-3, "first learning rate, of Adam", above=0)
    decay: Literal["none", "cosine", "plateau"] = hyperparameter(
        "plateau",
        "how it falls: not, to 0 after all epochs, or to a third, from the best epoch on, after one without "
        "a better validation loss",
    )
    clip_norm: float = hyperparameter(1.0, "longest gradient of all weights but the vectors", above=0)
    validation_fraction: float = hyperparameter(
        0.1, "share of each class by which the best epoch is chosen; 0 for the last", minimum=0, maximum=0.5
    )
    patience: int = hyperparameter(2, "epochs without a better validation loss before it stops", minimum=1)
    precision: Literal["auto", "float32", "mixed_float16"] = hyperparameter(
        "auto", "numbers of the network; auto: mixed_float16 on a GPU, else float32"
    )


def group(kind: type[Group], parameters: Any) -> Group:
    """The fields of the dataclass `kind` as `parameters` has them; `InputError` for one that cannot be."""
    found = kind(**{item.name: getattr(parameters, item.name) for item in fields(kind)})  # type: ignore[arg-type]
    check(found)
    if isinstance(found, Reading) and found.first_tokens + found.last_tokens == 0:
        raise InputError("first_tokens and last_tokens must not both be 0; keep at least one token")
    return found
