"""The parameters of language models in groups: their tokens, n-grams, networks, and how these are trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_DIMENSIONS, check, described, hyperparameter
from embedkit.language_models.ngram_model import MAX_ORDER
from embedkit.neural.epochs import epochs_field, learning_rate_field
from embedkit.text.subword_training import MAX_VOCABULARY, MIN_VOCABULARY

Unit = Literal["characters", "subwords", "words"]
MAX_UNITS, MAX_BATCH, MAX_STEPS, MAX_DROPOUT = 100_000, 100_000, 100_000, 0.95
SUBWORDS = 8000  # unless a size of the vocabulary is given


@dataclass(kw_only=True, eq=False, repr=False)
class TokenParameters:
    """What the tokens of a language model are."""

    unit: Unit = hyperparameter("words", "what tokens are; subwords are learned by byte-pair encoding")
    tokenizer: str = described(
        "words", "tokenizer of words, which keep case and punctuation: words, whitespace or icu[:LANG]"
    )
    lowercase: bool = hyperparameter(False, "convert text to lower case")
    min_count: int = hyperparameter(
        2, "take tokens that occur less often than this for unknown ones, all as one", minimum=1
    )
    vocabulary_size: int | None = hyperparameter(
        None,
        f"number of tokens, the most frequent; default: {SUBWORDS:,} of subwords, all others that there are",
        minimum=MIN_VOCABULARY,
        maximum=MAX_VOCABULARY,
    )
    independent_lines: bool = hyperparameter(
        False, "each line is a text by itself, such as a name, and tells nothing of the next one"
    )


@dataclass(kw_only=True, eq=False, repr=False)
class NgramOrder:
    """The n-grams of a language model."""

    order: int = hyperparameter(
        5,
        "longest n-grams, in tokens, of the model with Kneser-Ney smoothing",
        minimum=1,
        maximum=MAX_ORDER,
    )


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentLayers:
    """The layers of a recurrent language model."""

    cell: Literal["lstm", "gru", "rnn"] = hyperparameter("lstm", "kind of the recurrent layers")
    recurrent_layers: int = hyperparameter(1, "recurrent layers, one upon the other", minimum=1, maximum=16)
    units: int | None = hyperparameter(
        None,
        "units of each recurrent layer; default: vector_size, as the last has if weights are tied",
        minimum=1,
        maximum=MAX_UNITS,
    )
    vector_size: int = hyperparameter(
        256, "dimensions of the vectors of tokens", minimum=1, maximum=MAX_DIMENSIONS
    )
    tied: bool = hyperparameter(
        True, "read and predict tokens by the same vectors (Inan et al. 2017, Press and Wolf 2017)"
    )


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentDropout:
    """What is left out in training (Merity et al. 2018, sections 2 and 4.3)."""

    word_dropout: float = hyperparameter(
        0.0, "dropout of whole tokens, wherever in a batch they occur", minimum=0, maximum=MAX_DROPOUT
    )
    input_dropout: float = hyperparameter(
        0.1, "variational dropout of the vectors of tokens", minimum=0, maximum=MAX_DROPOUT
    )
    layer_dropout: float = hyperparameter(
        0.2, "variational dropout between recurrent layers", minimum=0, maximum=MAX_DROPOUT
    )
    output_dropout: float = hyperparameter(
        0.2, "variational dropout behind the last layer", minimum=0, maximum=MAX_DROPOUT
    )
    weight_dropout: float = hyperparameter(
        0.0, "dropout of recurrent weights", minimum=0, maximum=MAX_DROPOUT
    )


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentTraining:
    """How a recurrent language model is trained."""

    epochs: int = epochs_field(20)
    batch_size: int = hyperparameter(
        32, "parts of the text, or lines, that are read side by side", minimum=1, maximum=MAX_BATCH
    )
    steps: int = hyperparameter(
        35,
        "tokens that gradients flow back through, at most",
        minimum=1,
        maximum=MAX_STEPS,
    )
    learning_rate: float = learning_rate_field(5e-3)
    clip_norm: float = hyperparameter(
        0.5, "clip the gradient norm (vectors of tokens excluded) to this", above=0, maximum=1e38
    )
    softmax_samples: int = hyperparameter(
        2048,
        "predict among the tokens of the batch and so many drawn ones in training (sampled softmax), where "
        "the vocabulary is larger; 0 for all",
        minimum=0,
        maximum=MAX_VOCABULARY,
    )
    averaging: float = hyperparameter(
        0.0,
        "predict by a moving average of the weights, which keeps this share of itself at each step (Polyak "
        "and Juditsky 1992); 0 for the weights themselves",
        minimum=0,
        maximum=0.99999,
    )
    patience: int = hyperparameter(
        3, "early stopping: number of epochs without a lower validation perplexity", minimum=1
    )


def check_layers(layers: RecurrentLayers) -> None:
    """Raise `InputError` for units that no layer would have."""
    alone = layers.tied and layers.recurrent_layers == 1
    if alone and layers.units not in (None, layers.vector_size):
        raise InputError(
            f"one layer with tied weights has vector_size ({layers.vector_size}) units, got units "
            f"{layers.units}; leave units out, or change vector_size"
        )


def check_tokens(parameters: TokenParameters) -> None:
    """Raise `InputError` for parameters out of range, or that do not go together."""
    check(parameters)
    if parameters.tokenizer != "words" and parameters.unit != "words":
        raise InputError(
            f"a tokenizer ({parameters.tokenizer}) is for words, got unit {parameters.unit!r}; leave one out"
        )
