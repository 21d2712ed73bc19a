"""What is wrong with a tune: tokens that are none of ABC, no metre or key, bars that do not add up."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from embedkit.music.tune import BAR_LINES, ENDINGS, FIELD, KEY, Tune, metre_length, note_length

PLAIN = "|"  # the one bar line at which no part begins or ends


def tune_problems(tune: Tune) -> list[str]:
    """What is wrong, in the order of the tune; nothing if it is valid.

    A bar is as long as its metre says. Only where a part of the tune begins or ends (its own ends, repeats,
    endings, double bars) a bar may be shorter: an upbeat, and what it leaves of the last bar.

    Example:
        >>> from embedkit.music.checks import tune_problems
        >>> from embedkit.music.tune import Tune
        >>> tune_problems(Tune.from_line("M:3/4 K:G D2 | G4 B2 | d4 ||"))
        []
        >>> tune_problems(Tune.from_line("M:3/4 K:G D2 | G4 B3 | q d4 ||"))
        ['bar 2 has 7 eighths, its metre 6', "'q' is no token of ABC"]
    """
    if metre_length(tune.metre) is None:
        return [f"{tune.metre!r} is no metre"]
    if not KEY.fullmatch(tune.key):
        return [f"{tune.key!r} is no key"]
    problems = list(_bars(tune))
    if all(note_length(token) is None for token in tune.tokens):
        problems.append("there are no notes")
    return problems


def _bars(tune: Tune) -> Iterator[str]:
    """The problems of all bars."""
    bar, length, number, edge = metre_length(tune.metre) or Fraction(0), Fraction(0), 1, True
    for token in [*tune.tokens, "||"]:
        field, own = FIELD.fullmatch(token), note_length(token)
        if own is not None:
            length += own
        elif token in BAR_LINES or token in ENDINGS:
            border = token != PLAIN
            if length > bar or (0 < length < bar and not edge and not border):
                yield f"bar {number} has {length} eighths, its metre {bar}"
            number += length > 0
            edge, length = border or (edge and not length), Fraction(0)
        elif field and field["name"] == "M" and metre_length(field["value"]) is not None:
            bar, edge = metre_length(field["value"]) or bar, True
        elif not (field and field["name"] == "K" and KEY.fullmatch(field["value"])):
            yield f"{token!r} is no token of ABC"
