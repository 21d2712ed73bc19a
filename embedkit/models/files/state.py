"""`ModelState`: the content of a model file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from embedkit.container.packed_words import unpack_words
from embedkit.errors import FormatError
from embedkit.models.number_targets import NumberScale, NumberTargets
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


def state_in(content: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]], path: Path) -> ModelState:
    """The state of a model that `read_content` read from the file `path`."""
    words = unpack_words(tensors["words"], path) if content["words"] else []
    if len(words) != content["words"]:
        raise FormatError(f"expected {content['words']} words, got {len(words)}")
    targets = Targets(np.array(content["labels"]), content["task"], content["form"], np.zeros(0, np.int64))
    if targets.task == "regression":
        targets = NumberTargets.of(NumberScale(**content["scale"]))
    names = ("parameters", "tokenizer", "facts")
    return ModelState(
        content["kind"], targets=targets, words=words, tensors=tensors, **{n: content[n] for n in names}
    )
