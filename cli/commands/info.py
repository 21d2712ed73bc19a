"""embedkit info."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.file_facts import describe_file, verify_file
from embedkit.vectors.formats.pipes import as_file
from embedkit_cli.shared.common_options import PATH, format_option
from embedkit_cli.shared.text import facts, json_line


@click.command()
@click.argument("path", type=PATH, metavar="FILE")
@click.option("--verify", is_flag=True, help="Read all of FILE and compare it with its checksums.")
@format_option("json: one object.", ("text", "json"))
def info(path: Path, verify: bool, style: str) -> None:
    """Show what vectors, counts, a corpus, phrases or a classifier hold, and how they were made.

    FILE is a file or folder of vectors in any format, of co-occurrence counts, phrases or a classifier, the
    folder of a corpus, or - for stdin. Only safetensors files and corpora keep their provenance in full. With
    --verify, damage anywhere in FILE is an error, and "verified" says what was compared.
    """
    from embedkit.text.pipeline.recipes import with_readable_recipes

    with as_file(path) as file:
        verified = {"verified": verify_file(file)} if verify else {}
        content = {**describe_file(file), **verified}
    text = json_line(content) if style == "json" else "\n".join(facts(with_readable_recipes(content)))
    click.echo(text)
