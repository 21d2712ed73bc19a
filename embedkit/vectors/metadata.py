"""The metadata of vectors: JSON that says how they were made."""

from __future__ import annotations

import json
from collections.abc import Mapping

from embedkit.errors import InputError


def metadata_text(metadata: Mapping[str, object]) -> str:
    """The metadata as JSON; `InputError` if JSON cannot hold them."""
    try:
        return json.dumps(dict(metadata), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"expected metadata that JSON can hold: {error}") from error


def with_transform(metadata: Mapping[str, object], name: str, /, **settings: object) -> dict[str, object]:
    """The metadata with one more entry in their list of transforms, a new one if it is something else.

    Example:
        >>> with_transform({"trainer": "glove"}, "subset", words=10)
        {'trainer': 'glove', 'transforms': [{'name': 'subset', 'words': 10}]}
    """
    before = metadata.get("transforms")
    steps = before if isinstance(before, list) else []
    return {**metadata, "transforms": [*steps, {"name": name, **settings}]}
