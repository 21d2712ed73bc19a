"""The parameters of estimators as model files hold them: ready for JSON, and the same on any machine.

Vectors and texts are told by the name of their file. Parameters by which texts become tokens are left out if
they name files, or are functions or other values of Python: the recipe of the tokenizer, which every model
file has, says all of it, so that a model which was read from a file has that pipeline as its tokenizer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator

from embedkit.models.files.former_networks import with_layers
from embedkit.models.layers.spec import read_layers, write_layers
from embedkit.text.datasets.unlabeled import NamedTexts
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.pipeline.stop_words import is_language
from embedkit.text.tokenization.factory import is_file

IN_MEMORY = "(what was in memory)"  # what a file calls vectors and texts without a name; nobody can load them
RENAMED = {  # parameters in files of version 0.1.0
    "max_words": "max_vocabulary",
    "contrasts": "augment",
    "unlabelled": "unlabeled",
}
TOKENIZER = "tokenizer"  # among the parameters in a file, unless its recipe says all of them
_OF_PIPELINES = {field.name for field in fields(PipelineParameters)}


def json_parameters(model: BaseEstimator) -> dict[str, Any]:
    """The parameters of a model's constructor, ready for JSON."""
    given: dict[str, Any] = model.get_params(deep=False)
    if TOKENIZER in given and not _tell_all(given):
        given = {name: value for name, value in given.items() if name not in _OF_PIPELINES}
    for name in given.keys() & {"embeddings", "language_model", "unlabeled"}:
        given[name] = file_name(given[name])
    if not isinstance(given.get("layers", ""), str):
        given["layers"] = write_layers(read_layers(given["layers"]))
    if isinstance(given.get("class_weight"), Mapping):
        given["class_weight"] = list(given["class_weight"].items())  # JSON has no keys but strings
    return given


def parameters_in(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a constructor, as they were before `json_parameters` changed their form."""
    parameters = {RENAMED.get(name, name): value for name, value in with_layers(stored).items()}
    if isinstance(parameters.get("class_weight"), list):
        parameters["class_weight"] = dict(parameters["class_weight"])
    return parameters


def _tell_all(given: Mapping[str, Any]) -> bool:
    """Whether parameters of a text pipeline hold only what JSON does, and name no file."""
    tokenizer, stop_words = given[TOKENIZER], given["stop_words"]
    named = isinstance(tokenizer, str) and not is_file(tokenizer)
    listed = isinstance(stop_words, list | None) or (isinstance(stop_words, str) and is_language(stop_words))
    marked = isinstance(given["pos"], str | list | None)
    return named and listed and marked and given["phrases"] is None and given["pipeline"] is None


def file_name(given: Any) -> str | None:
    """What a file keeps of vectors or texts that were given: the name of their file, or `IN_MEMORY`."""
    if isinstance(given, NamedTexts):
        given = given.name
    if isinstance(given, str | Path):
        return Path(given).name
    return None if given is None else IN_MEMORY
