"""Networks in files of version 0.1.0, whose layers were all of one kind and size, as today's name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from embedkit.errors import FormatError
from embedkit.models.files.state import ModelState

CELLS = {"lstm": "lstm", "gru": "gru", "rnn": "rnn"}
POOLING = {"last": "last", "max": "max", "mean": "mean"}
FORMER = (
    "cell", "layers", "units", "bidirectional", "width", "pooling", "vector_dropout", "layer_dropout",
    "dropout",
)  # fmt: skip
MAX_LAYERS = 100


def with_layers(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of a network with its layers in words; those that have them, or none, as they are.

    Raises:
        FormatError: parameters that no version wrote.
    """
    if not isinstance(count := parameters.get("layers", ""), int):
        return parameters
    if not 1 <= count <= MAX_LAYERS:
        raise FormatError(f"expected 1 to {MAX_LAYERS} layers, got {count}")
    words, _ = _in_words(parameters)
    kept = {name: value for name, value in parameters.items() if name not in FORMER}
    return {**kept, "layers": " ".join(words)}


def changed_layers(changes: Mapping[str, Any], network: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameters that were changed of a network; if some were of its layers, these in words instead."""
    if not {*FORMER} & changes.keys() or isinstance(changes.get("layers"), str):
        return changes
    kept = {name: value for name, value in changes.items() if name not in FORMER}
    return {**kept, "layers": with_layers(network)["layers"]}


def network_state(state: ModelState) -> ModelState:
    """The state of a network with its layers in words, and its weights under their names of today.

    Raises:
        FormatError: parameters that no version wrote.
    """
    parameters = with_layers(state.parameters)
    if parameters is state.parameters:
        return state
    _, names = _in_words(state.parameters)
    tensors = {_renamed(name, names): tensor for name, tensor in state.tensors.items()}
    return replace(state, parameters=parameters, tensors=tensors)


def _in_words(former: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """The layers, and the new names of weights by the beginnings of their former ones."""
    cell, units = former["cell"], former["units"]
    words, names = [f"dropout:{former['vector_dropout']}"], {}
    for number in range(1, former["layers"] + 1):
        if number > 1:
            words.append(f"dropout:{former['layer_dropout']}")
        if cell == "conv":
            words.append(f"conv:{units}:{former['width']}")
        else:
            words.append(f"{'bi' if former['bidirectional'] else ''}{CELLS[cell]}:{units}")
        names[f"layer{number}"] = f"layer{len(words)}"
    pooling = former["pooling"]
    words.append(f"attention:{units}" if pooling == "attention" else POOLING[pooling])
    names |= {"attention": f"layer{len(words)}", "attention_query": f"layer{len(words)}"}
    return [*words, f"dropout:{former['dropout']}"], names


def _renamed(name: str, names: Mapping[str, str]) -> str:
    """Today's name of a weight: "attention_query/kernel" is the query of the layer of attention."""
    layer, slash, rest = name.partition("/")
    if layer not in names:
        return name
    return f"{names[layer]}{slash}{'query' if layer == 'attention_query' else rest}"
