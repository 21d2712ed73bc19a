"""The parameters of language models as options of a command."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click

from embedkit.language_models.ngram_language_model import NgramLanguageModel
from embedkit.language_models.parameters import (
    NgramOrder,
    RecurrentDropout,
    RecurrentLayers,
    RecurrentTraining,
    TokenParameters,
)
from embedkit.language_models.recurrent_language_model import RecurrentLanguageModel

MODEL, TOKENS, TRAINING, DROPOUT = "Model", "Tokens", "Training", "Dropout"
OPTIONS = {
    NgramOrder: MODEL,
    RecurrentLayers: MODEL,
    TokenParameters: TOKENS,
    RecurrentTraining: TRAINING,
    RecurrentDropout: DROPOUT,
}
MODELS = ("lstm", "gru", "rnn", "ngram")
WITHOUT = ("cell",)  # which --model says


def trainer_of(
    model: str, parameters: dict[str, Any], seed: int
) -> NgramLanguageModel | RecurrentLanguageModel:
    """The trainer of a kind of model, by the options that were typed; an error if it has not one of them."""
    if model != "ngram":
        return RecurrentLanguageModel(cell=model, seed=seed, **parameters)  # type: ignore[arg-type]
    known = {field.name for field in fields(NgramLanguageModel)}
    if wrong := sorted(parameters.keys() - known):
        option = wrong[0].replace("_", "-")
        raise click.UsageError(f"--{option} is of networks; leave it out, or --model ngram")
    return NgramLanguageModel(seed=seed, **parameters)
