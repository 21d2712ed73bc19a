"""`read_settings`: the settings of a service in a TOML file.

[server]
host = "0.0.0.0"
keys = "keys.txt"                   # relative to this file, as all paths

[limits]
max_body = 1_000_000

[vectors]
wiki = "wiki.safetensors"           # the first is asked if a question names none

[models]
reviews = "reviews.safetensors"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from embedkit.downloads.catalogue import find_public_vectors
from embedkit.errors import FormatError, InputError
from embedkit.model_files import EMOJIFY, SENTIMENT
from embedkit.service.settings import Limits, Listening, ServiceSettings
from embedkit.shipped_files import NAMES
from embedkit.text.close_spellings import close_spellings
from embedkit.vectors.shipped import ENGLISH

SHIPPED: dict[str, dict[str, str | Path]] = {
    "vectors": {ENGLISH: ENGLISH},
    "models": {SENTIMENT: SENTIMENT, EMOJIFY: EMOJIFY},
}
NAME = re.compile(r"[\w.-]{1,100}")
KEYS = {
    "server": {*(field.name for field in fields(Listening)), "keys", "cors_origins"},
    "limits": {field.name for field in fields(Limits)},
}
TABLES = (*KEYS, "vectors", "models")


def read_settings(path: str | Path | None = None, **given: Any) -> ServiceSettings:
    """The settings of a service: those given, else those of a TOML file, else the defaults.

    Without vectors and models, those that ship are served.

    Args:
        path: the file; None for none.
        given: fields of `Listening`, `Limits` and `ServiceSettings`, by name.

    Raises:
        InputError: no such file, or a value out of range.
        FormatError: a file that is no TOML, or has tables or keys that are unknown.

    Example:
        >>> settings = read_settings(port=9000)
        >>> settings.listening.port, list(settings.vectors), list(settings.models)
        (9000, ['english'], ['sentiment', 'emojify'])
    """
    if path is None:
        return _settings({}, Path(), given)
    document = _document(Path(path))
    try:
        return _settings(document, Path(path).parent, given)
    except InputError as error:
        raise type(error)(f"{path}: {error}") from None


def _settings(document: Mapping[str, Any], folder: Path, given: Mapping[str, Any]) -> ServiceSettings:
    """The settings in the tables of a file in `folder`, and those given beside it."""
    server, limits = ({**document.get(table, {})} for table in ("server", "limits"))
    keys, origins = server.pop("keys", None), server.pop("cors_origins", [])
    files = {
        table: {**_named_files(document.get(table, {}), table, folder), **given.get(table, {})}
        for table in SHIPPED
    }
    key_file = given.get("keys") or (keys if keys is None else _path(keys, "keys", folder))
    return ServiceSettings(
        listening=Listening(**{**server, **_among(given, Listening)}),
        limits=Limits(**{**limits, **_among(given, Limits)}),
        keys=key_file and Path(key_file),
        cors_origins=_origins(origins),
        **(files if any(files.values()) else SHIPPED),
    )


def _document(path: Path) -> dict[str, Any]:
    """The tables of a file, whose names and keys are known."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; expected a TOML file of settings") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path} is no TOML: {error}") from None
    for table, content in document.items():
        _check_known(path, table, TABLES, "table")
        if not isinstance(content, Mapping):
            raise FormatError(f"{path}: expected a table [{table}], got {table} = {content!r:.80}")
        for key in content:
            if table in KEYS:
                _check_known(path, key, sorted(KEYS[table]), f"key of [{table}]")
    return document


def _check_known(path: Path, name: str, known: Collection[str], kind: str) -> None:
    if name not in known:
        close = close_spellings(name, list(known), known)
        hint = f"did you mean {close[0]}" if close else f"expected one of {', '.join(known)}"
        raise FormatError(f"{path}: unknown {kind} {name!r}; {hint}")


def _named_files(entries: Mapping[str, Any], table: str, folder: Path) -> dict[str, Path | str]:
    """Files by name; what is no file of the folder may be the name of one that ships or can be downloaded."""
    files: dict[str, Path | str] = {}
    for name, value in entries.items():
        check_name(name)
        path = _path(value, f"{table}.{name}", folder)
        known = value in NAMES or find_public_vectors(value) is not None
        files[name] = value if known and not path.exists() else path
    return files


def check_name(name: str) -> None:
    """Raise `InputError` for a name that would be hard to write in a question."""
    if not NAME.fullmatch(name):
        raise InputError(
            "a name of vectors or of a model is at most 100 letters, digits, '.', '_' and '-'; "
            f"got {name!r:.120}"
        )


def _path(value: Any, key: str, folder: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise FormatError(f"{key} must be the path of a file, got {value!r:.80}")
    return folder / value


def _origins(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(
            f"cors_origins must be a list of origins like 'https://example.org', got {value!r:.80}"
        )
    return tuple(value)


def _among(given: Mapping[str, Any], kind: type[Any]) -> dict[str, Any]:
    """What was given of the fields of a dataclass."""
    return {field.name: given[field.name] for field in fields(kind) if field.name in given}
