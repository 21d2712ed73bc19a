"""Emoji vectors from usage: weighted means of the texts that hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Ints1d
from embedkit.progress import SILENT, Progress
from embedkit.text.emoji import find_emoji, without_emoji
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.frequencies import inverse_frequency, word_shares
from embedkit.vectors.lookup import KnownWords

REPORTED = 1000  # texts between reports

Context = tuple[Ints1d, set[str]]  # the rows of the words of a text, and the emoji beside them


class Use(NamedTuple):
    """What texts say beside an emoji, float64 (D,), and how many there are."""

    vector: Doubles1d
    texts: int


def used(
    vectors: Embeddings,
    known: KnownWords,
    texts: Iterable[str],
    smoothing: float,
    progress: Progress = SILENT,
) -> dict[str, Use]:
    """What the texts that hold an emoji say, for each emoji.

    A text is the weighted mean of its known words; an emoji counts once in it, and is the mean of its texts,
    less what texts have in common. That lies halfway between the mean of all these emoji, which would be
    nothing of a single one, and the weighted mean of the vocabulary, each word as often as it is said, which
    is what random texts have in common.

    Args:
        vectors: of words.
        known: finds the words of the texts.
        texts: any; those without emoji or without known words are passed over.
        smoothing: a in the weight a / (a + p). The share p of a word is that in the text behind the vectors
            or that in the texts with emoji, whichever is greater.
        progress: where the number of texts is reported.
    """
    contexts = list(_contexts(vectors, known, texts, progress))
    if not contexts:
        return {}
    said = np.bincount(np.concatenate([rows for rows, _ in contexts]), minlength=len(vectors))
    share = np.maximum(word_shares(vectors.vocabulary), said / said.sum())
    weights = inverse_frequency(share, smoothing)
    random = (share * weights).astype(np.float32) @ vectors.matrix / (share @ weights)
    counts = Counter(sign for _, signs in contexts for sign in signs)
    sums = {sign: np.zeros(vectors.vector_size) for sign in counts}
    for rows, signs in contexts:
        mean = weights[rows] @ vectors.matrix[rows] / weights[rows].sum()
        for sign in signs:
            sums[sign] += mean
    means = {sign: sums[sign] / count for sign, count in counts.items()}
    common = (np.mean(list(means.values()), axis=0) + random) / 2
    return {sign: Use(mean - common, counts[sign]) for sign, mean in means.items()}


def _contexts(
    vectors: Embeddings, known: KnownWords, texts: Iterable[str], progress: Progress
) -> Iterator[Context]:
    """The texts that hold emoji beside known words."""
    for number, text in enumerate(texts, 1):
        if number % REPORTED == 0:
            progress.update(number, f"{number:,} texts")
        signs = {occurrence.emoji for occurrence in find_emoji(text)}
        if not signs:
            continue
        words = [word for word in known.words(without_emoji(text)) if word in vectors]
        if words:
            yield vectors.vocabulary.encode(words, unknown="error"), signs
