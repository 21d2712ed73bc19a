"""The summary of a network: a line a layer, with the shape of what it gives and the number of its weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from embedkit.models.layers.layers import Layer
from embedkit.models.layers.stack import OUTPUT, TABLE, LayerStack

WIDTH = 100  # columns of a table at most


class SummaryRow(NamedTuple):
    """A layer: name, type, output shape (None for what differs from batch to batch), and weights."""

    name: str
    type: str
    shape: tuple[int | None, ...]
    weights: int


def summary_rows(stack: LayerStack, words: int, size: int, columns: int) -> list[SummaryRow]:
    """All layers of a network, the table of vectors and the output layer among them.

    Args:
        stack: the layers between.
        words: rows of the table.
        size: its dimensions.
        columns: units of the output layer.

    Example:
        >>> from embedkit.models.layers.stack import LayerStack
        >>> from embedkit.models.layers.summary import summary_rows
        >>> for row in summary_rows(LayerStack("lstm:64"), words=10_000, size=128, columns=1):
        ...     print(row.type, row.shape, row.weights)
        Embedding (None, None, 128) 1280000
        LSTM (None, 64) 49408
        Dense (None, 1) 65
    """
    return list(_rows(stack, words, size, columns))


def _rows(stack: LayerStack, words: int, size: int, columns: int) -> Iterator[SummaryRow]:
    yield SummaryRow(TABLE, "Embedding", (None, None, size), words * size)
    counts: dict[str, int] = {}
    for name, sizes in stack.weight_shapes(size, columns).items():
        layer = name.partition("/")[0]
        counts[layer] = counts.get(layer, 0) + math.prod(sizes)
    for place, last in stack.merged(size):
        vector = last or not place.sequence or place.layer.gives == "vector"
        shape: tuple[int | None, ...] = (None, place.width) if vector else (None, None, place.width)
        yield SummaryRow(place.name, _type(place.layer), shape, counts.get(place.name, 0))
    yield SummaryRow(OUTPUT, "Dense", (None, columns), counts[OUTPUT])


def _type(layer: Layer) -> str:
    name = type(layer).__name__
    return f"Bidirectional {name}" if getattr(layer, "bidirectional", False) else name


def summary_text(rows: Sequence[SummaryRow]) -> str:
    """The summary as a table, and the number of all weights and of their bytes as float32."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.HEAVY_HEAD, show_lines=True, header_style="")
    for title, justify in (("Layer (type)", "left"), ("Output Shape", "left"), ("Param #", "right")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for name, kind, shape, weights in rows:
        table.add_row(f"{name} ({kind})", str(shape), f"{weights:,}")
    console = Console(width=WIDTH, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(table)
    total = sum(row.weights for row in rows)
    return f"{captured.get()} Total params: {total:,} ({total * 4 / 1e6:,.2f} MB)"
