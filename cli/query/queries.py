"""Queries from the command line or stdin, and their replies, a batch at a time.

A query that cannot be answered gets a reply with an error in place of results, whatever the others get.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import click

from embedkit import Answer, Embeddings
from embedkit.errors import EmbedkitError, InputError
from embedkit.vectors.lookup import WordLookup
from embedkit_cli.shared.inputs import Given, given

EPILOG = """\
A word is looked up as typed, then in lower case if the vectors are of lower-cased text. An emoji is found
in any skin tone, and by its name: :pizza:. On stdin, words that contain blanks are separated by tabs. A query
that cannot be answered is reported on stderr, in JSON also as "error", and the exit code is 2; all others are
answered. Lines of stdin are answered as they come.
"""

EXPRESSIONS = """\
WORD may be a sum in quotes, such as "king - man + woman", "2*paris - (berlin + rome)/2" or "'new york' -
usa": + and - stand between blanks, and words with blanks in quotes of their own. What is a word of the
vectors is that word, whatever it looks like.
"""

BLANKS = " \t\r\f\v"  # of ASCII: a word may hold others, such as the no-break space

Words = tuple[str, ...]
Solve = Callable[[list[Words]], Sequence[list[Answer]]]


class QueryForm(NamedTuple):
    """What a query looks like: how it is written, and how many words it has."""

    usage: str
    min_words: int
    max_words: int

    def check(self, words: Words) -> None:
        """Raise `InputError` for a query with too few or too many words."""
        if not self.min_words <= len(words) <= self.max_words:
            raise InputError(f"expected {self.usage}, got {len(words)}: {' '.join(words)!r}")

    def queries(self, items: Sequence[Given]) -> list[Query]:
        """The queries of arguments or of lines: a line is one, and so is an argument if a word is enough."""
        if items[0].line is not None:
            return [Query(self._words(item.text), item.line, True) for item in items]
        if self.max_words == 1:
            return [Query((item.text,), one_of_several=len(items) > 1) for item in items]
        return [Query(tuple(item.text for item in items))]

    def _words(self, line: str) -> Words:
        """The words of a line: all of it, if a query is one word, else what tabs or ASCII blanks part."""
        if self.max_words == 1:
            return (line.strip(BLANKS),)
        between_tabs = tuple(filter(None, (part.strip(BLANKS) for part in line.split("\t"))))
        if self.min_words <= len(between_tabs) <= self.max_words:
            return between_tabs
        return tuple(re.findall(f"[^{BLANKS}]+", line))


class Query(NamedTuple):
    """A query as it was typed, and the line of stdin it was read from."""

    words: Words
    line: int | None = None
    one_of_several: bool = False

    @property
    def place(self) -> str:
        """How an error message about it begins."""
        return f"line {self.line}: " if self.line else ""


class Reply(NamedTuple):
    """The results of a query, best first, or why there are none; and its words as the vocabulary has them.

    `unknown` are those that it has not, and what kind of subwords their vectors are made of.
    """

    query: Query
    results: Sequence[Answer] = ()
    error: str | None = None
    looked_up: Words = ()
    unknown: Mapping[str, str] = MappingProxyType({})


def replies_to(
    arguments: Sequence[str],
    vectors: Embeddings,
    form: QueryForm,
    solve: Solve,
    lookup: WordLookup | None = None,
) -> Iterator[Reply]:
    """The replies to the query of the arguments, or to those of stdin if there are none or they are "-".

    `solve` answers queries whose words are all known, as a batch; `lookup` finds them, if not as others do.
    """
    lookup = lookup or WordLookup(vectors)
    items = None
    for items in given(arguments, form.usage):
        queries = form.queries(items)
        looked_up = [_looked_up(query, form, lookup) for query in queries]
        answers = iter(solve([words for words in looked_up if not isinstance(words, EmbedkitError)]))
        for query, words in zip(queries, looked_up, strict=True):
            if isinstance(words, EmbedkitError):
                yield Reply(query, error=str(words))
            else:
                yield Reply(query, next(answers), looked_up=words, unknown=lookup.by_subwords(words))
    if items is None:
        raise click.UsageError(f"expected {form.usage}, or such lines on stdin; got neither")


def _looked_up(query: Query, form: QueryForm, lookup: WordLookup) -> Words | EmbedkitError:
    """The words of a query as the vocabulary spells them, or what is wrong with them."""
    try:
        form.check(query.words)
        return lookup.words(query.words)
    except EmbedkitError as error:
        return error
