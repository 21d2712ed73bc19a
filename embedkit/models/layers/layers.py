"""Layers of a network, each a frozen dataclass of its sizes.

They are named as Keras names its own, and follow the same equations. The table of word vectors before the
first layer and the output layer after the last are not among them: vectors and labels say what these are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter

Activation = Literal["linear", "relu", "tanh", "sigmoid"]
Padding = Literal["same", "valid"]
MAX_UNITS, MAX_WIDTH = 16384, 1000


@dataclass(frozen=True)
class Layer:
    """The base of all layers.

    `reads` says what a layer takes: a sequence, a vector for each text, or either; `gives` what comes of it,
    "same" for what it took.
    """

    reads: ClassVar[Literal["sequence", "either"]] = "either"
    gives: ClassVar[Literal["sequence", "vector", "same"]] = "same"

    def __post_init__(self) -> None:
        """Raise `InputError` for a size out of range."""
        try:
            check(self)
        except InputError as error:
            raise InputError(f"{type(self).__name__}: {error}") from None


@dataclass(frozen=True)
class RecurrentLayer(Layer):
    """The base of recurrent layers.

    It gives the states at all tokens if a layer after it reads a sequence, else the last one. Both directions
    of a bidirectional layer, each with `units`, stand side by side.
    """

    reads: ClassVar[Literal["sequence", "either"]] = "sequence"
    gives: ClassVar[Literal["sequence", "vector", "same"]] = "sequence"
    cell: ClassVar[Literal["lstm", "gru", "rnn"]]
    gates: ClassVar[int]

    units: int = hyperparameter(64, "hidden units per direction", minimum=1, maximum=MAX_UNITS)
    bidirectional: bool = hyperparameter(False, "read in both directions")
    recurrent_dropout: float = hyperparameter(
        0.0, "dropout rate on the state, with one mask a text", minimum=0, maximum=0.95
    )

    @property
    def directions(self) -> tuple[str, ...]:
        """In which directions the layer reads."""
        return ("forward", "backward") if self.bidirectional else ("forward",)


@dataclass(frozen=True)
class LSTM(RecurrentLayer):
    """Long short-term memory with forget gates (Hochreiter and Schmidhuber 1997; Gers et al. 2000).

    Example:
        >>> from embedkit import LSTM, TextClassifier
        >>> TextClassifier(layers=[LSTM(32, bidirectional=True)])
        TextClassifier(layers=[LSTM(units=32, bidirectional=True, recurrent_dropout=0.0)])
    """

    cell: ClassVar[Literal["lstm", "gru", "rnn"]] = "lstm"
    gates: ClassVar[int] = 4


@dataclass(frozen=True)
class GRU(RecurrentLayer):
    """Gated recurrent units, reset after the product (Cho et al. 2014).

    Example:
        >>> from embedkit import GRU
        >>> GRU(16).directions
        ('forward',)
    """

    cell: ClassVar[Literal["lstm", "gru", "rnn"]] = "gru"
    gates: ClassVar[int] = 3


@dataclass(frozen=True)
class SimpleRNN(RecurrentLayer):
    """A recurrent layer without gates (Elman 1990).

    Example:
        >>> from embedkit import SimpleRNN
        >>> SimpleRNN(16, bidirectional=True).directions
        ('forward', 'backward')
    """

    cell: ClassVar[Literal["lstm", "gru", "rnn"]] = "rnn"
    gates: ClassVar[int] = 1


@dataclass(frozen=True)
class Conv1D(Layer):
    """A convolution over time.

    A text shorter than the kernel counts as padded with zeros to its length.

    Example:
        >>> from embedkit import Conv1D, GlobalMaxPooling1D, TextClassifier
        >>> model = TextClassifier(layers=[Conv1D(64, 3, padding="valid"), GlobalMaxPooling1D()])
    """

    reads: ClassVar[Literal["sequence", "either"]] = "sequence"
    gives: ClassVar[Literal["sequence", "vector", "same"]] = "sequence"

    filters: int = hyperparameter(64, "number of filters", minimum=1, maximum=MAX_UNITS)
    kernel_size: int = hyperparameter(5, "kernel width, in tokens", minimum=1, maximum=MAX_WIDTH)
    strides: int = hyperparameter(1, "step from window to window", minimum=1, maximum=MAX_WIDTH)
    padding: Padding = hyperparameter("same", "zeros around a text, or whole windows only")
    activation: Activation = hyperparameter("relu", "activation function")


@dataclass(frozen=True)
class MaxPooling1D(Layer):
    """The maximum of each window of tokens; of a text shorter than a window that of what there is.

    Example:
        >>> from embedkit import LSTM, Conv1D, MaxPooling1D, TextClassifier
        >>> model = TextClassifier(layers=[Conv1D(32, 5), MaxPooling1D(2), LSTM(32)])
    """

    reads: ClassVar[Literal["sequence", "either"]] = "sequence"
    gives: ClassVar[Literal["sequence", "vector", "same"]] = "sequence"

    pool_size: int = hyperparameter(2, "window, in tokens", minimum=1, maximum=MAX_WIDTH)
    strides: int | None = hyperparameter(
        None, "step from window to window; None: as wide as one", minimum=1, maximum=MAX_WIDTH
    )
    padding: Padding = hyperparameter("valid", "as of `Conv1D`")


@dataclass(frozen=True)
class GlobalPooling(Layer):
    """The base of layers that make one vector of a text's sequence."""

    reads: ClassVar[Literal["sequence", "either"]] = "sequence"
    gives: ClassVar[Literal["sequence", "vector", "same"]] = "vector"


