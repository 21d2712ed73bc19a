"""embedkit retrofit."""

from __future__ import annotations

import time
from pathlib import Path

import click

import embedkit
from embedkit import Retrofitting
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.outputs import Target, check_not_read, dtype_option
from embedkit_cli.shared.results import made_format_option, show_made


@click.command(cls=HeadedCommand, epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@click.argument("source", type=PATH, metavar="VECTORS")
@click.argument("lexicon", type=PATH)
@output_option("FILE", "Vectors to write; the suffix decides the format.")
@options_of(Retrofitting, "method", "Retrofitting")
@dtype_option
@made_format_option
@quiet_option
def retrofit(
    source: Path,
    lexicon: Path,
    output: Path,
    method: Retrofitting,
    dtype: RowType | None,
    style: str,
    quiet: bool,
) -> None:
    """Draw the vectors of synonyms together (Faruqui et al. 2015).

    LEXICON is a file of lines `word synonym synonym ...`. Links count in both directions; words without any
    keep their vectors.
    """
    begin = time.monotonic()
    check_not_read(output, source, lexicon)
    target = Target.of(output, dtype)
    vectors = embedkit.load(source, verify=True)
    made = embedkit.retrofit(vectors, lexicon, method)
    step = made.metadata["transforms"][-1]
    summary = target.save(made, vectors)
    found = (
        f"{step['words']:,} words have {step['links']:,} links; {step['unknown_words']:,} words of the "
        f"lexicon are unknown; {step['rounds']} rounds"
    )
    show_made(style, output, begin, summary=f"{found}\n{summary}", quiet=quiet)
