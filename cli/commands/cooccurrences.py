"""embedkit cooccurrences."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click

from embedkit import Cooccurrences
from embedkit.progress import console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit.training.counts.cooccurrences import Counting
from embedkit_cli.options import options_of
from embedkit_cli.shared.checkpoints import Saving, restart_option
from embedkit_cli.shared.clusters import cluster_option, connected
from embedkit_cli.shared.common_options import output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.outputs import check_file
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.training.raw_text import FILES, RAW_TEXT, TextOptions, check_inputs, reading_arguments


@click.command(cls=HeadedCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "Counts to write, for train-glove and train-svd.")
@options_of(Counting, "counting", "Counting")
@options_of(Reading, "reading", FILES)
@options_of(TextOptions, "text", RAW_TEXT)
@restart_option
@cluster_option
@made_format_option
@quiet_option
def cooccurrences(
    inputs: tuple[str, ...],
    output: Path,
    counting: Counting,
    reading: Reading,
    text: TextOptions,
    saving: Saving,
    address: str | None,
    style: str,
    quiet: bool,
) -> None:
    """Count the co-occurrences of words.

    INPUT is a corpus made by `embedkit tokenize`, or raw text, as that reads it: texts, tables by a column,
    archives, folders, globs in quotes, or - for stdin. Words outside the vocabulary are removed first, and
    leave no gap in context windows.
    """
    begin = time.monotonic()
    check_file(output)
    check_inputs(inputs, output)
    with (
        console_progress(quiet) as progress,
        connected(address, progress) as cluster,
        saving.beside(output) as checkpoint,
    ):
        counted = Cooccurrences.count(
            inputs,
            output,
            **text.arguments(),
            **reading_arguments(reading),
            **asdict(counting),
            progress=progress,
            checkpoint=checkpoint,
            cluster=cluster,
        )
    summary = (
        f"wrote {output}: {counted.nonzeros:,} counts of {len(counted.vocabulary):,} words, "
        f"{output.stat().st_size / 1e6:,.2f} MB; {time.monotonic() - begin:.1f} s in all"
    )
    show_made(style, output, begin, summary=summary, quiet=quiet)
