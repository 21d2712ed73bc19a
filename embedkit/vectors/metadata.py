"""The metadata of vectors: JSON that says how they were made."""

from __future__ import annotations

import json
from collections.abc import Mapping

from embedkit.errors import InputError

PARTS = "of"  # in a transform, the metadata of what it put together
MAX_STEPS = 5  # transforms that are told of a part


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


def summary(metadata: Mapping[str, object]) -> dict[str, object]:
    """What of the metadata of a part is told in those of the whole: the last transforms, without their parts.

    So what is made of parts over and over does not grow.

    Example:
        >>> merged = {"transforms": [{"name": "merge", "of": [{"epochs": 1}, {"epochs": 2}]}]}
        >>> summary({"trainer": "glove", **merged})
        {'trainer': 'glove', 'transforms': [{'name': 'merge'}]}
    """
    steps = metadata.get("transforms")
    if not isinstance(steps, list):
        return dict(metadata)
    last = [
        {key: value for key, value in step.items() if key != PARTS} if isinstance(step, dict) else step
        for step in steps[-MAX_STEPS:]
    ]
    return {**metadata, "transforms": last}
