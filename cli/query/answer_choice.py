"""Which words may answer: the options --limit, --candidates and --exclude."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from embedkit import Embeddings, WordLookup
from embedkit.vectors.word_selection import find_words, listed_words
from embedkit_cli.shared.common_options import COUNT, PATH, Function


class AnswerChoice(NamedTuple):
    """What was typed about the words that may answer."""

    limit: int | None
    listed: Path | None
    exclude: tuple[str, ...]

    def arguments(self, vectors: Embeddings) -> dict[str, Any]:
        """The arguments `exclude` and `candidates` of queries.

        Raises:
            InputError: a list of which the vectors know no word.
            UnknownWordError: a word to exclude that the vectors have not.
        """
        if self.limit is not None and self.listed is not None:
            raise click.UsageError("--limit and --candidates both choose the answers; give one of them")
        chosen = self.limit if self.listed is None else self._known(vectors, self.listed)
        return {"exclude": WordLookup(vectors).words(self.exclude), "candidates": chosen}

    @staticmethod
    def _known(vectors: Embeddings, listed: Path) -> list[str]:
        """The words of a file that the vectors know."""
        return find_words(vectors, listed_words(listed))


def answer_options(function: Function) -> Function:
    """The options that tell which words may answer; the command receives an `AnswerChoice`."""

    @click.option(
        "--limit",
        type=COUNT,
        metavar="N",
        help="Answer with the first N words alone, which are the most frequent ones in most files.",
    )
    @click.option(
        "--candidates",
        "listed",
        type=PATH,
        metavar="FILE",
        help="Answer with the words of FILE alone, one a line; unknown ones are named.",
    )
    @click.option(
        "--exclude", multiple=True, metavar="WORD", help="Do not answer with this word; may be repeated."
    )
    @wraps(function)
    def command(
        *args: Any, limit: int | None, listed: Path | None, exclude: tuple[str, ...], **values: Any
    ) -> Any:
        return function(*args, choice=AnswerChoice(limit, listed, exclude), **values)

    return command  # type: ignore[return-value]
