"""Transforms of a space: all-but-the-top, principal components, whitening.

They need no more than the mean and the covariance of all words, computed in float64. All are affine, so that
vectors that are means of subwords (fastText's, floret's, estimates) are mapped by mapping those; other
subwords are left out. `Embeddings.center` and `Embeddings.normalize` are the simpler ones.
"""

from __future__ import annotations

from typing import Literal, get_args

from embedkit.arrays import Doubles2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.spaces.principal_axes import PrincipalAxes
from embedkit.vectors.spaces.rows import mapped_affinely

Whitening = Literal["zca", "pca"]


def all_but_the_top(vectors: Embeddings, components: int | None = None) -> Embeddings:
    """The same words without the mean and the strongest directions, which all words share.

    Those tell how frequent a word is rather than what it means (Mu and Viswanath 2018, "All-but-the-top",
    algorithm 1): the rows are centered, and their projections on the first principal axes taken away.

    Args:
        vectors: any word vectors.
        components: how many directions; by default one for each 100 dimensions, at least one, as the paper
            advises.

    Raises:
        InputError: not fewer components than dimensions, which would leave nothing.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.Embeddings([[9, 1], [9, -1], [-9, 1], [-9, -1]], ["a", "b", "c", "d"])
        >>> embedkit.all_but_the_top(vectors, 1).matrix.tolist()
        [[0.0, 1.0], [0.0, -1.0], [0.0, 1.0], [0.0, -1.0]]
    """
    size = vectors.vector_size
    count = max(1, round(size / 100)) if components is None else components
    check_count("components", count)
    if count >= size:
        raise InputError(f"vectors of {size} dimensions have fewer than {count} components to spare")
    found = PrincipalAxes.of(vectors.stored)
    top = found.axes[:, :count]

    def change(rows: Doubles2d) -> Doubles2d:
        rows -= found.means
        return rows - (rows @ top) @ top.T

    return mapped_affinely(vectors, size, change, "all-but-the-top", components=count)


def pca(vectors: Embeddings, dimensions: int) -> Embeddings:
    """The same words in fewer dimensions: those of their principal components, the strongest first.

    The rows are centered; of all projections to so many dimensions this one loses the least variance. The
    share that it keeps is in the metadata.

    Args:
        vectors: any word vectors.
        dimensions: how many are left, at most as many as there are.

    Raises:
        InputError: more dimensions than the vectors have.

    Example:
        >>> import embedkit
        >>> small = embedkit.pca(embedkit.Embeddings([[3, 4], [6, 8], [9, 12]], ["a", "b", "c"]), 1)
        >>> small.matrix.round(2).ravel().tolist()
        [-5.0, 0.0, 5.0]
        >>> small.metadata["transforms"][-1]
        {'name': 'pca', 'dimensions': 1, 'variance_kept': 1.0}
    """
    _check_dimensions(vectors, dimensions)
    found = PrincipalAxes.of(vectors.stored)
    axes, total = found.axes[:, :dimensions], found.variances.sum()
    kept = float(found.variances[:dimensions].sum() / total) if total else 1.0
    told = {"dimensions": dimensions, "variance_kept": kept}
    return mapped_affinely(vectors, dimensions, lambda rows: (rows - found.means) @ axes, "pca", **told)


def whiten(
    vectors: Embeddings,
    dimensions: int | None = None,
    method: Whitening | None = None,
    *,
    strength: float = 1.0,
) -> Embeddings:
    """The same words with vectors whose dimensions are uncorrelated, all of variance 1 and mean 0.

    Whitened partly, a principal axis of standard deviation s is divided by s ** strength: the first axes,
    which all words share, weigh less, and the last, which are noise, do not weigh as much as they do. That
    often makes similarities better (the exponent of the eigenvalues of Levy, Goldberg and Dagan 2015,
    section 3.3).

    Args:
        vectors: any word vectors.
        dimensions: how many are left, those of the first principal components; None for all.
        method: "zca" turns the space back after scaling it along its principal axes, so that vectors stay as
            near as possible to what they were; "pca" leaves the principal components as dimensions, and is
            what fewer dimensions need. None is "zca" if all dimensions stay, else "pca".
        strength: 1 to whiten, 0 to leave the variances as they are, between them to whiten partly.

    Raises:
        InputError: a strength that is not between 0 and 1, vectors that do not vary in so many dimensions,
            or "zca" with fewer of them.

    Example:
        >>> import embedkit, numpy as np
        >>> white = embedkit.whiten(embedkit.load())
        >>> bool(np.allclose(np.cov(white.matrix.T), np.eye(white.vector_size), atol=1e-3))
        True
    """
    size = vectors.vector_size
    count = size if dimensions is None else dimensions
    _check_dimensions(vectors, count)
    if not 0 <= strength <= 1:
        raise InputError(f"strength must be between 0 and 1, got {strength}")
    chosen = method or ("zca" if count == size else "pca")
    if chosen not in get_args(Whitening):
        raise InputError(f"expected one of the methods zca, pca, got {chosen!r}")
    if chosen == "zca" and count < size:
        raise InputError(f"the method zca keeps all {size} dimensions; for {count} of them choose pca")
    found = PrincipalAxes.of(vectors.stored)
    if found.rank < count:
        raise InputError(
            f"these vectors vary in {found.rank} dimensions, so {count} cannot have variance 1; "
            f"whiten to at most {found.rank}"
        )
    scaled = found.axes[:, :count] / found.variances[:count] ** (strength / 2)
    turned = scaled @ found.axes.T if chosen == "zca" else scaled
    told = {"dimensions": count, "method": chosen, "strength": float(strength)}
    return mapped_affinely(vectors, count, lambda rows: (rows - found.means) @ turned, "whiten", **told)


def _check_dimensions(vectors: Embeddings, dimensions: int) -> None:
    check_count("dimensions", dimensions)
    if dimensions > vectors.vector_size:
        raise InputError(
            f"these vectors have {vectors.vector_size} dimensions, of which {dimensions} cannot be kept"
        )
