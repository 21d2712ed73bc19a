"""embedkit download."""

from __future__ import annotations

import click

from embedkit.downloads.catalogue import PublicVectors, public_vectors
from embedkit.progress import console_progress
from embedkit.vectors.downloaded import download_vectors, downloaded_languages, is_downloaded
from embedkit_cli.shared.common_options import format_option, quiet_option
from embedkit_cli.shared.interrupts import remember_kept
from embedkit_cli.shared.tables import Column, Table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line

FIELDS = (
    "name",
    "words",
    "dimensions",
    "bytes",
    "checksum",
    "downloaded",
    "made_from",
    "license",
    "languages",
)


@click.command(
    epilog="Vectors are kept as .safetensors in $EMBEDKIT_CACHE, or the platform's folder for caches. An "
    "interrupted download goes on where it was. LANGUAGE in a name stands for a code such as fr."
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "listed", is_flag=True, help="List the vectors that can be downloaded.")
@format_option("json: one object with the 'entries' of the list, or the 'files' of the names.")
@quiet_option
@click.pass_context
def download(ctx: click.Context, names: tuple[str, ...], listed: bool, style: str, quiet: bool) -> None:
    """Download public vectors, to be used by their names: -v NAME.

    Prints the file of each. It is compared with its published checksum before it appears; nothing of it can
    run code.
    """
    if listed == bool(names):
        raise click.UsageError("expected the NAME of vectors, or --list")
    if listed:
        click.echo(LISTS[style](public_vectors()))
        return
    remember_kept(ctx)
    with console_progress(quiet) as progress:
        found = {name: download_vectors(name, progress) for name in names}
    if style == "json":
        click.echo(json_line({"files": [{"name": name, "file": str(path)} for name, path in found.items()]}))
    else:
        click.echo("\n".join(map(str, found.values())))


def _as_table(entries: tuple[PublicVectors, ...]) -> str:
    columns = (
        Column("name"),
        Column("words", True),
        Column("dimensions", True),
        Column("MB", True),
        Column("downloaded"),
        Column("made from"),
    )
    return text_table(Table(columns, [_cells(entry) for entry in entries]))


def _cells(entry: PublicVectors) -> tuple[str, ...]:
    size = entry.remote.size
    return (
        entry.name,
        f"{entry.words:,}" if entry.words else "",
        str(entry.dimensions),
        f"{size / 1e6:,.0f}" if size else "",
        _downloaded(entry),
        entry.made_from,
    )


def _downloaded(entry: PublicVectors) -> str:
    if entry.languages:
        return ", ".join(downloaded_languages(entry)) or "no"
    return "yes" if is_downloaded(entry) else "no"


def _facts(entry: PublicVectors) -> dict[str, object]:
    """All that is known of an entry."""
    values = (
        entry.name,
        entry.words,
        entry.dimensions,
        entry.remote.size,
        entry.remote.checksum,
        downloaded_languages(entry) if entry.languages else is_downloaded(entry),
        entry.made_from,
        entry.remote.license,
        list(entry.languages) or None,
    )
    return dict(zip(FIELDS, values, strict=True))


def _as_json(entries: tuple[PublicVectors, ...]) -> str:
    return json_line({"entries": list(map(_facts, entries))})


def _as_tsv(entries: tuple[PublicVectors, ...]) -> str:
    facts = map(_facts, entries)
    return "\n".join(tsv_lines(FIELDS, [[_tsv_cell(fact[name]) for name in FIELDS] for fact in facts]))


def _tsv_cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)


LISTS = {"text": _as_table, "json": _as_json, "tsv": _as_tsv}
