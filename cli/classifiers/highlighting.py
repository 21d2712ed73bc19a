"""Texts with the words highlighted that decided their label."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from embedkit.progress import is_terminal
from embedkit_cli.shared.text import plain

if TYPE_CHECKING:
    from embedkit.models.assessment.occlusion import Occlusion

SHOWN, STRONG = 0.2, 0.6  # of the largest effect: what a word needs to be marked, and to be marked boldly


def highlighted(text: str, words: Sequence[Occlusion]) -> str:
    """The text with its deciding words in color on a terminal, else in brackets with their effects."""
    colored = is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    mark: Callable[[str, float, float], str] = _in_color if colored else _in_brackets
    largest = max((abs(word.effect) for word in words), default=0.0)
    parts, place = [], 0
    for begin, end, effect in words:
        share = abs(effect) / largest if largest else 0.0
        word = plain(text[begin:end])
        parts += [
            " " if begin > place and place else "",
            mark(word, effect, share) if share >= SHOWN else word,
        ]
        place = end
    return "".join(parts)


def _in_color(word: str, effect: float, share: float) -> str:
    """Blue speaks for the label, red against it."""
    return click.style(word, fg="blue" if effect > 0 else "red", bold=share >= STRONG)


def _in_brackets(word: str, effect: float, share: float) -> str:
    """The word "dull" gives "[dull +2.31]"."""
    return f"[{word} {effect:+.2f}]"
