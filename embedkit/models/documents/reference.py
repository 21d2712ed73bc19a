"""Document vectors in readable numpy: the oracle of the compiled kernels, in float64."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Longs1d


def pair_loss(document: Doubles1d, ngram: Doubles1d, weight: float, scale: float) -> float:
    """The loss of one pair; a negative weight is that of noise."""
    return float(abs(weight) * np.logaddexp(0, -np.sign(weight) * scale * _cosine(document, ngram)))


def pair_gradients(
    document: Doubles1d, ngram: Doubles1d, weight: float, scale: float
) -> tuple[Doubles1d, Doubles1d]:
    """The gradients of `pair_loss` by the document and by the n-gram."""
    cosine = _cosine(document, ngram)
    slope = -scale * weight / (1 + np.exp(np.sign(weight) * scale * cosine))
    d, w = _unit(document), _unit(ngram)
    by_document = slope * (w - cosine * d) / np.linalg.norm(document)
    by_ngram = slope * (d - cosine * w) / np.linalg.norm(ngram)
    return by_document, by_ngram


def train_pairs(
    document: Doubles1d,
    vectors: Doubles2d,
    rows: Longs1d,
    weights: Doubles1d,
    scale: float,
    document_rate: float,
    rate: float,
) -> float:
    """Gradient descent, a step a pair, in place, on vectors that become of length 1 again.

    A step is at most as long as the part of the one vector that is at right angles to the other.
    """
    loss = 0.0
    for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
        ngram = vectors[row].copy()
        loss += pair_loss(document, ngram, weight, scale)
        by_document, by_ngram = pair_gradients(document, ngram, weight, scale)
        slope = scale * abs(weight) / (1 + np.exp(np.sign(weight) * scale * _cosine(document, ngram)))
        vectors[row] = _unit(ngram - min(rate, 1 / slope) * by_ngram)
        document[:] = _unit(document - min(document_rate, 1 / slope) * by_document)
    return loss


def mean_loss(
    document: Doubles1d,
    ngrams: Doubles2d,
    weights: Doubles1d,
    noise: Doubles2d,
    scale: float,
    negative: float,
) -> float:
    """The loss of a document that holds these n-grams, per n-gram, that of noise (M, D) included."""
    pulls = weights @ np.logaddexp(0, -scale * (ngrams @ document)) / weights.sum()
    return float(pulls + negative * np.logaddexp(0, scale * (noise @ document)).mean())


def infer(
    ngrams: Doubles2d, weights: Doubles1d, noise: Doubles2d, scale: float, negative: float, passes: int
) -> Doubles1d:
    """The vector (D,) of a document that holds these n-grams, rows of length 1 as those of noise (M, D)."""
    shares = weights / weights.sum()
    document = _unit(shares @ ngrams - noise.mean(axis=0))
    step, before = 1.5, np.inf
    for _ in range(passes):
        pull = (shares / (1 + np.exp(scale * (ngrams @ document)))) @ ngrams
        push = (negative / len(noise) / (1 + np.exp(-scale * (noise @ document)))) @ noise
        tangent = pull - push - ((pull - push) @ document) * document
        length = float(np.linalg.norm(tangent))
        step, before = step / 2 if length > before else step, length
        document = _unit(document + step * tangent)
    return document


def _unit(vector: Doubles1d) -> Doubles1d:
    unit: Doubles1d = vector / np.linalg.norm(vector)
    return unit


def _cosine(x: Doubles1d, y: Doubles1d) -> float:
    return float(_unit(x) @ _unit(y))
