"""The page as one HTML text: modules, style and parts within, and a policy that allows nothing else.

The sources lie in the folder `page`. Modules import only names of one another, and no two have a name of the
same spelling, so that joined in the order of their imports they are one script: nothing has to be fetched,
and its hash is all that the Content-Security-Policy allows to run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

from embedkit.explorer.parts import PageParts, embeddable

SOURCES = Path(__file__).parent / "page"
MAIN = "main"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let))", re.MULTILINE)
_PLACES = re.compile(r"<!--(\w+)-->")


@cache
def script() -> str:
    """All modules as one script, each behind those that it imports."""
    return "".join(_bodies(MAIN, set()))


def _bodies(name: str, seen: set[str]) -> Iterator[str]:
    if name in seen:
        return
    seen.add(name)
    source = source_text(f"{name}.js")
    for imported in _IMPORT.findall(source):
        yield from _bodies(imported, seen)
    yield _EXPORT.sub("", _IMPORT.sub("", source))


@cache
def source_text(name: str) -> str:
    """The text of a file of the page, read once: an upgrade beneath a running server changes nothing."""
    return (SOURCES / name).read_text(encoding="utf-8")


def policy(*, connect: bool) -> str:
    """What the page may do: run this script, have this style and, if served, ask where it came from."""
    allowed = {
        "default-src": "'none'",
        "script-src": _hash(script()),
        "style-src": _hash(source_text("style.css")),
        "img-src": "blob: data:",
        "font-src": "data:",
        "connect-src": "'self'" if connect else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{key} {value}" for key, value in allowed.items())


def page(parts: PageParts, *, embedded: bool) -> str:
    """The page; `embedded` with all parts within, else it fetches them where it came from."""
    fill = {
        "policy": escape(policy(connect=not embedded), quote=True),
        "title": escape(str(parts.facts.get("title", "embedkit"))),
        "style": source_text("style.css"),
        "script": script(),
        "manifest": embeddable({**parts.manifest, "embedded": embedded}),
        "parts": "".join(_part_elements(parts)) if embedded else "",
    }
    return _PLACES.sub(lambda place: fill[place[1]], source_text("page.html"))


def _part_elements(parts: PageParts) -> Iterator[str]:
    for name in parts.arrays:
        content = base64.b64encode(parts.content(name)).decode()
        yield f'<script type="text/plain" id="part-{escape(name, quote=True)}">{content}</script>\n'


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
