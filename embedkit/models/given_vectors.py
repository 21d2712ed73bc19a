"""Pretrained vectors as an argument of estimators, and their provenance in model files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.random_state import untouched_random_state
from embedkit.vectors.downloaded import vectors_path
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.formats.detection import detect
from embedkit.vectors.formats.native import check_header
from embedkit.vectors.formats.pipes import is_pipe
from embedkit.vectors.shipped import load

RANDOM, ENGLISH, CORPUS = "random", "english", "corpus"  # what `embeddings` may be beside vectors and files
EVERYDAY = "everyday"  # bundled vectors that know what the bundled emojifier was taught
PROVENANCE = ("trainer", "corpus", "command")  # of the metadata of vectors, what a model repeats


def given_vectors(given: Embeddings | str | Path, parameter: str = "embeddings") -> Embeddings:
    """Vectors that were given as such, as a file of them, or as "english" or "everyday", which ship.

    `parameter` is what errors call them.

    Raises:
        InputError: anything else, or a file that cannot be read.
    """
    check_vectors(given, parameter=parameter)
    if isinstance(given, Embeddings):
        return given
    return load(None if given == ENGLISH else given)


def check_vectors(given: Any, *, network: bool = False, parameter: str = "embeddings") -> None:
    """Raise `InputError` for anything but vectors, a file or a name; networks may also make their own."""
    names = (CORPUS, RANDOM) if network else ()
    if isinstance(given, Embeddings) or is_named(given, *names):
        return
    if is_named(given, CORPUS, RANDOM) or not isinstance(given, str | Path):
        allowed = ", ".join(f'"{name}"' for name in (*names, ENGLISH, EVERYDAY))
        hint = "" if network else f'; "{CORPUS}" and "{RANDOM}" are for networks'
        raise InputError(f"{parameter} must be {allowed}, a file or Embeddings, got {given!r:.80}{hint}")


def check_vectors_file(given: Embeddings | str | Path) -> None:
    """Raise an error for a file that holds no vectors, by how it begins, before anything else is read.

    Of a pipe nothing is read.

    Raises:
        InputError: there is no such file.
        FormatError: it is of no known format.
    """
    if (
        isinstance(given, Embeddings)
        or is_named(given, CORPUS, RANDOM)
        or is_pipe(path := vectors_path(given))
    ):
        return
    if detect(path) == "safetensors":
        check_header(path)


def read_if_pipe(given: str | Path) -> Embeddings | str | Path:
    """The vectors of a pipe, which several classifiers cannot read one after the other; else `given`."""
    return load(given) if is_pipe(Path(given)) else given


def is_named(given: Any, *names: str) -> bool:
    """Whether vectors are given by one of these names."""
    return isinstance(given, str) and given in names


def principal_components(vectors: Embeddings, count: int) -> Embeddings:
    """The first principal components of vectors, in which they differ most, as shorter vectors.

    Raises:
        InputError: more components than dimensions or words, or none.
    """
    check_components(vectors, count)
    with untouched_random_state():
        from sklearn.decomposition import PCA

    matrix = PCA(count, svd_solver="covariance_eigh").fit_transform(vectors.matrix)
    return Embeddings(matrix.astype(np.float32), vectors.vocabulary, vectors.metadata)


def check_components(vectors: Embeddings, count: Any) -> None:
    """Raise `InputError` for more principal components than vectors have, or none."""
    most = min(vectors.matrix.shape)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= most:
        raise InputError(f"components must be 1 to {most}, as there are {vectors}; got {count!r}")


def provenance_of(vectors: Embeddings) -> dict[str, Any]:
    """What vectors say of how they were made, as far as a model repeats it."""
    return {name: value for name, value in vectors.metadata.items() if name in PROVENANCE}
