"""`embedkit plot categories`: words of categories."""

from __future__ import annotations

from pathlib import Path

import click

import embedkit
from embedkit.errors import InputError
from embedkit.vectors.spaces.plane import PlaneMethod
from embedkit_cli.plots.pictures import check_output, plane_options, show_picture, words_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, vectors_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.shared.text import plain

NAMED = 10  # unknown words that are told


@click.command("categories", cls=HeadedCommand)
@click.argument("source", type=NAME_OR_PATH, metavar="FILE|NAME")
@vectors_option("query")
@click.option(
    "--data",
    type=PATH,
    metavar="FOLDER",
    help="Folder of public benchmarks. Default: $EMBEDKIT_DATA.",
    **under(INPUT),
)
@plane_options
@words_options
def categories(
    source: str,
    vectors: Path | None,
    data: Path | None,
    method: PlaneMethod,
    seed: int,
    output: Path,
    title: str | None,
    style: str,
    quiet: bool,
) -> None:
    """Plot words of categories, each category in a color.

    FILE has a word and its category a line, as categorization benchmarks have; NAME is one of these, as
    `embedkit evaluate --list` names them. Words that the vectors do not have are left out.
    """
    check_output(output)
    from embedkit.evaluation.benchmarks.catalogue import find_benchmark
    from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark
    from embedkit.vectors.lookup import is_lowercase, known_form

    benchmark = find_benchmark(source, data)
    if not isinstance(benchmark, CategorizationBenchmark):
        raise InputError(f"expected words with categories, a word and its category a line, got {source}")
    space = embedkit.load(vectors)
    lowercase = is_lowercase(space)
    shown: dict[str, str] = {}
    unknown = []
    for word, category in benchmark.members:
        if known := known_form(space.vocabulary, word, lowercase):
            shown.setdefault(known, category)
        else:
            unknown.append(word)
    if unknown and not quiet:
        more = ", ..." if len(unknown) > NAMED else ""
        names = ", ".join(map(plain, unknown[:NAMED])) + more
        click.echo(f"left out {len(unknown):,} words that the vectors do not have: {names}", err=True)
    if not shown:
        raise InputError(f"none of the {len(benchmark):,} words of {source} is in the vectors")
    name = benchmark.name if title is None else title
    scatter = space.words_scatter(shown, list(shown.values()), method, seed=seed, title=name)
    show_picture(scatter, output, style, quiet, unknown=unknown)
