"""The file of a `Translator`: one checked .safetensors file, which can hold no code.

Tensors: the weights, and the tokens of both sides, packed. The header has one key, whose JSON value holds the
version of this format, the parameters, the units and subword tokenizers of both sides, the history of the
training, the metadata, and the CRC-32 of each tensor and of all that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from embedkit.container.checked import (
    MALFORMED,
    SUMS,
    TensorFile,
    checksums,
    json_text,
    open_tensors,
    verify,
    write_tensors,
)
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.errors import DependencyError, EmbedkitError, FormatError, InputError
from embedkit.files import atomic_file
from embedkit.hyperparameters import check
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.parameters import Seq2SeqLayers, SequenceUnit
from embedkit.translation.token_sets import SPECIAL, TokenSet
from embedkit.translation.weights import NamedWeights, weight_shapes

KEY, VERSION = "embedkit.seq2seq", 1
MAKER = "`embedkit train-seq2seq` makes such files"
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


def is_translator(path: Path) -> bool:
    """Whether a file holds such a model, by its header; of a pipe nothing is read."""
    try:
        return path.is_file() and KEY in open_tensors(path).metadata
    except (FormatError, OSError):
        return False


def save_translator(path: Path, model: TranslatorContents) -> None:
    """Write a model to `path`, which is replaced only once everything is written."""
    sides = (model.source, model.target)
    tensors: StoredTensors = {
        name: np.ascontiguousarray(weight) for name, weight in model.network.weights.items()
    }
    for name, side in zip(SIDES, sides, strict=True):
        tensors[f"{name}/tokens"] = pack_words(side.tokens)
    definitions = [side.tokenizer and side.tokenizer.definition for side in sides]
    header = {
        "version": VERSION,
        "parameters": dict(model.parameters),
        "units": [side.unit for side in sides],
        "lowercase": model.source.lowercase,
        "tokenizers": definitions[:1] if definitions[0] == definitions[1] else definitions,
        "history": [dict(epoch) for epoch in model.history],
        "metadata": dict(model.metadata),
    }
    summed = {**header, SUMS: checksums(_parts(header, tensors))}
    with atomic_file(path) as stream:
        write_tensors(stream, tensors, {KEY: json_text(summed)})


def load_translator(path: Path) -> TranslatorContents:
    """The model in a file, all of which is compared with its checksums.

    Raises:
        InputError: no such file.
        FormatError: the file is damaged, of another version or no such model.
    """
    if not path.is_file():
        raise InputError(f"no such model: {path}; expected a file written by embedkit train-seq2seq")
    with _told_with(path):
        header, tensors = _verified(open_tensors(path))
        return _contents(path, header, tensors)


def read_translator_header(path: Path) -> tuple[TensorFile, dict[str, Any]]:
    """The opened file and its header, both of which are what the checksums say.

    Raises:
        FormatError: the file is damaged, of another version or no such model.
    """
    with _told_with(path):
        file = open_tensors(path)
        return file, _verified(file)[0]


@contextmanager
def _told_with(path: Path) -> Iterator[None]:
    """Raise what is wrong with a file as `FormatError` with its name and what makes such files."""
    try:
        yield
    except DependencyError:
        raise
    except (*MALFORMED, EmbedkitError) as error:
        raise FormatError(
            f"{path}: expected a sequence to sequence model of embedkit, but {error}; {MAKER}"
        ) from None


def _verified(file: TensorFile) -> tuple[dict[str, Any], StoredTensors]:
    """The header and the tensors, mapped."""
    if KEY not in file.metadata:
        raise FormatError(f"it is {file.kind}")
    header = dict(json.loads(file.metadata[KEY]))
    written = dict(header.pop(SUMS))
    if header["version"] != VERSION:
        raise FormatError(f"it is of version {header['version']}, this reads version {VERSION}")
    tensors = {name: file.map(name) for name in file.entries}
    verify(_parts(header, tensors), written)
    return header, tensors


def _contents(path: Path, header: Mapping[str, Any], tensors: StoredTensors) -> TranslatorContents:
    definitions = header["tokenizers"]
    sides = [
        _side(path, tensors[f"{name}/tokens"], unit, definition, bool(header["lowercase"]))
        for name, unit, definition in zip(
            SIDES, header["units"], definitions * (3 - len(definitions)), strict=True
        )
    ]
    parameters = header["parameters"]
    layers = Seq2SeqLayers(**{name: parameters[name] for name in vars(Seq2SeqLayers())})
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


def _parts(header: Mapping[str, Any], tensors: StoredTensors) -> dict[str, bytes | memoryview]:
    """What checksums are of: each tensor, and the header without them."""
    contents = {name: tensor.reshape(-1).view(np.uint8).data for name, tensor in tensors.items()}
    return {**contents, "header": json_text(header).encode()}
