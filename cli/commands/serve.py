"""embedkit serve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from embedkit.service.server import run_service
from embedkit.service.settings import Limits, Listening
from embedkit.service.toml_file import read_settings
from embedkit_cli.options import given_options
from embedkit_cli.service.named_files import named_files
from embedkit_cli.shared.common_options import PATH
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under

SERVER, LIMITS = "Server", "Limits of requests"


@click.command(
    cls=HeadedCommand,
    epilog="SETTINGS is a TOML file with tables [server] and [limits], whose keys are the options below with "
    '_ for -, and [vectors] and [models], which give files their names: wiki = "wiki.safetensors". '
    "Options go before it. Questions are JSON: curl -H 'Content-Type: application/json' -d "
    '\'{"words": ["king"]}\' http://127.0.0.1:8000/neighbors',
)
@click.argument("settings", required=False, type=PATH, metavar="[SETTINGS]")
@click.option(
    "-v",
    "--vectors",
    multiple=True,
    callback=named_files,
    metavar="[NAME=]FILE",
    help="Vectors to serve; repeatable. Default: with no model either, the bundled files.",
    **under(INPUT),
)
@click.option(
    "-m",
    "--model",
    "models",
    multiple=True,
    callback=named_files,
    metavar="[NAME=]FILE",
    help="Classifier, model of numbers or emojifier to serve; repeatable.",
    **under(INPUT),
)
@click.option(
    "--keys",
    type=PATH,
    metavar="FILE",
    help="Keys, one a line, of which each request must have one: Authorization: Bearer KEY.",
    **under(SERVER),
)
@given_options({Listening: SERVER, Limits: LIMITS}, "given")
def serve(
    settings: Path | None,
    vectors: dict[str, Any],
    models: dict[str, Any],
    keys: Path | None,
    given: dict[str, Any],
) -> None:
    """Answer questions to vectors and models over HTTP.

    Without files, the bundled vectors, the classifier of sentiment and the emojifier are served. The page
    /docs describes all questions; errors tell how to mend them. SIGTERM and Ctrl-C let requests in hand end
    first.
    """
    chosen = read_settings(settings, vectors=vectors, models=models, keys=keys, **given)
    run_service(chosen, lambda line: click.echo(line, err=True))
