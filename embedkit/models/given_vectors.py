"""Vectors as they are given to an estimator, and what a model repeats of how they were made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.shipped import load

STORY = ("trainer", "corpus", "command")  # of the metadata of vectors, what a model repeats


def given_vectors(given: Embeddings | str | Path | None) -> Embeddings:
    """Vectors that were given as such or as a file of them; None for those that ship."""
    return given if isinstance(given, Embeddings) else load(given)


def story_of(vectors: Embeddings) -> dict[str, Any]:
    """What vectors say of how they were made, as far as a model repeats it."""
    return {name: value for name, value in vectors.metadata.items() if name in STORY}
