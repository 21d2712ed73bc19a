"""The kinds of classifiers by the names that the command line and configuration files give them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embedkit.errors import InputError
from embedkit.models.saving import class_of
from embedkit.models.settings import Architecture, Reading, Schedule
from embedkit_cli.options import PATH, Function, options_of
from embedkit_cli.targets import quantize_option

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator

RECURRENT = "recurrent"
ENSEMBLE = "ensemble"
EMOJIFY = "emojify"
NETWORKS = (RECURRENT, ENSEMBLE)
BASELINES = ("tfidf", "mean-vectors")
MODELS = (*NETWORKS, *BASELINES)
NGRAMS = ("ngrams", "min_df", "C", "naive_bayes")  # parameters of n-grams alone
SHARE = "share"  # parameter of an ensemble alone
GROUPS = (Architecture, Schedule, Reading)
ENGLISH = "english"
NAMED = {"corpus": "corpus", "none": None, ENGLISH: ENGLISH}  # what stands for vectors beside files


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
        help="More texts to learn from, without labels: lines of a .txt, or a table.",
    ),
    click.option(
        "--pseudo-labels/--no-pseudo-labels",
        default=True,
        help="Learn also from what n-grams say of the unlabelled texts; without, they only help the vectors.",
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
    click.option(
        "--ngrams",
        type=click.IntRange(min=1),
        default=3,
        show_default=True,
        help="Words in the longest n-gram of tfidf and ensemble.",
    ),
    click.option(
        "--min-df",
        type=click.IntRange(min=1),
        default=2,
        show_default=True,
        help="Texts in which an n-gram of tfidf and ensemble must occur.",
    ),
    click.option(
        "--C",
        "C",
        type=click.FloatRange(min=0, min_open=True),
        default=30.0,
        show_default=True,
        help="The inverse of the strength of the penalty on the weights of n-grams.",
    ),
    click.option(
        "--share",
        type=click.FloatRange(0, 1),
        default=0.5,
        show_default=True,
        help="The weight of the network in an ensemble; n-grams have the rest.",
    ),
)
OWN = (
    "unlabelled",
    "pseudo_labels",
    "vector_size",
    "fine_tune",
    "class_weight",
    "ngrams",
    "min_df",
    "C",
    SHARE,
)


def model_options(function: Function) -> Function:
    """Give a command the options of all models; it gets them as `parameters`, and `quantize`."""

    @wraps(function)
    def command(*args: Any, **values: Any) -> Any:
        parameters = {name: values.pop(name) for name in OWN}
        for kind in GROUPS:
            given = values.pop(kind.__name__.lower())
            parameters |= {item.name: getattr(given, item.name) for item in fields(given)}
        return function(*args, parameters=parameters, **values)

    for option in reversed((*OPTIONS, quantize_option)):
        command = option(command)
    for kind in reversed(GROUPS):
        command = options_of(kind, kind.__name__.lower())(command)
    return command  # type: ignore[return-value]


def own_parameters(ctx: click.Context, model: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the parameters that a model has; raises if an option of another one was given."""
    own = parameters_of(model)
    for param in ctx.command.params:
        name, source = param.name or "", ctx.get_parameter_source(param.name or "")
        if name in parameters and name not in own and source is click.core.ParameterSource.COMMANDLINE:
            whose = " or ".join(kind for kind in MODELS if name in parameters_of(kind))
            raise InputError(f"{param.opts[0]} is for --model {whose}; leave it out for --model {model}")
    return {name: value for name, value in parameters.items() if name in own}


def parameters_of(kind: str) -> list[str]:
    """The names of the parameters by which a kind of classifier is described."""
    if kind == ENSEMBLE:
        return [*parameters_of(RECURRENT), *NGRAMS, SHARE]
    return list(signature(class_of(kind)).parameters)


def make_model(kind: str, parameters: Mapping[str, Any]) -> TextEstimator:
    """The classifier of a kind, not yet fitted; `InputError` for parameters that it does not have."""
    allowed = parameters_of(kind)
    if unknown := [key for key in parameters if key not in allowed]:
        raise InputError(f"the model {kind} has no parameter {unknown[0]!r}; it has {', '.join(allowed)}")
    return _ensemble(parameters) if kind == ENSEMBLE else class_of(kind)(**parameters)


def _ensemble(parameters: Mapping[str, Any]) -> TextEstimator:
    """An ensemble, given the parameters of its network, of its n-grams, and its own."""
    from embedkit.models.classifier import TextClassifier, ngrams_like
    from embedkit.models.ensemble import EnsembleClassifier

    network = TextClassifier(**{n: v for n, v in parameters.items() if n not in (*NGRAMS, SHARE)})
    ngrams = ngrams_like(network).set_params(**{n: v for n, v in parameters.items() if n in NGRAMS})
    return EnsembleClassifier(network, ngrams, **{n: v for n, v in parameters.items() if n == SHARE})


def baseline(kind: str, vectors: str | None, parameters: Mapping[str, Any] | None = None) -> TextEstimator:
    """A baseline; `vectors` are of mean vectors: a file, else those that ship."""
    given = None if vectors in NAMED or vectors is None else vectors
    own = {"embeddings": given} if kind == "mean-vectors" else {}
    return make_model(kind, {**(parameters or {}), **own})


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
    if isinstance(content.get("embeddings"), str) and content["embeddings"] in NAMED:
        content["embeddings"] = NAMED[content["embeddings"]]
    try:
        return name, make_model(kind, content)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