@dataclass(frozen=True)
class LastState(GlobalPooling):
    """The state of a recurrent layer after it has read a text: of each direction its own last one.

    It stands by itself after a recurrent layer behind which no layer reads a sequence.

    Example:
        >>> from embedkit import GRU, LastState, TextClassifier
        >>> model = TextClassifier(layers=[GRU(16), LastState()])
    """


@dataclass(frozen=True)
class GlobalMaxPooling1D(GlobalPooling):
    """The maximum over all tokens.

    Example:
        >>> from embedkit import LSTM, GlobalMaxPooling1D, TextClassifier
        >>> model = TextClassifier(layers=[LSTM(16), GlobalMaxPooling1D()])
    """


@dataclass(frozen=True)
class GlobalAveragePooling1D(GlobalPooling):
    """The mean over all tokens.

    Example:
        >>> from embedkit import GlobalAveragePooling1D, TextClassifier
        >>> model = TextClassifier(layers=[GlobalAveragePooling1D()])  # the mean of word vectors
    """


@dataclass(frozen=True)
class Attention(GlobalPooling):
    """A mean weighted by additive attention with one learned query (Yang et al. 2016, equations 5 to 7).

    Example:
        >>> from embedkit import LSTM, Attention, TextClassifier
        >>> model = TextClassifier(layers=[LSTM(16, bidirectional=True), Attention(16)])
    """

    units: int = hyperparameter(64, "units of the hidden layer of attention", minimum=1, maximum=MAX_UNITS)


@dataclass(frozen=True)
class Dropout(Layer):
    """Leaves out numbers at random in training (Srivastava et al. 2014).

    Before the first layer it draws once for each word of a batch, however often the word occurs in it.

    Example:
        >>> from embedkit import Dropout
        >>> Dropout(0.5)
        Dropout(rate=0.5)
    """

    rate: float = hyperparameter(0.5, "dropout rate", minimum=0, maximum=0.95)


@dataclass(frozen=True)
class Dense(Layer):
    """A fully connected layer; of a sequence, at each token.

    Example:
        >>> from embedkit import LSTM, Dense, TextClassifier
        >>> model = TextClassifier(layers=[LSTM(64, bidirectional=True), Dense(64, "relu")])
    """

    units: int = hyperparameter(64, "units", minimum=1, maximum=MAX_UNITS)
    activation: Activation = hyperparameter("linear", "activation function")

    def __post_init__(self) -> None:
        """Raise `InputError` for a size out of range, or an output layer."""
        if str(self.activation) == "softmax":
            raise InputError(
                "Dense: softmax is for the output layer, which is added for the labels; leave this layer out"
            )
        super().__post_init__()
