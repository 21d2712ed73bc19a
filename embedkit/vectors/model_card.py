"""The model card of vectors: a README.md made of their metadata, in the manner of the Hugging Face hub."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MAX_VALUE = 200  # characters of a value shown
SUMMARY = """\
{words:,} words, {size} dimensions. License: {license}.

```python
import embedkit

vectors = embedkit.Embeddings.from_pretrained("FOLDER or ORGANIZATION/NAME")
vectors.neighbors({word})
```
"""


def model_card(
    words: Sequence[str],
    vector_size: int,
    metadata: Mapping[str, Any],
    title: str,
    *,
    license: str | None = None,
    language: str | None = None,
    sections: Mapping[str, str] | None = None,
) -> str:
    """The model card of vectors as Markdown.

    It tells how the vectors were trained, on what text, and what was done to them since, as their metadata
    say; what they do not say is not invented.

    Args:
        words: the words of the vectors.
        vector_size: their dimensions.
        metadata: how they were made.
        title: the name of the vectors.
        license: under which they may be used; None if that is not stated.
        language: the code of the language of the text; None if that is not stated.
        sections: Markdown by heading, put behind what the metadata say.

    Example:
        >>> print(model_card(["cat"], 2, {"trainer": "by hand"}, "cats").partition("## ")[2])
        How they were made
        <BLANKLINE>
        | fact | value |
        | --- | --- |
        | trainer | by hand |
        <BLANKLINE>
    """
    given = {"license": license, "language": language}
    stated: dict[str, Any] = {name: value for name, value in given.items() if value}
    stated |= {"library_name": "embedkit", "tags": ["word-embeddings"]}
    front = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in stated.items())
    summary = SUMMARY.format(
        words=len(words),
        size=vector_size,
        license=_plain(license or "not stated"),
        word=json.dumps(words[0], ensure_ascii=False),
    )
    parts = [f"---\n{front}\n---\n", f"# {_plain(title)}\n", summary, _provenance(metadata)]
    parts += [f"## {heading}\n\n{text.strip()}\n" for heading, text in (sections or {}).items()]
    return "\n".join(parts)


def _provenance(metadata: Mapping[str, Any]) -> str:
    """How the vectors were made, as a table."""
    rows = [f"| {_cell(name)} | {_cell(value)} |" for name, value in _facts(metadata)]
    told = "\n".join(["| fact | value |", "| --- | --- |", *rows]) if rows else "The file does not say."
    return f"## How they were made\n\n{told}\n"


def _facts(metadata: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The metadata as pairs of a name, such as "parameters: window", and a value."""
    for name, value in metadata.items():
        if isinstance(value, Mapping):
            yield from _facts(value, f"{prefix}{name}: ")
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, 1):
                content = each if isinstance(each, Mapping) else {"": each}
                yield from _facts(content, f"{prefix}{name} {number}: ")
        elif isinstance(value, list):
            yield f"{prefix}{name}", ", ".join(map(_number, value))
        elif value is not None:
            yield f"{prefix}{name}", _number(value)


def _number(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    """Text for a cell of a table, without anything that Markdown or HTML would take for its own."""
    shown = text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
    return _plain(shown).replace("|", "\\|")


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace("`", "'")
