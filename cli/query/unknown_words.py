"""The option --unknown: what becomes of words that the vectors do not have."""

from __future__ import annotations

from pathlib import Path

import click

import embedkit
from embedkit import Embeddings
from embedkit_cli.shared.headings import INPUT, under

ESTIMATE = "estimate"

unknown_option = click.option(
    "--unknown",
    type=click.Choice(("error", ESTIMATE)),
    default="error",
    show_default=True,
    help="Unknown words are errors, or get vectors estimated from their characters, if the vectors have no "
    "subwords of their own; estimates are marked.",
    **under(INPUT),
)


def load_queried(path: Path | None, unknown: str) -> Embeddings:
    """The vectors that a command queries, which estimate those of unknown words if that was asked for."""
    vectors = embedkit.load(path)
    wanted = unknown == ESTIMATE and vectors.subwords is None
    return embedkit.estimate_unknown_words(vectors) if wanted else vectors
