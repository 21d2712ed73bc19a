"""The parameters of `Seq2Seq` in groups: what its tokens are, its network, its training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.hyperparameters import MAX_DIMENSIONS, hyperparameter
from embedkit.neural.epochs import epochs_field, learning_rate_field

SequenceUnit = Literal["subwords", "words", "characters"]
AttentionKind = Literal["general", "dot", "additive"]
DecoderCell = Literal["gru", "lstm"]

MAX_UNITS = 10_000  # more is a mistake
MAX_LAYERS = 16
MAX_VOCABULARY = 10_000_000


@dataclass(kw_only=True, frozen=True)
class SequenceTokens:
    """What the tokens of sources and targets are."""

    tokens: SequenceUnit = hyperparameter("subwords", "tokens of both sides")
    source_tokens: SequenceUnit | None = hyperparameter(None, "tokens of sources; default: as --tokens")
    target_tokens: SequenceUnit | None = hyperparameter(None, "tokens of targets; default: as --tokens")
    joint: bool = hyperparameter(True, "learn one set of subwords from both sides")
    vocabulary_size: int = hyperparameter(
        8000, "maximum number of subwords, and of tokens of each side", minimum=10, maximum=MAX_VOCABULARY
    )
    min_count: int = hyperparameter(
        1, "tokens that occur less often than this are unknown", minimum=1, maximum=MAX_VOCABULARY
    )
    lowercase: bool = hyperparameter(False, "convert text to lower case")
    max_length: int = hyperparameter(
        100, "leave out pairs with more tokens on a side than this", minimum=1, maximum=100_000
    )


@dataclass(kw_only=True, frozen=True)
class Seq2SeqLayers:
    """The layers of a network."""

    cell: DecoderCell = hyperparameter("gru", "recurrent cell of encoder and decoder")
    attention: AttentionKind = hyperparameter(
        "general", "scores of attention: q W k, q k (Luong et al. 2015), or additive (Bahdanau et al. 2015)"
    )
    input_feeding: bool = hyperparameter(
        False,
        "let each step of the decoder read what the last one scored tokens by, so that attention knows where "
        "it has looked (Luong et al. 2015, section 3.3); slower to train",
    )
    vector_size: int = hyperparameter(
        256, "dimensions of the vectors of tokens", minimum=1, maximum=MAX_DIMENSIONS
    )
    units: int = hyperparameter(
        256,
        "units of the decoder, and of both directions of the encoder",
        minimum=2,
        maximum=MAX_UNITS,
    )
    recurrent_layers: int = hyperparameter(
        1, "recurrent layers of encoder and decoder, one upon the other", minimum=1, maximum=MAX_LAYERS
    )
    tied: bool = hyperparameter(True, "score tokens by the vectors by which the decoder reads them")


@dataclass(kw_only=True, frozen=True)
class Seq2SeqTraining:
    """How a network is trained."""

    epochs: int = epochs_field(10)
    batch_size: int = hyperparameter(64, "batch size, in pairs", minimum=1, maximum=1_000_000)
    learning_rate: float = learning_rate_field(2e-3)
    dropout: float = hyperparameter(
        0.2, "dropout of vectors, between layers and before the scores", minimum=0, maximum=0.95
    )
    label_smoothing: float = hyperparameter(
        0.1,
        "share of the probability that all tokens share in training",
        minimum=0,
        maximum=0.95,
    )
    scheduled_sampling: float = hyperparameter(
        0.0,
        "share of the decoder's inputs that are its own predictions in the last epoch, rising from none "
        "(Bengio et al. 2015)",
        minimum=0,
        maximum=1,
    )
    clip_norm: float = hyperparameter(2.0, "clip the global gradient norm to this", above=0, maximum=1e38)
    validation_fraction: float = hyperparameter(
        0.02,
        "fraction of the pairs held out to choose the best epoch; 0 keeps the last epoch",
        minimum=0,
        maximum=0.5,
    )
    patience: int = hyperparameter(
        5, "early stopping: number of epochs without a lower loss on what is held out", minimum=1
    )
