"""The provenance of debiased vectors, kept in their metadata."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from embedkit.arrays import Floats2d
from embedkit.bias.topics.topic import Topic
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import frozen

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def debiased(
    vectors: Embeddings,
    matrix: Floats2d,
    method: str,
    parameters: DataclassInstance,
    topic: Topic,
    **details: object,
) -> Embeddings:
    """`vectors` with the rows of `matrix` (V, D), which is not to be written to again.

    Their list of transforms gets the method, its parameters, name and fingerprint of the topic, and what
    `details` holds.
    """
    identity = {"name": topic.name, "fingerprint": topic.fingerprint}
    return vectors.transformed(
        frozen(matrix), "debias", method=method, parameters=asdict(parameters), topic=identity, **details
    )
