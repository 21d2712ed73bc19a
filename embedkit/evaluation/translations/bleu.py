"""BLEU (Papineni et al. 2002) with the smoothing methods that Chen and Cherry (2014) compare, as sacrebleu.

The score is BP * exp(mean of log p_n), n = 1 .. 4: p_n is the share of the n-grams of all translations that
stand in a reference, each counted at most as often as there (sections 2.1 and 2.3); BP is exp(1 - r / c) if
the c words of the translations are fewer than the r words of the references of the closest length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.evaluation.translations.segments import References, checked_pairs
from embedkit.evaluation.translations.tokenization import WordCutting, tokenizer_named

Smoothing = Literal["exp", "floor", "add-k", "none"]

MAX_ORDER = 4
LARGEST_ORDER = 16  # more is a mistake
SMOOTHING_VALUES: dict[str, float] = {"exp": 0.0, "floor": 0.1, "add-k": 1.0, "none": 0.0}


class Bleu(NamedTuple):
    """BLEU from 0 to 100 and what it is made of.

    Args:
        score: BLEU.
        precisions: of n-grams, from n = 1, in percent.
        brevity_penalty: 1 for translations as long as the references or longer.
        length: words of the translations.
        reference_length: words of the references of the closest length.

    Example:
        >>> from embedkit.evaluation.translations.bleu import Bleu
        >>> Bleu(50.0, (60.0,), 1.0, 8, 8).score
        50.0
    """

    score: float
    precisions: tuple[float, ...]
    brevity_penalty: float
    length: int
    reference_length: int


def bleu(
    hypotheses: Iterable[str],
    references: References,
    *,
    tokenize: WordCutting = "13a",
    lowercase: bool = False,
    smoothing: Smoothing = "exp",
    smoothing_value: float | None = None,
    max_order: int = MAX_ORDER,
    effective_order: bool = False,
) -> Bleu:
    """BLEU of translations, over all of them together.

    Args:
        hypotheses: the translations.
        references: for each of them a text, or a list of several.
        tokenize: "13a" as in WMT, "none" at blanks, "char" into characters.
        lowercase: compare in lower case.
        smoothing: of n-grams of which none is right: "exp" halves the count again and again (mteval), "floor"
            takes `smoothing_value` for it, "add-k" adds that to the counts from n = 2 on, "none" gives 0.
        smoothing_value: 0.1 of "floor" and 1 of "add-k" by default.
        max_order: the longest n-grams.
        effective_order: leave out n that are longer than any translation, as for a single sentence.

    Raises:
        InputError: lists of different lengths, no text at all, or a parameter that cannot be.

    Example:
        >>> from embedkit import bleu
        >>> round(bleu(["the cat sat on the mat"], ["the cat sits on the mat"]).score, 2)
        37.99
    """
    counts = bleu_counts(hypotheses, references, tokenize, lowercase, max_order).sum(axis=0, keepdims=True)
    scores, precisions, penalty = bleu_of_counts(counts, smoothing, smoothing_value, effective_order)
    length, reference_length = (int(number) for number in counts[0, :2])
    shares = tuple(100 * share for share in precisions[0].tolist())
    return Bleu(float(scores[0]), shares, float(penalty[0]), length, reference_length)


def bleu_counts(
    hypotheses: Iterable[str],
    references: References,
    tokenize: WordCutting = "13a",
    lowercase: bool = False,
    max_order: int = MAX_ORDER,
) -> Doubles2d:
    """What BLEU adds up over n texts, float64 (n, 2 + 2 * max_order).

    The columns are the words of the text, those of the reference of the closest length, the n-grams that are
    right, and all n-grams.
    """
    if isinstance(max_order, bool) or not isinstance(max_order, int) or not 1 <= max_order <= LARGEST_ORDER:
        raise InputError(f"max_order must be a number from 1 to {LARGEST_ORDER}, got {max_order!r}")
    tokenizer = tokenizer_named(tokenize)
    said, truth = checked_pairs(hypotheses, references)
    rows = []
    for hypothesis, own in zip(said, truth, strict=True):
        texts = [text.rstrip().lower() if lowercase else text.rstrip() for text in (hypothesis, *own)]
        words, *others = map(tokenizer, texts)
        rows.append(_counts(words, others, max_order))
    return np.array(rows, np.float64)


def _counts(words: Sequence[str], references: Sequence[Sequence[str]], max_order: int) -> list[int]:
    closest = min(map(len, references), key=lambda length: (abs(length - len(words)), length))
    right, total = [], []
    for order in range(1, max_order + 1):
        known: Counter[tuple[str, ...]] = Counter()
        for reference in references:
            known |= _ngrams(reference, order)
        right.append((_ngrams(words, order) & known).total())
        total.append(max(len(words) - order + 1, 0))
    return [len(words), closest, *right, *total]


def _ngrams(words: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(order)), strict=False))


def bleu_of_counts(
    counts: Doubles2d, smoothing: Smoothing, value: float | None = None, effective_order: bool = False
) -> tuple[Doubles1d, Doubles2d, Doubles1d]:
    """BLEU (r,), precisions (r, max_order) as shares, and brevity penalties (r,), of rows of counts."""
    added = smoothing_value(smoothing, value)
    right, total = np.split(counts[:, 2:], 2, axis=1)
    anything: Bools1d = np.any(right, axis=1)
    if smoothing == "add-k":
        later = np.arange(right.shape[1]) > 0
        right, total = right + added * later, total + added * later
    some = np.logical_and.accumulate(total > 0, axis=1)
    missed = some & (right == 0)
    if smoothing == "exp":
        right = np.where(missed, 0.5 ** np.cumsum(missed, axis=1), right)
    elif smoothing == "floor":
        right = np.where(missed, added, right)
    shares = np.where(some & anything[:, None], right / np.where(some, total, 1), 0)
    counted = some if effective_order else np.ones_like(some)
    logarithms = np.log(np.where(shares > 0, shares, 1))
    scores = np.exp((logarithms * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1))
    scores[~anything | (counted & (shares <= 0)).any(axis=1)] = 0
    length, wanted = counts[:, 0], counts[:, 1]
    ratio = wanted / np.where(length > 0, length, 1)
    penalty = np.where(length > 0, np.exp(np.minimum(1 - ratio, 0)), np.where(wanted > 0, 0.0, 1.0))
    return 100 * penalty * scores, shares, penalty


def smoothing_value(smoothing: Smoothing, value: float | None) -> float:
    """The value of a smoothing method, its own if None; `InputError` for a method that does not exist."""
    if smoothing not in SMOOTHING_VALUES:
        raise InputError(f"smoothing must be one of {', '.join(get_args(Smoothing))}, got {smoothing!r:.80}")
    if value is None:
        return SMOOTHING_VALUES[smoothing]
    if smoothing not in ("floor", "add-k"):
        raise InputError(f"smoothing_value is of floor and add-k; leave it out with {smoothing}")
    if not 0 < value < np.inf:
        raise InputError(f"smoothing_value must be more than 0 and finite, got {value!r}")
    return value
