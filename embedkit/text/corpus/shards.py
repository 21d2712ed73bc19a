"""Shards of a corpus: two memory-mapped arrays each, token ids and document offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, overload
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.errors import FormatError, InputError
from embedkit.files import check_regular
from embedkit.text.corpus.validation import MALFORMED

LOCAL_IDS, LOCAL_OFFSETS = "local_ids", "local_offsets"  # of a shard whose words have numbers of its own


class Shard(NamedTuple):
    """A part of a corpus: document i is `ids[offsets[i]:offsets[i + 1]]`; both arrays are memory-mapped.

    The first document may be the rest of one that the shards before it begin, and the last may go on.
    """

    ids: Ints1d
    offsets: Longs1d


class Shards(Sequence[Shard]):
    """The first `count` shards in `folder`; each is opened when it is asked for, and again the next time."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._numbers = range(count)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Shard: ...
    @overload
    def __getitem__(self, index: slice) -> list[Shard]: ...
    def __getitem__(self, index: int | slice) -> Shard | list[Shard]:
        """Shard number `index`."""
        if isinstance(index, slice):
            return [self[number] for number in self._numbers[index]]
        number = self._numbers[index]
        return Shard(_open(self._folder, number, "ids"), _open(self._folder, number, "offsets"))

    def __iter__(self) -> Iterator[Shard]:
        return map(self.__getitem__, self._numbers)


def shard_sha256(ids: Ints1d, offsets: Longs1d) -> str:
    """The sha256 of the numbers of a shard, as the manifest keeps it."""
    digest = hashlib.sha256(ids.data)
    digest.update(offsets.data)
    return digest.hexdigest()


def shard_file(folder: Path, number: int, kind: str) -> Path:
    """The file of a shard: shard-00007.ids.npy."""
    return folder / f"shard-{number:05d}.{kind}.npy"


def _open(folder: Path, number: int, kind: str) -> NDArray[Any]:
    path = shard_file(folder, number, kind)
    check_regular(path)
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise FormatError(f"the corpus is incomplete: {path} is missing") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except MALFORMED as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    return array


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failure to write in `folder`, which is still under a temporary name, into an `InputError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"cannot write the corpus in {folder.absolute().parent}: {reason}") from None


@contextmanager
def beside(path: Path) -> Iterator[IO[bytes]]:
    """A file that becomes `path` at the end of the block, whoever else writes the same at that moment."""
    own = path.with_name(f"{path.name}.{uuid4().hex}")
    with own.open("wb") as stream:
        yield stream
    own.replace(path)


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write a .npy file as `np.save` does, which would not say why it cannot."""
    with writing(path.parent), beside(path) as stream:
        np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(array))
        stream.write(array.data)
