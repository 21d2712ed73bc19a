"""Models from their files, ready to predict."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embedkit.container.packed_words import unpack_words
from embedkit.errors import DependencyError, EmbedkitError, FormatError, InputError
from embedkit.models.files.model_file import read_content
from embedkit.models.files.quantization import in_floats
from embedkit.models.files.state import Saved
from embedkit.models.targets import Targets
from embedkit.shipped_files import shipped_path
from embedkit.text.tokenization.factory import tokenizer_from_recipe

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator

KINDS = {  # of models -> where their classes are, each imported when such a model is read
    "tfidf": "embedkit.models.linear.tfidf:TfidfClassifier",
    "mean-vectors": "embedkit.models.linear.mean_vectors:MeanVectorClassifier",
    "recurrent": "embedkit.models.networks.classifier:TextClassifier",
    "ensemble": "embedkit.models.ensemble:EnsembleClassifier",
    "emojify": "embedkit.emoji.emojifier:Emojifier",
}
SENTIMENT = "sentiment.safetensors"
MALFORMED = (EmbedkitError, KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)


def load_model(path: str | Path | None = None) -> TextEstimator:
    """The model in a file that `TextEstimator.save` wrote, ready to predict; `metadata_` tells of it.

    None stands for the model of English sentiment that ships with embedkit.

    Raises:
        InputError: no such file.
        FormatError: a file that is damaged, cut off, of a newer version, or no model of embedkit.
        DependencyError: a model that needs a package which is not installed.
    """
    path = shipped_path(SENTIMENT) if path is None else Path(path)
    if not path.is_file():
        raise InputError(f"no such model: {path}; expected a file written by embedkit train-classifier")
    content, tensors = read_content(path)
    try:
        kind = content["kind"]
        if kind not in KINDS:
            raise FormatError(
                f"expected a model of the kinds {', '.join(KINDS)}, got {kind!r}; update embedkit"
            )
        model = revive(in_floats(_saved(content, tensors, path)))
        model.metadata_ = dict(content["metadata"])
    except DependencyError:
        raise
    except MALFORMED as error:
        reason = error if isinstance(error, EmbedkitError) else f"its content is malformed: {error!r}"
        raise FormatError(f"{path} cannot be used as a model: {reason}") from error
    return model


def class_of(kind: str) -> type[TextEstimator]:
    """The class of a kind of model."""
    module, _, name = KINDS[kind].partition(":")
    found: type[TextEstimator] = getattr(import_module(module), name)
    return found


def revive(saved: Saved) -> TextEstimator:
    """The fitted model of what a file keeps; content that cannot be raises one of `MALFORMED`."""
    model = class_of(saved.kind)._from_saved(saved)
    model.targets_ = saved.targets
    model.tokenizer_ = tokenizer_from_recipe(saved.tokenizer)
    model.metadata_ = {}
    return model


def _saved(content: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]], path: Path) -> Saved:
    words = unpack_words(tensors["words"], path) if content["words"] else []
    if len(words) != content["words"]:
        raise FormatError(f"expected {content['words']} words, got {len(words)}")
    targets = Targets(np.array(content["labels"]), content["task"], content["form"], np.zeros(0, np.int64))
    names = ("parameters", "tokenizer", "facts")
    return Saved(
        content["kind"], targets=targets, words=words, tensors=tensors, **{n: content[n] for n in names}
    )
