"""The file of a language model: one checked .safetensors file, which can hold no code.

Tensors: `tokens`, packed, and those of the n-grams or of the network. The header has one key, whose JSON
value holds the version of this format, the kind of the model, its parameters, its tokens and their pipeline,
the metadata, and the CRC-32 of each tensor and of all that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from embedkit.container.model_format import ModelFormat, StoredModel
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.errors import FormatError
from embedkit.hyperparameters import check
from embedkit.language_models.ngram_model import MAX_ORDER, NgramProbabilities
from embedkit.language_models.parameters import RecurrentLayers
from embedkit.language_models.recurrent_model import RecurrentProbabilities
from embedkit.language_models.token_predictor import TokenPredictor
from embedkit.language_models.token_units import SPECIAL, TokenUnits
from embedkit.text.pipeline.recipes import pipeline_from_recipe, savable_recipe

FORMAT = ModelFormat("embedkit.language-model", "a language model", "embedkit train-lm")
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


def save_language_model(path: Path, model: LanguageModelContents) -> None:
    """Write a model to `path`, which is replaced only once everything is written."""
    units = model.units
    tensors = {TOKENS: pack_words(units.tokens), **model.predictor.tensors()}
    header = {
        "kind": model.predictor.kind,
        "parameters": dict(model.parameters),
        "unit": units.unit,
        "lowercase": units.lowercase,
        "unknown_seen": units.unknown_seen,
        "independent_lines": model.independent_lines,
        "tokenizer": None if units.pipeline is None else dict(savable_recipe(units.pipeline)),
        "metadata": dict(model.metadata),
    }
    FORMAT.write(path, header, tensors)


def load_language_model(path: Path) -> LanguageModelContents:
    """The model in a file, all of which is compared with its checksums.

    Raises:
        InputError: no such file.
        FormatError: the file is damaged, of another version or no language model.
    """
    with FORMAT.opened(path) as stored:
        return _contents(stored)


def facts(stored: StoredModel) -> dict[str, Any]:
    """What a file holds, ready for JSON."""
    file, header, tensors = stored
    return {
        "format": "language model of embedkit",
        "model": header["kind"],
        "unit": header["unit"],
        "weights": sum(tensor.size for name, tensor in tensors.items() if name != TOKENS),
        "bytes": file.path.stat().st_size,
        "parameters": header["parameters"],
        "tokenizer": header["tokenizer"],
        "made": header["metadata"],
    }


def _contents(stored: StoredModel) -> LanguageModelContents:
    file, header, tensors = stored
    tokens = unpack_words(tensors[TOKENS], file.path)
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
