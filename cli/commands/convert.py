"""embedkit convert."""

from __future__ import annotations

from pathlib import Path

import click

import embedkit
from embedkit.vectors.formats.registry import FORMATS, SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit_cli.shared.common_options import PATH, quiet_option
from embedkit_cli.shared.interrupts import remember_output
from embedkit_cli.shared.outputs import Target, dtype_option


@click.command(
    epilog=f"Suffixes: {SUFFIX_HELP}. Only safetensors keeps counts and the provenance of vectors."
)
@click.argument("source", type=PATH, metavar="IN")
@click.argument("output", type=PATH, metavar="OUT", callback=remember_output)
@click.option(
    "--to", "format_", type=click.Choice(list(FORMATS)), help="Format of OUT. Default: by its suffix."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Convert only the first N words.")
@click.option(
    "--skip-bad-rows",
    is_flag=True,
    help="Leave out lines that are no row and rows with NaN or infinity, and say which; do not believe a "
    "wrong header.",
)
@dtype_option
@quiet_option
def convert(
    source: Path,
    output: Path,
    format_: str | None,
    limit: int | None,
    skip_bad_rows: bool,
    dtype: RowType | None,
    quiet: bool,
) -> None:
    """Convert vectors from one file format to another.

    The format of IN is detected from its content; it may be compressed. OUT is replaced only when complete,
    and may be IN itself.
    """
    target = Target.of(output, dtype, format_)
    vectors = embedkit.load(source, limit, skip_bad_rows=skip_bad_rows, verify=limit is None)
    summary = target.save(vectors if limit is None else vectors.subset(limit))
    if not quiet:
        click.echo(summary, err=True)
