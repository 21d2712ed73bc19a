"""Emoji in plots, as colored outlines.

matplotlib writes text in one color, and its own font has few emoji. These are of Twemoji, a font of layers
in flat colors (OpenType's tables COLR, version 0, and CPAL) that comes along as `twemoji.woff`; its licenses
are in `twemoji.LICENSE`. fontTools, which reads it, comes with matplotlib.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib.offsetbox import DrawingArea
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

FONT = Path(__file__).with_name("twemoji.woff")
SELECTOR = "\ufe0f"  # asks for a picture, which all glyphs of this font are


class GlyphLayer(NamedTuple):
    """A part of a glyph, in the square from (0, 0) to (1, 1), and its color as matplotlib takes it."""

    outline: Outline
    color: str


def drawing(emoji: str, size: float) -> DrawingArea | None:
    """An emoji in a square of so many points; None if the font does not have it."""
    layers = layers_of(emoji)
    if not layers:
        return None
    area, scale = DrawingArea(size, size), Affine2D().scale(size)
    for outline, color in layers:
        area.add_artist(PathPatch(outline.transformed(scale), facecolor=color, linewidth=0))
    return area


@cache
def layers_of(emoji: str) -> tuple[GlyphLayer, ...]:
    """The layers of an emoji, the lowest first; none if the font does not have it."""
    font = _font()
    signs = tuple(font.getBestCmap().get(ord(sign)) for sign in emoji if sign != SELECTOR)
    glyph = signs[0] if len(signs) == 1 else _ligatures().get(signs)
    layers, colors = font["COLR"].ColorLayers.get(glyph, []), font["CPAL"].palettes[0]
    return tuple(GlyphLayer(_outline(layer.name), colors[layer.colorID].hex()) for layer in layers)


@cache
def _font() -> Any:
    return TTFont(FONT)


@cache
def _ligatures() -> dict[tuple[str, ...], str]:
    """The glyphs that stand for several others in a row, by the names of those."""
    font, glyphs = _font(), {}
    selector = font.getBestCmap()[ord(SELECTOR)]
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for first, ligatures in lookup.SubTable[0].ligatures.items():
            for ligature in ligatures:
                parts = tuple(part for part in (first, *ligature.Component) if part != selector)
                glyphs[parts] = ligature.LigGlyph
    return glyphs


def _outline(glyph: str) -> Outline:
    """The outline of a glyph, in the unit square."""
    font = _font()
    pen = OutlinePen(font.getGlyphSet())
    font.getGlyphSet()[glyph].draw(pen)
    side = font["head"].unitsPerEm
    bottom = (font["hhea"].ascent + font["hhea"].descent - side) / 2
    points = np.reshape(pen.points, (-1, 2))  # a layer may be empty
    return Outline(points, pen.codes).transformed(Affine2D().translate(0, -bottom).scale(1 / side))


class OutlinePen(BasePen):  # type: ignore[misc]
    """Collects what a glyph draws as the points and codes of a path of matplotlib."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.points: list[tuple[float, float]] = []
        self.codes: list[int] = []

    def _add(self, code: Any, *points: tuple[float, float]) -> None:
        self.points += points
        self.codes += [code] * len(points)

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add(Outline.MOVETO, point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add(Outline.LINETO, point)

    def _qCurveToOne(self, control: tuple[float, float], point: tuple[float, float]) -> None:  # noqa: N802
        self._add(Outline.CURVE3, control, point)

    def _closePath(self) -> None:  # noqa: N802
        self._add(Outline.CLOSEPOLY, self.points[-1])
