"""Perplexities as tables and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from embedkit.language_models.perplexity import Perplexity
from embedkit_cli.shared.tables import Column, Table
from embedkit_cli.shared.text import rounded

COLUMNS = (
    Column("model"),
    Column("tokens", True),
    Column("unknown", True),
    Column("perplexity", True),
    Column("without unknown", True),
    Column("bits a token", True),
    Column("bits a character", True),
)


def perplexity_table(measured: Mapping[str, Perplexity]) -> Table:
    """A row for each model."""
    return Table(COLUMNS, [_row(name, one) for name, one in measured.items()])


def perplexity_content(one: Perplexity) -> dict[str, Any]:
    """All numbers, ready for JSON, with six significant digits."""
    return rounded(
        {
            "tokens": one.tokens,
            "unknown": one.unknown,
            "characters": one.characters,
            "perplexity": one.perplexity,
            "perplexity_without_unknown": one.known_perplexity,
            "bits_per_token": one.bits_per_token,
            "bits_per_character": one.bits_per_character,
        }
    )


def _row(name: str, one: Perplexity) -> tuple[str, ...]:
    known = "" if one.known_perplexity is None else f"{one.known_perplexity:,.2f}"
    bits = f"{one.bits_per_token:.3f}", f"{one.bits_per_character:.3f}"
    return (name, f"{one.tokens:,}", f"{one.unknown:,}", f"{one.perplexity:,.2f}", known, *bits)
