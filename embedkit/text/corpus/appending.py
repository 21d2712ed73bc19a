"""What text can be added to which corpus: by the same recipe, and to what is whole and stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.text.corpus.finishing import VOCABULARY, fingerprint_of
from embedkit.text.corpus.manifest import Manifest
from embedkit.text.corpus.merging import Known
from embedkit.text.pipeline.recipes import readable_recipe
from embedkit.text.vocabulary import Vocabulary


def recipe_of_more(path: Path, begun: Manifest) -> dict[str, Any]:
    """How more text is read: the recipe of the corpus without what it tells of its text.

    Raises:
        InputError: nothing can be added.
    """
    recipe = begun.recipe
    if recipe["tokenizer"] is None:
        raise InputError(f"{path} was made of tokenized documents, so nobody knows how to tokenize more text")
    if "max_vocabulary" in recipe:
        raise InputError(
            f"{path} holds at most {recipe['max_vocabulary']:,} different words (max_vocabulary), so none "
            "can be added; make it again of all texts"
        )
    how = {"tokenizer": recipe["tokenizer"], "encoding_errors": recipe.get("encoding_errors", "strict")}
    return how | {name: recipe[name] for name in ("documents",) if name in recipe}


def check_same(path: Path, recipe: dict[str, Any], asked: dict[str, Any]) -> None:
    """Raise `InputError` if what is asked for, where it is not None, is not how a corpus was made."""
    made = {"documents": "lines", **recipe}
    for name, value in asked.items():
        if value is not None and value != made[name]:
            raise InputError(
                f"{path} was made with {name} {_told(made[name])}, got {_told(value)}; text is added as the "
                f"corpus was made, so leave {name} out, or make another corpus"
            )


def _told(value: Any) -> str:
    """What somebody asked for, as JSON; of a pipeline its steps."""
    return json.dumps(readable_recipe(value)["steps"] if isinstance(value, Mapping) else value)


def known_words(path: Path, begun: Manifest) -> Known:
    """The words of the corpus, which keep their ids, and the number of its shards.

    Raises:
        FormatError: the vocabulary is damaged.
    """
    if fingerprint_of(path, begun.shards) != begun.fingerprint:
        raise FormatError(
            f"{path} is damaged: its {VOCABULARY} is not what the fingerprint says; make it again"
        )
    return Known(Vocabulary.load(path / VOCABULARY), len(begun.shards))


def check_unchanged(path: Path, begun: Manifest) -> None:
    """Raise `InputError` if the corpus is no longer the one that was begun with."""
    if Manifest.load(path).fingerprint != begun.fingerprint:
        raise InputError(f"{path} was changed by somebody else meanwhile, and is as they left it; try again")
