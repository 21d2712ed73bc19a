"""The kinds of classifiers by the names that the command line and configuration files give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, get_type_hints

import click

from embedkit.errors import InputError
from embedkit.models.architecture import Architecture
from embedkit.models.networks.config import TokenizationConfig, TrainingConfig, group
from embedkit_cli.options import PATH, Function, options_of
from embedkit_cli.shared.outputs import quantize_option

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator

RECURRENT = "recurrent"
ENSEMBLE = "ensemble"
EMOJIFY = "emojify"
NETWORKS = (RECURRENT, ENSEMBLE)
TFIDF = "tfidf"
BASELINES = (TFIDF, "mean-vectors")
MODELS = (*NETWORKS, *BASELINES)
NGRAMS = ("ngrams", "characters", "min_df", "C", "naive_bayes")  # parameters of n-grams alone
SHARE = "share"  # parameter of an ensemble alone
GROUPS = (Architecture, TrainingConfig, TokenizationConfig)
ENGLISH = "english"
CORPUS = "corpus"
NAMED = {CORPUS: CORPUS, "none": None, ENGLISH: ENGLISH}  # what stands for vectors of networks beside files


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
        help="More texts to learn from, without labels: lines of a .txt, or a table. It is read as DATA; "
        "its column of texts is guessed if it has none called as --text-column says.",
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
        "--characters",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Characters in the longest n-gram within a word of tfidf and ensemble, at least 2; 0 for none.",
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
        help="The inverse of the strength of the L2 penalty of logistic regression. "
        "Default: 30 for n-grams, 1 for mean-vectors.",
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
    "characters",
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
    """Those of the parameters that a model has and that say something; raises if another one was given."""
    own = parameter_types(model)
    for param in ctx.command.params:
        name, source = param.name or "", ctx.get_parameter_source(param.name or "")
        if name in parameters and name not in own and source is click.core.ParameterSource.COMMANDLINE:
            whose = " or ".join(kind for kind in MODELS if name in parameter_types(kind))
            raise InputError(f"{param.opts[0]} is for --model {whose}; leave it out for --model {model}")
    return {name: value for name, value in parameters.items() if name in own and value is not None}


def parameter_types(kind: str) -> dict[str, Any]:
    """The parameters by which a kind of classifier is described, and their types."""
    if kind == ENSEMBLE:
        ngrams = parameter_types(TFIDF)
        share = _types(class_of(kind))[SHARE]
        return {**parameter_types(RECURRENT), **{name: ngrams[name] for name in NGRAMS}, SHARE: share}
    return _types(class_of(kind))


def _types(kind: type[TextEstimator]) -> dict[str, Any]:
    hints = get_type_hints(kind if is_dataclass(kind) else kind.__init__)
    return {name: hints[name] for name in signature(kind).parameters}


def vectors_called(kind: str, name: str) -> str | None:
    """The parameter `embeddings` of a kind of classifier for vectors called so, or in a file of this name."""
    named = NAMED if kind in NETWORKS else {ENGLISH: None}
    if name in NAMED and name not in named:
        raise InputError(
            f"vectors called {name} are for --model {' or '.join(NETWORKS)}; "
            f"name a file of vectors, or {ENGLISH}"
        )
    return named.get(name, name)


def make_model(kind: str, parameters: Mapping[str, Any]) -> TextEstimator:
    """The classifier of a kind, not yet fitted; `InputError` for parameters that it cannot have."""
    allowed = parameter_types(kind)
    if unknown := [key for key in parameters if key not in allowed]:
        raise InputError(f"the model {kind} has no parameter {unknown[0]!r}; it has {', '.join(allowed)}")
    if kind == ENSEMBLE:
        return _ensemble(parameters)
    model = class_of(kind)(**parameters)
    for part in GROUPS if kind == RECURRENT else ():
        group(part, model)
    return model


def _ensemble(parameters: Mapping[str, Any]) -> TextEstimator:
    """An ensemble, given the parameters of its network, of its n-grams, and its own."""
    from embedkit.models.ensemble import EnsembleClassifier
    from embedkit.models.networks.classifier import ngrams_like

    network = make_model(RECURRENT, {n: v for n, v in parameters.items() if n not in (*NGRAMS, SHARE)})
    tfidf = ngrams_like(network).set_params(**{n: v for n, v in parameters.items() if n in NGRAMS})
    return EnsembleClassifier(network, tfidf, **{n: v for n, v in parameters.items() if n == SHARE})


def baseline_beside(kind: str, model: TextEstimator) -> TextEstimator:
    """A baseline that reads texts and weighs classes as a model does, and learns from the same texts."""
    from sklearn.base import clone

    from embedkit.models.ensemble import EnsembleClassifier
    from embedkit.models.networks.classifier import TextClassifier, ngrams_like

    if isinstance(model, EnsembleClassifier):
        if kind == TFIDF:
            return clone(model.tfidf)  # type: ignore[no-any-return]
        model = model.network
    if not isinstance(model, TextClassifier):
        return make_model(kind, {"class_weight": model.class_weight})
    if kind == TFIDF:
        return ngrams_like(model)
    vectors = None if model.embeddings in NAMED.values() else model.embeddings
    return make_model(kind, {"class_weight": model.class_weight, "embeddings": vectors})


def described(model: TextEstimator) -> str:
    """What kind a baseline is of, and what its n-grams are helped by: "tfidf (naive Bayes, self-trained)"."""
    helps = {"naive_bayes": "naive Bayes", "unlabelled": "self-trained"}
    given = [text for name, text in helps.items() if getattr(model, name, None)]
    return f"{model.kind} ({', '.join(given)})" if given else model.kind
