"""`Plane`: vectors of some hundred words in two dimensions, by principal components or t-SNE.

Van der Maaten and Hinton (2008, "Visualizing data using t-SNE") keep neighbors together; distances between
groups mean little. Principal components keep directions, such as the sides of an analogy's parallelogram.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Self, get_args

import numpy as np

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_seed
from embedkit.random_state import untouched_random_state
from embedkit.vectors.norms import unit_vectors

PERPLEXITY = 30.0  # of t-SNE, where there are words enough
MIN_WORDS = 4  # that t-SNE needs

PlaneMethod = Literal["pca", "tsne"]


class Plane(NamedTuple):
    """Positions (n, 2), and what the two axes are.

    Example:
        >>> import numpy as np
        >>> Plane.of(np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0]], np.float32)).positions.shape
        (3, 2)
    """

    positions: Doubles2d
    axes: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, rows: Floats2d, method: PlaneMethod = "pca", seed: int = 0) -> Self:
        """The plane of rows (n, D), each at length 1.

        Raises:
            InputError: no such method, or fewer rows than t-SNE needs.
        """
        check_seed(seed)
        if method not in get_args(PlaneMethod):
            raise InputError(
                f"expected one of the methods {', '.join(get_args(PlaneMethod))}, got {method!r}"
            )
        units = unit_vectors(rows).astype(np.float64)
        if method == "pca":
            return cls(*_principal_components(units))
        if len(rows) < MIN_WORDS:
            raise InputError(f"t-SNE needs at least {MIN_WORDS} words, got {len(rows)}; use pca")
        return cls(_tsne(units, seed))

    @classmethod
    def of_differences(cls, rows: Floats2d, pairs: Sequence[tuple[int, int]]) -> Self:
        """The plane of rows (n, D) in which one axis is the mean difference of pairs of rows.

        Upwards is the mean of the differences, at length 1, from the first rows of pairs to the second;
        across is the first principal component of what is left. So what pairs have in common shows, as it
        does not where words of different fields make up most of the variance.
        """
        units = unit_vectors(rows).astype(np.float64)
        first, second = np.array(pairs).T
        up = unit_vectors((units[second] - units[first]).mean(axis=0, keepdims=True))[0].astype(np.float64)
        heights = units @ up
        rest = units - np.outer(heights, up)
        across = _principal_components(rest)[0][:, 0]
        return cls(np.stack([across, heights], axis=1), ("first principal component", "mean difference"))


def _principal_components(rows: Doubles2d) -> tuple[Doubles2d, tuple[str, str]]:
    """The first two principal components, and what they are called; an axis has a sign of its own."""
    centered = rows - rows.mean(axis=0)
    left, lengths, axes = np.linalg.svd(centered, full_matrices=False)
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    positions = np.zeros((len(rows), 2))
    found = (left * lengths * signs)[:, :2]
    positions[:, : found.shape[1]] = found
    variances = np.zeros(2)
    variances[: len(lengths)] = lengths[:2] ** 2
    shares = variances / (np.sum(lengths**2) or 1)
    first, second = (
        f"{name} principal component ({share:.0%} of the variance)"
        for name, share in zip(("first", "second"), shares, strict=True)
    )
    return positions, (first, second)


@untouched_random_state()
def _tsne(rows: Doubles2d, seed: int) -> Doubles2d:
    """t-SNE that begins with principal components, in one thread, for the same picture everywhere."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(PERPLEXITY, (len(rows) - 1) / 3)
    with threadpool_limits(1):
        found = TSNE(perplexity=perplexity, init="pca", random_state=seed, n_jobs=1).fit_transform(rows)
    return np.asarray(found, np.float64)
