"""The words of texts that have a vector, as numbers: what encoders and distances of texts begin with."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats1d, Floats2d
from embedkit.text.sequences.sequences import Sequences, offsets_of
from embedkit.text.tokenization.numbered import numbering
from embedkit.vectors.lookup import KnownWords
from embedkit.vectors.word_vectors import WordVectors

FEW = 4096  # words that are summed sooner than scipy is imported


class TextWords(NamedTuple):
    """The words of n texts that have a vector.

    `words` are the U different ones, `sequences` holds the numbers of those in each text.
    """

    words: list[str]
    sequences: Sequences


def read_text_words(vectors: WordVectors, texts: Iterable[str]) -> Iterator[TextWords]:
    """The words of texts that have a vector, a batch of some megabytes of texts after the other.

    Texts are tokenized as the text behind the vectors was, as far as these record it. A word is looked up as
    it is written, then in lower case if the vectors are of lower-cased text; an unknown one with hyphens is
    taken apart. With subwords every word has a vector.

    Raises:
        InputError: a single string instead of texts, or a text that is no string.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[1, 0], [0, 1]], ["snow", "alps"])
        >>> batch = next(read_text_words(vectors, ["Snow-capped Alps", "a green valley"]))
        >>> batch.words, batch.sequences.tolist()
        (['snow', 'alps'], [[0, 1], []])
    """
    known = KnownWords(vectors, numbers=True)
    for tokens, sequences in known.tokenizer.number_all(texts):
        words, pieces = _words_of(tokens, vectors, known)
        yield TextWords(words, _replaced(sequences, pieces))


def _words_of(tokens: Iterable[str], vectors: WordVectors, known: KnownWords) -> tuple[list[str], Sequences]:
    """The different words in different tokens that have a vector, and their numbers in each token."""
    words = numbering()
    has_vector = vectors.vocabulary.__contains__ if vectors.subwords is None else bool
    ids, lengths = array("i"), array("q")
    for token in tokens:
        if token in vectors.vocabulary:
            ids.append(words[token])
            lengths.append(1)
        else:
            more = [words[word] for word in known.words_in(token) if has_vector(word)]
            ids.extend(more)
            lengths.append(len(more))
    return list(words), Sequences(np.frombuffer(ids, np.int32), offsets_of(np.frombuffer(lengths, np.int64)))


def weighted_means(sequences: Sequences, matrix: Floats2d, weights: Floats1d | None = None) -> Floats2d:
    """The mean of the vectors of each text's words, zeros of a text without any, float32 (n, D).

    Args:
        sequences: the rows of the words of n texts.
        matrix: the vectors, float32 (U, D).
        weights: by which the vector of each word is multiplied, float32 (U,); None for 1. The sum is divided
            by the number of words, whatever they weigh.

    Example:
        >>> from embedkit.text.sequences.sequences import joined
        >>> rows = np.array([[1, 0], [0, 4]], np.float32)
        >>> weighted_means(joined([[0, 1], []]), rows).tolist()
        [[0.5, 2.0], [0.0, 0.0]]
    """
    factors = np.repeat((1 / np.maximum(sequences.lengths, 1)).astype(np.float32), sequences.lengths)
    if weights is not None:
        factors *= weights[sequences.ids]
    if len(factors) > FEW:
        from scipy.sparse import csr_matrix

        shares = csr_matrix((factors, sequences.ids, sequences.offsets), (len(sequences), len(matrix)))
        return shares @ matrix  # type: ignore[no-any-return]
    means = np.zeros((len(sequences), matrix.shape[1]), np.float32)
    filled = np.flatnonzero(sequences.lengths)
    if len(filled):
        parts = matrix[sequences.ids] * factors[:, None]
        means[filled] = np.add.reduceat(parts, sequences.offsets[filled])
    return means


def _replaced(sequences: Sequences, pieces: Sequences) -> Sequences:
    """Sequences in which each id i has become all of `pieces[i]`, be they none."""
    lengths = pieces.lengths[sequences.ids]
    ends = offsets_of(lengths)
    places = np.arange(ends[-1]) + np.repeat(pieces.offsets[:-1][sequences.ids] - ends[:-1], lengths)
    return Sequences(pieces.ids[places], ends[sequences.offsets])
