"""embedkit tokenize."""

from __future__ import annotations

import time
from pathlib import Path

import click

from embedkit import Corpus
from embedkit.progress import console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit_cli.options import options_of
from embedkit_cli.shared.clusters import cluster_option, connected
from embedkit_cli.shared.common_options import output_option, quiet_option
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand, under
from embedkit_cli.shared.outputs import check_kind
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.training.raw_text import FILES, RAW_TEXT, TextOptions


@click.command(cls=HeadedCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("CORPUS", "Folder to write; an existing one is replaced only if it is a corpus.", puts=True)
@options_of(Reading, "reading", FILES)
@options_of(TextOptions, "text", RAW_TEXT)
@click.option(
    "--append",
    is_flag=True,
    help="Add the text to CORPUS, whose words keep their ids.",
    **under(OUTPUT),
)
@click.option(
    "--max-vocabulary",
    type=int,
    metavar="N",
    help="Maximum vocabulary size; keeps the most frequent words.",
    **under(OUTPUT),
)
@click.option(
    "--workers",
    type=int,
    metavar="N",
    help="Number of threads or processes; default: one per core; the result does not depend on it.",
    **under(OUTPUT),
)
@cluster_option
@made_format_option
@quiet_option
def tokenize(
    inputs: tuple[str, ...],
    output: Path | str,
    reading: Reading,
    text: TextOptions,
    append: bool,
    max_vocabulary: int | None,
    workers: int | None,
    address: str | None,
    style: str,
    quiet: bool,
) -> None:
    """Tokenize text into a corpus, to train on many times.

    INPUT is a text file, a table (.csv, .tsv, .jsonl, .parquet), either also as .gz, .bz2, .xz or .zst; a
    .zip or .tar archive or a folder of them; a glob in quotes; or - for stdin. Each line of text and each row
    of a table is a document; words that begin with __label__, fastText's labels, are left out.

    If it is interrupted, the same command goes on from the blocks of text that were done.
    """
    begin = time.monotonic()
    if isinstance(output, Path):
        check_kind(output, folder=True)
    if append and max_vocabulary is not None:
        raise click.UsageError("--append keeps all words that CORPUS has, so --max-vocabulary cannot apply")
    with console_progress(quiet) as progress, connected(address, progress) as cluster:
        on = {"workers": workers, "cluster": cluster, "progress": progress}
        how = {**text.arguments(), "reading": reading, **on}
        if append:
            corpus = Corpus.open(output).append(inputs, **how)
        else:
            corpus = Corpus.encode(inputs, output, max_vocabulary=max_vocabulary, **how)
    summary = (
        f"wrote {output}: {corpus.words:,} words, {len(corpus.vocabulary):,} of them different, in "
        f"{corpus.documents:,} document{'s'[: corpus.documents - 1]}; {time.monotonic() - begin:.1f} s"
    )
    if dropped := corpus.recipe.get("dropped"):
        summary += (
            f"\ndropped about {dropped['types']:,} different words, found {dropped['tokens']:,} times; "
            f"all words found more than {dropped['highest_count']:,} times were kept"
        )
    show_made(style, output, begin, summary=summary, quiet=quiet, described=corpus.path)
