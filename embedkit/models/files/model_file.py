"""Model files: one checked .safetensors file with all that prediction needs, and no code.

Tensors: whatever the kind of model needs, and `words` (uint8), its vocabulary as `pack_words` packs it. The
header's `__metadata__` has one key, `embedkit-model`, whose JSON value holds the version of this format, the
kind, its parameters, the labels, the recipe of the tokenizer, what is known of the model (metrics, training
data, versions of libraries) and a sha256 of all of it, by which damage is seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embedkit.container.checked import TensorFile, json_text, open_tensors, write_tensors
from embedkit.container.packed_words import pack_words
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file
from embedkit.models.files.content import check_content
from embedkit.models.number_targets import NumberTargets

if TYPE_CHECKING:
    from embedkit.models.files.state import ModelState

VERSION = 1
KEY = "embedkit-model"
LIBRARIES = ("embedkit", "numpy", "scikit-learn", "scipy")


def save_model(path: Path, state: ModelState, metadata: Mapping[str, Any]) -> None:
    """Write a model and what is known of it to `path`, which is replaced only once everything is written.

    Raises:
        InputError: a path that cannot be written, or metadata that JSON cannot hold.
    """
    from importlib.metadata import version

    tensors = {**state.tensors, "words": pack_words(state.words)}
    targets = state.targets
    try:
        content = json_text(
            {
                "kind": state.kind,
                "parameters": dict(state.parameters),
                "labels": targets.classes.tolist(),
                "task": targets.task,
                "form": targets.form,
                **({"scale": targets.scale._asdict()} if isinstance(targets, NumberTargets) else {}),
                "tokenizer": dict(state.tokenizer),
                "words": len(state.words),
                "facts": dict(state.facts),
                "metadata": {**metadata, "versions": {name: version(name) for name in LIBRARIES}},
            },
            allow_nan=False,
            default=_plain_number,
        )
    except (TypeError, ValueError) as error:
        raise InputError(f"expected metadata and parameters that JSON can hold: {error}") from error
    header = {"version": VERSION, "content": content, "sha256": _digest(content, tensors)}
    with atomic_file(path) as stream:
        write_tensors(stream, tensors, {KEY: json_text(header)})


def is_model(path: Path) -> bool:
    """Whether a file is a model of embedkit, by its header; of a pipe nothing is read."""
    try:
        return path.is_file() and KEY in open_tensors(path).metadata
    except (FormatError, OSError):
        return False


def read_content(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What the header of a file says of its model, and the tensors, if nothing of them was changed.

    Raises:
        FormatError: a file that is damaged, cut off, of a newer version, or no model of embedkit.
    """
    try:
        file = open_tensors(path)
    except FormatError as error:
        raise FormatError(
            f"{path}: expected a model written by embedkit, got a file that is damaged, cut off or of "
            f"another kind: {error}"
        ) from error
    text = _header(file)
    try:
        tensors = {name: np.array(file.map(name)) for name in file.entries}
        header = json.loads(text)
        version = header["version"]
        if version != VERSION:
            raise FormatError(
                f"{path}: expected version {VERSION} of models, got {version!r}; "
                "update embedkit to read it, or train the model again"
            )
        whole = header["sha256"] == _digest(header["content"], tensors)
        content: Any = json.loads(header["content"], parse_constant=_no_number) if whole else {}
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: expected the header of a model, got {text[:80]!r}") from error
    if not whole:
        raise FormatError(
            f"{path} is damaged: its content is not what its sha256 says; fetch or train it again"
        )
    try:
        check_content(content)
    except FormatError as error:
        raise FormatError(f"{path} cannot be used as a model: {error}") from None
    return content, tensors


def _header(file: TensorFile) -> str:
    if KEY in file.metadata:
        return file.metadata[KEY]
    raise FormatError(f"{file.path}: expected a model written by embedkit train-classifier, got {file.kind}")


def _digest(content: str, tensors: Mapping[str, NDArray[Any]]) -> str:
    """The sha256 of the content and of all tensors, their names and shapes."""
    digest = hashlib.sha256(content.encode())
    for name in sorted(tensors):
        tensor = np.ascontiguousarray(tensors[name])
        digest.update(f"\n{name} {tensor.dtype} {tensor.shape}\n".encode())
        digest.update(tensor.data)
    return digest.hexdigest()


def _no_number(name: str) -> None:
    """Refuse NaN and infinity, which are no JSON."""
    raise json.JSONDecodeError(f"{name} is no number", name, 0)


def _plain_number(value: Any) -> Any:
    """A number or truth value of numpy as Python's own, for JSON."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{value!r:.80} is nothing JSON knows")
