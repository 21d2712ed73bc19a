"""`EnsemblePredictor`: prediction by a network, n-grams and document vectors, without TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from embedkit.models.documents.predictor import DOCUMENT_VECTORS, DocumentVectorPredictor
from embedkit.models.inference.network import NETWORK, NetworkPredictor
from embedkit.models.inference.predictor import Predictor
from embedkit.models.inference.weighted import WeightedPredictor
from embedkit.models.linear.ngram_predictor import NGRAMS, NgramPredictor


class EnsemblePredictor(WeightedPredictor):
    """The weighted sum of the scores of a network, of n-grams and, if there are some, of document vectors."""

    kind: ClassVar[str] = "ensemble"
    part_classes: ClassVar[Mapping[str, type[Predictor]]] = {
        NETWORK: NetworkPredictor,
        NGRAMS: NgramPredictor,
        DOCUMENT_VECTORS: DocumentVectorPredictor,
    }
