"""embedkit emoji-vectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

import embedkit
from embedkit.emoji.vectors import EmojiVectors
from embedkit.progress import console_progress
from embedkit.text.datasets.columns import find_columns, with_names
from embedkit.text.datasets.dataset import read_texts
from embedkit.text.datasets.tables import open_table
from embedkit.text.emoji import find_emoji
from embedkit.text.sources import TEXT_SUFFIXES
from embedkit.vectors.formats.registry import SUFFIX_HELP
from embedkit_cli.options import PATH, options_of, output_option, quiet_option, vectors_option
from embedkit_cli.shared.outputs import Target, kept_on_interrupt, quantize_option
from embedkit_cli.shared.provenance import command_line


@click.command("emoji-vectors", epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@vectors_option("add emoji to")
@output_option("FILE", "Words and emoji to write; the suffix decides the format.")
@click.option(
    "--usage",
    type=PATH,
    metavar="FILE",
    help="Texts with emoji to learn their usage from: the lines of a .txt file, or a .csv, .tsv, .jsonl or "
    ".parquet file with the emoji in the texts or in a column of their own.",
)
@options_of(EmojiVectors, "maker")
@quantize_option
@quiet_option
@click.pass_context
def emoji_vectors(
    ctx: click.Context,
    vectors: Path | None,
    output: Path,
    usage: Path | None,
    maker: EmojiVectors,
    quantize: str | None,
    quiet: bool,
) -> None:
    """Add vectors of emoji to those of English words.

    The vector of an emoji is a weighted mean of the vectors of the words of its name and, with --usage, of
    the texts that hold it. Emoji that have a vector keep it; those whose names are mostly out of vocabulary
    are left out. Afterwards `embedkit neighbors 🍕 -v FILE` finds words near an emoji, and emoji are among
    the answers to all queries; tokenizers keep those of one character alone, if they keep punctuation.
    Analogies find 🇯🇵 where japan is right, so evaluate vectors without emoji.
    """
    target = Target.of(output, quantize)
    with kept_on_interrupt(output), console_progress(quiet) as progress:
        texts = _texts(usage) if usage else None
        made = maker.add_to(embedkit.load(vectors), texts, progress=progress)
        summary = target.save(made.with_metadata(command=command_line(ctx)))
    if not quiet:
        click.echo(summary, err=True)


def _texts(path: Path) -> Iterator[str]:
    """The lines of a .txt file, or the texts of a table, each with the emoji that stand beside it."""
    if path.name.lower().endswith(TEXT_SUFFIXES):
        yield from read_texts(path)
        return
    table = with_names(open_table(path), None)
    column = find_columns(table, None, None, labelled=False).text
    for _, cells in table.rows():
        text, *others = map(str, [cells[column], *cells[:column], *cells[column + 1 :]])
        yield " ".join([text, *(occurrence.emoji for cell in others for occurrence in find_emoji(cell))])
