"""RNSB, the relative negative sentiment bias.

Sweeney and Najafian (2019), "A transparent framework for evaluating unintended demographic bias in word
embeddings", ACL, equations 2 to 4: a logistic regression learns to tell the vectors of negative words from
those of positive ones; the probabilities it gives identity terms of being negative are divided by their sum,
and RNSB is the Kullback-Leibler divergence, in nats, of that distribution from the uniform one.

The p-value is over shuffled labels of the sentiment words: how often a classifier that has learned nothing
about sentiment treats the terms as unequally. Vectors are taken at length 1, so that spaces can be compared
whatever their scale; the paper takes them as they are. `details` says how good the classifier is at words
that it has not seen, by cross-validation: if it guesses, RNSB means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Doubles2d
from embedkit.bias.metrics.measurement import Measurement, by_word, coverage_of
from embedkit.bias.topics.word_lists import MIN_COVERAGE, check_disjoint, match_words
from embedkit.hyperparameters import check_count, check_seed
from embedkit.random_state import untouched_random_state
from embedkit.statistics.intervals import wilson
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "the Kullback-Leibler divergence, in nats, of the negative sentiment that a classifier predicts for "
    "the terms from the uniform distribution, from 0 up to the logarithm of their number: 0 is equal "
    "sentiment, higher is worse"
)
PERMUTATIONS = 199
FOLDS = 5
STRENGTH = 10.0  # C, the inverse of the regularization: that of C = 1 for vectors of length sqrt(10)
ITERATIONS = 1000  # of the solver at most


def negative_sentiment_bias(
    vectors: Embeddings,
    terms: Iterable[str],
    positive: Iterable[str],
    negative: Iterable[str],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """RNSB of identity terms, such as "mexican" and "swedish", with a permutation p-value.

    Returns:
        `details` has the share of each term in the negative sentiment, and the accuracy of the classifier in
        cross-validation with its interval.

    Raises:
        InputError: fewer than 2 terms or 5 sentiment words of either kind are known, or a word is of both.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> good = ["love", "peace", "joy", "happy", "health"]
        >>> bad = ["abuse", "crash", "murder", "disease", "poison"]
        >>> measured = negative_sentiment_bias(vectors, ["mexican", "swedish"], good, bad, permutations=9)
        >>> round(measured.value, 3), round(measured.details["shares"]["mexican"], 2)
        (0.003, 0.54)
    """
    check_count("permutations", permutations)
    known = match_words(vectors, terms, min_coverage=min_coverage, min_words=2, what="the identity terms")
    good = match_words(
        vectors, positive, min_coverage=min_coverage, min_words=FOLDS, what="the positive words"
    )
    bad = match_words(
        vectors, negative, min_coverage=min_coverage, min_words=FOLDS, what="the negative words"
    )
    check_seed(seed)
    check_disjoint(good, bad, "the positive and the negative words")
    samples = np.concatenate([good.unit(vectors), bad.unit(vectors)]).astype(np.float64)
    labels = np.repeat([False, True], [len(good.ids), len(bad.ids)])
    targets = known.unit(vectors).astype(np.float64)
    span = np.linalg.svd(samples, full_matrices=False)[2]  # the weights lie in it, whatever the labels
    samples, targets = samples @ span.T, targets @ span.T
    shares = _shares(samples, labels, targets)
    value = divergence_from_uniform(shares)
    generator = np.random.default_rng(seed)
    shuffled = [
        divergence_from_uniform(_shares(samples, generator.permutation(labels), targets))
        for _ in range(permutations)
    ]
    as_extreme = sum(other >= value for other in shuffled)
    right = _right(samples, labels, seed)
    return Measurement(
        name="RNSB",
        value=value,
        meaning=MEANING,
        p_value=(1 + as_extreme) / (1 + permutations),
        alternative="greater",
        **coverage_of(terms=known, positive=good, negative=bad),
        seed=seed,
        details={
            "shares": by_word(known, shares),
            "accuracy": right / len(labels),
            "accuracy interval": wilson(right, len(labels)),
            "permutations": permutations,
        },
    )


def divergence_from_uniform(shares: Doubles1d) -> float:
    """The Kullback-Leibler divergence of shares (n,), which sum to 1, from 1 / n each, in nats."""
    positive = shares[shares > 0]
    divergence = float(positive @ np.log(positive * len(shares)))
    return max(0.0, divergence)


def _shares(samples: Doubles2d, labels: Bools1d, targets: Doubles2d) -> Doubles1d:
    """Each target's share of the sum of their probabilities of being negative."""
    chances = _classifier().fit(samples, labels).predict_proba(targets)[:, 1].astype(np.float64)
    shares: Doubles1d = chances / chances.sum()
    return shares


@untouched_random_state()
def _right(samples: Doubles2d, labels: Bools1d, seed: int) -> int:
    """How many samples a classifier that has not seen them gets right."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return int(np.count_nonzero(cross_val_predict(_classifier(), samples, labels, cv=folds) == labels))


@untouched_random_state()
def _classifier() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, solver="newton-cholesky", max_iter=ITERATIONS)
