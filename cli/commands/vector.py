"""embedkit vector."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

import embedkit
from embedkit.vectors.lookup import ExpressionLookup
from embedkit.vectors.norms import unit_vectors
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, EXPRESSIONS, QueryForm, replies_to
from embedkit_cli.query.vector_styles import RENDERERS
from embedkit_cli.shared.common_options import format_option, vectors_option


@click.command(epilog=f"{EXPRESSIONS}\n{EPILOG}")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@vectors_option("query")
@click.option("--normalize", is_flag=True, help="Give every vector length 1.")
@format_option("json: one object per query; text: a line of a file of vectors; tsv: with tabs.")
def vector(words: tuple[str, ...], vectors: Path | None, normalize: bool, style: str) -> None:
    """Print the vector of each WORD, or of a sum such as "paris - france".

    Numbers are as short as they can be without being others in 32 bits; those of text can be read as a file
    of vectors. Words of a sum count as long as they are. Without words, or with -, every line of stdin is a
    word or a sum.
    """
    space = embedkit.load(vectors)

    def solve(queries: list[tuple[str, ...]]) -> list[np.ndarray]:
        rows = np.array([space.expression(word) for (word,) in queries]).reshape(-1, space.vector_size)
        return list(unit_vectors(rows) if normalize else rows.astype(np.float32))

    show(
        replies_to(words, space, QueryForm("one WORD", 1, 1), solve, ExpressionLookup(space)),
        style,
        renderers=RENDERERS,
    )
