"""What the metadata of trained vectors tell: trainer, parameters, losses, corpus, versions of libraries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from embedkit.training.epoch_state import Losses


def training_metadata(
    trainer: str, parameters: Mapping[str, Any], losses: Losses, facts: Mapping[str, Any], library: str
) -> dict[str, object]:
    """The metadata of vectors that a `trainer` made in epochs, with `facts` of what they were made from."""
    return {
        "trainer": trainer,
        "parameters": dict(parameters),
        "losses": losses,
        **facts,
        "versions": library_versions(library),
    }


def library_versions(library: str) -> dict[str, str]:
    """The versions of embedkit, of numpy and of the library that a trainer computes with."""
    from importlib.metadata import version

    return {name: version(name) for name in ("embedkit", "numpy", library)}
