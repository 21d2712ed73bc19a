"""Options of the commands that train classifiers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click

from embedkit.errors import InputError
from embedkit.models.documents.parameters import DocumentVectorParameters
from embedkit.models.layers.stack import LayersParameter
from embedkit.models.linear.parameters import MeanVectorParameters, NgramParameters
from embedkit.models.networks.config import (
    EmbeddingConfig,
    PseudoLabelConfig,
    TokenizationConfig,
    TrainingConfig,
)
from embedkit.models.parameters import ClassWeightParameter, EnsembleParameters
from embedkit.text.datasets.held_out import held_out_fraction
from embedkit_cli.options import given_options
from embedkit_cli.shared.common_options import PATH, Function, plot_option
from embedkit_cli.shared.headings import OUTPUT, under

NETWORKS = ("recurrent", "ensemble")
TRAINED, BASELINES = (*NETWORKS, "document-vectors"), ("tfidf", "mean-vectors")
MODELS = (*TRAINED, *BASELINES)
DATA, MODEL = "Data", "Model"
NETWORK_PARAMETERS: Mapping[type[Any], str] = {
    LayersParameter: "Network",
    TrainingConfig: "Training of the network",
}
PARAMETERS: Mapping[type[Any], str] = {
    ClassWeightParameter: MODEL,
    EnsembleParameters: MODEL,
    EmbeddingConfig: "Word vectors",
    PseudoLabelConfig: "Word vectors",
    **NETWORK_PARAMETERS,
    NgramParameters: "n-grams of tfidf and ensemble",
    DocumentVectorParameters: "Document vectors",
    MeanVectorParameters: "Mean vectors",
    TokenizationConfig: "Tokenization, unless the vectors name theirs",
}
training_plot_option = plot_option("learning curves, accuracies and the confusion matrix")
history_option = click.option(
    "--history",
    type=PATH,
    metavar="FILE",
    help="Write the learning curves to a .csv, .tsv or .json file, a row an epoch.",
    **under(OUTPUT),
)
choosing_option = click.option(
    "--choose-by-validation",
    is_flag=True,
    help="Let the texts of --validation choose the network's best epoch, and hold out no others; the scores "
    "on them are then a little too good.",
    **under(DATA),
)
unlabeled_option = click.option(
    "--unlabeled",
    type=PATH,
    metavar="FILE",
    help="Unlabeled texts to learn from as well: the lines of a .txt file, or a table as DATA; without a "
    "column named by --text-column, its column of texts is guessed.",
    **under(DATA),
)


def model_options(function: Function) -> Function:
    """Give a command the options of all models; it gets those that were typed as `parameters`."""

    @wraps(function)
    def command(*args: Any, parameters: dict[str, Any], unlabeled: Path | None, **values: Any) -> Any:
        own = {"unlabeled": unlabeled} if unlabeled else {}
        return function(*args, parameters={**parameters, **own}, **values)

    return unlabeled_option(given_options(PARAMETERS, "parameters")(command))  # type: ignore[return-value]


def check_chosen(chosen: bool, kind: str, validation: str) -> None:
    """Raise `InputError` if no epoch can be chosen by held-out texts, as there are none or no epochs."""
    if chosen and kind not in NETWORKS:
        raise InputError(
            f"--choose-by-validation is for models with a network; leave it out for --model {kind}"
        )
    if chosen and held_out_fraction(validation) == 0:
        raise InputError("--choose-by-validation needs held-out texts; --validation is 0")


def check_given(ctx: click.Context, model: str, parameters: Mapping[str, Any]) -> None:
    """Raise `InputError` for a parameter that was typed and that the model does not have."""
    from embedkit.models.construction import parameter_types

    own = parameter_types(model)
    for param in ctx.command.params:
        if param.name in parameters and param.name not in own:
            whose = " or ".join(kind for kind in MODELS if param.name in parameter_types(kind))
            raise InputError(f"{param.opts[0]} is for --model {whose}; leave it out for --model {model}")
