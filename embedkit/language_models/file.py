"""The file of a language model: one checked .safetensors file, which can hold no code.

Tensors: `tokens`, packed, and those of the n-grams or of the network. The header has one key, whose JSON
value holds the version of this format, the kind of the model, its parameters, its tokens and their pipeline,
the metadata, and the CRC-32 of each tensor and of all that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

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
from embedkit.errors import EmbedkitError, FormatError, InputError
from embedkit.files import atomic_file
from embedkit.hyperparameters import check
from embedkit.language_models.ngram_model import MAX_ORDER, NgramProbabilities
from embedkit.language_models.parameters import RecurrentLayers
from embedkit.language_models.recurrent_model import RecurrentProbabilities
from embedkit.language_models.token_predictor import TokenPredictor
from embedkit.language_models.token_units import SPECIAL, TokenUnits
from embedkit.text.pipeline.recipes import pipeline_from_recipe, savable_recipe

KEY, VERSION = "embedkit.language-model", 1
MAKER = "`embedkit train-lm` makes such files"
TOKENS = "tokens"
Tensors = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class LanguageModelContents:
    """What a file holds, see `LanguageModel`."""

    units: TokenUnits
    predictor: TokenPredictor
    independent_lines: bool
    parameters: Mapping[str, Any]
    metadata: Mapping[str, Any]


def is_language_model(path: Path) -> bool:
    """Whether a file holds a language model, by its header; of a pipe nothing is read."""
    try:
        return path.is_file() and KEY in open_tensors(path).metadata
    except (FormatError, OSError):
        return False


def save_language_model(path: Path, model: LanguageModelContents) -> None:
    """Write a model to `path`, which is replaced only once everything is written."""
    units = model.units
    tensors = {TOKENS: pack_words(units.tokens), **model.predictor.tensors()}
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    header = {
        "version": VERSION,
        "kind": model.predictor.kind,
        "parameters": dict(model.parameters),
        "unit": units.unit,
        "lowercase": units.lowercase,
        "unknown_seen": units.unknown_seen,
        "independent_lines": model.independent_lines,
        "tokenizer": None if units.pipeline is None else dict(savable_recipe(units.pipeline)),
        "metadata": dict(model.metadata),
    }
    summed = {**header, SUMS: checksums(_parts(header, tensors))}
    with atomic_file(path) as stream:
        write_tensors(stream, tensors, {KEY: json_text(summed)})


def load_language_model(path: Path) -> LanguageModelContents:
    """The model in a file, all of which is compared with its checksums.

    Raises:
        InputError: no such file.
        FormatError: the file is damaged, of another version or no language model.
    """
    if not path.is_file():
        raise InputError(f"no such model: {path}; expected a file written by embedkit train-lm")
    with _told_with(path):
        return _contents(path, *_verified(open_tensors(path)))


def read_header(path: Path) -> tuple[TensorFile, dict[str, Any]]:
    """The opened file and its header, both of which are what the checksums say.

    Raises:
        FormatError: the file is damaged, of another version or no language model.
    """
    with _told_with(path):
        file = open_tensors(path)
        return file, _verified(file)[0]


@contextmanager
def _told_with(path: Path) -> Iterator[None]:
    """Raise what is wrong with a file as `FormatError` with its name and what makes such files."""
    try:
        yield
    except (*MALFORMED, EmbedkitError) as error:
        raise FormatError(f"{path}: expected a language model of embedkit, but {error}; {MAKER}") from None


def _verified(file: TensorFile) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
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


def _contents(path: Path, header: Mapping[str, Any], tensors: Tensors) -> LanguageModelContents:
    tokens = unpack_words(tensors[TOKENS], path)
    if tuple(tokens[: len(SPECIAL)]) != SPECIAL or len({*tokens}) != len(tokens):
        raise FormatError(f"its tokens begin with {tokens[:2]!r:.80}, or are not all different")
    if header["kind"] not in KINDS:
        raise FormatError(f"it is of the kind {header['kind']!r:.80}; this knows {', '.join(KINDS)}")
    recipe = header["tokenizer"]
    pipeline = None if recipe is None else pipeline_from_recipe(recipe)
    units = TokenUnits(
        header["unit"], tokens, pipeline, bool(header["lowercase"]), bool(header["unknown_seen"])
    )
    predictor = KINDS[header["kind"]](tensors, header["parameters"], len(tokens))
    independent = bool(header["independent_lines"])
    return LanguageModelContents(units, predictor, independent, header["parameters"], header["metadata"])


def _ngrams(tensors: Tensors, parameters: Mapping[str, Any], size: int) -> TokenPredictor:
    order = parameters["order"]
    if not isinstance(order, int) or not 1 <= order <= MAX_ORDER:
        raise FormatError(f"expected an order from 1 to {MAX_ORDER}, got {order!r:.80}")
    return NgramProbabilities.from_tensors(tensors, order, size)


def _network(tensors: Tensors, parameters: Mapping[str, Any], size: int) -> TokenPredictor:
    layers = RecurrentLayers(**{field.name: parameters[field.name] for field in fields(RecurrentLayers)})
    check(layers)
    return RecurrentProbabilities.from_tensors(tensors, layers, size)


KINDS: dict[str, Callable[[Tensors, Mapping[str, Any], int], TokenPredictor]] = {
    "ngram": _ngrams,
    "recurrent": _network,
}


def _parts(header: dict[str, Any], tensors: Tensors) -> dict[str, bytes | memoryview]:
    """What checksums are of: each tensor, and the header without them."""
    contents = {name: tensor.reshape(-1).view(np.uint8).data for name, tensor in tensors.items()}
    return {**contents, "header": json_text(header).encode()}
