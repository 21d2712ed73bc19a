"""The parameters of `SequenceTagger` in groups: the words it knows, its network, its training."""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.hyperparameters import MAX_DIMENSIONS, described, hyperparameter
from embedkit.neural.epochs import epochs_field, learning_rate_field

MAX_UNITS = 10_000  # more is a mistake


@dataclass(kw_only=True, eq=False, repr=False)
class TaggerWords:
    """Which words a tagger knows, and by which vectors."""

    vector_size: int = hyperparameter(
        100, "vector dimensions; pretrained vectors have their own", minimum=1, maximum=MAX_DIMENSIONS
    )
    fine_tune: bool = hyperparameter(True, "train pretrained vectors, too")
    min_count: int = hyperparameter(
        2, "ignore words that occur less often than this, unless they have a pretrained vector", minimum=1
    )


@dataclass(kw_only=True, eq=False, repr=False)
class TaggerText:
    """How raw texts become tokens, which keep case and punctuation."""

    tokenizer: str = described(
        "words", "tokenizer of raw texts to be tagged: words, whitespace, icu[:LANG] or spacy:LANG|PACKAGE"
    )


@dataclass(kw_only=True, eq=False, repr=False)
class TaggerLayers:
    """The layers of a tagger."""

    units: int = hyperparameter(128, "units of the word LSTM in each direction", minimum=1, maximum=MAX_UNITS)
    lstm_layers: int = hyperparameter(1, "word LSTM layers, one upon the other", minimum=1, maximum=16)
    character_size: int = hyperparameter(
        32, "dimensions of the vectors of characters", minimum=1, maximum=MAX_UNITS
    )
    character_units: int = hyperparameter(
        32,
        "units of the LSTM over the characters of a word in each direction; 0 for none",
        minimum=0,
        maximum=MAX_UNITS,
    )
    shape_size: int = hyperparameter(
        16,
        "dimensions of the vectors of shapes, such as capitalized; 0 for none",
        minimum=0,
        maximum=MAX_UNITS,
    )
    crf: bool = hyperparameter(
        True, "choose the tags of a sentence together (a CRF), instead of each for itself"
    )
    bioes: bool = hyperparameter(
        True, "learn tags of spans in BIOES, whatever they were given in; they are predicted as given"
    )


@dataclass(kw_only=True, eq=False, repr=False)
class TaggerTraining:
    """How a tagger is trained."""

    epochs: int = epochs_field(20)
    batch_size: int = hyperparameter(16, "batch size, in sentences", minimum=1)
    learning_rate: float = learning_rate_field(3e-3)
    dropout: float = hyperparameter(0.5, "dropout before and behind the word LSTM", minimum=0, maximum=0.95)
    word_dropout: float = hyperparameter(
        0.25,
        "a word that occurs n times is taken for an unknown one with probability X / (X + n) in training",
        minimum=0,
        maximum=1e6,
    )
    clip_norm: float = hyperparameter(
        1.0, "clip the global gradient norm (word vectors excluded) to this", above=0, maximum=1e38
    )
    validation_fraction: float = hyperparameter(
        0.1,
        "fraction of the sentences held out to choose the best epoch; 0 keeps the last epoch",
        minimum=0,
        maximum=0.5,
    )
    patience: int = hyperparameter(
        5, "early stopping: number of epochs without a better score on what is held out", minimum=1
    )
