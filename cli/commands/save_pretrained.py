"""embedkit save-pretrained."""

from __future__ import annotations

import time
from pathlib import Path

import click

import embedkit
from embedkit.vectors.pretrained import FILE
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, output_option, quiet_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, under
from embedkit_cli.shared.outputs import check_kind
from embedkit_cli.shared.results import made_format_option, show_made


@click.command()
@click.argument("source", type=PATH, metavar="VECTORS")
@output_option("FOLDER", "Folder to write vectors.safetensors and README.md to.", addresses=False)
@click.option(
    "--title", metavar="TEXT", help="Heading of the card. Default: the name of FOLDER.", **under(OUTPUT)
)
@click.option(
    "--license", metavar="NAME", help="License of the vectors, such as cc-by-sa-3.0.", **under(OUTPUT)
)
@click.option("--language", metavar="CODE", help="Language of the vectors, such as en.", **under(OUTPUT))
@click.option(
    "-b",
    "--benchmark",
    "benchmarks",
    multiple=True,
    type=NAME_OR_PATH,
    metavar="NAME|FILE",
    help="Benchmark whose score the card has; repeatable. Default: the bundled ones.",
    **under(INPUT),
)
@click.option(
    "--topic",
    default="gender",
    show_default=True,
    type=NAME_OR_PATH,
    metavar="NAME|FILE",
    help="Topic of the card's bias audit.",
    **under(INPUT),
)
@made_format_option
@quiet_option
def save_pretrained(
    source: Path,
    output: Path,
    title: str | None,
    license: str | None,
    language: str | None,
    benchmarks: tuple[str, ...],
    topic: str,
    style: str,
    quiet: bool,
) -> None:
    """Write vectors with a model card, as the Hugging Face hub has them.

    The card says how the vectors were made, as far as they record it, and their scores on benchmarks and a
    bias audit, with intervals. `Embeddings.from_pretrained(FOLDER)` reads the folder.
    """
    begin = time.monotonic()
    check_kind(output, folder=True)
    vectors = embedkit.load(source)
    chosen = {"benchmarks": benchmarks} if benchmarks else {}
    sections = embedkit.model_card_sections(vectors, topic=topic, **chosen)  # type: ignore[arg-type]
    vectors.save_pretrained(output, title=title, license=license, language=language, sections=sections)
    summary = f"wrote {output}: {len(vectors):,} words x {vectors.vector_size}, and a model card"
    show_made(style, output, begin, summary=summary, quiet=quiet, described=output / FILE)
