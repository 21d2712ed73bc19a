"""Classifiers configured by TOML files, or by layers and parameters on the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from embedkit.errors import EmbedkitError, InputError
from embedkit.files import check_regular
from embedkit_cli.classifiers.options import MODELS

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator

Settings = Mapping[str, Any]  # parameters by name

NO_SETTINGS: Settings = MappingProxyType({})
UNIONS = (Union, UnionType)
IN_WORDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a string",
    Sequence: "a list",
    Mapping: "a table",
}


def read_config(path: Path, settings: Settings = NO_SETTINGS) -> tuple[str, TextEstimator[Any]]:
    """The name and the classifier that a TOML file describes: `model`, perhaps `name`, and parameters.

    Args:
        path: the file.
        settings: parameters that take the place of those in the file, where the model has them.

    Raises:
        InputError: another kind of file, or a model, a parameter or a type of value that is not known.
    """
    check_regular(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f'{path}: expected TOML, such as layers = "lstm:64": {error}') from error
    kind = content.pop("model", MODELS[0])
    name = content.pop("name", path.stem)
    if kind not in MODELS:
        raise InputError(f"{path}: expected model as one of {', '.join(MODELS)}, got {kind!r}")
    if not isinstance(name, str):
        raise InputError(f"{path}: expected name as a string, got {name!r}")
    return name, _made(f"{path}", kind, content, settings)


def read_models(
    paths: Sequence[Path], layers: Sequence[str], settings: Settings = NO_SETTINGS
) -> dict[str, TextEstimator[Any]]:
    """The classifiers that TOML files describe, and networks of these layers, by name.

    Raises:
        InputError: two have the same name, or a setting is a parameter of none, or the layers of all.
    """
    from embedkit.models.construction import parameter_types

    if layers and "layers" in settings:
        raise InputError("--set layers would change the networks of --layers; leave one of them out")
    named = [read_config(path, settings) for path in paths]
    named += [(text, _made(f"--layers {text!r}", MODELS[0], {"layers": text}, settings)) for text in layers]
    if len(dict(named)) < len(named):
        names = ", ".join(name for name, _ in named)
        raise InputError(
            f"each classifier needs a name of its own, got {names}; leave one out, or name it in its file"
        )
    known = {name for _, model in named for name in parameter_types(model.kind)}
    if unknown := [name for name in settings if name not in known]:
        raise InputError(
            f"--set {unknown[0]}: no model that is compared has such a parameter; they have "
            f"{', '.join(sorted(known))}"
        )
    return dict(named)


def read_settings(texts: Sequence[str]) -> dict[str, Any]:
    """Parameters given as NAME=VALUE, the value as in TOML; what is none there is a string.

    Example:
        >>> read_settings(["epochs=3", "embeddings=english", "fine_tune=false"])
        {'epochs': 3, 'embeddings': 'english', 'fine_tune': False}
    """
    settings: dict[str, Any] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        name = name.replace("-", "_")
        if not name or not equals:
            raise InputError(f"expected --set NAME=VALUE, such as epochs=3, got {text!r:.80}")
        if name in settings:
            raise InputError(f"--set {name} is given twice")
        try:
            content = tomllib.loads(f"value = {value}")
        except (tomllib.TOMLDecodeError, RecursionError):
            content = {}
        settings[name] = content["value"] if len(content) == 1 else value
    return settings


def _made(source: str, kind: str, content: Mapping[str, Any], settings: Settings) -> TextEstimator[Any]:
    """The classifier of a kind; errors tell whether a value is from `source` or among the settings."""
    from embedkit.models.construction import make_classifier, parameter_types

    types = parameter_types(kind)
    own = {name: value for name, value in settings.items() if name in types}
    for where, values in ((f"{source}:", content), ("--set", own)):
        for key, value in values.items():
            if key in types and not _fits(value, types[key]):
                raise InputError(
                    f"{where} {key} must be {' or '.join(_words(types[key]))}, got {value!r:.80}"
                )
    try:
        return make_classifier(kind, **{**content, **own})
    except EmbedkitError as error:
        raise InputError(f"{source}: {error}") from error


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
