"""`Expression`: a weighted sum of words and vectors, such as king - man + woman."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d
from embedkit.errors import InputError
from embedkit.vectors.norms import unit_vectors

MINUS, TIMES = "-\u2212", "*\u00d7"  # on keyboards and in print; MINUS may only begin a [...]
NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"  # of ASCII digits, without a sign
_BARE = re.compile(  # words that need no quotes
    rf"(?!{NUMBER}$)[^{MINUS}+/{TIMES}\s()'\"][^/{TIMES}\s()\"]*", re.ASCII
)


class Term(NamedTuple):
    """A word or a vector (D,), and how often it counts.

    Example:
        >>> Term("king", 2.0).weight
        2.0
    """

    item: str | Doubles1d
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Expression:
    """A weighted sum of words and vectors.

    Raises:
        InputError: no terms, or a weight that is not finite.

    Example:
        >>> expression = Expression((Term("king"), Term("new york", -2.0)))
        >>> str(expression), expression.words
        ("king - 2*'new york'", ('king', 'new york'))
    """

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        if not self.terms:
            raise InputError("expected at least one word or vector, got none")
        if wrong := next((weight for _, weight in self.terms if not math.isfinite(weight)), None):
            raise InputError(f"expected a finite weight, got {wrong}")

    @property
    def words(self) -> tuple[str, ...]:
        """The words in it, in their order."""
        return tuple(term.item for term in self.terms if isinstance(term.item, str))

    @property
    def vectors(self) -> list[Doubles1d]:
        """The vectors in it, in their order."""
        return [term.item for term in self.terms if not isinstance(term.item, str)]

    @property
    def word(self) -> str | None:
        """The word that it is, once and alone; None if it is a sum or a vector."""
        item, weight = self.terms[0]
        return item if isinstance(item, str) and weight == 1 == len(self.terms) else None

    @classmethod
    def total(cls, parts: Iterable[tuple[Expression, float]]) -> Expression:
        """The weighted sum of expressions."""
        return cls(tuple(Term(item, weight * own) for part, weight in parts for item, own in part.terms))

    def with_words(self, spelled: Callable[[str], str]) -> Expression:
        """The same sum of the words that `spelled` gives for its own."""
        return Expression(
            tuple(
                Term(spelled(item) if isinstance(item, str) else item, weight) for item, weight in self.terms
            )
        )

    def __str__(self) -> str:
        return "".join(_signed(self.terms)).removeprefix(" + ").lstrip()


VectorLike: TypeAlias = (
    str | Expression | ArrayLike
)  # a word or an expression as it is written, or a vector (D,)


def are_queries(given: object) -> TypeGuard[Sequence[VectorLike]]:
    """Tell a list that holds words or expressions, or nothing, from vectors alone."""
    return isinstance(given, Sequence) and (
        not given or any(isinstance(query, str | Expression) for query in given)
    )


def weighted(positive: Any, negative: Any) -> Iterator[tuple[Any, float]]:
    """What counts, and how much: a negative weight for what stands in `negative`.

    Each of the two is one query, one pair (query, weight), or several of either.

    Raises:
        InputError: a weight below 0 in `negative`.

    Example:
        >>> list(weighted(["king", ("woman", 0.5)], "man"))
        [('king', 1.0), ('woman', 0.5), ('man', -1.0)]
    """
    yield from map(_pair, _items(positive))
    for item in _items(negative):
        query, weight = _pair(item)
        if weight < 0:
            raise InputError(
                f"what is in negative is subtracted, so its weight is at least 0, got {weight}; "
                "to subtract half of a word give it the weight 0.5"
            )
        yield query, -weight


def sums(
    expressions: Sequence[Expression], rows: Callable[[list[str]], Floats2d], size: int, *, normalize: bool
) -> Doubles2d:
    """The vectors (Q, size) of expressions, added up in float64.

    Args:
        expressions: Q of them.
        rows: gives the vectors of words, float32 (n, size).
        size: the number of dimensions.
        normalize: whether words, not vectors, count at length 1.
    """
    words = list(dict.fromkeys(word for expression in expressions for word in expression.words))
    vectors = unit_vectors(rows(words)) if normalize else rows(words)
    places = {word: place for place, word in enumerate(words)}
    totals = np.zeros((len(expressions), size))
    for total, expression in zip(totals, expressions, strict=True):
        for item, weight in expression.terms:
            vector = vectors[places[item]] if isinstance(item, str) else item
            total += np.multiply(vector, weight, dtype=np.float64)
    return totals


def _items(given: Any) -> Iterable[Any]:
    if given is None:
        return ()
    if isinstance(given, str | Expression) or _is_pair(given):
        return (given,)
    if not np.iterable(given):
        raise InputError(f"expected words or vectors, got {given!r}")
    return (given,) if getattr(given, "ndim", 0) == 1 else given


def _is_pair(item: Any) -> bool:
    """Whether an item has a weight: ("king", 0.5), or a vector and a number, but not a vector (0.1, 0.5)."""
    return (
        isinstance(item, tuple)
        and len(item) == 2
        and isinstance(item[1], int | float | np.number)
        and not isinstance(item[0], int | float | np.number)
    )


def _pair(item: Any) -> tuple[Any, float]:
    query, weight = item if _is_pair(item) else (item, 1.0)
    return query, float(weight)


def _signed(terms: Iterable[Term]) -> Iterator[str]:
    """The terms with signs: " + king", " - 2*'new york'"."""
    for item, weight in terms:
        factor = "" if abs(weight) == 1 else repr(abs(weight)).removesuffix(".0") + "*"
        yield f" {'-' if weight < 0 else '+'} {factor}{quoted(item) if isinstance(item, str) else '[vector]'}"


def quoted(word: str) -> str:
    """A word as it is written in an expression: in quotes unless it is plain."""
    return word if _BARE.fullmatch(word) else "'" + word.replace("'", "''") + "'"
