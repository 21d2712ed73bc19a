"""Layers in words: "dropout:0.4 bilstm:64 attention:64 dropout:0.5", read and written.

A layer is a name and, behind colons, its numbers and names in the order of its fields, or NAME=VALUE:
"conv:64:5:strides=2". What is left out has its default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from embedkit.errors import InputError
from embedkit.models.layers.layers import (
    GRU,
    LSTM,
    Attention,
    Conv1D,
    Dense,
    Dropout,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    LastState,
    Layer,
    MaxPooling1D,
    SimpleRNN,
)

Layers = str | Sequence[Layer | str]  # as users give them
KINDS: Mapping[str, tuple[type[Layer], Mapping[str, Any]]] = MappingProxyType(
    {
        "lstm": (LSTM, {"bidirectional": False}),
        "bilstm": (LSTM, {"bidirectional": True}),
        "gru": (GRU, {"bidirectional": False}),
        "bigru": (GRU, {"bidirectional": True}),
        "rnn": (SimpleRNN, {"bidirectional": False}),
        "birnn": (SimpleRNN, {"bidirectional": True}),
        "conv": (Conv1D, {}),
        "maxpool": (MaxPooling1D, {}),
        "max": (GlobalMaxPooling1D, {}),
        "mean": (GlobalAveragePooling1D, {}),
        "attention": (Attention, {}),
        "last": (LastState, {}),
        "dropout": (Dropout, {}),
        "dense": (Dense, {}),
    }
)


def read_layers(layers: Layers) -> tuple[Layer, ...]:
    """The layers that a user gave, as text, as layers, or a mixture.

    Raises:
        InputError: a name, number or value that no layer has.

    Example:
        >>> from embedkit.models.layers.spec import read_layers
        >>> read_layers("bilstm:64 dense:16:relu")[1]
        Dense(units=16, activation='relu')
    """
    if isinstance(layers, Layer):
        return (layers,)
    if not isinstance(layers, str | Sequence):
        raise InputError(
            f'expected layers as a list, or as text such as "bilstm:64 dense:64:relu", got {layers!r:.80}'
        )
    made: list[Layer] = []
    for part in layers.split() if isinstance(layers, str) else layers:
        if isinstance(part, Layer):
            made.append(part)
        elif isinstance(part, str):
            made += [_read_layer(word) for word in part.split()]
        else:
            raise InputError(
                f'expected each layer as LSTM(64) or "lstm:64", got {part!r:.80}; '
                "all layers are in embedkit.models.layers.layers"
            )
    return tuple(made)


def write_layers(layers: Sequence[Layer]) -> str:
    """Layers in words, from which `read_layers` makes the same again.

    Example:
        >>> from embedkit import LSTM, Conv1D
        >>> from embedkit.models.layers.spec import write_layers
        >>> write_layers([Conv1D(32, 3, strides=2), LSTM(64, bidirectional=True)])
        'conv:32:3:2 bilstm:64'
    """
    return " ".join(map(_write_layer, layers))


def _read_layer(word: str) -> Layer:
    name, *settings = word.split(":")
    if name not in KINDS:
        raise InputError(f"expected a layer of {', '.join(KINDS)}, got {name!r:.80} in {word!r:.80}")
    kind, given = KINDS[name]
    own = [item for item in fields(kind) if item.name not in given]
    values: dict[str, Any] = dict(given)
    for place, setting in enumerate(settings):
        key, equals, text = setting.partition("=")
        if not equals:
            key, text = (own[place].name if place < len(own) else ""), setting
        if key not in {item.name for item in own} or key in values:
            form = ":".join([name, *(item.name.upper() for item in own)])
            raise InputError(f"expected {form} or part of it, got {word!r:.80}")
        values[key] = _value(text)
    try:
        return kind(**values)
    except InputError as error:
        raise InputError(f"{word!r:.80}: {error}") from None


def _write_layer(layer: Layer) -> str:
    name, given = next(
        (name, given)
        for name, (kind, given) in KINDS.items()
        if type(layer) is kind and all(getattr(layer, key) == value for key, value in given.items())
    )
    words = [name]
    for place, item in enumerate(item for item in fields(layer) if item.name not in given):
        value = getattr(layer, item.name)
        if place == 0 or value != item.default:
            words.append(str(value) if len(words) == place + 1 else f"{item.name}={value}")
    return ":".join(words)


def _value(text: str) -> Any:
    """A number if the text is one."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
