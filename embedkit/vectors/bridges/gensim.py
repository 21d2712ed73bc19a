"""Conversion from and to gensim's `KeyedVectors`."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import DependencyError, InputError
from embedkit.text.packed_words import PackedWords
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.formats.gensim_pickle import subwords_of
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.own_rows import own_rows
from embedkit.vectors.subwords.subwords import Subwords

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

BLOCK = 1 << 16  # words whose own rows are found at once


def to_keyed_vectors(
    matrix: Floats2d, vocabulary: Vocabulary, subwords: Subwords | None = None
) -> KeyedVectors:
    """A copy as `KeyedVectors`, with the attribute "count" of each word if known.

    With fastText's subwords it is one as `FastText` has; a warning names others, which are left out.
    """
    try:
        from gensim.models import KeyedVectors
    except ImportError as error:
        raise DependencyError("to_gensim needs gensim: pip install 'embedkit[gensim]'") from error
    if isinstance(subwords, FastTextSubwords) and subwords.is_complete:
        vectors = _with_ngrams(matrix, vocabulary, subwords)
    else:
        if subwords is not None:
            told = f"left out subwords of the kind {subwords.kind!r}, which gensim cannot keep"
            warnings.warn(told, stacklevel=3)
        vectors = KeyedVectors(matrix.shape[1], dtype=np.float32)
        vectors.add_vectors(list(vocabulary.words), matrix)
    if vocabulary.counts is not None:
        vectors.allocate_vecattrs(["count"], [np.int64])
        vectors.expandos["count"][:] = vocabulary.counts
    return vectors


def _with_ngrams(matrix: Floats2d, vocabulary: Vocabulary, subwords: FastTextSubwords) -> KeyedVectors:
    """Vectors of words, their own rows, and the rows of n-grams: what gensim writes are the latter two."""
    from gensim.models.fasttext import FastTextKeyedVectors

    vectors = FastTextKeyedVectors(matrix.shape[1], subwords.minn, subwords.maxn, subwords.buckets)
    vectors.add_vectors(list(vocabulary.words), matrix)
    vectors.vectors_ngrams = subwords.bucket_rows(0, subwords.buckets)
    words = PackedWords.of(vocabulary.words)
    vectors.vectors_vocab = np.empty_like(vectors.vectors)
    for start in range(0, len(words), BLOCK):
        block = range(start, min(start + BLOCK, len(words)))
        rows = slice(block.start, block.stop)
        vectors.vectors_vocab[rows] = own_rows(words.take(block), matrix[rows], subwords)
    vectors.recalc_char_ngram_buckets()
    return vectors


def from_keyed_vectors(vectors: KeyedVectors) -> tuple[Floats2d, Vocabulary, FastTextSubwords | None]:
    """The matrix and the words of `KeyedVectors`, with their counts and subwords if they have any."""
    words = getattr(vectors, "index_to_key", None)
    if words is None:
        raise InputError(f"expected gensim KeyedVectors (model.wv of a model), got {type(vectors).__name__}")
    if not all(isinstance(word, str) for word in words):
        raise InputError("expected KeyedVectors whose keys are words, got keys of other types")
    counts = vectors.expandos.get("count")
    known = counts is not None and len(counts) == len(words)
    vocabulary = Vocabulary(words, np.asarray(counts, np.int64) if known else None)
    ngrams = getattr(vectors, "vectors_ngrams", None)
    return (
        vectors.vectors,
        vocabulary,
        subwords_of(None if ngrams is None else np.array(ngrams), vars(vectors)),
    )
