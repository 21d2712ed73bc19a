"""Queries from the command line or stdin, and their replies, found as a batch.

A query that cannot be answered gets a reply with an error in place of results, whatever the others get.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import click

from embedkit import Answer, Embeddings
from embedkit.errors import EmbedkitError, InputError
from embedkit.vectors.lookup import WordLookup

BATCH = 1024  # lines of stdin answered at once

EPILOG = """\
A word is looked up as typed, then in lower case if the vectors are of lower-cased text. An emoji is found
in any skin tone, and by its name: :pizza:. A query that cannot be answered costs no other its answer: it
is reported on stderr, in JSON also as "error", and the exit code is then 2.
"""

Words = tuple[str, ...]
Solve = Callable[[list[Words]], Sequence[list[Answer]]]


class Form(NamedTuple):
    """What a query looks like: how it is written, and how many words it has."""

    usage: str
    least: int
    most: int

    def check(self, words: Words) -> None:
        """Raise `InputError` for a query with too few or too many words."""
        if not self.least <= len(words) <= self.most:
            raise InputError(f"expected {self.usage}, got {len(words)}: {' '.join(words)!r}")


class Question(NamedTuple):
    """A query as it was typed, and the line of stdin it was read from."""

    words: Words
    line: int | None = None
    one_of_several: bool = False

    @property
    def place(self) -> str:
        """How an error message about it begins."""
        return f"line {self.line}: " if self.line else ""


class Reply(NamedTuple):
    """The results of a query, best first, or why there are none."""

    question: Question
    results: Sequence[Answer] = ()
    error: str | None = None


def ask(vectors: Embeddings, given: Sequence[Words], form: Form, solve: Solve) -> Iterator[Reply]:
    """The replies to the queries `given`, or to the lines of stdin if there are none or they are "-".

    `solve` answers queries whose words are all known, as a batch.
    """
    lookup = WordLookup(vectors)
    for batch in _batches(given, form):
        found = [_found(question, form, lookup) for question in batch]
        solved = iter(solve([words for words in found if not isinstance(words, EmbedkitError)]))
        for question, words in zip(batch, found, strict=True):
            if isinstance(words, EmbedkitError):
                yield Reply(question, error=str(words))
            else:
                yield Reply(question, next(solved))


def _found(question: Question, form: Form, lookup: WordLookup) -> Words | EmbedkitError:
    """The words of a question as the vocabulary spells them, or what is wrong with them."""
    try:
        form.check(question.words)
        return lookup.words(question.words)
    except EmbedkitError as error:
        return error


def _batches(given: Sequence[Words], form: Form) -> Iterator[list[Question]]:
    """The queries `given` as one batch, or those of stdin as many; there must be some."""
    if given and list(given) != [("-",)]:
        yield [Question(tuple(map(_valid, words)), None, len(given) > 1) for words in given]
        return
    if sys.stdin is None or (not given and sys.stdin.isatty()):
        raise click.UsageError(f"expected {form.usage}, or such lines on stdin")
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
    lines = ((number, tuple(line.split())) for number, line in enumerate(iter(sys.stdin.readline, ""), 1))
    questions = (Question(words, number, True) for number, words in lines if words)
    size = 1 if sys.stdin.isatty() else BATCH
    batch = list(islice(questions, size))
    if not batch:
        raise click.UsageError(f"expected {form.usage}, or such lines on stdin; got neither")
    while batch:
        yield batch
        batch = list(islice(questions, size))


def _valid(argument: str) -> str:
    """An argument with U+FFFD for bytes that are no text; stdin is read in the same way."""
    return argument.encode(errors="surrogateescape").decode(errors="replace")
