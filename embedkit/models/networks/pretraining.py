"""Recurrent layers that begin as those of a language model (Dai and Le 2015)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from embedkit.errors import InputError
from embedkit.language_models.language_model import LanguageModel
from embedkit.models.layers.layers import GRU, LSTM, Dropout, Layer, RecurrentLayer, SimpleRNN
from embedkit.models.layers.spec import write_layers
from embedkit.models.layers.stack import LayerStack, Weights
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.gru import GRUCell
from embedkit.neural.cells.lstm import LSTMCell
from embedkit.neural.cells.simple_rnn import SimpleRNNCell
from embedkit.vectors.embeddings import Embeddings

LAYERS: Mapping[type[RecurrentCell], type[RecurrentLayer]] = {
    LSTMCell: LSTM,
    GRUCell: GRU,
    SimpleRNNCell: SimpleRNN,
}


def pretrained(given: LanguageModel | str | Path, stack: LayerStack) -> tuple[Embeddings, Weights]:
    """The vectors and the weights of layers, by name, that a language model gives a network.

    Args:
        given: a language model, or its file.
        stack: the layers of the network.

    Raises:
        InputError: anything else, no such file, or a language model that does not fit.
        FormatError: a file of something else.
    """
    if not isinstance(given, LanguageModel | str | Path):
        raise InputError(f"language_model must be a LanguageModel or its file, got {given!r:.80}")
    model = given if isinstance(given, LanguageModel) else LanguageModel.load(given)
    return model.vectors, pretrained_weights(model, stack)


def pretrained_weights(model: LanguageModel, stack: LayerStack) -> Weights:
    """The weights that the first recurrent layers of a network begin with, by their names in it.

    Dropout may stand before and between them.

    Args:
        model: a recurrent language model.
        stack: the layers of the network.

    Raises:
        InputError: n-grams, which have no layers; or the network begins with other layers.

    Example:
        >>> from embedkit import RecurrentLanguageModel, Texts
        >>> from embedkit.models.layers.stack import LayerStack
        >>> from embedkit.models.networks.pretraining import pretrained_weights
        >>> trainer = RecurrentLanguageModel(vector_size=24, epochs=1)
        >>> model = trainer.train(Texts(["a rose is a rose"] * 9), validation=0)
        >>> weights = pretrained_weights(model, LayerStack("dropout:0.2 lstm:24 max"))
        >>> {name: weight.shape for name, weight in weights.items()}["layer2/forward/kernel"]
        (24, 96)
    """
    cells = model.cells
    wanted = [LAYERS[type(cell)](cell.units) for cell in cells]
    numbered = [(number, one) for number, one in enumerate(stack.layers, 1) if not isinstance(one, Dropout)]
    own = numbered[: len(wanted)]
    if list(map(_form, wanted)) != [_form(layer) for _, layer in own]:
        begun, needed = write_layers([layer for _, layer in own]), write_layers(wanted)
        raise InputError(
            f'the language model has the layers "{needed}", but the network begins with "{begun}"; give it '
            f'the same, such as layers "dropout:0.2 {needed} attention:64 dropout:0.2"'
        )
    return {
        f"layer{number}/forward/{name}": weight
        for (number, _), cell in zip(own, cells, strict=True)
        for name, weight in cell.weights().items()
    }


def _form(layer: Layer) -> tuple[object, ...]:
    """What has to be the same for layers to have the same weights."""
    if not isinstance(layer, RecurrentLayer):
        return (type(layer),)
    return type(layer), layer.units, layer.bidirectional
