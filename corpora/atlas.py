"""The atlas: a generated corpus, and the analogies that a trainer must find in it.

`facts.json` holds what is known: a row is one subject, say a country with its capital, nationality,
currency, places and dishes. `templates.json` holds how it is said: sentences for each column of a table,
with slots that a row fills. Two things make every relation learnable as an offset between vectors (Mikolov,
Yih and Zweig 2013): the words of one row share context words that no other row of the table has (its
places, its topics), and the words of one column share sentences that no other column has.

What it is: a self-check. A sound trainer solves nearly all of `questions()` after a few seconds; vectors
that learned nothing solve none. What it is not: evidence of quality on real text, whose words are rarer,
ambiguous and unevenly spread. Every word is frequent here (2,621 different ones in a million), so train
with `sample=1e-3`; at 1e-4 more than half of the text is passed over.

The text is lowercase words and spaces, a document a line, so that every tokenizer finds the same tokens.
One seed gives the same bytes on every Python: only `random.Random(seed).random()` is drawn from, whose
sequence the language guarantees.

    python -m embedkit_corpora.atlas atlas.txt --questions questions.txt

The benchmark `atlas`, atlas.txt beside this file, is what that writes to questions.txt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from math import ceil
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

import click

from embedkit.errors import EmbedkitError, InputError
from embedkit.evaluation.benchmarks.analogy_items import Question
from embedkit.files import atomic_file

WORDS = 1_000_000
SEED = 1
SENTENCES = 6  # in one document, or a few more: as many about each word of the row
PARTNERS = 10  # how many other pairs of its relation a pair is asked with

RELATIONS = {  # name -> table, from column, to column
    "country-capital": ("countries", "country", "capital"),
    "country-nationality": ("countries", "country", "nationality"),
    "country-currency": ("countries", "country", "currency"),
    "male-female": ("couples", "male", "female"),
    "adjective-comparative": ("adjectives", "base", "comparative"),
    "adjective-superlative": ("adjectives", "base", "superlative"),
    "verb-past": ("verbs", "base", "past"),
    "verb-progressive": ("verbs", "base", "progressive"),
    "noun-plural": ("nouns", "singular", "plural"),
    "positive-negative": ("opposites", "positive", "negative"),
}

# A string is a word of the row, a list holds context words that its sentences draw from.
Row = Mapping[str, str | list[str]]
T = TypeVar("T")


class Subject(NamedTuple):
    """One row of a table, with the sentences that can be written about each of its words."""

    row: Row
    templates: list[list[str]]


class Slots:
    """What the slots of one sentence stand for: a word of the row, or one drawn from a list, never twice."""

    def __init__(self, row: Row, random: Random) -> None:
        self._row, self._random = row, random
        self._drawn: set[str] = set()

    def __getitem__(self, slot: str) -> str:
        value = self._row.get(slot) or templates()["words"][slot]
        if isinstance(value, str):
            return value
        while (word := _pick(value, self._random)) in self._drawn:
            pass
        self._drawn.add(word)
        return word


def documents(*, words: int = WORDS, seed: int = SEED) -> Iterator[str]:
    """Yield documents of a few sentences, each about one subject, until there are at least `words` words."""
    if words < 1:
        raise InputError(f"words is {words}; it must be at least 1")
    random = Random(seed)  # noqa: S311  # nothing here is secret
    written = 0
    while True:
        for subject in _shuffled(_subjects(), random):
            document = _document(subject, random)
            yield document
            written += document.count(" ") + 1
            if written >= words:
                return


def questions() -> list[Question]:
    """Every pair of a relation, asked with the next `PARTNERS` pairs of that relation in turn."""
    asked = []
    for category, (table, source, target) in RELATIONS.items():
        rows = [words for words in map(_words, facts()[table]) if target in words]
        pairs = [(words[source], words[target]) for words in rows]
        for i, pair in enumerate(pairs):
            partners = (pairs + pairs)[i + 1 : i + 1 + PARTNERS]
            asked += [Question(category, *pair, *partner) for partner in partners]
    return asked


def write_corpus(path: str | Path, *, words: int = WORDS, seed: int = SEED) -> None:
    """Write `documents(words=words, seed=seed)` to `path`, one a line."""
    with atomic_file(Path(path)) as stream:
        stream.writelines(f"{document}\n".encode() for document in documents(words=words, seed=seed))


def write_questions(path: str | Path, asked: Sequence[Question] | None = None) -> None:
    """Write questions, by default `questions()`, in the form of Google's set.

    A line `: category` stands above the questions of the category, `a b c d` each.
    """
    with atomic_file(Path(path)) as stream:
        for category, group in groupby(questions() if asked is None else asked, attrgetter("category")):
            stream.write(f": {category}\n".encode())
            stream.writelines(f"{' '.join(question[1:])}\n".encode() for question in group)


@cache
def facts() -> dict[str, list[Row]]:
    """The tables of `facts.json`."""
    tables: dict[str, list[Row]] = _load("facts.json")
    return tables


@cache
def templates() -> dict[str, dict[str, list[str]]]:
    """The sentences of `templates.json` for each table and column; `words` are lists all tables share."""
    tables: dict[str, dict[str, list[str]]] = _load("templates.json")
    return tables


def _load(name: str) -> Any:  # JSON
    return json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _words(row: Row) -> dict[str, str]:
    """The columns of a row, such as {"singular": "ox", "plural": "oxen"}, without its lists."""
    return {column: word for column, word in row.items() if isinstance(word, str)}


@cache
def _subjects() -> list[Subject]:
    """All rows of all tables, in the order of the file."""
    return [
        Subject(row, [templates()[table][column] for column in _words(row)])
        for table, rows in facts().items()
        for row in rows
    ]


def _document(subject: Subject, random: Random) -> str:
    """As many sentences about each word of the row, no template twice, in random order."""
    each = ceil(SENTENCES / len(subject.templates))
    chosen = [template for column in subject.templates for template in _shuffled(column, random)[:each]]
    return " ".join(t.format_map(Slots(subject.row, random)) for t in _shuffled(chosen, random))


def _pick(items: Sequence[T], random: Random) -> T:
    return items[int(random.random() * len(items))]


def _shuffled(items: Sequence[T], random: Random) -> list[T]:
    return sorted(items, key=lambda _: random.random())


@click.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option(
    "--questions", "questions_file", type=click.Path(path_type=Path), help="Also write the analogies."
)
@click.option("--words", default=WORDS, show_default=True, help="Length of the corpus.")
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another text of the same facts.")
def main(output: Path, questions_file: Path | None, words: int, seed: int) -> None:
    """Write the atlas corpus to OUTPUT, one document a line."""
    try:
        write_corpus(output, words=words, seed=seed)
        if questions_file:
            write_questions(questions_file)
    except EmbedkitError as error:
        raise click.UsageError(str(error)) from None


if __name__ == "__main__":
    main()
