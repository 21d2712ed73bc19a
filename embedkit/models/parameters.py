"""Parameters that several classifiers share, or that an ensemble has, for estimators and for options."""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.hyperparameters import described, hyperparameter
from embedkit.models.class_weights import ClassWeight


@dataclass(kw_only=True, eq=False, repr=False)
class ClassWeightParameter:
    """How much the classes count; see `embedkit.models.class_weights`, which checks it."""

    class_weight: ClassWeight = described(None, "weight classes inversely to their frequency")


@dataclass(kw_only=True, eq=False, repr=False)
class EnsembleParameters:
    """How an ensemble weighs its parts."""

    share: float = hyperparameter(
        0.5, "weight of the network in an ensemble; n-grams have the rest", minimum=0, maximum=1
    )
    document_share: float = hyperparameter(
        0.0, "weight of document vectors in an ensemble; 0: it has none", minimum=0, maximum=1
    )
