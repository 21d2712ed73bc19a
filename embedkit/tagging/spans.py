"""Spans of tagged tokens, such as named entities, read as the CoNLL script `conlleval` reads them.

A tag is "O", or a prefix and a type: "B-person". The script forgives tags that no scheme allows: I- or E-
behind O, or behind another type, begins a span, and a span ends wherever the next token cannot go on with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

OUTSIDE = "O"


class TagSpan(NamedTuple):
    """The tokens from `begin` to before `end`, and what they are.

    Example:
        >>> from embedkit.tagging.spans import TagSpan
        >>> TagSpan("person", 0, 2).end
        2
    """

    type: str
    begin: int
    end: int


def spans_of(tags: Sequence[str]) -> list[TagSpan]:
    """The spans of a sentence, in order.

    Example:
        >>> from embedkit.tagging.spans import spans_of
        >>> for span in spans_of(["B-person", "I-person", "O", "I-place", "B-place"]):
        ...     print(span)
        TagSpan(type='person', begin=0, end=2)
        TagSpan(type='place', begin=3, end=4)
        TagSpan(type='place', begin=4, end=5)
    """
    spans: list[TagSpan] = []
    last = OUTSIDE
    for place, tag in enumerate(tags):
        if tag != OUTSIDE:
            if begins_span(last, tag):
                spans.append(TagSpan(type_of(tag), place, place + 1))
            else:
                spans[-1] = spans[-1]._replace(end=place + 1)
        last = tag
    return spans


def begins_span(last: str, tag: str) -> bool:
    """Whether a token begins a span, given the tag of the one before it ("O" of the first)."""
    prefix, before = prefix_of(tag), prefix_of(last)
    return prefix in "BSU" or before in ("O", "E", "S", "L", "U") or type_of(tag) != type_of(last)


def prefix_of(tag: str) -> str:
    """The letter before the type: "B" of "B-person", "O" of "O"."""
    return tag.partition("-")[0]


def type_of(tag: str) -> str:
    """What a token is part of: "person" of "B-person", nothing of "O"."""
    return tag.partition("-")[2]
