"""`Answer`: a word and its score; and queries told apart as words or vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeGuard

from embedkit.errors import InputError
from embedkit.vectors.search.exact import TopRows


class Answer(NamedTuple):
    """A word and its score, the higher the better.

    Example:
        >>> word, score = Answer("queen", 0.75)
        >>> word
        'queen'
    """

    word: str
    score: float


def named(best: TopRows, words: Sequence[str]) -> list[list[Answer]]:
    """The rows and scores (Q, k) as words; places without an answer (row -1) are dropped."""
    pairs = zip(best.rows.tolist(), best.scores.tolist(), strict=True)
    return [
        [Answer(words[row], score) for row, score in zip(rows, scores, strict=True) if row >= 0]
        for rows, scores in pairs
    ]


def are_words(queries: object) -> TypeGuard[Sequence[str]]:
    """Tell whether `queries` is a list of words; one string is not, and raises `InputError`."""
    if isinstance(queries, str):
        raise InputError(f"expected a list of words or an array of vectors, got the string {queries!r}")
    return isinstance(queries, Sequence) and all(isinstance(query, str) for query in queries)
