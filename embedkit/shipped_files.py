"""Paths of the files bundled with embedkit: vectors, models, benchmarks, topics of bias."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from embedkit.errors import InputError

PACKAGE = "embedkit_corpora"  # a package of data: nothing of it is imported
NAMES = {
    "english": "english.safetensors",  # vectors
    "everyday": "everyday.safetensors",  # vectors that know what the emojifier does
    "sentiment": "sentiment.safetensors",  # a classifier
    "emojify": "emojify.safetensors",  # an emojifier
    "digits": "digits.safetensors",  # a recognizer of spoken digits
}


def shipped_path(name: str) -> Path:
    """The path of a file that ships, such as "topics/gender.toml".

    Raises:
        InputError: it is missing, as after an incomplete installation.
    """
    spec = find_spec(PACKAGE)
    folders = (spec.submodule_search_locations if spec else None) or [PACKAGE]
    path = Path(folders[0]) / name
    if not path.is_file():
        raise InputError(
            f"{name}, which ships with embedkit, is missing: no {path}; reinstall, or name a file"
        )
    return path


def named_path(path: str | Path) -> Path:
    """The bundled file that a name such as "sentiment" stands for, unless such a file exists; else `path`."""
    name = str(path)
    return shipped_path(NAMES[name]) if name in NAMES and not Path(path).exists() else Path(path)
