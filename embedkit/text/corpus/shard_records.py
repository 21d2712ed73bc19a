"""Records of finished shards: what is to be merged of each, and by which an interrupted run goes on.

The record of a shard says of which text it was made, by which recipe, what words it holds, and the checksums
of its arrays. A shard is taken over only if all of that is as it would be made anew, so what is stale,
foreign, half written or lost by the disk is made again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d
from embedkit.text.corpus.shards import LOCAL_IDS, LOCAL_OFFSETS, beside, shard_file, writing
from embedkit.text.corpus.validation import MALFORMED
from embedkit.text.packed_words import PackedWords
from embedkit.text.reading.blocks import TextBlock

RECORDS = "shard-*.record.npz"
_JOB = "job.json"
_UNREADABLE = (OSError, KeyError, zipfile.BadZipFile, *MALFORMED)


@dataclass(frozen=True)
class ShardWords:
    """What the parent learns of a shard: its words, numbered by position, and their counts."""

    words: PackedWords
    counts: Longs1d
    documents: int
    lines: tuple[int, ...]  # those of its first and its last document; none if it has no document
    replaced: int  # undecodable places in its text


def finished_shards(job: dict[str, Any], folder: Path) -> int:
    """How many shards an interrupted run of the same `job` left in `folder`; what others left is removed."""
    told = json.dumps(job, sort_keys=True)
    file = folder / _JOB
    if not file.is_file() or file.read_text(encoding="utf-8", errors="replace") != told:
        _clear(folder)
        with writing(folder):
            file.write_text(told, encoding="utf-8")
    return sum(1 for _ in folder.glob(RECORDS))


def block_key(recipe: str, block: TextBlock) -> str:
    """A sha256 of all that decides what a shard holds: the text of the block, and how it is read."""
    digest = hashlib.sha256(json.dumps([recipe, block.line]).encode())
    digest.update(block.data)
    return digest.hexdigest()


def save_record(
    folder: Path, number: int, key: str, shard: ShardWords, ids: NDArray[Any], offsets: NDArray[Any]
) -> None:
    """Record, in one step, that a shard is finished."""
    with writing(folder), beside(_record(folder, number)) as stream:
        np.savez(
            stream,
            letters=shard.words.letters,
            ends=shard.words.ends,
            counts=shard.counts,
            numbers=np.array([shard.documents, shard.replaced, *shard.lines], np.int64),
            checksums=np.array([_checksum(ids), _checksum(offsets)], np.int64),
            key=np.frombuffer(key.encode(), np.uint8),
        )


def load_record(folder: Path, number: int) -> ShardWords:
    """What was recorded of a shard."""
    with np.load(_record(folder, number), allow_pickle=False) as stored:
        documents, replaced, *lines = stored["numbers"].tolist()
        words = PackedWords(stored["letters"], stored["ends"])
        return ShardWords(words, stored["counts"], documents, tuple(lines), replaced)


def finished_shard(folder: Path, number: int, key: str) -> ShardWords | None:
    """What was recorded of a shard of this key; None if it has to be made."""
    try:
        with np.load(_record(folder, number), allow_pickle=False) as stored:
            known = stored["key"].tobytes() == key.encode()
            checksums = stored["checksums"].tolist()
        arrays = (
            np.load(shard_file(folder, number, kind), mmap_mode="r") for kind in (LOCAL_IDS, LOCAL_OFFSETS)
        )
        return load_record(folder, number) if known and checksums == list(map(_checksum, arrays)) else None
    except _UNREADABLE:
        return None


def _checksum(array: NDArray[Any]) -> int:
    return zlib.crc32(array.data, len(array))


def _record(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:05d}.record.npz"


def _clear(folder: Path) -> None:
    """Remove all that is in a folder, and no more than the links in it."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
