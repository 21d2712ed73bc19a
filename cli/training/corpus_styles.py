"""Statistics of a corpus as text, JSON and TSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from embedkit.text.corpus.statistics import CorpusStatistics
from embedkit_cli.shared.tables import Cell, Column, Table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line, rounded

POINTS = 8  # of the type-token curve that are shown as text


def as_text(statistics: CorpusStatistics) -> str:
    """Facts, then a table for each kind of numbers."""
    parts = ["\n".join(_facts(statistics))]
    parts += ["\n".join([title, text_table(table)]) for title, table in _tables(statistics)]
    return "\n\n".join(parts)


def as_json(statistics: CorpusStatistics) -> str:
    """One object."""
    tokens, types = (numbers.tolist() for numbers in statistics.curve)
    content: dict[str, Any] = {name: getattr(statistics, name) for name in _TOTALS}
    content |= {
        "zipf": statistics.zipf and rounded(statistics.zipf._asdict()),
        "heaps": statistics.heaps and rounded(statistics.heaps._asdict()),
        "lengths": {str(percent): length for percent, length in statistics.lengths},
        "min_count": [kept._asdict() for kept in statistics.kept],
        "curve": [{"tokens": n, "types": v} for n, v in zip(tokens, types, strict=True)],
        "frequent": [{"word": word, "count": count} for word, count in statistics.frequent],
    }
    return json_line(content)


def as_tsv(statistics: CorpusStatistics) -> str:
    """A line a number: which it is, of what, and the number."""
    return "\n".join(tsv_lines(("statistic", "of", "value"), _rows(statistics)))


STYLES = {"text": as_text, "json": as_json, "tsv": as_tsv}
_TOTALS = ("documents", "tokens", "types", "hapaxes")


def _facts(statistics: CorpusStatistics) -> Iterator[str]:
    for name in _TOTALS:
        yield f"{name:<10} {getattr(statistics, name):,}"
    if zipf := statistics.zipf:
        yield (
            f"{'Zipf':<10} count ~ {zipf.factor:.3g} rank^-{zipf.exponent:.3f}, standard error "
            f"{zipf.error:.3f} (maximum likelihood over the {zipf.types:,} types that occur {zipf.least:,} "
            f"times or more; Kolmogorov-Smirnov distance {zipf.distance:.3f})"
        )
    if heaps := statistics.heaps:
        yield f"{'Heaps':<10} types ~ {heaps.factor:.3g} tokens^{heaps.exponent:.3f} (least squares)"


def _tables(statistics: CorpusStatistics) -> Iterator[tuple[str, Table]]:
    tokens, types = statistics.curve
    step = max(1, -(-len(tokens) // POINTS))
    shown = zip(tokens[::-step].tolist(), types[::-step].tolist(), strict=True)
    growth = [(f"{n:,}", f"{v:,}") for n, v in reversed(list(shown))]
    yield "Growth of the vocabulary", Table([Column("tokens", True), Column("types", True)], growth)
    lengths = [(f"{percent}%", f"{length:,}") for percent, length in statistics.lengths]
    yield "Tokens of a document, at most", Table([Column("documents", True), Column("tokens", True)], lengths)
    kept = [
        (f"{least:,}", f"{types:,}", f"{tokens:,}", f"{tokens / statistics.tokens:.1%}")
        for least, types, tokens in statistics.kept
    ]
    names = ("min_count", "types", "tokens", "of all")
    yield "Kept by min_count", Table([Column(name, True) for name in names], kept)
    frequent = [
        (word, f"{count:,}", f"{count / statistics.tokens:.2%}") for word, count in statistics.frequent
    ]
    columns = [Column("word"), Column("count", True), Column("of all", True)]
    yield "Most frequent words", Table(columns, frequent)


def _rows(statistics: CorpusStatistics) -> Iterator[tuple[Cell, Cell, Cell]]:
    for name in _TOTALS:
        yield name, "corpus", getattr(statistics, name)
    for law in ("zipf", "heaps"):
        fit = getattr(statistics, law)
        yield from ((law, name, value) for name, value in (fit._asdict() if fit else {}).items())
    yield from (("length", f"{percent}%", length) for percent, length in statistics.lengths)
    for least, types, tokens in statistics.kept:
        yield "types_kept", least, types
        yield "tokens_kept", least, tokens
    yield from (("curve", n, v) for n, v in zip(*map(list, statistics.curve), strict=True))
    yield from (("count", word, count) for word, count in statistics.frequent)
