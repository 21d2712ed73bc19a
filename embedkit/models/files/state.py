"""What a file keeps of a model: `Saved`, between the classifiers and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from embedkit.errors import FormatError
from embedkit.models.targets import Targets
from embedkit.text.datasets.unlabelled import NamedTexts

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator


@dataclass(frozen=True)
class Saved:
    """What a file keeps of a model.

    Args:
        kind: a name in `KINDS`.
        parameters: of the constructor, ready for JSON.
        targets: the classes; no texts.
        tokenizer: its recipe.
        words: the vocabulary.
        tensors: float32, int64, int8 or uint8, by name.
        facts: what else the kind needs, ready for JSON.
    """

    kind: str
    parameters: Mapping[str, Any]
    targets: Targets
    tokenizer: Mapping[str, Any]
    words: Sequence[str]
    tensors: Mapping[str, NDArray[Any]]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def tensor(self, name: str, dtype: DTypeLike, shape: tuple[int | None, ...]) -> NDArray[Any]:
        """A tensor of this type and shape (None: any length), finite; `FormatError` if it is another."""
        found = self.tensors.get(name)
        if found is None:
            raise FormatError(f"expected a tensor {name!r}, got only {sorted(self.tensors)}")
        lengths = zip(found.shape, shape, strict=False)
        fits = found.ndim == len(shape) and all(wanted in (None, length) for length, wanted in lengths)
        if found.dtype != dtype or not fits or not np.isfinite(found).all():
            wanted = f"finite {np.dtype(dtype)} of shape {shape}"
            raise FormatError(f"expected {name!r} as {wanted}, got {found.dtype} {found.shape}")
        return found


def file_name(given: Any, unnamed: str) -> str | None:
    """What a file keeps of vectors or texts that were given: the name of their file, or `unnamed`."""
    if isinstance(given, NamedTexts):
        given = given.name
    if isinstance(given, str | Path):
        return Path(given).name
    return None if given is None else unnamed


def json_parameters(model: TextEstimator, **changes: Any) -> dict[str, Any]:
    """The parameters of the constructor of a model, some of them changed, ready for JSON."""
    given = {**model.get_params(deep=False), **changes}
    if isinstance(given["class_weight"], Mapping):
        given["class_weight"] = list(given["class_weight"].items())  # JSON has no keys but strings
    return given


def constructor_parameters(saved: Saved) -> dict[str, Any]:
    """The parameters of the constructor as they were before `json_parameters` changed their form."""
    parameters = dict(saved.parameters)
    if isinstance(parameters["class_weight"], list):
        parameters["class_weight"] = dict(parameters["class_weight"])
    return parameters
