"""embedkit vector."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from embedkit.arrays import Floats1d
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.texts.encoder import encoder_of_words
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.typed import TextLookup
from embedkit_cli.options import options_of
from embedkit_cli.query.encoding import ENCODING
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, EXPRESSIONS, QueryForm, replies_to
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.query.vector_styles import RENDERERS
from embedkit_cli.shared.common_options import format_option, vectors_option
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand, under


@click.command(cls=HeadedCommand, epilog=f"{EXPRESSIONS}\n{EPILOG}")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@vectors_option("query")
@unknown_option
@click.option("--normalize", is_flag=True, help="Give every vector length 1.", **under(OUTPUT))
@options_of(EncodingParameters, "parameters", ENCODING, without=("components",))
@format_option("json: one object per query; text: a line of a file of vectors; tsv: with tabs.")
def vector(
    words: tuple[str, ...],
    vectors: Path | None,
    unknown: str,
    normalize: bool,
    parameters: EncodingParameters,
    style: str,
) -> None:
    """Print the vector of each WORD, of a sum such as "paris - france", or of a text.

    Numbers are as short as they can be without being others in 32 bits; those of text can be read as a file
    of vectors. Words of a sum count as long as they are. What is neither, but has several words, is a text,
    encoded as by `embedkit encode`. Without words, or with -, every line of stdin is one of these.
    """
    space = load_queried(vectors, unknown)
    lookup, encoder = TextLookup(space), encoder_of_words(space, parameters)

    def solve(queries: list[tuple[str, ...]]) -> list[Floats1d]:
        found = [word for (word,) in queries]
        rows = lookup.vectors_of(found, lookup.texts_among(found), encoder)
        return list(unit_vectors(rows) if normalize else rows.astype(np.float32))

    replies = replies_to(words, space, QueryForm("one WORD", 1, 1), solve, lookup)
    show(replies, style, renderers=RENDERERS)
