"""The parameters of `TextClassifier` in groups: tokenization, word vectors, training.

`LayersParameter` is another. Each group is a base of the estimator, so that its fields are parameters of the
estimator and options of the commands, and a value of its own for the code that needs no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_DIMENSIONS, MAX_EPOCHS, check, described, group_of, hyperparameter
from embedkit.language_models.language_model import LanguageModel
from embedkit.models.networks.losses import Loss
from embedkit.text.pipeline.parameters import PipelineParameters

Group = TypeVar("Group")
MAX_TOKENS = 1_000_000_000  # of a text
MAX_AVERAGE = 0.999999  # beyond, the first weights would stay for millions of steps
MAX_SHARE = 0.999  # of momentum and label smoothing, which leave nothing to learn at 1


@dataclass(kw_only=True, eq=False, repr=False)
class TokenizationConfig(PipelineParameters):
    """How texts become ids; vectors that name their tokenizer override the one that is named here."""

    min_count: int = hyperparameter(
        2, "ignore words that occur less often than this, unless they have a pretrained vector", minimum=1
    )
    max_vocabulary: int | None = hyperparameter(
        None, "maximum vocabulary size; keeps the most frequent words", minimum=1
    )
    first_tokens: int = hyperparameter(
        100, "number of tokens kept from the start of a long text", minimum=0, maximum=MAX_TOKENS
    )
    last_tokens: int = hyperparameter(
        300, "number of tokens kept from the end of a long text", minimum=0, maximum=MAX_TOKENS
    )


@dataclass(kw_only=True, eq=False, repr=False)
class EmbeddingConfig:
    """How the vectors of a network are made and trained."""

    vector_size: int = hyperparameter(
        128, "vector dimensions; pretrained vectors have their own", minimum=1, maximum=MAX_DIMENSIONS
    )
    language_model: str | Path | LanguageModel | None = described(
        None,
        "begin with the words, the vectors and the recurrent layers of this language model, which "
        "`embedkit train-lm` wrote (Dai and Le 2015)",
    )
    fine_tune: bool | int = hyperparameter(
        True, "fine-tune the word vectors: yes, no, or N to start after N epochs at a lower rate", minimum=0
    )


@dataclass(kw_only=True, eq=False, repr=False)
class PseudoLabelConfig:
    """What a network of classes learns from unlabeled texts."""

    pseudo_labels: bool = hyperparameter(
        True,
        "train on unlabeled texts with pseudo-labels of the n-gram model, not only word vectors on them",
    )


@dataclass(kw_only=True, eq=False, repr=False)
class TrainingConfig:
    """How a network is trained."""

    epochs: int = hyperparameter(20, "maximum number of epochs", minimum=1, maximum=MAX_EPOCHS)
    batch_size: int = hyperparameter(64, "batch size, in texts", minimum=1)
    optimizer: Literal["adam", "rmsprop", "sgd"] = hyperparameter("adam", "optimizer")
    learning_rate: float = hyperparameter(
        1e-3, "initial learning rate; sgd needs more than adam, such as 0.1", above=0, maximum=1e38
    )
    momentum: float = hyperparameter(0.9, "momentum of sgd; 0 for none", minimum=0, maximum=MAX_SHARE)
    decay: Literal["none", "cosine", "plateau"] = hyperparameter(
        "plateau",
        "learning rate schedule: constant, cosine decay to 0, or on a plateau of the validation loss a third "
        "of the rate and the weights of the best epoch",
    )
    loss: Loss = hyperparameter("cross_entropy", "loss function; squared_error is that of probabilities")
    label_smoothing: float = hyperparameter(
        0.0, "part of each label that is spread evenly over all classes", minimum=0, maximum=MAX_SHARE
    )
    l2: float = hyperparameter(
        0.0,
        "L2 penalty: the sum of squared kernels times this is added to the loss",
        minimum=0,
        maximum=1e38,
    )
    adversarial: float = hyperparameter(
        0.0,
        "adversarial training: the part of their length by which vectors of texts are moved, such as 0.05",
        minimum=0,
        maximum=1,
    )
    virtual_adversarial: float = hyperparameter(
        0.0, "the same, to where the prediction changes most, without labels", minimum=0, maximum=1
    )
    average: float = hyperparameter(
        0.0,
        "predict with moving averages of the weights, of which this share stays in late steps, such as 0.999",
        minimum=0,
        maximum=MAX_AVERAGE,
    )
    clip_norm: float | None = hyperparameter(
        1.0,
        "clip the global gradient norm (embeddings excluded) to this; 0 for no clipping",
        minimum=0,
        maximum=1e38,
    )
    validation_fraction: float = hyperparameter(
        0.1,
        "fraction of each class held out to choose the best epoch; 0 keeps the last epoch",
        minimum=0,
        maximum=0.5,
    )
    patience: int = hyperparameter(
        2, "early stopping: number of epochs without a lower validation loss", minimum=1
    )
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16"] = hyperparameter(
        "auto",
        "numeric precision; auto: mixed_bfloat16 on a GPU that has it, mixed_float16 on others, else float32",
    )


def group(kind: type[Group], parameters: Any) -> Group:
    """The fields of the dataclass `kind` as `parameters` has them; `InputError` for one that cannot be."""
    values = group_of(kind, parameters)
    check(values)
    if isinstance(values, TokenizationConfig) and values.first_tokens + values.last_tokens == 0:
        raise InputError("first_tokens and last_tokens must not both be 0; keep at least one token")
    return values
