"""`estimate_unknown_words`: vectors of whole words with estimates for all others, from their characters."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats1d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS, compiled_loops
from embedkit.vectors.subwords.estimated import EstimatedSubwords
from embedkit.vectors.subwords.ngram_regression import NgramCounts, fit_ngrams

HASHES = (1 << 31) - 1  # n-grams are told apart by their hash modulo this
TOLERANCE = 0.05  # of the residual; estimates of held-out words gain nothing below


def estimate_unknown_words(
    vectors: Embeddings,
    *,
    minn: int = 2,
    maxn: int = 6,
    min_words: int = 2,
    ridge: float = 0.01,
    iterations: int = 10,
) -> Embeddings:
    """The same vectors, which give words outside the vocabulary an estimate, made of their characters.

    Rows for character n-grams are learned by which the mean of a word's n-grams comes near the word's vector
    (Zhao, Mudgal and Liang, 2018), weighted by the logarithm of the word's count if counts are known. A word
    of which no n-gram is known has the zero vector. Known words keep their vectors; subwords that the vectors
    had are replaced.

    Args:
        vectors: vectors of words.
        minn: characters of the shortest n-grams of "<word>".
        maxn: characters of the longest ones.
        min_words: n-grams that occur less often in the vocabulary are left out.
        ridge: the penalty on long rows; more of it makes estimates smoother.
        iterations: at most so many steps of conjugate gradients.

    Raises:
        InputError: a parameter out of its range, or no n-gram that is frequent enough.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.estimate_unknown_words(embedkit.load().subset(2000), iterations=3)
        >>> "unthinkably" in vectors, vectors["unthinkably"].shape
        (False, (96,))
        >>> vectors.subwords.kind
        'estimated'
    """
    _check(minn, maxn, min_words, ridge, iterations)
    words = PackedWords.of(vectors.vocabulary.words)
    with compiled_loops() as (loops, _, _):
        hashes, lengths = loops.fnv1a_ngrams(words, minn, maxn)
    kept, places, occurrences = np.unique(hashes % np.uint32(HASHES), return_inverse=True, return_counts=True)
    frequent = occurrences >= min_words
    if not frequent.any():
        raise InputError(f"expected n-grams that occur {min_words} times in the vocabulary, found none")
    there = frequent[places]
    owners = np.repeat(np.arange(len(words)), lengths)[there]
    ngrams = NgramCounts(
        ids=(np.cumsum(frequent) - 1)[places[there]],
        counts=np.bincount(owners, minlength=len(words)),
        lengths=lengths,
        size=int(frequent.sum()),
    )
    rows = fit_ngrams(ngrams, vectors.matrix, _weights(vectors), ridge, iterations, TOLERANCE)
    hashes_kept = kept[frequent].astype(np.int64)
    subwords = EstimatedSubwords(rows, minn, maxn, HASHES, hashes_kept, np.arange(ngrams.size))
    return vectors.with_subwords(subwords)


def _weights(vectors: Embeddings) -> Floats1d:
    """How much each word matters, 1 in the mean, (V,)."""
    counts = vectors.vocabulary.counts
    if counts is None:
        return np.ones(len(vectors), np.float32)
    weights = np.log1p(np.maximum(counts, 1)).astype(np.float32)
    scaled: Floats1d = weights / weights.mean()
    return scaled


def _check(minn: int, maxn: int, min_words: int, ridge: float, iterations: int) -> None:
    """Raise `InputError` for the first parameter that is out of its range."""
    for name, value in (("min_words", min_words), ("iterations", iterations)):
        check_count(name, value)
    if not 1 <= minn <= maxn <= MAX_CHARACTERS:
        raise InputError(
            f"expected n-grams of minn to maxn characters, 1 <= minn <= maxn, got {minn} to {maxn}"
        )
    if not 0 < ridge < np.inf:
        raise InputError(f"expected a ridge penalty above 0, got {ridge!r}")
