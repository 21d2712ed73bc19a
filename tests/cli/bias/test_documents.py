"""Reports as text and as Markdown."""

from embedkit_cli.bias.documents import Heading, Lead, Notes, rendered
from embedkit_cli.shared.tables import Column, Table

PARTS = [
    Lead(["english: 5 words x 2", "topic gender"]),
    Table((Column("metric"), Column("value", True)), [("RIPA", "0.5")]),
    Notes({"RIPA": "Higher is worse."}),
    Notes({}),
    Heading("Cost"),
    "No difference.",
]
MARKDOWN = """\
- english: 5 words x 2
- topic gender

| metric | value |
| --- | ---: |
| RIPA | 0.5 |

- **RIPA**: Higher is worse.

## Cost

No difference."""
TEXT = """\
english: 5 words x 2
topic gender

metric  value
RIPA      0.5

RIPA: Higher is worse.

Cost

No difference."""


def test_parts_have_a_form_in_either_style():
    assert rendered(PARTS, "markdown") == MARKDOWN
    assert rendered(PARTS, "text") == TEXT


def test_no_line_of_text_begins_with_a_percent_sign():
    lines = rendered(["x" * 93 + " 50 % is chance"], "text").splitlines()
    assert lines == ["x" * 93, "50 % is chance"]
