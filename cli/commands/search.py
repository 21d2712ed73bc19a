"""embedkit search."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from shutil import get_terminal_size
from textwrap import shorten

import click

import embedkit
from embedkit.progress import console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.source_lines import SourceLine, source_lines
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.search import rank_items
from embedkit_cli.options import options_of
from embedkit_cli.query.encoding import ENCODING, warn_of_estimated_frequencies, warn_of_unknown_texts
from embedkit_cli.shared.common_options import format_option, quiet_option, top_option, vectors_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.text import DIGITS, json_line, plain
from embedkit_cli.training.raw_text import FILES

NARROWEST = 40  # characters of a text that are printed beside its place, at least

MatchRenderer = Callable[[float, SourceLine], str]


@click.command(
    cls=HeadedCommand,
    epilog="Scores are cosines of encoded texts. Components and tfidf weights are learned from the first 4 "
    "million characters. Texts without a word that has a vector are never found.",
)
@click.argument("query", metavar="QUERY")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@top_option("Number of texts to print.")
@format_option("json: one object per text; tsv: score, file, line and text.")
@vectors_option("encode texts with")
@options_of(EncodingParameters, "parameters", ENCODING)
@options_of(Reading, "reading", FILES)
@quiet_option
def search(
    query: str,
    inputs: tuple[str, ...],
    vectors: Path | None,
    parameters: EncodingParameters,
    reading: Reading,
    top: int,
    style: str,
    quiet: bool,
) -> None:
    """Rank the lines of text files by their similarity to QUERY.

    INPUT is a text file, a table, an archive or a folder of them, or a glob in quotes, as for `embedkit
    tokenize`; or - for stdin, which is read if there is none. Texts are shown with their line or, of a table,
    their row.
    """
    if not inputs and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError("expected files to search, or text on stdin")
    space = embedkit.load(vectors)
    with console_progress(quiet) as progress:
        lines = source_lines(inputs or ["-"], reading, progress)
        found = rank_items(space, query, lines, lambda line: line.text, top, parameters)
    one_source = len({line.source for _, line in found.best}) == 1
    render = _text_renderer(one_source) if style == "text" else RENDERERS[style]
    for score, line in found.best:
        click.echo(render(score, line))
    if not found.searched:
        click.echo("Warning: there was no text to search", err=True)
    if not quiet:
        warn_of_estimated_frequencies(space, parameters)
        warn_of_unknown_texts(found.unknown, found.searched)


def _text_renderer(one_source: bool) -> MatchRenderer:
    """Lines of score, place and text, which ends where the terminal does."""
    width = get_terminal_size().columns if sys.stdout.isatty() else None

    def render(score: float, line: SourceLine) -> str:
        place = f"{line.number}" if one_source else f"{line.source}:{line.number}"
        head, text = f"{score:.4f}  {plain(place)}  ", plain(line.text.strip())
        if width is None:
            return head + text
        return head + shorten(text, max(NARROWEST, width - len(head)), placeholder=" ...")

    return render


def _as_json(score: float, line: SourceLine) -> str:
    entry = {"file": line.source, "line": line.number, "score": round(score, DIGITS), "text": line.text}
    return json_line(entry)


def _as_tsv(score: float, line: SourceLine) -> str:
    return f"{score:.{DIGITS}f}\t{plain(line.source)}\t{line.number}\t{plain(line.text)}"


RENDERERS: dict[str, MatchRenderer] = {"json": _as_json, "tsv": _as_tsv}
