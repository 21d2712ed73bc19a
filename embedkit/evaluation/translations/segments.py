"""Translations beside their references: as many of one as of the other, each reference a string or a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from embedkit.errors import InputError

References: TypeAlias = Iterable[str | Sequence[str]]  # for each translation one reference, or several


def checked_pairs(
    hypotheses: Iterable[str], references: References
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Translations, and the references of each.

    Raises:
        InputError: something that is no text, no translation at all, another number of references than of
            translations, or a translation without any.

    Example:
        >>> from embedkit.evaluation.translations.segments import checked_pairs
        >>> checked_pairs(["a b", ""], ["a c", ["x", "y"]])
        (['a b', ''], [('a c',), ('x', 'y')])
    """
    if isinstance(hypotheses, str) or isinstance(references, str):
        raise InputError("expected a list of texts and a list of references for each, got one string")
    said = [_text(hypothesis, number) for number, hypothesis in enumerate(hypotheses, 1)]
    truth = [_references(own, number) for number, own in enumerate(references, 1)]
    if len(said) != len(truth):
        raise InputError(f"expected references for each of {len(said):,} texts, got {len(truth):,}")
    if not said:
        raise InputError("expected texts to be scored, got none")
    return said, truth


def _references(own: str | Sequence[str], number: int) -> tuple[str, ...]:
    if isinstance(own, str):
        return (own,)
    if isinstance(own, bytes) or not isinstance(own, Iterable):
        raise InputError(f"text {number}: expected a reference or a list of them, got {own!r:.60}")
    several = tuple(_text(reference, number) for reference in own)
    if not several:
        raise InputError(f"text {number} has no reference; leave it out")
    return several


def _text(value: str, number: int) -> str:
    if not isinstance(value, str):
        raise InputError(f"text {number}: expected a string, got {value!r:.60}")
    return value
