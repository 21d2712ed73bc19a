"""Files of vectors with their names in tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import embedkit
from embedkit import Embeddings
from embedkit.vectors.shipped import ENGLISH


def load_named(files: Sequence[Path], verify: bool = False) -> dict[str, Embeddings]:
    """The vectors of these files, the bundled ones if there are none, by the names of the files.

    Those that would have the same name are numbered: "a.bin (1)", "a.bin (2)". With `verify`, mapped vectors
    are compared with their checksums, too.
    """
    if not files:
        return {ENGLISH: embedkit.load()}
    names = [path.name for path in files]
    if len(set(names)) < len(names):
        names = [f"{name} ({place})" for place, name in enumerate(names, 1)]
    return {name: embedkit.load(path, verify=verify) for name, path in zip(names, files, strict=True)}
