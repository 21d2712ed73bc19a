"""`KeptAnswers`: the answers to what was asked last, as the words of texts are asked again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST = 10_000  # answers of a process


class KeptAnswers:
    """Answers by their questions; the one that was not asked for longest goes first.

    Args:
        most: how many are kept.

    Example:
        >>> kept = KeptAnswers(most=2)
        >>> for question in ("a", "b"):
        ...     kept.keep(question, question.upper())
        >>> kept.get("a")
        'A'
        >>> kept.keep("c", "C")
        >>> kept.get("b") is None
        True
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, question: Hashable) -> Any:
        """The answer to a question; None if it is not kept."""
        if question in self._answers:
            self._answers.move_to_end(question)
        return self._answers.get(question)

    def keep(self, question: Hashable, answer: Any) -> None:
        """Keep an answer."""
        self._answers[question] = answer
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
