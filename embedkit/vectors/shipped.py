"""`embedkit.load`: vectors from a file, or the English ones that come with the package."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings

SHIPPED = "english.safetensors"


def load(path: str | Path | None = None, limit: int | None = None) -> Embeddings:
    """Load vectors of any known format from `path`; None stands for the vectors that ship with embedkit.

    `limit` loads the first words only. See `Embeddings.load`.
    """
    return Embeddings.load(shipped_path() if path is None else path, limit)


def shipped_path(name: str = SHIPPED) -> Path:
    """Where a file that ships lies; without a name the vectors."""
    path = Path(import_module("embedkit_corpora").__path__[0]) / name
    if not path.is_file():
        raise InputError(
            f"{name}, which ships with embedkit, is missing: no {path}; reinstall, or name a file"
        )
    return path
