"""Maps kept on disk: beside the file that was mapped, or in the cache where that folder cannot be written.

A map is known by the SHA-256 of the vectors that it shows, in their order, and of its parameters, so that it
is found again whatever the file is called and however long it is, and never stands for other vectors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.container.model_format import ModelFormat
from embedkit.downloads.cache import cache_folder
from embedkit.errors import EmbedkitError
from embedkit.maps.tsne import TSNE
from embedkit.shipped_files import NAMES, PACKAGE
from embedkit.vectors.rows import StoredRows

FORMAT = ModelFormat("embedkit.map", "a map of vectors", "embedkit explore")
FOLDER = "maps"  # in the cache
DIGITS = 16  # of the hash, in names of files


class KeptMap(NamedTuple):
    """Points, float32 (V, 2), and the share of true neighbors that are near on the map."""

    points: Floats2d
    neighbors_kept: float


def fingerprint(rows: StoredRows, method: TSNE, start: Floats2d | None = None) -> str:
    """What a map of these rows by this method, from these first points, is known by."""
    digest = hashlib.sha256(json.dumps(asdict(method), sort_keys=True).encode())
    for part in (rows.values, rows.scales, start):
        if part is not None:
            digest.update(f"{part.dtype}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def kept_map(key: str, beside: Path | None) -> KeptMap | None:
    """The map that was kept by this key; None if there is none, or if it is damaged."""
    for path in _places(key, beside):
        if FORMAT.matches(path):
            try:
                with FORMAT.opened(path) as stored:
                    if stored.header["map"] == key:
                        return KeptMap(stored.tensors["points"].copy(), stored.header["neighbors_kept"])
            except (EmbedkitError, KeyError):
                continue
    return None


def keep_map(key: str, made: KeptMap, beside: Path | None) -> Path | None:
    """Keep a map where the next run finds it; where, or None if nothing can be written anywhere."""
    for path in _places(key, beside):
        try:
            if path.parent.name == FOLDER:
                path.parent.mkdir(parents=True, exist_ok=True)
            FORMAT.write(path, {"map": key, "neighbors_kept": made.neighbors_kept}, {"points": made.points})
        except (EmbedkitError, OSError):
            continue
        return path
    return None


def _places(key: str, beside: Path | None) -> Iterator[Path]:
    """Where a map may be: beside the file unless it ships with embedkit, then in the cache."""
    name = f"map-{key[:DIGITS]}.safetensors"
    if beside is not None and not _ships(beside):
        yield beside.parent / f"{beside.name}.{name}"
    try:
        yield cache_folder() / FOLDER / name
    except EmbedkitError:
        return


def _ships(path: Path) -> bool:
    """Whether a file is one of those that are installed with embedkit."""
    return path.name in NAMES.values() and path.parent.name in (PACKAGE, "corpora")
