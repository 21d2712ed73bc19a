"""A report on an alignment as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from embedkit.vectors.spaces.paired_rows import named
from embedkit_cli.shared.tables import Column, Table, text_table
from embedkit_cli.shared.text import json_line, plain, rounded

if TYPE_CHECKING:
    from embedkit.vectors.spaces.movement import MovedWord
    from embedkit.vectors.spaces.report import AlignmentReport
    from embedkit.vectors.spaces.translation import TranslationScore


def alignment_as(style: str, report: AlignmentReport) -> str:
    """The report in a style of the option --format."""
    return json_line(_content(report)) if style == "json" else "\n\n".join(_parts(report))


def _parts(report: AlignmentReport) -> Iterator[str]:
    yield "\n".join(_facts(report))
    if report.translations:
        yield text_table(translation_table(report.translations))
    if report.moved:
        yield text_table(moved_table(report.moved))


def _facts(report: AlignmentReport) -> Iterator[str]:
    alignment = report.alignment
    pairs = alignment.pairs
    lost = f" of {pairs.total:,}" if pairs.total > len(pairs) else ""
    yield f"pairs        {len(pairs):,}{lost}"
    for side, words in (("first", pairs.unknown_sources), ("second", pairs.unknown_targets)):
        if words:
            yield plain(f"unknown      in the {side} file {len(words):,} words: {named(words)}")
    if alignment.refined:
        yield f"refined      {', '.join(f'{count:,}' for count in alignment.refined)} pairs"
    yield f"mean cosine  {alignment.cosine_before:.3f} before, {alignment.cosine_after:.3f} after"


def translation_table(scores: list[TranslationScore]) -> Table:
    """Precision on the test dictionary, a row a method and number of answers."""
    columns = (
        Column("translation"),
        Column("precision", True),
        Column("95 % interval", True),
        Column("right", True),
        Column("covered", True),
    )
    rows = []
    for score in scores:
        low, high = score.interval or (0, 1)
        interval = f"[{low:.3f}, {high:.3f}]"
        right, covered = f"{score.right:,}", f"{score.covered:,} of {score.total:,}"
        rows.append((f"{score.method} @{score.top}", f"{score.precision:.3f}", interval, right, covered))
    return Table(columns, rows)


def moved_table(words: list[MovedWord]) -> Table:
    """The words that moved most, with their neighbors before and after."""
    columns = (
        Column("word"),
        Column("distance", True),
        Column("neighborhood", True),
        Column("neighbors before"),
        Column("neighbors after"),
    )
    rows = [
        (
            moved.word,
            f"{moved.distance:.3f}",
            f"{moved.neighborhood:.3f}",
            ", ".join(moved.before),
            ", ".join(moved.after),
        )
        for moved in words
    ]
    return Table(columns, rows)


def _content(report: AlignmentReport) -> dict[str, object]:
    alignment = report.alignment
    pairs = alignment.pairs
    return {
        "pairs": len(pairs),
        "dictionary": pairs.total,
        "unknown": [list(pairs.unknown_sources), list(pairs.unknown_targets)],
        "refined": list(alignment.refined),
        **rounded({"cosine_before": alignment.cosine_before, "cosine_after": alignment.cosine_after}),
        "translation": [
            rounded(
                {
                    "method": score.method,
                    "top": score.top,
                    "precision": score.precision,
                    "low": score.interval.low if score.interval else None,
                    "high": score.interval.high if score.interval else None,
                    "right": score.right,
                    "covered": score.covered,
                    "total": score.total,
                }
            )
            for score in report.translations
        ],
        "moved": [rounded(moved._asdict()) for moved in report.moved],
    }
