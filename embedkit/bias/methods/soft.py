"""Soft debiasing: a linear transform (Bolukbasi et al. 2016, section 6, step 2b).

Of words W, neutral words N and the bias subspace B, all at length 1, the paper seeks the T that minimizes

    |(TW)^T (TW) - W^T W|_F^2 + lambda |(TN)^T (TB)|_F^2

the first term of which keeps all inner products and the second takes those of neutral words with the
subspace away. Here both are means over their entries, not sums, so that lambda does not depend on the size of
the vocabulary: the paper's lambda is ours times |W|^2 / (|N| k).

The objective depends on X = T^T T alone and is convex in it. With G = W W^T, M = N N^T, the new variable
Z = G^1/2 X G^1/2, M' = G^-1/2 M G^-1/2 and C = G^-1/2 B it reads

    |Z - G|_F^2 + lambda tr(Z M' Z C C^T)          over positive semidefinite Z

A solution without that condition meets Z = G - lambda/2 (M' Z C C^T + C C^T Z M'); with Y = Z C these are D k
linear equations in Y. It is positive semidefinite where nearly all words are neutral, and then the minimum;
where it is not, alternating directions find the minimum. T is the symmetric square root of X: with lambda = 0
all words stay as they are, and as lambda grows T B tends to 0. The vectors that come out have length 1, as in
the paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Doubles2d, Longs1d
from embedkit.bias.provenance import debiased
from embedkit.bias.subspace import SubspaceMethod, subspace
from embedkit.bias.topics.definitional_words import Keep, protected_words
from embedkit.bias.topics.topic import Topic
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import row_norms, unit_rows
from embedkit.vectors.projections import mapped
from embedkit.vectors.search.exact import slices

BLOCK = 1 << 12  # rows in float64 at once
RANK = 1e-9  # directions with less than this share of the largest variance hold no words
NEGATIVE = 1e-9  # an eigenvalue above minus this share of the largest is rounding
PRECISION = 1e-8  # the search ends once nothing changes by more than this share of G
STEPS = 2000
BALANCE = 10  # steps between changes of rho


@dataclass(frozen=True, kw_only=True)
class Soft:
    """Soft debiasing; `apply` debiases vectors.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> topic = embedkit.topic("gender")
        >>> fair = Soft(strength=10).apply(vectors, topic)
        >>> [round(abs(v.similarity("singer", "she") - v.similarity("singer", "he")), 2)
        ...  for v in (vectors, fair)]
        [0.24, 0.07]
    """

    strength: float = hyperparameter(
        0.2, "lambda, the weight of debiasing against preserving inner products", minimum=0
    )
    subspace: SubspaceMethod = hyperparameter("pca", "method to find the bias subspace")
    components: int | None = hyperparameter(
        None, "dimensions of the bias subspace, by default one less than classes", minimum=1
    )
    keep: Keep = hyperparameter(
        "listed", "protected words: listed in the topic, or also those learned by a classifier"
    )
    seed: int = seed_field("random seed of the classifier")

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """New vectors of length 1, softly debiased.

        Raises:
            InputError: too few words of the topic are known; two words of a set have the same vector; no
                word is neutral; or no solution was found in many steps.
        """
        basis = subspace(vectors, topic, self.subspace, self.components).basis
        protected = protected_words(vectors, topic, self.keep, seed=self.seed)
        neutral = len(vectors) - len(protected.ids)
        if neutral == 0:
            raise InputError(f"expected vectors with words that are neutral to {topic.name}, got none")
        every = _gram(vectors, np.arange(len(vectors)))
        others = every - _gram(vectors, protected.ids)
        transform = _transform(every / len(vectors), others / (neutral * len(basis)), basis, self.strength)
        moved = mapped(vectors.unit_matrix, transform)
        matrix = unit_rows(moved, row_norms(moved))
        return debiased(vectors, matrix, "soft", self, topic, **protected.provenance)


def _gram(vectors: Embeddings, ids: Longs1d) -> Doubles2d:
    """The sum of w w^T over the unit vectors of rows, (D, D)."""
    total = np.zeros((vectors.vector_size, vectors.vector_size))
    for block in slices(len(ids), BLOCK):
        rows = vectors.take_unit(ids[block]).astype(np.float64)
        total += rows.T @ rows
    return total


def _transform(every: Doubles2d, neutral: Doubles2d, basis: Doubles2d, strength: float) -> Doubles2d:
    """The symmetric T (D, D) for G, M (D, D), a basis (k, D) and lambda; the identity where no words are."""
    variances, axes = np.linalg.eigh(every)
    held = variances > RANK * variances[-1]
    inside, scale = axes[:, held], np.sqrt(variances[held])
    shape = np.diag(variances[held])
    spread = _positive((inside.T @ neutral @ inside) / np.outer(scale, scale))
    bias = (inside.T @ basis.T) / scale[:, None]
    solution = _minimizer(spread, bias, strength)(shape)
    values = np.linalg.eigvalsh(solution)
    if values[0] < -NEGATIVE * values[-1]:
        solution = _positive_minimum(shape, spread, bias, strength)
    root = _root(solution / np.outer(scale, scale))
    outside = np.eye(len(axes)) - inside @ inside.T
    transform: Doubles2d = inside @ root @ inside.T + outside
    return transform


def _minimizer(spread: Doubles2d, bias: Doubles2d, strength: float) -> Callable[[Doubles2d], Doubles2d]:
    """What gives, for G, the symmetric Z (r, r) that minimizes |Z - G|^2 + lambda tr(Z M' Z C C^T).

    Y = Z C solves Y + lambda/2 (M' Y (C^T C) + C Y^T M' C) = G C.
    """
    from scipy.linalg import lu_factor, lu_solve

    size, count = bias.shape
    reach = spread @ bias  # M' C
    # of the rows of Y one after the other: M' Y (C^T C), and C (Y^T M' C)
    system = np.kron(spread, bias.T @ bias)
    system += np.einsum("ib,ja->iajb", bias, reach).reshape(system.shape)
    factors = lu_factor(np.eye(size * count) + strength / 2 * system)

    def minimum(shape: Doubles2d) -> Doubles2d:
        solved = lu_solve(factors, (shape @ bias).ravel()).reshape(size, count)
        pull = spread @ solved @ bias.T
        solution: Doubles2d = shape - strength / 2 * (pull + pull.T)
        return solution

    return minimum


def _positive_minimum(shape: Doubles2d, spread: Doubles2d, bias: Doubles2d, strength: float) -> Doubles2d:
    """The positive semidefinite Z that minimizes the same, by alternating directions (Boyd et al. 2011).

    With P positive semidefinite and a price U of Z - P, in turn, until neither P nor Z - P change:

        Z := argmin objective(Z) + rho |Z - P + U|^2      which has the form of `_minimizer`
        P := the positive semidefinite part of Z + U
        U := U + Z - P

    rho is changed while one of the two changes far more than the other (section 3.4.1).

    Raises:
        InputError: that took more than `STEPS` steps.
    """
    close = PRECISION * float(np.linalg.norm(shape))
    part, price, rho = shape, np.zeros_like(shape), 1.0
    minimum = _minimizer(spread, bias, strength / (1 + rho))
    for step in range(STEPS):
        solution = minimum((shape + rho * (part - price)) / (1 + rho))
        before, part = part, _positive(solution + price)
        price = price + solution - part
        apart, moved = np.linalg.norm(solution - part), rho * np.linalg.norm(part - before)
        if max(apart, moved) < close:
            return part
        if step % BALANCE == 0 and max(apart, moved) > 10 * min(apart, moved):
            factor = 2.0 if apart > moved else 0.5
            rho, price = rho * factor, price / factor
            minimum = _minimizer(spread, bias, strength / (1 + rho))
    raise InputError(
        f"soft debiasing did not converge in {STEPS} steps; take a lower strength, "
        "or vectors with more words that are neutral"
    )


def _positive(matrix: Doubles2d) -> Doubles2d:
    """The positive semidefinite part of a symmetric matrix."""
    values, axes = np.linalg.eigh((matrix + matrix.T) / 2)
    part: Doubles2d = (axes * values.clip(0)) @ axes.T
    return part


def _root(matrix: Doubles2d) -> Doubles2d:
    """The square root of the positive semidefinite part of a symmetric matrix."""
    values, axes = np.linalg.eigh((matrix + matrix.T) / 2)
    root: Doubles2d = (axes * np.sqrt(values.clip(0))) @ axes.T
    return root
