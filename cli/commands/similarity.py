"""embedkit similarity."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from embedkit import Answer
from embedkit.vectors.texts.pairs import Measure, compare_pairs
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.typed import TextLookup
from embedkit_cli.options import options_of
from embedkit_cli.query.encoding import ENCODING
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, QueryForm, Reply, replies_to
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import format_option, vectors_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.text import plain


@click.command(cls=HeadedCommand, epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[A B]")
@vectors_option("query")
@unknown_option
@click.option(
    "--measure",
    type=click.Choice(get_args(Measure)),
    default="cosine",
    show_default=True,
    help="cosine: of two words or of encoded texts; soft-cosine: of texts, by the cosines of their words; "
    "euclidean and wmd (word mover's distance): distances, 0 for the same.",
    **under("Comparison"),
)
@options_of(EncodingParameters, "parameters", ENCODING, without=("components",))
@format_option("json: one object per query; tsv: query, word and score.")
def similarity(
    words: tuple[str, ...],
    vectors: Path | None,
    unknown: str,
    measure: Measure,
    parameters: EncodingParameters,
    style: str,
) -> None:
    """Print the similarity of two words or texts.

    An argument that is no word of the vectors is a sum of words, such as "france - paris", or, if it has
    several words, a text. Without arguments, or with
    -, every line of stdin is a pair, printed with its similarity; two texts are parted by a tab. In JSON and
    TSV the similarity is the score of B.
    """
    space = load_queried(vectors, unknown)

    def compared(pairs: list[tuple[str, ...]]) -> list[list[Answer]]:
        scores = compare_pairs(space, [(a, b) for a, b in pairs], measure, parameters)
        return [[Answer(b, score)] for (_, b), score in zip(pairs, scores, strict=True)]

    form = QueryForm("two words or texts A B", 2, 2)
    show(replies_to(words, space, form, compared, TextLookup(space)), style, _as_text)


def _as_text(reply: Reply) -> str:
    pair = plain(" ".join(reply.query.words)) + "  " if reply.query.one_of_several else ""
    return "\n".join(f"{pair}{answer.score:.4f}" for answer in reply.results)
