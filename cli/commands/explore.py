"""embedkit explore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from embedkit.files import check_writable
from embedkit.progress import console_progress
from embedkit_cli.classifiers.data import DataOptions
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.common_options import COUNT, NAME_OR_PATH, PATH, quiet_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
from embedkit_cli.shared.interrupts import remember_output

if TYPE_CHECKING:
    from embedkit.explorer.exploration import Exploration

SERVER, TEXTS = "Server", "Texts"
MAX_PORT = 65_535


@click.command(cls=HeadedCommand)
@click.argument("vectors", type=PATH, required=False, metavar="[VECTORS]")
@click.argument("other", type=PATH, required=False, metavar="[OTHER]")
@click.option(
    "--top",
    "most",
    type=COUNT,
    default=50_000,
    show_default=True,
    metavar="N",
    help="Points on the map: the most frequent words, or texts drawn at random.",
    **under(INPUT),
)
@click.option(
    "--categories",
    type=PATH,
    metavar="FILE",
    help="Color words by their categories: a word and its category a line.",
    **under(INPUT),
)
@click.option(
    "--texts",
    type=PATH,
    metavar="FILE",
    help="Show the texts of a table or the lines of a .txt file in the place of words.",
    **under(TEXTS),
)
@click.option(
    "-m",
    "--model",
    type=NAME_OR_PATH,
    metavar="FILE|sentiment",
    help="With --texts, a classifier whose labels, mistakes and reasons are shown.",
    **under(TEXTS),
)
@options_of(DataOptions, "reading", TEXTS)
@click.option(
    "--export",
    type=PATH,
    callback=remember_output,
    metavar="FILE",
    help="Write the page as one .html file that opens without a server.",
    **under(OUTPUT),
)
@click.option(
    "--map",
    "method",
    type=click.Choice(["tsne", "pca"]),
    default="tsne",
    show_default=True,
    help="Map of an exported page.",
    **under(OUTPUT),
)
@click.option(
    "--port",
    type=click.IntRange(0, MAX_PORT),
    default=0,
    metavar="N",
    help="Port on 127.0.0.1. Default: any that is free.",
    **under(SERVER),
)
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.", **under(SERVER))
@seed_option(OUTPUT)
@quiet_option
def explore(
    vectors: Path | None,
    other: Path | None,
    most: int,
    categories: Path | None,
    texts: Path | None,
    model: str | None,
    reading: DataOptions,
    export: Path | None,
    method: str,
    port: int,
    no_browser: bool,
    seed: int,
    quiet: bool,
) -> None:
    """Look at vectors in the browser: a map of their words, neighbors, arithmetic, bias.

    Without VECTORS, the bundled English ones are shown. With OTHER, two spaces stand side by side, on the
    words that both have. With --texts, points are texts, by the VECTORS of their words. The page is served on
    127.0.0.1 until Ctrl-C, and needs no network.
    """
    if texts and (other or categories):
        raise click.UsageError("--texts shows texts by one file of VECTORS, without OTHER and --categories")
    if model and not texts:
        raise click.UsageError("--model is about the texts of --texts; name a file")
    if export and export.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"--export expects the name of an .html file, got {export}")
    from embedkit.explorer.exploration import LARGEST
    from embedkit.explorer.opening import open_exploration, open_texts

    largest = LARGEST if export else None
    if export:
        check_writable(export)
    with console_progress(quiet) as progress:
        if texts:
            page = open_texts(
                texts,
                vectors,
                model,
                asdict(reading),
                most=most,
                seed=seed,
                largest=largest,
                progress=progress,
            )
        else:
            page = open_exploration(
                vectors, other, most_frequent=most, categories=categories, largest=largest
            )
        if export:
            if method == "tsne":
                page = page.improved(seed, progress)
            page.explained().save(export)
            progress.note(f"{export}: {export.stat().st_size / 1e6:.1f} MB")
            return
    _serve(page, port, seed, browser=not no_browser)


def _serve(page: Exploration, port: int, seed: int, *, browser: bool) -> None:
    """Serve a page until Ctrl-C, and open it."""
    from embedkit.explorer.background import Background
    from embedkit.explorer.server import serve

    def ready(address: str) -> None:
        click.echo(f"Serving {address}\nCtrl-C ends it.", err=True)
        if browser:
            click.launch(address)

    serve(Background(page, seed), port, ready=ready)
