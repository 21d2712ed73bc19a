"""Whether every link of the built site leads somewhere: `python docs/check_links.py build/docs`.

Links within the site need their page and their anchor, pages need no file from a network, and addresses
elsewhere are listed, not asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}  # with the page


class Link(NamedTuple):
    """A reference of a page: the tag, where it leads, whether a browser loads it with the page."""

    tag: str
    target: str
    loaded: bool


class Page(HTMLParser):
    """The anchors and links of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[Link] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag is called and where it leads."""
        found = dict(attrs)
        self.anchors.update(name for name in (found.get("id"), found.get("name")) if name)
        target = found.get("href" if tag == "a" else LOADED.get(tag, ""))
        if target:
            self.links.append(Link(tag, target, tag != "a" and found.get("rel") != "canonical"))


def broken(pages: dict[Path, Page], outside: dict[str, int]) -> Iterator[str]:
    """What is wrong with the links of some pages; addresses elsewhere are counted in `outside`."""
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link.target)
            if parts.scheme == "data" or parts.scheme == "mailto":
                continue
            if parts.scheme or parts.netloc:
                outside[link.target] = outside.get(link.target, 0) + 1
                if link.loaded:
                    yield f"{path}: {link.target} would be loaded from a network"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                yield f"{path}: there is no {link.target}"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{path}: {link.target} has no such anchor"


def main() -> int:
    """Check a site; 1 if something is wrong."""
    root = Path(sys.argv[1]).resolve()
    pages = {path: Page(path) for path in sorted(root.rglob("*.html"))}
    outside: dict[str, int] = {}
    found = list(broken(pages, outside))
    total = sum(len(page.links) for page in pages.values())
    heading = f"{len(pages)} pages, {total:,} links, {len(found)} broken; {len(outside)} addresses elsewhere:"
    sys.stdout.write("\n  ".join([heading, *sorted(outside)]) + "\n")
    sys.stderr.write("".join(f"{line}\n" for line in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
