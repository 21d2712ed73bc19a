"""Validation of topics: the first problem and where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from embedkit.bias.topics.documents import Problem, cut, shown
from embedkit.bias.topics.line_numbers import KeyPath

REQUIRED = ("name", "classes", "definitional")
KEYS = (*REQUIRED, "equalize", "specific", "neutral", "citations", "license")
TEXTS = ("name", "license")
LISTS = ("specific", "neutral", "citations")
MAX_CLASSES = 100
MAX_TEXT = 1000
SETS = ("definitional", "equalize")


def first_problem(document: Mapping[str, Any]) -> Problem | None:
    """The first problem of a topic given as tables, lists and strings; None if there is none."""
    return next(_problems(document), None)


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Types come first, so that the checks of their contents need not repeat them."""
    for key in document:
        if key not in KEYS:
            yield (key,), f"unknown key {shown(key)}; known are {', '.join(KEYS)}"
    for key in REQUIRED:
        if key not in document:
            yield (), f"the key {shown(key)} is missing; a topic needs {', '.join(REQUIRED)}"
    for key in TEXTS:
        yield from text_problems((key,), document.get(key, "none"))
    for key in LISTS:
        if key in document:
            yield from word_problems((key,), document[key])
    yield from _classes(document["classes"])
    for key in SETS:
        if key in document:
            yield from _sets(key, document[key])
    yield from _sizes(document)
    yield from _overlaps(document)


def text_problems(path: KeyPath, value: object) -> Iterator[Problem]:
    """A text of a moderate length, without white space around it."""
    if not isinstance(value, str) or not value or value != value.strip():
        yield path, f"expected a text without white space around it, got {shown(value)}"
    elif len(value) > MAX_TEXT:
        yield path, f"expected a text of at most {MAX_TEXT:,} characters, got {len(value):,}"


def word_problems(path: KeyPath, words: object) -> Iterator[Problem]:
    """A list of texts, none of them twice."""
    if not isinstance(words, list | tuple) or not words:
        yield path, f"expected a list of texts that is not empty, got {shown(words)}"
        return
    seen = set[str]()
    for place, word in enumerate(words):
        yield from text_problems((*path, place), word)
        if word in seen:
            yield (*path, place), f"{shown(word)} is there twice; each word may be in the list once"
        seen.add(word)


def _classes(classes: object) -> Iterator[Problem]:
    if not isinstance(classes, Mapping) or not 2 <= len(classes) <= MAX_CLASSES:
        expected = f"a table of two or more classes, at most {MAX_CLASSES}, each a list of words"
        yield ("classes",), f"expected {expected}, got {shown(classes)}"
        return
    home: dict[str, str] = {}
    for name, words in classes.items():
        yield from word_problems(("classes", name), words)
        for place, word in enumerate(words):
            if home.setdefault(word, name) != name:
                yield ("classes", name, place), f"{shown(word)} is in the class {shown(home[word])} already"


def _sets(key: str, sets: object) -> Iterator[Problem]:
    if not isinstance(sets, list | tuple) or not sets:
        yield (key,), f"expected a list of sets of words that is not empty, got {shown(sets)}"
        return
    for place, words in enumerate(sets):
        yield from word_problems((key, place), words)
        if len(words) < 2:
            yield (key, place), f"expected two or more words, got {shown(list(words))}"


def _sizes(document: Mapping[str, Any]) -> Iterator[Problem]:
    """A definitional set has a word of each class, in the order of the classes."""
    classes = list(document["classes"])
    for place, words in enumerate(document["definitional"]):
        if len(words) != len(classes):
            expected = f"{len(classes)} words, one of each class ({cut(', '.join(classes))})"
            yield ("definitional", place), f"expected {expected}, got {shown(list(words))}"


def _overlaps(document: Mapping[str, Any]) -> Iterator[Problem]:
    """No word can be equalized twice, none is both protected and neutral."""
    equalized = set[str]()
    for place, words in enumerate(document.get("equalize", ())):
        for column, word in enumerate(words):
            if word in equalized:
                yield (
                    ("equalize", place, column),
                    f"{shown(word)} is in another set already; sets share no word",
                )
        equalized.update(words)
    definitional_words = equalized.union(
        document.get("specific", ()), *document["definitional"], chain(*document["classes"].values())
    )
    for place, word in enumerate(document.get("neutral", ())):
        if word in definitional_words:
            yield (
                ("neutral", place),
                f"{shown(word)} belongs to a class by definition, as another key says; leave it out of one",
            )
