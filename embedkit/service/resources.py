"""`Resources`: the vectors and models of a service, opened and found by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from embedkit.emoji.predictor import EmojiPredictor
from embedkit.errors import EmbedkitError, InputError
from embedkit.model_files import load_predictor
from embedkit.models.inference.predictor import Predictor
from embedkit.service.problems import ProblemError
from embedkit.service.settings import NamedFiles, ServiceSettings
from embedkit.text.close_spellings import close_spellings
from embedkit.vectors.downloaded import vectors_path
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.formats.detection import NATIVE
from embedkit.vectors.formats.reading import opened
from embedkit.vectors.lookup import ExpressionLookup, WordLookup
from embedkit.vectors.search.sketch import ALONE, prepare_scans
from embedkit.vectors.shipped import load
from embedkit.vectors.texts.encoder import TextEncoder, encoder_of_words
from embedkit.vectors.texts.parameters import EncodingParameters, TextWeighting
from embedkit.vectors.texts.typed import TextLookup

Item = TypeVar("Item")


class NamedVectors:
    """Vectors of a service, with what questions to them share.

    Args:
        name: what questions call them.
        embeddings: the vectors.
    """

    def __init__(self, name: str, embeddings: Embeddings) -> None:
        self.name, self.embeddings = name, embeddings
        self.words = WordLookup(embeddings, hinted=0)
        self.expressions = ExpressionLookup(embeddings, hinted=0)
        self.texts = TextLookup(embeddings, hinted=0)
        self.encoder = lru_cache(maxsize=len(TextWeighting.__args__))(self._encoder)  # type: ignore[attr-defined]
        prepare_scans(embeddings.stored)

    @property
    def is_quick(self) -> bool:
        """Whether a search takes a millisecond or less."""
        return len(self.embeddings) * self.embeddings.vector_size <= ALONE

    def found(self, kind: type[WordLookup], typed: Iterable[str]) -> list[str | EmbedkitError]:
        """What each of some words was found as or, of unknown ones, the error, with close spellings."""
        lookup = kind(self.embeddings)
        return [_outcome(lookup, word) for word in typed]

    def _encoder(self, weights: TextWeighting) -> TextEncoder:
        """An encoder of texts with nothing to learn from them."""
        return encoder_of_words(self.embeddings, EncodingParameters(weights=weights))


class Resources:
    """All that a service answers with.

    Args:
        vectors: by name.
        models: predictors by name.
    """

    def __init__(self, vectors: Mapping[str, Embeddings], models: Mapping[str, Predictor]) -> None:
        self.vectors = {name: NamedVectors(name, embeddings) for name, embeddings in vectors.items()}
        self.models = models
        self.emojifiers = {name: model for name, model in models.items() if isinstance(model, EmojiPredictor)}
        self.classifiers = {name: model for name, model in models.items() if name not in self.emojifiers}

    @classmethod
    def open(cls, settings: ServiceSettings) -> Resources:
        """Open all files of a service.

        Raises:
            EmbedkitError: one of them is missing, damaged or of another kind; the message names it.
        """
        return cls(_opened(settings.vectors, "vectors", load), _opened(settings.models, "models", _predictor))

    def vectors_of(self, name: str | None) -> NamedVectors:
        """The vectors of a name; by default the first."""
        return _named(self.vectors, name, "vectors")[1]

    def classifier_of(self, name: str | None) -> tuple[str, Predictor]:
        """The classifier, or the model of numbers, of a name; by default the first."""
        return _named(self.classifiers, name, "classifier")

    def emojifier_of(self, name: str | None) -> tuple[str, EmojiPredictor]:
        """The emojifier of a name; by default the first."""
        return _named(self.emojifiers, name, "emojifier")


def check_files(settings: ServiceSettings, folder: Path) -> dict[str, str | Path]:
    """Open all files of a service, and tell which files of vectors several processes can share.

    They map files of embedkit's own format; vectors in others are written to `folder` as such.

    Raises:
        EmbedkitError: one of them is missing, damaged or of another kind; the message names it.
    """
    _opened(settings.models, "models", _predictor)
    return {
        name: settings.vectors[name] if _is_native(settings.vectors[name]) else _native(name, vectors, folder)
        for name, vectors in _opened(settings.vectors, "vectors", load).items()
    }


def _is_native(path: str | Path) -> bool:
    with opened(vectors_path(path)) as (_, kind):
        return kind == NATIVE


def _native(name: str, vectors: Embeddings, folder: Path) -> Path:
    """Vectors written to a file that can be mapped."""
    path = folder / f"{name}.safetensors"
    vectors.save(path)
    return path


def _opened(files: NamedFiles, table: str, open_file: Callable[[str | Path], Item]) -> dict[str, Item]:
    """What is in files, by name; what is wrong with one is told with its name."""
    content = {}
    for name, path in files.items():
        try:
            content[name] = open_file(path)
        except EmbedkitError as error:
            raise InputError(f"{table}.{name}: {error}") from error
        except OSError as error:
            raise InputError(f"{table}.{name}: cannot read {path}: {error.strerror or error}") from error
    return content


def _predictor(path: str | Path) -> Predictor:
    predictor: Any = load_predictor(path)
    if not isinstance(predictor, Predictor):
        raise InputError(
            f"{path} is a model of the kind {getattr(predictor, 'kind', 'unknown')}; a service has "
            "classifiers, models of numbers and emojifiers"
        )
    return predictor


def _named(content: Mapping[str, Item], name: str | None, kind: str) -> tuple[str, Item]:
    if name is None and content:
        return next(iter(content.items()))
    if name is not None and name in content:
        return name, content[name]
    if not content:
        raise ProblemError("unknown-name", f"no {kind} is served here; start the service with one")
    close = close_spellings(name or "", list(content), content)
    hint = f"did you mean {close[0]!r}" if close else f"served are {', '.join(content)}"
    raise ProblemError("unknown-name", f"no {kind} {name!r:.120} is served here; {hint}")


def _outcome(lookup: WordLookup, typed: str) -> str | EmbedkitError:
    try:
        return lookup.word(typed)
    except EmbedkitError as error:
        return error
