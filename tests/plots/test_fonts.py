"""Characters that matplotlib's own font lacks: found in another font, or told."""

import warnings

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.font_manager import fontManager

from embedkit.plots.bars import Bar, Panel, write_bars
from embedkit.plots.canvas import new_figure
from embedkit.plots.confusion import write_confusion
from embedkit.plots.fonts import choose_fonts


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a font of triangles for the characters given, after matplotlib made its list of fonts."""
    own = [entry for entry in fontManager.ttflist if "DejaVu" in entry.name]
    monkeypatch.setattr(fontManager, "ttflist", own)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: list(map(str, tmp_path.glob("*.ttf"))))

    def make(family, signs):
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        pen.lineTo((500, 1000))
        pen.lineTo((1000, 0))
        pen.closePath()
        names = [".notdef", *(f"u{ord(sign):04X}" for sign in signs)]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap({ord(sign): f"u{ord(sign):04X}" for sign in signs})
        builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
        builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
        builder.setupHorizontalHeader(ascent=1000, descent=-200)
        builder.setupNameTable({"familyName": family, "styleName": "Regular"})
        builder.setupOS2()
        builder.setupPost()
        builder.save(tmp_path / f"{family}.ttf")

    return make


def confused(path, names):
    """What is warned of while a matrix of these classes is drawn, and the picture."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        write_confusion(path, np.eye(len(names), dtype=np.int64), names, "Labels")
    return [str(warning.message) for warning in caught], path.read_bytes()


def test_a_font_that_has_the_characters_is_used(tmp_path, install):
    told, boxes = confused(tmp_path / "a.png", ["财经", "社会"])
    assert told == [
        "no font on this machine has 会, 社, 经, 财, which are boxes in the picture; install one that does, "
        "such as Noto Sans CJK (https://fonts.google.com/noto), and draw it again"
    ]
    install("Half", "财经")
    install("WenQuanYi Zen Hei", "财经社会")
    told, picture = confused(tmp_path / "a.png", ["财经", "社会"])
    assert told == []
    assert picture != boxes

    figure = new_figure(2, 2)
    label = figure.text(0, 0, "财x社")
    choose_fonts(figure)
    assert label.get_fontfamily() == ["sans-serif", "WenQuanYi Zen Hei"]


def test_several_fonts_are_taken_together_and_what_is_left_is_told(tmp_path, install):
    install("One", "财经")
    install("Two", "社")
    [told] = confused(tmp_path / "a.png", ["财经", "社会"])[0]
    assert told.startswith("no font on this machine has 会, which are boxes")
    [told] = confused(tmp_path / "a.png", [chr(0x0E01 + place) for place in range(8)])[0]
    assert "has ก, ข, ฃ, ค, ฅ and 3 more, which" in told
    assert "such as Noto Sans Thai (" in told
    [told] = confused(tmp_path / "a.png", ["ขา", "हा", "会"])[0]
    assert (
        "install fonts that do, such as Noto Sans Devanagari and Noto Sans Thai and Noto Sans CJK (" in told
    )


def test_what_the_own_font_has_keeps_it(tmp_path, install):
    install("Latin", "abc")
    panel = Panel("Überschrift", "score", ["naïve", "Łódź", "жук"], {"ß": [Bar(0.5)] * 3})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_bars(tmp_path / "bars.png", [panel], "Scores\nof two lines")
    figure = new_figure(2, 2)
    label = figure.text(0, 0, "abc жук")
    choose_fonts(figure)
    assert label.get_fontfamily() == ["sans-serif"]
