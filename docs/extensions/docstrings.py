"""Docstrings as reStructuredText: names in single backticks, formulas and hyper-parameters.

`Embeddings` becomes a link if it is a public name, and code if not; an indented block behind a colon keeps
its lines; the hyper-parameters of a dataclass, which declare their help, become its arguments.
"""

import dataclasses
import re
from typing import Any

from sphinx.application import Sphinx

import embedkit

NAME = re.compile(r"(?<![`:\w])`([^`\n]+)`(?![`_])")
COLON = "\ue000"
SECTIONS = ("Args:", "Attributes:", "Example:", "Raises:", "Returns:", "Yields:")


def link(match: re.Match[str]) -> str:
    """A name in backticks as a link to its place in the reference, anything else as code."""
    return f"{role(match[1])}\\ " if match.string[match.end() :][:1].isalnum() else role(match[1])


def role(text: str) -> str:
    """What stands in backticks, as reStructuredText."""
    name, _, rest = text.partition("(")
    first, *inner = name.removeprefix("embedkit.").split(".")
    known: Any = getattr(embedkit, first) if first in embedkit.__all__ else None
    if known is None or not all(member and not member.startswith("_") for member in inner):
        return f"``{text}``"
    for member in inner:
        if not getattr(getattr(known, member, None), "__doc__", None):
            return f"``{text}``"
        known = getattr(known, member)
    if rest not in ("", ")"):
        return f"``{text}``"
    return f":py:obj:`{text} <embedkit.{'.'.join([first, *inner])}>`"


def literal_blocks(lines: list[str]) -> list[str]:
    """The lines with "::" where a colon is followed by a deeper block that is no section."""
    made = list(lines)
    for place, line in enumerate(lines[:-2]):
        text = line.rstrip()
        below = lines[place + 2]
        if (
            not text.endswith(":")
            or text.endswith("::")
            or lines[place + 1].strip()
            or text.strip() in SECTIONS
        ):
            continue
        deeper = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip())
        if below.strip() and deeper and not below.lstrip().startswith((">>>", "- ")):
            made[place] = f"{text}:"
    return made


def arguments(kind: Any, told: str) -> list[str]:
    """Lines for the hyper-parameters of a dataclass that its docstring does not describe."""
    items = [item for item in dataclasses.fields(kind) if "help" in item.metadata]
    lines = []
    for item in items:
        if not re.search(rf"^\s*{item.name}: ", told, re.MULTILINE):
            lines.append(f"    {item.name}: {item.metadata['help']}{bounds(item.metadata)}")
    return lines


def bounds(limits: Any) -> str:
    """What a hyper-parameter may be, in words."""
    least, most, above = (limits.get(name) for name in ("minimum", "maximum", "above"))
    told = [
        *([f"at least {least:,}"] if least is not None else []),
        *([f"more than {above:,}"] if above is not None else []),
        *([f"at most {most:,}"] if most is not None else []),
    ]
    return f" ({' and '.join(told)})" if told else ""


def described(app: Sphinx, what: str, name: str, item: Any, options: Any, lines: list[str]) -> None:
    """Change the lines of a docstring before napoleon reads them."""
    made = [*lines]
    if what == "class" and dataclasses.is_dataclass(item):
        more = arguments(item, "\n".join(made))
        heads = [place for place, line in enumerate(made) if line.strip() in SECTIONS]
        if more and "Args:" in (line.strip() for line in made):
            place = next(place for place, line in enumerate(made) if line.strip() == "Args:")
            end = next((head for head in heads if head > place), len(made))
            while end > place and not made[end - 1].strip():
                end -= 1
            made[end:end] = more
        elif more:
            place = heads[0] if heads else len(made)
            made[place:place] = ["", "Args:", *more, ""]
    made = in_restructured_text(literal_blocks(made))
    lines[:] = [line.replace(":", COLON) for line in made] if what == "property" else made


def in_restructured_text(lines: list[str]) -> list[str]:
    """The lines with links and escapes, but for those of literal blocks and examples."""
    made, literal = [], -1  # how far a line is indented whose literal block this is, -1 for none
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent <= literal:
            literal = -1
        as_it_is = literal >= 0 or line.lstrip().startswith((">>>", "..."))
        made.append(line if as_it_is else NAME.sub(link, escaped(line)))
        if literal < 0 and line.endswith("::"):
            literal = indent
    return made


def escaped(line: str) -> str:
    """The line with bars that are no substitutions, outside of code."""
    return "`".join(
        part if inside % 2 else part.replace("|", "\\|") for inside, part in enumerate(line.split("`"))
    )


def colons(app: Sphinx, what: str, name: str, item: Any, options: Any, lines: list[str]) -> None:
    """Give properties their colons back, before which napoleon would look for a type."""
    lines[:] = [line.replace(COLON, ":") for line in lines]


def setup(app: Sphinx) -> dict[str, bool]:
    """Have docstrings changed before all others change them."""
    app.connect("autodoc-process-docstring", described, priority=100)
    app.connect("autodoc-process-docstring", colons, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
