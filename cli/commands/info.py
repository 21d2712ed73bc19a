"""embedkit info."""

from __future__ import annotations

import json
from pathlib import Path

import click

from embedkit_cli.options import PATH
from embedkit_cli.shared.file_facts import kind_of
from embedkit_cli.shared.text import facts


@click.command()
@click.argument("path", type=PATH, metavar="FILE")
@click.option("--verify", is_flag=True, help="Read all of FILE and compare it with its checksums.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: one object.",
)
def info(path: Path, verify: bool, style: str) -> None:
    """Tell what vectors, counts, a corpus or a classifier hold, and how they were made.

    FILE is vectors of any format, co-occurrence counts, the folder of a corpus, or a classifier. Only
    safetensors files and corpora tell how they were made. With --verify, damage anywhere in FILE is an error,
    and "verified" tells what was compared.
    """
    kind = kind_of(path)
    verified = {"verified": kind.verify(path)} if verify else {}
    content = {**kind.describe(path), **verified}
    text = json.dumps(content, ensure_ascii=False) if style == "json" else "\n".join(facts(content))
    click.echo(text)
