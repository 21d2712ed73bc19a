"""Recipes that people write: the options of a text pipeline in a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.files import check_regular

VERSION = 2  # of the names and meanings of options


def read_options(path: Path, names: Sequence[str]) -> dict[str, Any]:
    """The options in a file, of those that have these names.

    Raises:
        InputError: no such file, or an option of another name.
        FormatError: no TOML, or of a newer version.
    """
    check_regular(path)
    try:
        options = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{path} is no TOML: {error}") from None
    version = options.pop("version", VERSION)
    if version != VERSION:
        newer = type(version) is int and version > VERSION
        advice = "upgrade embedkit" if newer else f"write version = {VERSION}, or leave it out"
        raise FormatError(f"{path} is of version {version!r}, and this embedkit reads {VERSION}; {advice}")
    if unknown := sorted(options.keys() - set(names)):
        raise InputError(f"{path}: there is no option {unknown[0]!r}; there are {', '.join(names)}")
    return options
