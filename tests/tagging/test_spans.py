"""Spans as conlleval reads them, by hand."""

import pytest

from embedkit.tagging.spans import TagSpan, spans_of


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("", []),
        ("O O", []),
        ("B-x I-x O B-y", [("x", 0, 2), ("y", 3, 4)]),
        ("B-x B-x", [("x", 0, 1), ("x", 1, 2)]),
        ("I-x I-x O", [("x", 0, 2)]),  # IOB1: I- begins a span
        ("O I-x I-y I-y", [("x", 1, 2), ("y", 2, 4)]),  # another type begins another
        ("B-x I-y", [("x", 0, 1), ("y", 1, 2)]),
        ("B-x I-x E-x S-x", [("x", 0, 3), ("x", 3, 4)]),
        ("E-x E-x", [("x", 0, 1), ("x", 1, 2)]),
        ("B-x E-x I-x", [("x", 0, 2), ("x", 2, 3)]),
        ("S-x I-x", [("x", 0, 1), ("x", 1, 2)]),
        ("B-x S-x", [("x", 0, 1), ("x", 1, 2)]),
        ("B-x L-x U-x", [("x", 0, 2), ("x", 2, 3)]),
        ("B-creative-work I-creative-work", [("creative-work", 0, 2)]),
    ],
)
def test_spans(tags, spans):
    assert spans_of(tags.split()) == [TagSpan(*span) for span in spans]
