"""embedkit align."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

import embedkit
from embedkit import Procrustes
from embedkit.progress import console_progress
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit.vectors.spaces.movement import MOST_FREQUENT, Movement
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import COUNT, OUTPUT_PATH, PATH, format_option, quiet_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
from embedkit_cli.shared.interrupts import remember_output
from embedkit_cli.shared.outputs import Target, check_not_read, dtype_option
from embedkit_cli.spaces.alignment_styles import alignment_as

ALIGNMENT, MOVED = "Alignment", "Words that moved"


@click.command(cls=HeadedCommand, epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@click.argument("source", type=PATH, metavar="A")
@click.argument("target", type=PATH, metavar="B")
@click.option(
    "-o",
    "--output",
    type=OUTPUT_PATH,
    callback=remember_output,
    metavar="FILE",
    help="Write the vectors of A, turned into the space of B; the suffix decides the format.",
    **under(OUTPUT),
)
@click.option(
    "--dictionary",
    type=PATH,
    metavar="FILE",
    help="Words of A and B with the same meaning, a pair a line. Default: the words in common.",
    **under(INPUT),
)
@click.option(
    "--test",
    type=PATH,
    metavar="FILE",
    help="Such pairs, whose words of A are translated, to measure the precision.",
    **under(INPUT),
)
@options_of(Procrustes, "method", ALIGNMENT)
@click.option(
    "--moved",
    type=COUNT,
    metavar="N",
    help="Print the N words that moved most.",
    **under(MOVED),
)
@click.option(
    "--moved-by",
    type=click.Choice(get_args(Movement)),
    default="distance",
    show_default=True,
    help="Distance of the vectors of a word, or of its similarities to its neighbors.",
    **under(MOVED),
)
@click.option(
    "--moved-among",
    type=COUNT,
    default=MOST_FREQUENT,
    show_default=True,
    metavar="N",
    help="Look at the N most frequent words in common; rare ones move by chance.",
    **under(MOVED),
)
@format_option("json: one object.", ("text", "json"))
@dtype_option
@quiet_option
def align(
    source: Path,
    target: Path,
    output: Path | None,
    dictionary: Path | None,
    test: Path | None,
    method: Procrustes,
    moved: int | None,
    moved_by: str,
    moved_among: int,
    style: str,
    dtype: RowType | None,
    quiet: bool,
) -> None:
    """Turn vectors into the space of others, to compare languages, times or texts.

    A and B are files of vectors of as many dimensions each. Those of A are turned by the orthogonal map that
    brings paired words nearest to each other (Procrustes); distances among them do not change. Prints the
    number of pairs, their mean cosine before and after and, if asked, how often translations are right, by
    cosine and by CSLS (Conneau et al. 2018), and which words moved most (Hamilton et al. 2016).
    """
    if dtype and not output:
        raise click.UsageError("--dtype is about the file of -o; name one")
    if output:
        check_not_read(output, source, target, *filter(None, (dictionary, test)))
    written = Target.of(output, dtype) if output else None
    with console_progress(quiet) as progress:
        vectors = embedkit.load(source, verify=written is not None)
        report = embedkit.alignment_report(
            vectors,
            embedkit.load(target),
            dictionary,
            method,
            test=test,
            moved=moved,
            moved_by=moved_by,
            moved_among=moved_among,
            progress=progress,
        )
        if written:
            progress.note(written.save(report.aligned, vectors))
    click.echo(alignment_as(style, report))
