"""Options of raw text, and the check of input files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import click
from click.core import ParameterSource

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter
from embedkit.text.corpus.manifest import is_corpus
from embedkit.text.formats.sources import expand
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.reading.file_reading import Reading

FILES, RAW_TEXT = "Raw text in files", "Tokenization of raw text"


@dataclass(kw_only=True)
class TextOptions(PipelineParameters):
    """How raw text becomes tokens; each field is an option of `tokenize` and of the trainers."""

    encoding_errors: Literal["strict", "replace"] = hyperparameter(
        "strict", "bytes that are not in the encoding: refuse them (strict), or replace and count them"
    )

    def __post_init__(self) -> None:
        check(self)

    def arguments(self) -> dict[str, Any]:
        """The arguments `tokenizer` and `encoding_errors` of the library, each if it was asked for."""
        arguments: dict[str, Any] = {}
        if any(_is_typed(field.name) for field in fields(PipelineParameters)):
            arguments["tokenizer"] = self.build_pipeline()
        if _is_typed("encoding_errors"):
            arguments["encoding_errors"] = self.encoding_errors
        return arguments


def _is_typed(name: str) -> bool:
    """Whether an option of the command was typed, be it with its default."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def reading_arguments(reading: Reading) -> dict[str, Any]:
    """The argument `reading` of the library; none if nothing was chosen."""
    return {} if reading == Reading() else {"reading": reading}


def check_inputs(inputs: Sequence[str], output: Path) -> None:
    """Raise `InputError` if there is no text under one of these names, or if `output` would replace it."""
    sources = [source for name in inputs if not is_corpus(name) for source in expand(name)]
    if output.exists() and any(source.path and output.samefile(source.path) for source in sources):
        raise InputError(f"{output} is one of the texts to read; name another output")
