"""Categories of words on a map: those of a file, or clusters that are found and named after their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.statistics.clusters import k_means

CLUSTERS = 12
CLUSTERED = 10_000  # first rows, of which clusters are made; others join the nearest
NAMED_AFTER = 3  # words
FREQUENT = 5000  # words that may name a cluster
MOST_CATEGORIES = 255
NONE = 255  # the category of words without one


class Categories(NamedTuple):
    """The category of each word, uint8 (n,), `NONE` for none, and the names of all."""

    of_words: NDArray[np.uint8]
    names: tuple[str, ...]


def categories_of_file(path: Path, words: Sequence[str]) -> Categories:
    """The categories of words by a file with a word and its category a line.

    Raises:
        FormatError: a line that is something else.
        InputError: no word of the file is among those shown, or there are too many categories.
    """
    from embedkit.evaluation.benchmarks.categorization_items import parse_categorization
    from embedkit.evaluation.benchmarks.file import read_file

    benchmark = parse_categorization(read_file(path))
    return categories_of(dict(benchmark.members), words, str(path))


def categories_of(members: Mapping[str, str], words: Sequence[str], source: str) -> Categories:
    """The categories that a mapping gives words.

    Example:
        >>> categories_of({"cat": "animal"}, ["car", "cat"], "here").of_words.tolist()
        [255, 0]
    """
    found = {word: members[word] for word in words if word in members}
    if not found:
        raise InputError(f"{source}: none of its {len(members):,} words is on the map")
    names = tuple(dict.fromkeys(found.values()))
    if len(names) > MOST_CATEGORIES:
        raise InputError(f"{source}: expected at most {MOST_CATEGORIES} categories, got {len(names):,}")
    places = {name: place for place, name in enumerate(names)}
    chosen = [places[found[word]] if word in found else NONE for word in words]
    return Categories(np.array(chosen, np.uint8), names)


def clusters(
    unit: Floats2d, named: Floats2d, words: Sequence[str], seed: int = 1, count: int = CLUSTERS
) -> Categories:
    """Clusters of rows of length 1, (n, D), each named after the words nearest to its center.

    Args:
        unit: the rows.
        named: the rows of words, at length 1, of which the first 5,000 may name a cluster, (m, D).
        words: those words.
        seed: random seed.
        count: how many clusters.

    Example:
        >>> rows = np.eye(2, dtype=np.float32)
        >>> clusters(rows, rows, ["cat", "car"], count=2).names
        ('cat, car', 'car, cat')
    """
    first = unit[:CLUSTERED]
    found = k_means(first, min(count, len(np.unique(first, axis=0))), starts=1, seed=seed)
    centers = np.stack([first[found == cluster].mean(axis=0) for cluster in np.unique(found)])
    nearest = (unit @ centers.T - np.square(centers).sum(axis=1) / 2).argmax(axis=1)
    labels = _by_first_word(nearest)
    centers = np.stack([unit[labels == cluster].mean(axis=0) for cluster in np.unique(labels)])
    best = np.argsort(-(centers @ named[:FREQUENT].T), axis=1, kind="stable")[:, :NAMED_AFTER]
    names = tuple(", ".join(words[row] for row in rows) for rows in best.tolist())
    return Categories(labels.astype(np.uint8), names)


def _by_first_word(labels: Longs1d) -> Longs1d:
    """Clusters numbered in the order of their first words."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order: Longs1d = np.argsort(np.argsort(first))[inverse]
    return order


def as_fact(found: Categories) -> dict[str, Any]:
    """What the page is told of categories beside those of words."""
    return {"names": list(found.names), "none": NONE}
