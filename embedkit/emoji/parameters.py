"""The parameters of `Emojifier` about its network, and those of networks that it sets itself."""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.hyperparameters import hyperparameter

# parameters of networks that are those of the emojifier; nothing is held out of its examples
SHARED = {"embeddings", "unlabeled", "pseudo_labels", "vector_size", "fine_tune", "class_weight", "seed"}
SHARED |= {"validation_fraction", "patience"}


@dataclass(kw_only=True, eq=False, repr=False)
class EmojifierParameters:
    """What an emojifier makes of vectors and texts for its network."""

    fine_tune: bool | int | None = hyperparameter(
        None,
        "fine-tune the word vectors: yes, no, or N to start after N epochs at a lower rate; default: as the "
        "version does",
        minimum=0,
    )
    components: int | None = hyperparameter(
        None,
        "reduce the vectors that the networks of versions 2 and 3 read to N principal components, for a "
        "smaller model",
        minimum=1,
    )
    augment: bool = hyperparameter(
        True,
        "also train the networks of versions 2 and 3 on contrastive (counterfactual) examples made of the "
        "texts, in English",
    )
