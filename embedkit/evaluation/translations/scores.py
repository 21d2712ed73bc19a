"""`score_translations`: BLEU, chrF, error rates and exact matches of translations, with intervals.

Intervals are percentile bootstraps over texts (Koehn 2004, "Statistical significance tests for machine
translation evaluation"), Wilson's of the share of exact matches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.evaluation.translations.bleu import MAX_ORDER, Smoothing, bleu_counts, bleu_of_counts
from embedkit.evaluation.translations.chrf import chrf_counts, chrf_of_counts
from embedkit.evaluation.translations.error_rates import error_counts
from embedkit.evaluation.translations.segments import References, checked_pairs
from embedkit.evaluation.translations.tokenization import WordCutting
from embedkit.statistics.intervals import bootstrap, wilson


class TextScore(NamedTuple):
    """One score of translations in percent, and its interval; None where it is not defined.

    Example:
        >>> from embedkit.evaluation.translations.scores import TextScore
        >>> TextScore("BLEU", 50.0, 45.0, 55.0).metric
        'BLEU'
    """

    metric: str
    value: float | None
    low: float | None
    high: float | None


def score_translations(
    hypotheses: Iterable[str],
    references: References,
    *,
    tokenize: WordCutting = "13a",
    lowercase: bool = False,
    smoothing: Smoothing = "exp",
    smoothing_value: float | None = None,
    max_order: int = MAX_ORDER,
    resamples: int = 1000,
    seed: int = 1,
) -> list[TextScore]:
    """BLEU with the precisions it is made of, chrF, chrF++, error rates and exact matches, in percent.

    Args:
        hypotheses: the translations.
        references: for each of them a text, or a list of several.
        tokenize: of BLEU and of the word error rate: "13a" as in WMT, "none" at blanks, "char".
        lowercase: compare in lower case.
        smoothing: of BLEU, see `bleu`.
        smoothing_value: the same.
        max_order: of BLEU, the longest n-grams.
        resamples: of the bootstrap in the intervals; with 0 there are none.
        seed: its random seed.

    Raises:
        InputError: lists of different lengths, no text at all, or a parameter that cannot be.

    Example:
        >>> from embedkit import score_translations
        >>> scores = score_translations(["a cat", "the dog ran"], ["a cat", "the dog runs"], max_order=2)
        >>> [(score.metric, round(score.value, 1)) for score in scores if score.metric in ("BLEU", "exact")]
        [('BLEU', 73.0), ('exact', 50.0)]
    """
    said, truth = checked_pairs(hypotheses, references)
    if lowercase:
        said, truth = [text.lower() for text in said], [tuple(map(str.lower, own)) for own in truth]
    counts = bleu_counts(said, truth, tokenize, max_order=max_order)
    measures: dict[str, tuple[Doubles2d, Callable[[Doubles2d], Doubles1d]]] = {
        "BLEU": (counts, lambda sums: bleu_of_counts(sums, smoothing, smoothing_value)[0]),
        "chrF": (chrf_counts(said, truth), chrf_of_counts),
        "chrF++": (chrf_counts(said, truth, word_order=2), chrf_of_counts),
        "word error rate": (error_counts(said, truth, tokenize), _rate),
        "character error rate": (error_counts(said, truth, "char"), _rate),
    }
    scores = [_score(name, *measure, resamples, seed) for name, measure in measures.items()]
    right = sum(_is_exact(text, own) for text, own in zip(said, truth, strict=True))
    low, high = wilson(right, len(said)) or (0, 1)
    scores.append(TextScore("exact", 100 * right / len(said), 100 * low, 100 * high))
    _, shares, penalty = bleu_of_counts(counts.sum(axis=0, keepdims=True), smoothing, smoothing_value)
    parts = {f"precision {order}": share for order, share in enumerate(shares[0].tolist(), 1)}
    parts["brevity penalty"] = float(penalty[0])
    return scores + [TextScore(name, 100 * value, None, None) for name, value in parts.items()]


def _rate(sums: Doubles2d) -> Doubles1d:
    """Edits by words in percent, of rows (r, 2); undefined without words."""
    edits, words = sums[:, 0], sums[:, 1]
    rates: Doubles1d = np.divide(100 * edits, words, out=np.full_like(edits, np.nan), where=words > 0)
    return rates


def _score(
    name: str, counts: Doubles2d, measure: Callable[[Doubles2d], Doubles1d], resamples: int, seed: int
) -> TextScore:
    value = float(measure(counts.sum(axis=0, keepdims=True))[0])
    if not np.isfinite(value):
        return TextScore(name, None, None, None)

    def statistic(*columns: Doubles2d) -> Doubles1d:
        return measure(np.stack([column.sum(axis=1) for column in columns], axis=1))

    drawn = bootstrap(statistic, *counts.T, resamples=resamples, seed=seed) if resamples else None
    return TextScore(name, value, *(drawn or (None, None)))


def _is_exact(text: str, references: Iterable[str]) -> bool:
    """Whether a text is one of its references, white space apart."""
    return text.split() in map(str.split, references)
