"""Recipes: text pipelines as JSON, in corpora, vectors and models.

Version 2 lists the steps. In version 1 a recipe was a tokenizer with its options, of which lower case and
numbers are steps of their own today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.text.pipeline.clean import Clean
from embedkit.text.pipeline.custom import CustomStep, CustomTokenizer, registered
from embedkit.text.pipeline.filter import Filter
from embedkit.text.pipeline.normalize import Normalize
from embedkit.text.pipeline.phrase_step import JoinPhrases
from embedkit.text.pipeline.pipeline import VERSION, TextPipeline
from embedkit.text.tokenization.factory import check_tokenizer_recipe, tokenizer_from_recipe

STEPS: Mapping[str, tuple[Callable[..., Any], set[str]]] = {
    "clean": (Clean, {"html", "urls", "mentions", "hashtags"}),
    "normalize": (Normalize, {"lowercase", "strip_accents"}),
    "filter": (Filter, {"numbers", "min_length", "stop_words"}),
    "phrases": (JoinPhrases.from_recipe, {"phrases"}),
}  # what makes each step, and its options
CUSTOM = "custom:"
MAX_SHOWN, MAX_CHARACTERS = 10, 80  # of a value that is shown to people
_VERSION_1_NAMES = re.compile("words|whitespace|spacy:[a-z]{2,3}(_[a-z0-9_]+)?")
_VERSION_1_OPTIONS = {
    "words": {"lowercase", "numbers", "punctuation"},
    "whitespace": {"lowercase"},
    "spacy": {"lowercase", "numbers", "punctuation"},
}


def pipeline_from_recipe(recipe: object) -> TextPipeline:
    """The pipeline whose `recipe()` this is, or that of a tokenizer in version 0.1.0.

    Raises:
        FormatError: no recipe, one of a newer version, or one that asks for what is not to be had here.
    """
    check_recipe(recipe)
    return TextPipeline([_made(step) for step in _steps(recipe)])


def savable_recipe(pipeline: TextPipeline) -> dict[str, object]:
    """The recipe of a pipeline, which whoever reads the file can follow.

    Raises:
        InputError: a tokenizer that embedkit does not know, or a function without a name.
    """
    recipe = pipeline.recipe()
    try:
        check_recipe(recipe)
    except FormatError:
        raise InputError(
            f"{pipeline.name!r} is not one of embedkit's tokenizers, so no file could name it; pass its "
            "function as the tokenizer, and name it by register_step"
        ) from None
    return recipe


def readable_recipe(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe of any version as people read it: steps begin with their names, what is long is counted."""
    steps = []
    for step in _steps(recipe):
        name = next(name for name in ("step", "tokenizer") if name in step)
        steps.append(
            {name: step[name], **{option: _short(step[option]) for option in step if option != name}}
        )
    return {"steps": steps}


def check_recipe(recipe: object) -> None:
    """Raise `FormatError` unless `recipe` has the form of one, without loading what it asks for."""
    steps = _steps(recipe)
    for step in steps:
        _check_step(step)
    tokenizers = sum("tokenizer" in step for step in steps)
    if tokenizers != 1:
        raise FormatError(f"the recipe of a text pipeline has {tokenizers} tokenizers instead of one")


def _steps(recipe: object) -> Sequence[Mapping[str, Any]]:
    """The recipes of the steps, in version 2, whatever the version is."""
    if not isinstance(recipe, Mapping):
        raise FormatError(f"not the recipe of a text pipeline: {recipe!r:.200}")
    if "version" not in recipe:
        return _steps_of_version_1(recipe)
    version, steps = recipe["version"], recipe.get("steps")
    if type(version) is int and version > VERSION:
        raise FormatError(
            f"the recipe of the text pipeline is of version {version}, and this embedkit reads up to "
            f"{VERSION}; upgrade embedkit"
        )
    if version != VERSION or not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise FormatError(f"not the recipe of a text pipeline: {recipe!r:.200}")
    return steps


def _steps_of_version_1(recipe: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    name = recipe.get("name")
    if not isinstance(name, str):
        raise FormatError(f"not the recipe of a tokenizer: {recipe!r:.200}")
    if not _VERSION_1_NAMES.fullmatch(name):
        raise FormatError(f"not the recipe of a tokenizer that embedkit has: {name!r:.200}")
    options = {option: value for option, value in recipe.items() if option != "name"}
    kind = name.partition(":")[0]
    if options.keys() != _VERSION_1_OPTIONS[kind] or not all(
        isinstance(value, bool) for value in options.values()
    ):
        raise FormatError(f"the recipe of {name!r:.80} has other options than expected: {options!r:.200}")
    lower = Normalize(options["lowercase"]).recipe()
    if kind == "whitespace":
        return [lower, {"tokenizer": name}]
    numbers = [] if options["numbers"] else [Filter("drop").recipe()]
    tokenizer = {"tokenizer": name, "punctuation": options["punctuation"]}
    if kind == "words":
        return [lower, {**tokenizer, "version": 1}, *numbers]
    return [{**tokenizer, "lemmatize": False, "pos": [], "entities": False}, lower, *numbers]


def _short(value: Any) -> Any:
    """A value of an option in a few words."""
    if isinstance(value, Mapping):
        return f"{len(value.get('phrases', value)):,}"
    if isinstance(value, list):
        return ",".join(map(str, value)) if len(value) <= MAX_SHOWN else f"{len(value):,} of them"
    if isinstance(value, str) and len(value) > MAX_CHARACTERS:
        return f"{len(value):,} characters"
    return value


def _made(step: Mapping[str, Any]) -> Any:
    """The step whose recipe this is."""
    if "tokenizer" in step:
        name = step["tokenizer"]
        if name.startswith(CUSTOM):
            return CustomTokenizer(registered(name.removeprefix(CUSTOM)))
        return tokenizer_from_recipe(step)
    options = {option: value for option, value in step.items() if option != "step"}
    if step["step"].startswith(CUSTOM):
        return CustomStep(registered(step["step"].removeprefix(CUSTOM)))
    make, _ = STEPS[step["step"]]
    return make(**options)


def _check_step(step: Mapping[str, Any]) -> None:
    if "tokenizer" in step:
        if not str(step["tokenizer"]).startswith(CUSTOM):
            check_tokenizer_recipe(step)
        return
    name = step.get("step")
    if isinstance(name, str) and name.startswith(CUSTOM):
        return
    if not isinstance(name, str) or name not in STEPS:
        raise FormatError(f"not a step of a text pipeline that embedkit has: {name!r:.200}")
    options = {option: value for option, value in step.items() if option != "step"}
    make, expected = STEPS[name]
    if options.keys() != expected:
        raise FormatError(f"the step {name!r:.80} has other options than expected: {options!r:.200}")
    try:
        make(**options)
    except (InputError, TypeError) as error:
        raise FormatError(f"the step {name!r:.80} cannot be followed: {error}") from None
