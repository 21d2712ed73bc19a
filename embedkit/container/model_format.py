"""`ModelFormat`: a kind of model files, each one checked .safetensors file, which can hold no code.

The metadata of the file has one key, whose JSON value is the header of the model: its version, what the model
puts there, and the CRC-32 of each tensor and of all that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

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
from embedkit.errors import DependencyError, EmbedkitError, FormatError, InputError
from embedkit.files import atomic_file

VERSION = "version"  # the key of the format's version in headers


class StoredModel(NamedTuple):
    """What stands in a file, all of which is what its checksums say; tensors are mapped."""

    file: TensorFile
    header: dict[str, Any]
    tensors: dict[str, NDArray[Any]]


@dataclass(frozen=True)
class ModelFormat:
    """A kind of model files.

    Args:
        key: of the metadata, by which such files are known.
        content: what they hold, in messages.
        command: what makes them.
        version: which they have, and no other is read.

    Example:
        >>> import tempfile
        >>> from embedkit.container.model_format import ModelFormat
        >>> kind = ModelFormat("example", "an example", "hand")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "model")
        ...     kind.write(path, {"units": 2}, {"weights": np.eye(2)})
        ...     with kind.opened(path) as stored:
        ...         print(stored.header["units"], stored.tensors["weights"].tolist())
        2 [[1.0, 0.0], [0.0, 1.0]]
    """

    key: str
    content: str
    command: str
    version: int = 1

    def matches(self, path: Path) -> bool:
        """Whether a file is of this kind, by its header; of a pipe nothing is read."""
        try:
            return path.is_file() and self.key in open_tensors(path).metadata
        except (FormatError, OSError):
            return False

    def write(self, path: Path, header: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> None:
        """Write a model to `path`, which is replaced only once everything is written."""
        held = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
        told = {VERSION: self.version, **header}
        summed = {**told, SUMS: checksums(_parts(told, held))}
        with atomic_file(path) as stream:
            write_tensors(stream, held, {self.key: json_text(summed)})

    @contextmanager
    def opened(self, path: Path) -> Iterator[StoredModel]:
        """What stands in a file; whatever is wrong with it, here or where it is used, is told with its name.

        Raises:
            InputError: no such file.
            FormatError: the file is damaged, of another version or another kind.
        """
        if not path.is_file():
            raise InputError(f"no such model: {path}; expected a file written by {self.command}")
        try:
            yield self._verified(open_tensors(path))
        except DependencyError:
            raise
        except (*MALFORMED, EmbedkitError) as error:
            raise FormatError(
                f"{path}: expected {self.content} of embedkit, but {error}; `{self.command}` makes such files"
            ) from None

    def _verified(self, file: TensorFile) -> StoredModel:
        if self.key not in file.metadata:
            raise FormatError(f"it is {file.kind}")
        header = dict(json.loads(file.metadata[self.key]))
        written = dict(header.pop(SUMS))
        if header[VERSION] != self.version:
            raise FormatError(f"it is of version {header[VERSION]}, this reads version {self.version}")
        tensors = {name: file.map(name) for name in file.entries}
        verify(_parts(header, tensors), written)
        return StoredModel(file, header, tensors)


def _parts(header: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> dict[str, bytes | memoryview]:
    """What checksums are of: each tensor, and the header without them."""
    contents = {name: tensor.reshape(-1).view(np.uint8).data for name, tensor in tensors.items()}
    return {**contents, "header": json_text(header).encode()}
