"""What commands that encode texts say: frequencies that are estimated, and texts without known words."""

from __future__ import annotations

import click

from embedkit import Embeddings
from embedkit.vectors.texts.parameters import EncodingParameters

ENCODING = "Encoding of texts"


def warn_of_estimated_frequencies(vectors: Embeddings, parameters: EncodingParameters) -> None:
    """Say on stderr if weights need frequencies of words that the vectors do not tell."""
    if parameters.weights in ("sif", "usif") and vectors.vocabulary.counts is None:
        click.echo(
            "the vectors tell no counts of words: frequencies are estimated by rank (Zipf's law)", err=True
        )


def warn_of_unknown_texts(unknown: int, texts: int) -> None:
    """Warn on stderr of texts without a known word."""
    if unknown:
        told = "1 has" if unknown == 1 else f"{unknown:,} have"
        click.echo(f"Warning: of {texts:,} text{'s' * (texts != 1)}, {told} no word with a vector", err=True)
