"""embedkit phrases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click

from embedkit import Phrases, find_phrases
from embedkit.progress import console_progress
from embedkit.text.phrases.settings import PhraseSearch
from embedkit.text.reading.file_reading import Reading
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import format_option, output_option, quiet_option, top_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.outputs import check_file
from embedkit_cli.shared.results import show_made
from embedkit_cli.shared.tables import Column, Table, text_table, tsv_lines
from embedkit_cli.shared.text import rounded
from embedkit_cli.training.raw_text import FILES, RAW_TEXT, TextOptions, check_inputs, reading_arguments

COLUMNS = ("phrase", "score", "frequency")


@click.command(cls=HeadedCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "Phrases to write: text, a line a phrase, the best first.")
@top_option("Number of phrases to print, the best first; default: none.", default=None)
@format_option("json: one object, whose 'best' are those of --top; tsv: phrase, score and frequency.")
@options_of(PhraseSearch, "search", "Phrases")
@options_of(Reading, "reading", FILES)
@options_of(TextOptions, "text", RAW_TEXT)
@quiet_option
def phrases(
    inputs: tuple[str, ...],
    output: Path,
    top: int | None,
    style: str,
    search: PhraseSearch,
    reading: Reading,
    text: TextOptions,
    quiet: bool,
) -> None:
    """Find phrases: words that stand together more often than by chance.

    INPUT is a corpus made by `embedkit tokenize`, or raw text, as that reads it: texts, tables by a column,
    archives, folders, globs in quotes, or - for stdin.

    A pair of words with nothing but connector words between them is a phrase if its score exceeds the
    threshold; later passes join phrases into longer ones.
    """
    begin = time.monotonic()
    check_file(output)
    check_inputs(inputs, output)
    with console_progress(quiet) as progress:
        raw = {**text.arguments(), **reading_arguments(reading)}
        found = find_phrases(inputs, **raw, **asdict(search), progress=progress)
    found.save(output)
    seconds = time.monotonic() - begin
    summary = f"wrote {output}: {_summary(found)}; {seconds:.1f} s in all"
    rows = [(phrase.token, phrase.score, phrase.frequency) for phrase in islice(found, top or 0)]
    best = [rounded(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    text = _listing(rows, style) if rows else ""
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet, best=best)


def _summary(found: Phrases) -> str:
    """How many phrases there are, and how long they are."""
    if not found:
        return "no phrases; a lower threshold or min-count finds some"
    return f"{len(found):,} phrases of up to {max(len(phrase.words) for phrase in found)} words"


def _listing(rows: Sequence[tuple[str, float, int]], style: str) -> str:
    """The best phrases as text or TSV."""
    if style == "tsv":
        return "\n".join(tsv_lines(COLUMNS, rows))
    columns = [Column("phrase"), Column("score", number=True), Column("frequency", number=True)]
    cells = [(token, f"{score:.4f}", f"{frequency:,}") for token, score, frequency in rows]
    return text_table(Table(columns, cells))
