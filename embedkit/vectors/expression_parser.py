"""Expressions as people write them: king - man + woman, 0.5*paris + berlin, 2 (king + 'new york').

A text that is a known word is that word. Else it is a sum: + and - stand between blanks, so that hyphens stay
parts of words; a number in front of a word or of parentheses, with or without *, or behind it with * or /, is
a weight. A word with blanks stands in quotes, ' or ", which are doubled inside; so does a word that would be
read as something else. What stands between blanks and is a known word is never taken apart, but for signs
and weights. A text of several words without an operator is one word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NoReturn

from embedkit.errors import InputError, UnknownWordError
from embedkit.vectors.expressions import MINUS, NUMBER, TIMES, Expression, Term, VectorLike
from embedkit.vectors.norms import finite_vectors

MAX_DEPTH = 100  # parentheses within one another

_BLANKS = re.compile(r"\s*", re.ASCII)
_RUN = re.compile(r"\S+", re.ASCII)
_SIGN = re.compile(rf"[{MINUS}+](?=[\s('\"]|\.?\d|$)", re.ASCII)
_FACTOR = re.compile(rf"\s*(?:[{TIMES}]|(/))\s*({NUMBER})(?=[\s)/{TIMES}]|$)", re.ASCII)  # behind an operand
_TIMES = re.compile(rf"({NUMBER})\s*[{TIMES}]\s*", re.ASCII)  # in front of an operand
_WEIGHT = re.compile(rf"({NUMBER})(?=\(|\s+(?![{MINUS}+/{TIMES}](?:\s|$))[^\s)])\s*", re.ASCII)
_QUOTED = re.compile(
    rf"'((?:[^']|'')+)'(?=[\s)/{TIMES}]|$)|\"((?:[^\"]|\"\")+)\"(?=[\s)/{TIMES}]|$)", re.ASCII
)
_SYMBOL = re.compile(rf"[{MINUS}+/{TIMES}]")
_ATTACHED = re.compile(rf"(.+?)[{TIMES}]{NUMBER}", re.ASCII | re.DOTALL)
_OPERATOR = re.compile(rf"(?<!\S)[{MINUS}+{TIMES}](?!\S)|{NUMBER}[{TIMES}]|[{TIMES}]{NUMBER}(?!\S)", re.ASCII)

IsKnown = Callable[[str], bool]


def parse_expression(text: str, known: IsKnown) -> Expression:
    """The sum that a text stands for; `known` tells which words there are.

    Raises:
        InputError: a text with operators that is no sum; the message names the place.

    Example:
        >>> known = {"king", "man", "well-known", "c++"}.__contains__
        >>> parse_expression("2 king - (man + c++)/2", known).terms
        (Term(item='king', weight=2.0), Term(item='man', weight=-0.5), Term(item='c++', weight=-0.5))
        >>> parse_expression("unheard of", known).word
        'unheard of'
    """
    plain = text.strip(" \t\n\r\f\v")
    as_word = Expression((Term(text),))
    if known(text) or len(plain) < 2:
        return as_word
    try:
        expression = Expression(tuple(_Parser(text, known).whole()))
    except InputError:
        if _OPERATOR.search(text):
            raise
        return as_word
    return as_word if expression.word == plain else expression


def as_expression(query: VectorLike, size: int, known: IsKnown, *, any_word: bool) -> Expression:
    """A query as a sum of words, which may be unknown, and of vectors.

    Args:
        query: a word or a sum as it is written, an expression, or a vector.
        size: the number of dimensions.
        known: tells which words there are.
        any_word: whether others have vectors, too.

    Raises:
        InputError: operators that make no sum, or no finite vector of this size.
        UnknownWordError: a sum that lacks blanks, unless any word has a vector.
    """
    if isinstance(query, Expression):
        if query.vectors:
            finite_vectors(query.vectors, size)
        return query
    if not isinstance(query, str):
        return Expression((Term(finite_vectors([query], size)[0]),))
    expression = parse_expression(query, known)
    word = expression.word
    if word and not any_word and not known(word) and (spaced := spaced_out(word, known)):
        raise UnknownWordError(word, (spaced,))
    return expression


def spaced_out(text: str, known: IsKnown) -> str | None:
    """A text as a sum of known words, if blanks are all that it lacks: "king - man" for "king-man"."""
    parts = [part.strip() for part in re.split(f"([{MINUS}+])", text)]
    if len(parts) == 1 or not all(known(part) for part in parts[::2]):
        return None
    return " ".join(parts)


class _Parser:
    """Reads a text from left to right; `_at` is the place that is read next."""

    def __init__(self, text: str, known: IsKnown) -> None:
        self._text = text
        self._known = known
        self._at = 0
        self._depth = 0

    def whole(self) -> list[Term]:
        """The terms of all of the text."""
        terms = self._sum()
        if self._at < len(self._text):
            self._fail("expected + or - between blanks" if self._text[self._at] != ")" else "expected no )")
        return terms

    def _sum(self) -> list[Term]:
        terms: list[Term] = []
        sign = self._sign() or 1.0
        while True:
            terms += self._scaled(self._product(), sign)
            self._skip()
            following = self._sign()
            if following is None:
                return terms
            sign = following

    def _sign(self) -> float | None:
        self._skip()
        match = self._take(_SIGN)
        return None if match is None else 1.0 if match[0] == "+" else -1.0

    def _product(self) -> list[Term]:
        """An operand with the weights around it."""
        weight = self._sign() or 1.0
        self._skip()
        while not self._is_known_run() and (match := self._take(_TIMES) or self._take(_WEIGHT)):
            weight *= float(match[1])
        terms = self._operand()
        while match := self._take(_FACTOR):
            factor = float(match[2])
            if match[1] and not factor:
                self._fail("expected no division by 0", self._at - len(match[2]))
            weight = weight / factor if match[1] else weight * factor
        return self._scaled(terms, weight)

    def _operand(self) -> list[Term]:
        run = self._run()
        if run and self._known(run):
            self._at += len(run)
            return [Term(run)]
        if match := self._take(_QUOTED):
            quote, word = match[0][0], match[1] or match[2]
            return [Term(word.replace(quote * 2, quote))]
        if run.startswith("("):
            return self._parenthesized()
        word = self._word(run)
        if not word:
            self._fail("expected a word")
        if word[0] in "'\"":
            self._fail(f"expected a second {word[0]} to close the quote")
        self._at += len(word)
        return [Term(word)]

    def _parenthesized(self) -> list[Term]:
        opened = self._at
        self._at += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail(f"expected at most {MAX_DEPTH} parentheses in one another", opened)
        terms = self._sum()
        self._depth -= 1
        if self._text[self._at : self._at + 1] != ")":
            self._fail("expected ) for this (" if self._at == len(self._text) else "expected + or -", opened)
        self._at += 1
        return terms

    def _word(self, run: str) -> str:
        """The word a run begins with: without a weight behind it, and without ) that it does not open."""
        depth = 0
        for place, character in enumerate(run):
            depth += (character == "(") - (character == ")")
            if depth < 0:
                run = run[: place + 1] if self._known(run[: place + 1]) else run[:place]
                break
        attached = _ATTACHED.fullmatch(run)
        return attached[1] if attached else "" if _SYMBOL.fullmatch(run) else run

    def _run(self) -> str:
        match = _RUN.match(self._text, self._at)
        return match[0] if match else ""

    def _is_known_run(self) -> bool:
        """Whether what stands here up to the next blank is a word; a number is none if it can be a weight."""
        run = self._run()
        return bool(run) and self._known(run) and not _WEIGHT.match(self._text, self._at)

    def _scaled(self, terms: list[Term], factor: float) -> list[Term]:
        scaled = terms if factor == 1 else [Term(item, weight * factor) for item, weight in terms]
        if not all(math.isfinite(term.weight) for term in scaled):
            self._fail("expected finite weights before this")
        return scaled

    def _skip(self) -> None:
        self._take(_BLANKS)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match:
            self._at = match.end()
        return match

    def _fail(self, expected: str, place: int | None = None) -> NoReturn:
        at = self._at if place is None else place
        found = self._text[at : at + 20].split()
        raise InputError(
            f"cannot read {self._text!r} as a sum of words: {expected}, "
            f"got {repr(found[0]) if found else 'the end'} at character {at + 1}; "
            "put a word that holds blanks or operators in quotes"
        )
