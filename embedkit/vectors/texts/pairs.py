"""Pairs of words or texts compared, and what was typed told apart as one or the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.errors import EmbedkitError, InputError
from embedkit.vectors.lookup import KnownWords, WordLookup
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.texts.encoder import encoder_of_words
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.soft_cosine import soft_cosine
from embedkit.vectors.texts.word_movers import word_movers_distance
from embedkit.vectors.word_vectors import WordVectors

Measure = Literal["cosine", "euclidean", "soft-cosine", "wmd"]
Pair = tuple[str, str]


class TextLookup(WordLookup):
    """Finds what people type as a word of the vectors, or takes it for a text if it is none.

    A text has several tokens, of which the vectors know one.

    Example:
        >>> from embedkit import Embeddings
        >>> TextLookup(Embeddings([[1, 0], [0, 1]], ["paris", "snow"])).words(["Paris", "Snow in Paris"])
        ('paris', 'Snow in Paris')
    """

    def word(self, typed: str) -> str:
        """The word as the vocabulary spells it, or the text as it was typed.

        Raises:
            UnknownWordError: neither a word nor a text.
            InputError: an emoji that the vectors have not.
        """
        try:
            found = super().word(typed)
        except EmbedkitError:
            if is_text(self._vectors, typed):
                return typed
            raise
        by_subwords = found not in self._vectors.vocabulary
        return typed if by_subwords and is_text(self._vectors, typed) else found


def is_text(vectors: WordVectors, typed: str) -> bool:
    """Whether what was typed has several tokens, of which the vectors know one.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[1, 0]], ["snow"])
        >>> is_text(vectors, "white snow"), is_text(vectors, "white rain"), is_text(vectors, "snow")
        (True, False, False)
    """
    known = KnownWords(vectors, numbers=True)
    tokens = known.tokenizer.tokenize(typed)
    return len(tokens) > 1 and (
        vectors.subwords is not None
        or any(word in vectors for token in tokens for word in known.words_in(token))
    )


def compare_pairs(
    vectors: WordVectors, pairs: Sequence[Pair], measure: Measure, parameters: EncodingParameters
) -> list[float]:
    """A number for each pair of words or texts that vectors know.

    Args:
        vectors: of the words.
        pairs: words as the vocabulary spells them, or texts.
        measure: "cosine" of the vectors of words or of encoded texts, in [-1, 1], 0 for zero vectors, or
            "euclidean" for their distance; "soft-cosine" and "wmd" of texts, of which a word is one.
        parameters: how texts are encoded, from which nothing may be learnt.

    Raises:
        InputError: a text without a known word, or a parameter out of range.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[1, 0], [0, 1]], ["snow", "alps"])
        >>> pairs = [("snow", "alps"), ("snow", "snow in the alps")]
        >>> compare_pairs(vectors, pairs, "euclidean", EncodingParameters(weights="mean"))
        [1.4142135623730951, 0.7071067811865476]
    """
    if measure == "wmd":
        return [word_movers_distance(a, b, vectors) for a, b in pairs]
    if measure == "soft-cosine":
        return [soft_cosine(a, b, vectors, weights=parameters.weights) for a, b in pairs]
    compare = COMPARISONS[measure]
    return [compare(rows) for rows in _rows_of(vectors, pairs, parameters)]


def _rows_of(vectors: WordVectors, pairs: Sequence[Pair], parameters: EncodingParameters) -> list[Doubles2d]:
    """The vectors of each pair, (2, D): of two words as they are, else of both as texts."""
    encoder = encoder_of_words(vectors, parameters)
    rows: list[Doubles2d] = []
    for pair in pairs:
        if all(word in vectors for word in pair):
            rows.append(vectors.rows(pair).astype(np.float64))
            continue
        (block,) = encoder.blocks(pair)
        if not block.known.all():
            unknown = pair[int(np.argmin(block.known))]
            raise InputError(f"no word of the text {unknown!r:.80} has a vector")
        rows.append(block.vectors.astype(np.float64))
    return rows


def _cosine(rows: Doubles2d) -> float:
    first, second = unit_vectors(rows)
    return float(np.clip(first @ second, -1, 1))


def _distance(rows: Doubles2d) -> float:
    return float(np.linalg.norm(rows[0] - rows[1]))


COMPARISONS: dict[str, Callable[[Doubles2d], float]] = {"cosine": _cosine, "euclidean": _distance}
