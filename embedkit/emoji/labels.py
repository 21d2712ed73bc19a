"""Emoji labels: emoji in any spelling, or values whose emoji the caller gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.models.columns import label_rows
from embedkit.text.datasets.labels import label_of
from embedkit.text.emoji import normal_emoji

SHOWN = 3  # labels that an error repeats
Labels = Sequence[str] | Mapping[Any, str] | None


def emoji_of_labels(labels: Iterable[Any], meaning: Labels) -> list[str]:
    """The emoji of each label in normal form.

    Args:
        labels: (n,) or (n, 1).
        meaning: the emoji that labels 0, 1, 2 and so on stand for, or a mapping of labels; None for labels
            that are emoji, or their names such as `:red_heart:`.

    Raises:
        InputError: a label that stands for no emoji, or several labels a text.
    """
    entries = label_rows(labels)
    named = _named(meaning)
    emoji_of = {entry: _emoji(entry, named) for entry in {*map(_key, entries)}}
    if invalid := sorted(repr(entry) for entry, emoji in emoji_of.items() if emoji is None):
        more = f" and {len(invalid) - SHOWN} more" if len(invalid) > SHOWN else ""
        raise InputError(
            "expected each label to be an emoji, or its name such as :red_heart: between colons, got "
            f"{', '.join(invalid[:SHOWN])}{more}; say what other labels stand for by `labels` (--labels)"
        )
    return [emoji_of[_key(entry)] or "" for entry in entries]


def _named(meaning: Labels) -> dict[str, str]:
    """The emoji that labels stand for, by label."""
    given = meaning or {}
    pairs = given.items() if isinstance(given, Mapping) else enumerate(given)
    return {str(_key(label)): normal_emoji(emoji) for label, emoji in pairs}


def _key(label: Any) -> Any:
    """A label in one form, however its number is stored; what cannot be one stays as it is, as text."""
    plain = label.item() if isinstance(label, np.generic) else label
    several = isinstance(plain, list | tuple | set | frozenset | np.ndarray)
    return repr(plain) if several else label_of(plain) or plain


def _emoji(label: Any, named: Mapping[str, str]) -> str | None:
    """The emoji of a label in normal form, None if it stands for none."""
    if (emoji := named.get(str(label))) is not None:
        return emoji
    try:
        return normal_emoji(str(label))
    except InputError:
        return None
