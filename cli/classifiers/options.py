"""Options of the commands that train classifiers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from typing import Any

import click

from embedkit.errors import InputError
from embedkit.models.architecture import Architecture
from embedkit.models.linear.parameters import MeanVectorParameters, NgramParameters
from embedkit.models.networks.config import EmbeddingConfig, TokenizationConfig, TrainingConfig
from embedkit_cli.options import PATH, Function, NumberRange, given_options, plot_option, under
from embedkit_cli.shared.outputs import quantize_option

NETWORKS = ("recurrent", "ensemble")
MODELS = (*NETWORKS, "tfidf", "mean-vectors")
DATA, MODEL = "Data", "Model"
NETWORK_GROUPS: Mapping[str, type[Any]] = {
    "Network": Architecture,
    "Training of the network": TrainingConfig,
}
GROUPS: Mapping[str, type[Any]] = {
    "Word vectors": EmbeddingConfig,
    **NETWORK_GROUPS,
    "n-grams of tfidf and ensemble": NgramParameters,
    "Mean vectors": MeanVectorParameters,
    "Tokenization": TokenizationConfig,
}
unlabelled_option = click.option(
    "--unlabelled",
    type=PATH,
    metavar="FILE",
    help="Unlabelled texts to learn from as well: the lines of a .txt file, or a table as DATA; without a "
    "column named by --text-column, its column of texts is guessed.",
    **under(DATA),
)
training_plot_option = plot_option("learning curves, accuracies and the confusion matrix")
OWN = (
    unlabelled_option,
    click.option(
        "--class-weight",
        type=click.Choice(["balanced"]),
        help="Weight classes inversely to their frequency.",
        **under(MODEL),
    ),
    click.option(
        "--C",
        "C",
        type=NumberRange(min=0, min_open=True),
        metavar="X",
        help="Inverse L2 regularization strength of logistic regression. Default: 30 for n-grams, 1 for "
        "mean-vectors.",
        **under(MODEL),
    ),
    click.option(
        "--share",
        type=NumberRange(0, 1),
        metavar="FRACTION",
        help="Weight of the network in an ensemble; n-grams have the rest. Default: 0.5.",
        **under(MODEL),
    ),
    quantize_option,
)
OWN_NAMES = ("unlabelled", "class_weight", "C", "share")


def model_options(function: Function) -> Function:
    """Give a command the options of all models; it gets those that were typed as `parameters`."""

    @wraps(function)
    def command(*args: Any, parameters: dict[str, Any], **values: Any) -> Any:
        own = {name: values.pop(name) for name in OWN_NAMES}
        given = {name: value for name, value in own.items() if value is not None}
        return function(*args, parameters={**parameters, **given}, **values)

    decorated = given_options(GROUPS, "parameters")(command)
    for option in reversed(OWN):
        decorated = option(decorated)
    return decorated  # type: ignore[return-value]


def check_given(ctx: click.Context, model: str, parameters: Mapping[str, Any]) -> None:
    """Raise `InputError` for a parameter that was typed and that the model does not have."""
    from embedkit.models.construction import parameter_types

    own = parameter_types(model)
    for param in ctx.command.params:
        if param.name in parameters and param.name not in own:
            whose = " or ".join(kind for kind in MODELS if param.name in parameter_types(kind))
            raise InputError(f"{param.opts[0]} is for --model {whose}; leave it out for --model {model}")
