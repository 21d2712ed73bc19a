"""Options of files that may have a name of their own: [NAME=]FILE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from embedkit.errors import InputError
from embedkit.remote_files import is_address
from embedkit.service.toml_file import check_name
from embedkit_cli.shared.common_options import NAME_OR_PATH


def named_files(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    """Files by their names, or by what they are called without an extension; the callback of an option."""
    files: dict[str, Any] = {}
    for value in values:
        name, equals, path = value.partition("=")
        if not equals or Path(value).exists() or is_address(value):
            name, path = Path(value).name.partition(".")[0], value
        check_name(name)
        if name in files:
            raise InputError(f"two files are called {name!r}; give one another name: NAME={path}")
        files[name] = NAME_OR_PATH.convert(path, param, ctx)
    return files
