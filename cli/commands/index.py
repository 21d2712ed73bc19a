"""embedkit index."""

from __future__ import annotations

import time
from pathlib import Path

import click

import embedkit
from embedkit.progress import console_progress
from embedkit.vectors.search.approximate import IndexParameters
from embedkit.vectors.search.vector_index import VectorIndex
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.common_options import COUNT, PATH, output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_file, check_not_read
from embedkit_cli.shared.results import made_format_option, show_made


@click.command(cls=HeadedCommand)
@click.argument("vectors", type=PATH, metavar="VECTORS")
@output_option("FILE", "Index to write, for `embedkit neighbors --approximate`.")
@options_of(IndexParameters, "parameters", "Index")
@click.option(
    "--recall-queries",
    type=COUNT,
    default=1000,
    show_default=True,
    metavar="N",
    help="Words drawn to measure the recall on.",
    **under("Recall"),
)
@seed_option("Recall")
@made_format_option
@quiet_option
def index(
    vectors: Path,
    output: Path,
    parameters: IndexParameters,
    recall_queries: int,
    seed: int,
    style: str,
    quiet: bool,
) -> None:
    """Index vectors, to find neighbors approximately and fast.

    The recall is printed: the share of the ten nearest words that the index finds, over words drawn from the
    vectors, each left out itself, beside the exact search. Whatever it finds has its exact cosine.
    """
    begin = time.monotonic()
    check_file(output)
    check_not_read(output, vectors)
    space = embedkit.load(vectors)
    with console_progress(quiet) as progress:
        made = VectorIndex.build(
            space, parameters, recall_queries=recall_queries, seed=seed, progress=progress
        )
    made.save(output)
    recall = made.recall
    text = (
        f"recall@10 {recall.value:.4f} (95% interval {recall.low:.4f} to {recall.high:.4f}, "
        f"{recall.queries:,} words)"
    )
    summary = (
        f"wrote {output}: {len(made.graph):,} words x {space.vector_size}, "
        f"{output.stat().st_size / 1e6:,.2f} MB; {time.monotonic() - begin:.1f} s in all"
    )
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet)
