"""`ModelState`: what a file keeps of a model, between the classifiers and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from embedkit.errors import FormatError
from embedkit.models.targets import Targets


@dataclass(frozen=True)
class ModelState:
    """What a file keeps of a model.

    Args:
        kind: what models of its class are called in files.
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
        tensor = self.tensors.get(name)
        if tensor is None:
            raise FormatError(f"expected a tensor {name!r}, got only {sorted(self.tensors)}")
        lengths = zip(tensor.shape, shape, strict=False)
        fits = tensor.ndim == len(shape) and all(wanted in (None, length) for length, wanted in lengths)
        if tensor.dtype != dtype or not fits or not np.isfinite(tensor).all():
            wanted = f"finite {np.dtype(dtype)} of shape {shape}"
            raise FormatError(f"expected {name!r} as {wanted}, got {tensor.dtype} {tensor.shape}")
        return tensor
