"""Classifiers configured by TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from embedkit.errors import EmbedkitError, InputError
from embedkit.files import check_regular
from embedkit_cli.classifiers.options import MODELS

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator

UNIONS = (Union, UnionType)
IN_WORDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a string",
    Sequence: "a list",
    Mapping: "a table",
}


def read_config(path: Path) -> tuple[str, TextEstimator[Any]]:
    """The name and the classifier that a TOML file describes: `model`, perhaps `name`, and parameters.

    Raises:
        InputError: another kind of file, or a model, a parameter or a type of value that is not known.
    """
    check_regular(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f'{path}: expected TOML, such as layers = "lstm:64": {error}') from error
    from embedkit.models.construction import RECURRENT, make_classifier, parameter_types

    kind = content.pop("model", RECURRENT)
    name = content.pop("name", path.stem)
    if kind not in MODELS:
        raise InputError(f"{path}: expected model as one of {', '.join(MODELS)}, got {kind!r}")
    if not isinstance(name, str):
        raise InputError(f"{path}: expected name as a string, got {name!r}")
    types = parameter_types(kind)
    for key, value in content.items():
        if key in types and not _fits(value, types[key]):
            raise InputError(f"{path}: {key} must be {' or '.join(_words(types[key]))}, got {value!r:.80}")
    try:
        return name, make_classifier(kind, **content)
    except EmbedkitError as error:
        raise InputError(f"{path}: {error}") from error


def read_configs(paths: Sequence[Path]) -> dict[str, TextEstimator[Any]]:
    """The classifiers that TOML files describe, by name; `InputError` if two have the same name."""
    configs = [read_config(path) for path in paths]
    if len(dict(configs)) < len(configs):
        names = ", ".join(name for name, _ in configs)
        raise InputError(f"each classifier needs a name of its own, got {names}")
    return dict(configs)


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value of a TOML file is of a type: 3 is of `int | None` and of `float`, True of neither."""
    origin = get_origin(hint) or hint
    if origin in UNIONS:
        return any(_fits(value, part) for part in get_args(hint))
    if origin is Literal:
        return value in get_args(hint)
    if origin in (int, float):
        return isinstance(value, int | origin) and not isinstance(value, bool)
    return isinstance(value, origin)


def _words(hint: Any) -> Iterator[str]:
    """What a type allows in a TOML file, in words: of `int | None` "a whole number"."""
    origin = get_origin(hint) or hint
    if origin in UNIONS:
        for part in get_args(hint):
            yield from _words(part)
    elif origin is Literal:
        values = ", ".join(map(repr, get_args(hint)))
        yield f"one of {values}" if len(get_args(hint)) > 1 else values
    elif origin in IN_WORDS:
        yield IN_WORDS[origin]
