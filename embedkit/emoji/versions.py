"""The versions of `Emojifier`: their classifiers and parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from embedkit.emoji.parameters import SHARED
from embedkit.errors import InputError
from embedkit.models.inference.network import NETWORK
from embedkit.models.linear.predictors import MEAN_VECTORS
from embedkit.models.networks.classifier import TextClassifier

WEIGHTED: Mapping[str, Any] = {"C": 0.05, "smoothing": 3e-4}  # rare words weigh more
FEW_TEXTS = 200  # of which a network weighs at most as much as the mean of vectors


class VersionPart(NamedTuple):
    """A classifier by its kind, and the weight of its scores in the average where there are many texts."""

    kind: str
    weight: float
    parameters: Mapping[str, Any]


VERSIONS: Mapping[int, Sequence[VersionPart]] = {
    1: [VersionPart(MEAN_VECTORS, 1.0, WEIGHTED)],
    2: [
        VersionPart(
            NETWORK,
            1.0,
            {
                "layers": "lstm:128 dropout:0.5 lstm:128 dropout:0.5",
                "fine_tune": False,
                "epochs": 12,
                "batch_size": 32,
                "learning_rate": 2e-3,
                "decay": "cosine",
                "validation_fraction": 0.0,
            },
        ),
        VersionPart(MEAN_VECTORS, 0.0, WEIGHTED),
    ],
    3: [
        VersionPart(
            NETWORK,
            0.75,
            {
                "layers": "dropout:0.2 bilstm:96 attention:96 dropout:0.5",
                "fine_tune": False,
                "epochs": 7,
                "batch_size": 32,
                "learning_rate": 3e-3,
                "decay": "cosine",
                "validation_fraction": 0.0,
            },
        ),
        VersionPart(MEAN_VECTORS, 0.25, WEIGHTED),
    ],
}


def parts_of_version(version: int) -> Sequence[VersionPart]:
    """The classifiers of a version; `InputError` if there is no such version."""
    if version not in VERSIONS:
        raise InputError(f"version must be one of {', '.join(map(str, VERSIONS))}, got {version!r}")
    return VERSIONS[version]


def weights_of_parts(version: int, texts: float) -> list[float]:
    """The weights of the classifiers of a version that learns from so many texts.

    A network is trusted little with a few texts: n of them give it at most n / (n + 200), and the rest to the
    mean of vectors.

    Example:
        >>> from embedkit.emoji.versions import weights_of_parts
        >>> weights_of_parts(2, 600), weights_of_parts(3, 200), weights_of_parts(3, 2000)
        ([0.75, 0.25], [0.5, 0.5], [0.75, 0.25])
    """
    first, *others = [part.weight for part in parts_of_version(version)]
    if not others:
        return [first]
    trust = min(first, texts / (texts + FEW_TEXTS))
    return [trust, 1 - trust]


def network_parameters(version: int) -> Mapping[str, Any] | None:
    """The parameters of the network of a version; None of one that has none."""
    networks = [part.parameters for part in parts_of_version(version) if part.kind == NETWORK]
    return networks[0] if networks else None


def version_network(version: int, **changes: Any) -> TextClassifier:
    """The network of a version, not yet fitted, some of its parameters changed.

    Raises:
        InputError: a version without a network, or a parameter that networks do not have.

    Example:
        >>> from embedkit.emoji.emojifier import Emojifier
        >>> from embedkit.emoji.versions import version_network
        >>> Emojifier(network=version_network(3, layers="bigru:48 max")).get_params()["network__layers"]
        'bigru:48 max'
    """
    parameters = network_parameters(version)
    if parameters is None:
        raise InputError(f"version {version} has no network; leave its parameters out")
    known = TextClassifier().get_params().keys() - SHARED
    if unknown := [name for name in changes if name not in known]:
        raise InputError(
            f"the network of an Emojifier has no {unknown[0]!r} to set; it has {', '.join(sorted(known))}"
        )
    return TextClassifier(**{**parameters, **changes})
