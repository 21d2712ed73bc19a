"""embedkit emoji-vectors."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click

import embedkit
from embedkit.emoji.usage_texts import usage_texts
from embedkit.emoji.vectors import EmojiVectors
from embedkit.progress import console_progress
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit_cli.classifiers.text_files import TextFileOptions
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, output_option, quiet_option, vectors_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import Target, dtype_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made

USAGE, EMOJI = "Texts of --usage", "Vectors of emoji"


@click.command("emoji-vectors", cls=HeadedCommand, epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@vectors_option("add emoji to")
@output_option("FILE", "Words and emoji to write; the suffix decides the format.")
@click.option(
    "--usage",
    type=PATH,
    metavar="FILE",
    help="Texts with emoji to learn their usage from: the lines of a .txt file, or a .csv, .tsv, .jsonl or "
    ".parquet file with the emoji in the texts or in a column of their own.",
    **under(USAGE),
)
@options_of(TextFileOptions, "reading", USAGE)
@options_of(EmojiVectors, "maker", EMOJI)
@dtype_option
@made_format_option
@quiet_option
@click.pass_context
def emoji_vectors(
    ctx: click.Context,
    vectors: Path | None,
    output: Path,
    usage: Path | None,
    reading: TextFileOptions,
    maker: EmojiVectors,
    dtype: RowType | None,
    style: str,
    quiet: bool,
) -> None:
    """Add vectors of emoji to those of English words.

    The vector of an emoji is a weighted mean of the vectors of the words of its name and, with --usage, of
    the texts that hold it. Emoji that have a vector keep it; those whose names are mostly out of vocabulary
    are left out. Afterwards `embedkit neighbors 🍕 -v FILE` finds words near an emoji, and emoji are among
    the answers to all queries; tokenizers keep those of one character alone, if they keep punctuation.
    Analogies find 🇯🇵 where japan is right, so evaluate vectors without emoji.
    """
    begin = time.monotonic()
    target = Target.of(output, dtype)
    with console_progress(quiet) as progress:
        texts = usage_texts(usage, **asdict(reading)) if usage else None
        made = maker.add_to(embedkit.load(vectors, verify=True), texts, progress=progress)
        summary = target.save(made.with_metadata(command=command_line(ctx)))
    show_made(style, output, begin, summary=summary, quiet=quiet)
