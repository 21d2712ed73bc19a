"""embedkit convert."""

from __future__ import annotations

import time
from pathlib import Path

import click

import embedkit
from embedkit.vectors.formats.table import WRITTEN
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit.vectors.word_selection import listed_words, select_words
from embedkit_cli.shared.common_options import COUNT, PATH, quiet_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
from embedkit_cli.shared.interrupts import remember_output
from embedkit_cli.shared.outputs import Target, dtype_option
from embedkit_cli.shared.results import made_format_option, show_made


@click.command(
    cls=HeadedCommand,
    epilog=f"Suffixes: {SUFFIX_HELP}. What a format cannot keep, such as counts or the provenance of "
    "vectors, is named and left out; safetensors keeps all.",
)
@click.argument("source", type=PATH, metavar="IN")
@click.argument("output", type=PATH, metavar="OUT", callback=remember_output)
@click.option(
    "--to",
    "format_",
    type=click.Choice(WRITTEN),
    help="Format of OUT. Default: by its suffix.",
    **under(OUTPUT),
)
@click.option(
    "--top",
    type=COUNT,
    metavar="N",
    help="Number of words to convert, the first of IN.",
    **under("Words"),
)
@click.option(
    "--words",
    "listed",
    type=PATH,
    metavar="FILE",
    help="Convert only the words of FILE, one a line, in the order of IN; unknown ones are named.",
    **under("Words"),
)
@click.option("--normalize", is_flag=True, help="Give every vector length 1.", **under("Vectors"))
@click.option(
    "--estimate-unknown",
    is_flag=True,
    help="Let OUT estimate vectors of words that it lacks from their characters, which it learns from IN.",
    **under("Vectors"),
)
@click.option(
    "--skip-bad-rows",
    is_flag=True,
    help="Leave out lines that are no row and rows with NaN or infinity, and say which; do not believe a "
    "wrong header.",
    **under(INPUT),
)
@click.option(
    "--trust-pickle",
    is_flag=True,
    help="Read IN though it is a pickle, as gensim's .kv and .model are: words and arrays of numpy are taken "
    "from it, and whatever else it asks for is refused.",
    **under(INPUT),
)
@dtype_option
@made_format_option
@quiet_option
def convert(
    source: Path,
    output: Path,
    format_: str | None,
    top: int | None,
    listed: Path | None,
    normalize: bool,
    estimate_unknown: bool,
    skip_bad_rows: bool,
    trust_pickle: bool,
    dtype: RowType | None,
    style: str,
    quiet: bool,
) -> None:
    """Convert vectors from one file format to another.

    The format of IN, a file or a folder, is detected from its content; it may be compressed. OUT is replaced
    only when complete, and may be IN itself. Formats that are folders (spacy) are asked for with --to.
    """
    begin = time.monotonic()
    target = Target.of(output, dtype, format_)
    limit = None if listed else top
    loaded = embedkit.load(
        source, limit, skip_bad_rows=skip_bad_rows, verify=limit is None, trust_pickle=trust_pickle
    )
    vectors = select_words(loaded, listed_words(listed)) if listed else loaded
    vectors = vectors if top is None else vectors.subset(top)
    vectors = vectors.normalize() if normalize else vectors
    vectors = embedkit.estimate_unknown_words(vectors) if estimate_unknown else vectors
    summary = target.save(vectors, loaded)
    show_made(style, output, begin, summary=summary, quiet=quiet)
