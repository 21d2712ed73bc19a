"""Translations as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from embedkit_cli.shared.tables import tsv_lines
from embedkit_cli.shared.text import json_line, plain, rounded

if TYPE_CHECKING:
    from embedkit.translation.translator import Translation

NAMES = ("text", "translation", "log_probability", "score")


def as_text(answers: Sequence[Translation]) -> str:
    """The best answer; of several each on a line, behind its score."""
    if len(answers) == 1:
        return plain(answers[0].text)
    return "".join(f"{answer.score:9.4f}  {plain(answer.text)}\n" for answer in answers)


def as_json(text: str, answers: Sequence[Translation]) -> str:
    """One object on one line."""
    return json_line({"text": text, "translations": [rounded(answer._asdict()) for answer in answers]})


def as_tsv(text: str, answers: Sequence[Translation]) -> str:
    """A line an answer: the text, the translation, its log probability and its score."""
    _, *lines = tsv_lines(NAMES, [(text, *answer) for answer in answers])
    return "\n".join(lines)
