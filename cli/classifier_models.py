"""The kinds of classifiers by the names that the command line and configuration files give them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import wraps
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embedkit.errors import InputError
from embedkit.models.saving import KINDS
from embedkit.models.settings import Architecture, Reading, Schedule
from embedkit_cli.options import PATH, Function, options_of
from embedkit_cli.targets import quantize_option

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator

RECURRENT = "recurrent"
BASELINES = ("tfidf", "mean-vectors")
MODELS = (RECURRENT, *BASELINES)
GROUPS = (Architecture, Schedule, Reading)
NAMED = {"corpus": "corpus", "none": None}  # what stands for vectors beside files


class FineTuning(click.ParamType):
    """yes, no, or a number of epochs."""

    name = "yes|no|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bool | int:
        """The parameter `fine_tune` that a word stands for."""
        if isinstance(value, bool | int):
            return value
        if value in ("yes", "no"):
            return bool(value == "yes")
        if not value.isdecimal():
            self.fail(f"expected yes, no or a number of epochs, got {value!r}", param, ctx)
        return int(value)


OPTIONS = (
    click.option(
        "--unlabelled",
        type=PATH,
        metavar="FILE",
        help="More texts to train the vectors on, with -v corpus: lines of a .txt, or a table.",
    ),
    click.option(
        "--vector-size",
        type=click.IntRange(min=1),
        default=128,
        show_default=True,
        help="Dimensions of vectors that are not from a file.",
    ),
    click.option(
        "--fine-tune",
        type=FineTuning(),
        default="yes",
        show_default=True,
        help="Whether vectors are trained too; N: after N epochs, gently.",
    ),
    click.option(
        "--class-weight", type=click.Choice(["balanced"]), help="Let every class weigh the same in training."
    ),
    quantize_option,
)


def network_options(function: Function) -> Function:
    """Give a command the options of the recurrent model; it gets them as `network`, and `quantize`."""
    names = ["unlabelled", "vector_size", "fine_tune", "class_weight"]

    @wraps(function)
    def command(*args: Any, **values: Any) -> Any:
        network = {name: values.pop(name) for name in names}
        for kind in GROUPS:
            given = values.pop(kind.__name__.lower())
            network |= {item.name: getattr(given, item.name) for item in fields(given)}
        return function(*args, network=network, **values)

    for option in reversed(OPTIONS):
        command = option(command)
    for kind in reversed(GROUPS):
        command = options_of(kind, kind.__name__.lower())(command)
    return command  # type: ignore[return-value]


def refuse_network_options(ctx: click.Context, model: str) -> None:
    """Raise if an option of the recurrent model was given for another one."""
    names = {item.name for kind in GROUPS for item in fields(kind)}
    names |= {"unlabelled", "vector_size", "fine_tune", "class_weight", "quantize"}
    for param in ctx.command.params:
        source = ctx.get_parameter_source(param.name or "")
        if param.name in names and source is click.core.ParameterSource.COMMANDLINE:
            raise InputError(f"{param.opts[0]} is for --model {RECURRENT}; leave it out for --model {model}")


def make_model(kind: str, parameters: Mapping[str, Any]) -> TextEstimator:
    """The classifier of a kind, not yet fitted; `InputError` for parameters that it does not have."""
    module, _, name = KINDS[kind].partition(":")
    found: Callable[..., TextEstimator] = getattr(import_module(module), name)
    allowed = list(signature(found).parameters)
    if unknown := [key for key in parameters if key not in allowed]:
        raise InputError(f"a {kind} model has no parameter {unknown[0]!r}; it has {', '.join(allowed)}")
    return found(**parameters)


def baseline(kind: str, vectors: str | None) -> TextEstimator:
    """A baseline; `vectors` are of mean vectors: a file, else those that ship."""
    given = None if vectors in NAMED or vectors is None else vectors
    return make_model(kind, {"embeddings": given} if kind == "mean-vectors" else {})


def read_config(path: Path) -> tuple[str, TextEstimator]:
    """The name and the classifier that a TOML file describes: `model`, perhaps `name`, and parameters."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f'{path}: expected TOML, such as cell = "gru": {error}') from error
    kind = content.pop("model", RECURRENT)
    name = content.pop("name", path.stem)
    if kind not in MODELS or not isinstance(name, str):
        raise InputError(f"{path}: expected model as one of {', '.join(MODELS)}, got {kind!r}")
    if "embeddings" in content and content["embeddings"] in NAMED:
        content["embeddings"] = NAMED[content["embeddings"]]
    try:
        return name, make_model(kind, content)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
