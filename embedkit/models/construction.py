"""Classifiers made by the name of their kind, for configuration files and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from inspect import signature
from typing import Any

from embedkit.errors import InputError
from embedkit.hyperparameters import type_hints
from embedkit.models.documents.classifier import DocumentVectorClassifier
from embedkit.models.ensemble import EnsembleClassifier
from embedkit.models.estimator import TextEstimator
from embedkit.models.given_vectors import CORPUS, ENGLISH, RANDOM
from embedkit.models.linear.mean_vectors import MeanVectorClassifier
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.models.networks.classifier import TextClassifier, ngrams_like
from embedkit.text.pipeline.parameters import PipelineParameters

RECURRENT, ENSEMBLE, TFIDF, MEAN_VECTORS = "recurrent", "ensemble", "tfidf", "mean-vectors"
DOCUMENT_VECTORS = "document-vectors"
NETWORKS, BASELINES = (RECURRENT, ENSEMBLE), (TFIDF, MEAN_VECTORS)
CLASSES: Mapping[str, type[TextEstimator[Any]]] = {
    RECURRENT: TextClassifier,
    ENSEMBLE: EnsembleClassifier,
    TFIDF: TfidfClassifier,
    DOCUMENT_VECTORS: DocumentVectorClassifier,
    MEAN_VECTORS: MeanVectorClassifier,
}
NGRAMS = ("ngrams", "characters", "min_df", "C", "naive_bayes")  # parameters of n-grams alone
SHARES = ("share", "document_share")  # parameters of an ensemble alone


def make_classifier(kind: str, **parameters: Any) -> TextEstimator[Any]:
    """The classifier of a kind, not yet fitted; an ensemble takes the parameters of both of its parts.

    Raises:
        InputError: another kind, or parameters that it cannot have.

    Example:
        >>> from embedkit.models.construction import make_classifier
        >>> make_classifier("ensemble", layers="gru:32", ngrams=2).get_params()["network__layers"]
        'gru:32'
    """
    allowed = parameter_types(kind)
    if unknown := [name for name in parameters if name not in allowed]:
        raise InputError(f"the model {kind} has no parameter {unknown[0]!r}; it has {', '.join(allowed)}")
    if kind == ENSEMBLE:
        own = {name: value for name, value in parameters.items() if name in SHARES}
        of_ngrams = {name: value for name, value in parameters.items() if name in NGRAMS}
        of_network = {name: value for name, value in parameters.items() if name not in {*own, *of_ngrams}}
        network = TextClassifier(**of_network)
        model: TextEstimator[Any] = EnsembleClassifier(
            network, ngrams_like(network).set_params(**of_ngrams), **own
        )
    else:
        model = CLASSES[kind](**parameters)
    model.check_parameters()
    return model


def parameter_types(kind: str) -> dict[str, Any]:
    """The parameters by which a kind of classifier is described, and their types.

    Raises:
        InputError: there is no such kind.
    """
    if kind not in CLASSES:
        raise InputError(f"expected a model of the kinds {', '.join(CLASSES)}, got {kind!r}")
    if kind == ENSEMBLE:
        ngrams, own = parameter_types(TFIDF), _types(EnsembleClassifier)
        return {
            **parameter_types(RECURRENT),
            **{name: ngrams[name] for name in NGRAMS},
            **{name: own[name] for name in SHARES},
        }
    return _types(CLASSES[kind])


def baseline_beside(kind: str, model: TextEstimator[Any]) -> TextEstimator[Any]:
    """A baseline that reads texts and weighs classes as a model does, and learns from the same texts."""
    from sklearn.base import clone

    if isinstance(model, EnsembleClassifier):
        if kind == TFIDF:
            return clone(model.tfidf)  # type: ignore[no-any-return]
        model = model.network or TextClassifier()
    if isinstance(model, DocumentVectorClassifier) and kind == TFIDF:
        shared = [*(field.name for field in fields(PipelineParameters)), "class_weight", "unlabeled"]
        return TfidfClassifier(**{name: getattr(model, name) for name in shared})
    if not isinstance(model, TextClassifier):
        return make_classifier(kind, class_weight=model.class_weight)
    if kind == TFIDF:
        return ngrams_like(model)
    named = isinstance(model.embeddings, str) and model.embeddings in (CORPUS, RANDOM)
    embeddings = ENGLISH if named else model.embeddings
    return make_classifier(kind, class_weight=model.class_weight, embeddings=embeddings)


def title_of(model: TextEstimator[Any]) -> str:
    """What a baseline is called in tables: "tfidf (naive Bayes, self-trained)"."""
    helps = {"naive_bayes": "naive Bayes", "unlabeled": "self-trained"}
    given = [text for name, text in helps.items() if getattr(model, name, None)]
    return f"{model.kind} ({', '.join(given)})" if given else model.kind


def _types(cls: type[TextEstimator[Any]]) -> dict[str, Any]:
    hints = type_hints(cls)  # type: ignore[arg-type] # classes are hashable
    return {name: hints[name] for name in signature(cls).parameters}
