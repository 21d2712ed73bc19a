"""Fonts for text of any language: the installed ones that have what matplotlib's own font lacks.

Where none has a character, a picture has boxes in its place; then one warning tells which font to install.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PREFERRED = (  # families of wide coverage, in the order in which they are tried
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans",
    "Arial Unicode MS",
    "Noto Sans",
    "Unifont",
)
PLACEHOLDERS = ("Last Resort", ".Last")  # families that draw a box for every character there is
CJK = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "BOPOMOFO")
SCRIPTS = ("THAI", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "GUJARATI", "KHMER")
NAMED = 5  # characters in a warning

Characters = frozenset[str]

_told: WeakKeyDictionary[Figure, set[str]] = WeakKeyDictionary()  # characters that a warning told of


def choose_fonts(figure: Figure) -> None:
    """Let each text of a figure fall back on installed fonts for characters that its own font lacks.

    Warns once a figure if no font has some of them.
    """
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.text import Text

    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    needed = frozenset("".join(text.get_text() for text in texts))
    missing = {sign for sign in needed - _characters(findfont(FontProperties())) if sign.isprintable()}
    if not missing:
        return
    families = list(_families_with(missing))
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily(), *families])
    if missing := missing - _told.get(figure, set()):
        _told[figure] = missing | _told.get(figure, set())
        warnings.warn(_advice(sorted(missing)), stacklevel=2)


@contextmanager
def missing_glyphs_told() -> Iterator[None]:
    """Silence matplotlib's own warnings of characters that no font has, of which `choose_fonts` has told."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from")
        yield


def _families_with(missing: set[str]) -> Iterator[str]:
    """Families that have some of the characters, which are taken out of `missing` as they are found."""
    for family, path in _installed():
        if found := missing & _characters(path):
            missing -= found
            yield family
        if not missing:
            return


def _installed() -> Iterable[tuple[str, str]]:
    """The families that are installed with a file of each, preferred ones first.

    Those installed since matplotlib made its list of fonts are added to it.
    """
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for path in sorted({*findSystemFonts()} - known):
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError, ValueError):
            continue  # a font that matplotlib cannot read
    upright = [entry for entry in fontManager.ttflist if entry.style == "normal"]
    regular = sorted(upright, key=lambda entry: abs(_weight(entry.weight) - 400))
    paths: dict[str, str] = {}
    for entry in regular:
        if not entry.name.startswith(PLACEHOLDERS):
            paths.setdefault(entry.name, entry.fname)
    order = {family: place for place, family in enumerate(PREFERRED)}
    return sorted(paths.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def _weight(weight: int | str) -> int:
    from matplotlib.font_manager import weight_dict

    return weight_dict.get(weight, 400) if isinstance(weight, str) else weight


@cache
def _characters(path: str) -> Characters:
    """The characters that a font file has."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(map(chr, FT2Font(path).get_charmap()))
    except (OSError, RuntimeError):
        return frozenset()


def _advice(missing: list[str]) -> str:
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    fonts = dict.fromkeys(map(_noto, missing))
    that = "one that does" if len(fonts) == 1 else "fonts that do"
    return (
        f"no font on this machine has {', '.join(missing[:NAMED])}{more}, which are boxes in the picture; "
        f"install {that}, such as {' and '.join(fonts)} (https://fonts.google.com/noto), and draw it again"
    )


def _noto(character: str) -> str:
    """The Noto font for the script of a character."""
    script = unicodedata.name(character, "").split(" ")[0].split("-")[0]
    noto = "CJK" if script in CJK else script.title() if script in SCRIPTS else ""
    return f"Noto Sans {noto}" if noto else "one of the Noto fonts"
