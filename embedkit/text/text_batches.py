"""Many short texts put together, for what costs less by the batch than by the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def text_batches(texts: Iterable[str], characters: int) -> Iterator[tuple[list[str], int]]:
    """Texts of `characters` or more together, and at last the rest of them; and their characters."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= characters:
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size
