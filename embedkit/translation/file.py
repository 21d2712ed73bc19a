"""The file of a `Translator`: one checked .safetensors file, which can hold no code.

Tensors: the weights, and the tokens of both sides, packed. The header has one key, whose JSON value holds the
version of this format, the parameters, the units and subword tokenizers of both sides, the history of the
training, the metadata, and the CRC-32 of each tensor and of all that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from embedkit.container.model_format import ModelFormat, StoredModel
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.errors import FormatError
from embedkit.hyperparameters import check
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.parameters import Seq2SeqLayers, SequenceUnit
from embedkit.translation.token_sets import SPECIAL, TokenSet
from embedkit.translation.weights import NamedWeights, weight_shapes

FORMAT = ModelFormat("embedkit.seq2seq", "a sequence to sequence model", "embedkit train-seq2seq")
SIDES = ("source", "target")
StoredTensors = dict[str, NDArray[Any]]


class TranslatorContents(NamedTuple):
    """What a file keeps, in the order of the arguments of `Translator`."""

    source: TokenSet
    target: TokenSet
    network: Seq2SeqNetwork
    parameters: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    metadata: Mapping[str, Any]


def save_translator(path: Path, model: TranslatorContents) -> None:
    """Write a model to `path`, which is replaced only once everything is written."""
    sides = (model.source, model.target)
    tensors: StoredTensors = dict(model.network.weights)
    for name, side in zip(SIDES, sides, strict=True):
        tensors[f"{name}/tokens"] = pack_words(side.tokens)
    definitions = [side.tokenizer and side.tokenizer.definition for side in sides]
    header = {
        "parameters": dict(model.parameters),
        "units": [side.unit for side in sides],
        "lowercase": model.source.lowercase,
        "tokenizers": definitions[:1] if definitions[0] == definitions[1] else definitions,
        "history": [dict(epoch) for epoch in model.history],
        "metadata": dict(model.metadata),
    }
    FORMAT.write(path, header, tensors)


def load_translator(path: Path) -> TranslatorContents:
    """The model in a file, all of which is compared with its checksums.

    Raises:
        InputError: no such file.
        FormatError: the file is damaged, of another version or no such model.
    """
    with FORMAT.opened(path) as stored:
        return _contents(stored)


def facts(stored: StoredModel) -> dict[str, Any]:
    """What a file holds, ready for JSON."""
    file, header, tensors = stored
    return {
        "format": "sequence to sequence model of embedkit",
        "tokens": dict(zip(SIDES, header["units"], strict=True)),
        "vocabulary": {side: len(tensors[f"{side}/vectors"]) for side in SIDES},
        "weights": sum(tensor.size for tensor in tensors.values() if tensor.dtype == np.float32),
        "bytes": file.path.stat().st_size,
        "parameters": header["parameters"],
        "history": header["history"] or None,
        "made": header["metadata"],
    }


def _contents(stored: StoredModel) -> TranslatorContents:
    file, header, tensors = stored
    definitions = header["tokenizers"]
    sides = [
        _side(file.path, tensors[f"{name}/tokens"], unit, definition, bool(header["lowercase"]))
        for name, unit, definition in zip(
            SIDES, header["units"], definitions * (3 - len(definitions)), strict=True
        )
    ]
    parameters = header["parameters"]
    known = vars(Seq2SeqLayers())  # what an older file does not tell is as it always was
    layers = Seq2SeqLayers(**{name: parameters.get(name, value) for name, value in known.items()})
    check(layers)
    weights = _weights(layers, len(sides[0]), len(sides[1]), tensors)
    network = Seq2SeqNetwork(layers, weights)
    return TranslatorContents(sides[0], sides[1], network, parameters, header["history"], header["metadata"])


def _side(
    path: Path, packed: NDArray[Any], unit: SequenceUnit, definition: str | None, lowercase: bool
) -> TokenSet:
    tokens = unpack_words(packed, path)
    if tuple(tokens[: len(SPECIAL)]) != SPECIAL or len({*tokens}) != len(tokens):
        raise FormatError(f"its tokens begin with {tokens[:3]!r:.80}, or are not all different")
    if unit not in get_args(SequenceUnit) or (unit == "subwords") != (definition is not None):
        raise FormatError(f"its tokens are {unit!r:.80}, with or without a tokenizer")
    if definition is None:
        return TokenSet(unit, tokens, None, lowercase)
    from embedkit.text.tokenization.subwords import SubwordTokenizer

    return TokenSet(unit, tokens, SubwordTokenizer(definition), lowercase)


def _weights(layers: Seq2SeqLayers, sources: int, targets: int, tensors: StoredTensors) -> NamedWeights:
    """The weights, each of the shape that the parameters say, and finite."""
    weights: NamedWeights = {}
    for name, shape in weight_shapes(layers, sources, targets).items():
        tensor = tensors.get(name)
        if tensor is None or tensor.shape != shape or tensor.dtype != np.float32:
            found = "none" if tensor is None else f"{tensor.dtype} {tensor.shape}"
            raise FormatError(f"its weight {name} should be float32 {shape}, and is {found}")
        if not np.isfinite(tensor).all():
            raise FormatError(f"its weight {name} has numbers that are not finite")
        weights[name] = np.array(tensor)
    return weights
