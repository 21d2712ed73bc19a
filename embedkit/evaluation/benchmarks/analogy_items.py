"""Analogy benchmarks: questions a : b :: c : d, in categories.

Three forms are read:

- Google's (Mikolov, Chen, Corrado and Dean 2013): a header `: category`, then a question `a b c d` a line.
- MSR's (Mikolov, Yih and Zweig 2013): `word_relationship.questions` with `a b c` a line, and beside it
  `word_relationship.answers` with `TAG_TAG d`, where the part-of-speech tags are the category.
- MSR's in one file, as it is passed around: `a b c TAG_TAG d` or `a b c d TAG_TAG`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.evaluation.benchmarks.file import (
    BenchmarkFile,
    check_parts,
    items,
    mostly,
    number,
    read_file,
    sections,
)

QUESTIONS, ANSWERS = ".questions", ".answers"
TAGS = re.compile(r"(JJ|NN|VB)[A-Z]*_(JJ|NN|VB)[A-Z]*", re.IGNORECASE)
SYNTACTIC = re.compile(rf"gram\d|(adjective|noun|verb)-|[ID]\d\d \[|{TAGS.pattern}$", re.IGNORECASE)


class Question(NamedTuple):
    """`a` is to `b` as `c` is to `d`."""

    category: str
    a: str
    b: str
    c: str
    d: str

    @property
    def words(self) -> tuple[str, str, str, str]:
        """The four words."""
        return self[1:]


@dataclass(frozen=True)
class AnalogyBenchmark:
    """Questions, in the order of their file."""

    name: str
    questions: tuple[Question, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.questions:
            raise InputError(f"{self.name}: expected questions, got none")
        check_parts(self.name, self.categories)

    def __len__(self) -> int:
        return len(self.questions)

    @property
    def categories(self) -> tuple[str, ...]:
        """Their names, each once, in order of appearance."""
        return tuple(dict.fromkeys(question.category for question in self.questions))


def is_syntactic(category: str) -> bool:
    """Whether a category asks for forms of words: Google's gram*, MSR's pairs of tags, BATS' I and D."""
    return SYNTACTIC.match(category) is not None


def fits_analogies(file: BenchmarkFile) -> bool:
    """Whether the lines are questions, or the first three words of questions in MSR's form."""
    lines = [line for line in file.filled if not line.text.startswith(":")]
    if mostly(lines, _three_words):
        return file.path.suffix == QUESTIONS or file.path.with_suffix(ANSWERS).is_file()
    return mostly(lines, _tagged)


def parse_analogies(file: BenchmarkFile) -> AnalogyBenchmark:
    """The questions of a file; `FormatError` names the lines that are none."""
    if mostly(file.filled, _three_words):
        return AnalogyBenchmark(file.name, _with_answers(file))
    questions = []
    for section in sections(file):
        quadruples = items(file.path, section.filled, _tagged, "four words (and in MSR's form their tags)")
        questions += [Question(tag or section.name, *words) for tag, words in quadruples]
    return AnalogyBenchmark(file.name, tuple(questions))


def _with_answers(file: BenchmarkFile) -> tuple[Question, ...]:
    """The questions of one file with the answers of the file beside it, which must have as many lines."""
    answers = read_file(file.path.with_suffix(ANSWERS))
    asked = items(file.path, file.filled, _three_words, "three words")
    given = items(answers.path, answers.filled, _answer, "tags and a word")
    if len(asked) != len(given):
        raise FormatError(f"{file.path} has {len(asked)} questions, {answers.path} {len(given)} answers")
    return tuple(Question(tag, *abc, d) for abc, (tag, d) in zip(asked, given, strict=True))


def _tagged(text: str) -> tuple[str, tuple[str, str, str, str]] | None:
    """The tags, "" if there are none, and the four words: "good better bad JJ_JJR worse" -> "JJ_JJR", ..."""
    words = text.split()
    for tags, answer in ((3, 4), (4, 3)):
        if len(words) == 5 and TAGS.fullmatch(words[tags]):
            return words[tags].upper(), (words[0], words[1], words[2], words[answer])
    if len(words) != 4 or number(words[3]) is not None:
        return None
    return "", (words[0], words[1], words[2], words[3])


def _three_words(text: str) -> tuple[str, str, str] | None:
    words = text.split()
    if len(words) != 3 or number(words[2]) is not None:
        return None
    return words[0], words[1], words[2]


def _answer(text: str) -> tuple[str, str] | None:
    words = text.split()
    return (words[0].upper(), words[1]) if len(words) == 2 and TAGS.fullmatch(words[0]) else None
