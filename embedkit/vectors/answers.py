"""`Answer`: a word and its score; `AnswerList`, which can be drawn; whether queries are words or vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from embedkit.errors import InputError
from embedkit.vectors.search.exact import TopRows

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Answer(NamedTuple):
    """A word and its score, the higher the better.

    Example:
        >>> word, score = Answer("queen", 0.75)
        >>> word
        'queen'
    """

    word: str
    score: float


class AnswerList(list[Answer]):
    """The answers to a query, best first: a list that can be drawn.

    Example:
        >>> answers = AnswerList([Answer("queen", 0.75), Answer("prince", 0.5)])
        >>> answers.plot("king").get_title(loc="left")
        'king'
    """

    def plot(self, title: str = "", axis: str = "score", ax: Axes | None = None) -> Axes:
        """Draw the scores as bars, the best on top, on axes or on new ones of pyplot.

        Raises:
            InputError: there are no answers.
            DependencyError: matplotlib is not installed.
        """
        from embedkit.plots.bars import Bar, Panel
        from embedkit.text.emoji import name_of

        words = [name_of(answer.word) for answer in self]
        return Panel(title, axis, words, {"": [Bar(answer.score) for answer in self]}).plot(ax)


def named(best: TopRows, words: Sequence[str]) -> list[AnswerList]:
    """The rows and scores (Q, k) as words; places without an answer (row -1) are dropped."""
    pairs = zip(best.rows.tolist(), best.scores.tolist(), strict=True)
    return [
        AnswerList(Answer(words[row], score) for row, score in zip(rows, scores, strict=True) if row >= 0)
        for rows, scores in pairs
    ]


def are_words(queries: object) -> TypeGuard[Sequence[str]]:
    """Tell whether `queries` is a list of words; one string is not, and raises `InputError`."""
    if isinstance(queries, str):
        raise InputError(f"expected a list of words or an array of vectors, got the string {queries!r}")
    return isinstance(queries, Sequence) and all(isinstance(query, str) for query in queries)
