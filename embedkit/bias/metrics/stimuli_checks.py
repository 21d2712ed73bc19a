"""Validation of files of association tests: the first problem and where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from embedkit.bias.topics.checks import text_problems, word_problems
from embedkit.bias.topics.documents import Problem, shown

TARGETS, ATTRIBUTES = ("x", "y"), ("a", "b")
LISTS = (*TARGETS, *ATTRIBUTES)
TABLES = ("labels", "left_out", "published")
TEXTS = ("source", "variant_of")
KEYS = (*LISTS, *TABLES, *TEXTS)
MIN_TARGETS = 2
MAX_TESTS = 200


def first_problem(document: Mapping[str, Any]) -> Problem | None:
    """The first problem of tests given as tables, lists and strings; None if there is none."""
    return next(_problems(document), None)


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    if not document:
        yield (), f"expected a table a test, each with the lists {', '.join(LISTS)}, got nothing"
    if len(document) > MAX_TESTS:
        yield (), f"expected at most {MAX_TESTS} tests, got {len(document):,}"
    for name, entry in document.items():
        yield from text_problems((name,), name)
        if not isinstance(entry, Mapping):
            yield (name,), f"expected a table of the lists {', '.join(LISTS)}, got {shown(entry)}"
        yield from _keys(name, entry)
        yield from _lists(name, entry)
        for key in TEXTS:
            yield from text_problems((name, key), entry.get(key, "none"))
        for key in TABLES:
            yield from _table(name, key, entry.get(key, {}))


def _keys(name: str, entry: Mapping[str, Any]) -> Iterator[Problem]:
    for key in entry:
        if key not in KEYS:
            yield (name, key), f"unknown key {shown(key)}; known are {', '.join(KEYS)}"
    for key in LISTS:
        if key not in entry:
            yield (name,), f"the list {key!r} is missing; a test needs {', '.join(LISTS)}"


def _lists(name: str, entry: Mapping[str, Any]) -> Iterator[Problem]:
    """No word twice in a list, none in both lists of a kind, and targets that can vary."""
    for key in LISTS:
        yield from word_problems((name, key), entry[key])
    for key in TARGETS:
        if len(entry[key]) < MIN_TARGETS:
            yield (name, key), f"expected at least {MIN_TARGETS} target words, got {shown(entry[key])}"
    for first, second in (TARGETS, ATTRIBUTES):
        for place, word in enumerate(entry[second]):
            if word in entry[first]:
                yield (name, second, place), f"{shown(word)} is in {first!r} already; leave it out of one"


def _table(name: str, key: str, table: object) -> Iterator[Problem]:
    """The labels or left-out words of lists, or numbers by the vectors that they are of."""
    if not isinstance(table, Mapping):
        yield (name, key), f"expected a table, got {shown(table)}"
        return
    for part, value in table.items():
        where = (name, key, part)
        if key == "published":
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield where, f"expected an effect size, got {shown(value)}"
        elif part not in LISTS:
            yield where, f"expected one of the lists {', '.join(LISTS)}, got {shown(part)}"
        else:
            yield from text_problems(where, value) if key == "labels" else word_problems(where, value)
