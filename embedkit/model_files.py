"""Any saved model: as an estimator by `load_model`, or as a predictor, which starts at once."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from embedkit.errors import DependencyError, EmbedkitError, FormatError, InputError
from embedkit.models.files.model_file import read_content
from embedkit.models.files.quantization import in_floats
from embedkit.models.files.state import ModelState, state_in
from embedkit.shipped_files import named_path

if TYPE_CHECKING:
    from embedkit.models.inference.predictor import Predictor
    from embedkit.models.targets import Task
    from embedkit.models.text_model import TextModel


class ModelKind(NamedTuple):
    """Where the classes of a kind of model are; each is imported when such a model is read."""

    estimator: str
    predictor: str
    regressor: str = ""  # the estimator of such models of numbers, if there are any


KINDS = {
    "tfidf": ModelKind(
        "embedkit.models.linear.tfidf:TfidfClassifier",
        "embedkit.models.linear.ngram_predictor:NgramPredictor",
        "embedkit.models.regression.tfidf:TfidfRegressor",
    ),
    "document-vectors": ModelKind(
        "embedkit.models.documents.classifier:DocumentVectorClassifier",
        "embedkit.models.documents.predictor:DocumentVectorPredictor",
    ),
    "mean-vectors": ModelKind(
        "embedkit.models.linear.mean_vectors:MeanVectorClassifier",
        "embedkit.models.linear.predictors:MeanVectorPredictor",
    ),
    "recurrent": ModelKind(
        "embedkit.models.networks.classifier:TextClassifier",
        "embedkit.models.inference.network:NetworkPredictor",
        "embedkit.models.regression.network:TextRegressor",
    ),
    "ensemble": ModelKind(
        "embedkit.models.ensemble:EnsembleClassifier",
        "embedkit.models.ensemble_predictor:EnsemblePredictor",
    ),
    "tagger": ModelKind(
        "embedkit.tagging.tagger:SequenceTagger",
        "embedkit.tagging.predictor:TagPredictor",
    ),
    "speech": ModelKind(
        "embedkit.speech.recognizer:SpeechRecognizer",
        "embedkit.speech.predictor:SpeechPredictor",
    ),
    "emojify": ModelKind(
        "embedkit.emoji.emojifier:Emojifier",
        "embedkit.emoji.predictor:EmojiPredictor",
    ),
}
SENTIMENT, EMOJIFY, DIGITS = "sentiment", "emojify", "digits"  # models that ship
MALFORMED = (EmbedkitError, KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)
Model = TypeVar("Model")


def load_model(path: str | Path | None = None) -> TextModel[Any]:
    """The model in a file that `TextModel.save` wrote, ready to predict; `metadata_` tells of it.

    None or "sentiment" stands for the model of English sentiment that ships with embedkit, "emojify" for the
    emojifier.

    Raises:
        InputError: no such file.
        FormatError: a file that is damaged, cut off, of a newer version, or no model of embedkit.
        DependencyError: a model that needs a package which is not installed.

    Example:
        >>> import embedkit
        >>> embedkit.load_model().predict(["I loved every minute of it"]).tolist()
        ['positive']
        >>> embedkit.load_model("emojify").predict(["happy birthday"]).tolist()
        ['🎂']
    """
    model, metadata = _read(
        path, lambda state: estimator_class(state.kind, state.targets.task).from_state(state)
    )
    model.metadata_ = metadata
    return model


def load_predictor(path: str | Path | None = None) -> Predictor:
    """The same model, but only to predict with: without scikit-learn and TensorFlow, in a tenth of the time.

    Raises:
        InputError: no such file.
        FormatError: a file that is damaged, cut off, of a newer version, or no model of embedkit.

    Example:
        >>> import embedkit
        >>> embedkit.load_predictor("emojify").predict(["I want pizza"]).tolist()
        ['🍴']
    """
    predictor, metadata = _read(path, lambda state: _predictor_class(state.kind).from_state(state))
    predictor.metadata = metadata
    return predictor


def estimator_class(kind: str, task: Task = "binary") -> type[TextModel[Any]]:
    """The estimator of a kind of model; `FormatError` for numbers that no model of the kind learns."""
    name = KINDS[kind].regressor if task == "regression" else KINDS[kind].estimator
    if not name:
        raise FormatError(f"no model of the kind {kind} learns numbers")
    cls: type[TextModel[Any]] = _imported(name)
    return cls


def _predictor_class(kind: str) -> type[Predictor]:
    cls: type[Predictor] = _imported(KINDS[kind].predictor)
    return cls


def _imported(name: str) -> Any:
    """The class that "module:Class" names."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def _read(path: str | Path | None, make: Callable[[ModelState], Model]) -> tuple[Model, dict[str, Any]]:
    """What `make` makes of the state in a file, and the metadata."""
    path = model_path(path)
    content, tensors = read_content(path)
    try:
        if (kind := content["kind"]) not in KINDS:
            raise FormatError(
                f"expected a model of the kinds {', '.join(KINDS)}, got {kind!r}; update embedkit"
            )
        return make(in_floats(state_in(content, tensors, path))), dict(content["metadata"])
    except DependencyError:
        raise
    except MALFORMED as error:
        reason = error if isinstance(error, EmbedkitError) else f"its content is malformed: {error!r}"
        raise FormatError(f"{path} cannot be used as a model: {reason}") from error


def model_path(path: str | Path | None) -> Path:
    """The file of a model that may be called by the name of one that ships; None for that of sentiment.

    Raises:
        InputError: no such file.
    """
    file = named_path(SENTIMENT if path is None else path)
    if not file.is_file():
        folder = ", which is a folder" if file.is_dir() else ""
        raise InputError(
            f"no such model: {path}{folder}; expected a file written by embedkit train-classifier, "
            f"train-tagger, train-speech or train-emojify, or one of {SENTIMENT}, {EMOJIFY} and {DIGITS}"
        )
    return file
