"""Dates as people write them, in words and numbers, and the same in ISO 8601: pairs for `train-seq2seq`.

"the third of March, 1996", "Tue 5 Dec 1961" and "11/20/87" become 1996-03-03, 1961-12-05 and 1987-11-20. A
day is drawn evenly from those between 1900-01-01 and 2049-12-31, a form from the list below, and case and
punctuation at random. Two digits of a year stand for 1950 to 2049. Of numbers alone the month is first
between slashes, as in America, and the day between dots, as in Europe.

    python -m embedkit_corpora.dates dates.tsv --count 20000

One seed gives the same bytes on every Python: only `random.Random(seed).random()` is drawn from. With
`--apart FILE` no pair has a source that the file has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import click

from embedkit.errors import EmbedkitError, InputError
from embedkit.files import atomic_file

FIRST, DAYS = date(1900, 1, 1), 54787  # up to 2049-12-31
SEED, COUNT = 1, 20_000
TRIES = 1000  # drawn in a row that are known already
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
ORDINALS |= {"nine": "ninth", "twelve": "twelfth", "twenty": "twentieth", "thirty": "thirtieth"}


class DatePair(NamedTuple):
    """A date as somebody writes it, and in ISO 8601."""

    text: str
    iso: str


def below_100(number: int) -> str:
    """A number in words: 21 is "twenty-one"."""
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens]}-{ONES[ones]}" if ones else TENS[tens]


def ordinal(number: int) -> str:
    """A day in words: 21 is "twenty-first"."""
    *before, last = below_100(number).split("-")
    return "-".join([*before, ORDINALS.get(last, f"{last}th")])


def numbered(number: int) -> str:
    """A day in figures with its ending: 21 is "21st"."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 <= number % 100 <= 20 else endings.get(number % 10, 'th')}"


def year_words(year: int) -> str:
    """A year in words: "nineteen oh four", "two thousand and nine", "twenty thirty-one".

    Example:
        >>> from embedkit_corpora.dates import year_words
        >>> [year_words(year) for year in (1900, 1904, 1987, 2009)]
        ['nineteen hundred', 'nineteen oh four', 'nineteen eighty-seven', 'two thousand and nine']
    """
    century, rest = divmod(year, 100)
    if century == 20 and rest < 10:
        return f"two thousand and {ONES[rest]}" if rest else "two thousand"
    if rest < 10:
        return f"{below_100(century)} {f'oh {ONES[rest]}' if rest else 'hundred'}"
    return f"{below_100(century)} {below_100(rest)}"


def _short(day: date) -> str:
    """A year in two figures, where that is one of 1950 to 2049, else in four."""
    return f"{day.year % 100:02d}" if day.year >= 1950 else str(day.year)


def _month(day: date) -> str:
    return MONTHS[day.month - 1]


def _abbreviated(day: date) -> str:
    return "Sept" if day.month == 9 and day.day % 2 else _month(day)[:3]


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


FORMS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day.day} {_month(day)} {day.year}",
    lambda day: f"{_month(day)} {day.day}, {day.year}",
    lambda day: f"{_month(day)} {numbered(day.day)}, {day.year}",
    lambda day: f"the {numbered(day.day)} of {_month(day)} {day.year}",
    lambda day: f"{numbered(day.day)} {_month(day)}, {day.year}",
    lambda day: f"{day.day} {_abbreviated(day)} {day.year}",
    lambda day: f"{_abbreviated(day)}. {day.day}, {day.year}",
    lambda day: f"{_weekday(day)}, {day.day} {_month(day)} {day.year}",
    lambda day: f"{_weekday(day)[:3]} {day.day} {_abbreviated(day)} {day.year}",
    lambda day: f"{_weekday(day)} {_month(day)} {day.day} {day.year}",
    lambda day: f"{_weekday(day)} the {ordinal(day.day)} of {_month(day)} {day.year}",
    lambda day: f"the {ordinal(day.day)} of {_month(day)}, {day.year}",
    lambda day: f"the {ordinal(day.day)} of {_month(day)}, {year_words(day.year)}",
    lambda day: f"{_month(day)} {ordinal(day.day)}, {year_words(day.year)}",
    lambda day: f"{_month(day)} the {ordinal(day.day)}, {year_words(day.year)}",
    lambda day: f"{ordinal(day.day)} {_month(day)} {year_words(day.year)}",
    lambda day: f"{_weekday(day)}, {_month(day)} {ordinal(day.day)}, {year_words(day.year)}",
    lambda day: f"in {day.year}, on the {ordinal(day.day)} of {_month(day)}",
    lambda day: f"{day.month}/{day.day}/{day.year}",
    lambda day: f"{day.month:02d}/{day.day:02d}/{_short(day)}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day:02d}.{day.month:02d}.{_short(day)}",
    lambda day: f"{day.year}/{day.month:02d}/{day.day:02d}",
    lambda day: f"{day.year} {_month(day)} {day.day}",
    lambda day: f"{day.day}-{_abbreviated(day)}-{_short(day)}",
    lambda day: f"{day.year}{day.month:02d}{day.day:02d}",
)
CASES: tuple[Callable[[str], str], ...] = (str, str, str.lower, str.upper)


def dates(count: int = COUNT, seed: int = SEED, apart: Collection[str] = ()) -> Iterator[DatePair]:
    """So many pairs, no source twice and none of `apart`.

    Raises:
        InputError: more pairs than there are.

    Example:
        >>> from embedkit_corpora.dates import dates
        >>> for pair in dates(3):
        ...     print(pair.text, "->", pair.iso)
        1920/02/27 -> 1920-02-27
        THE TWENTY-SIXTH OF APRIL, 1974 -> 1974-04-26
        30 January 1914 -> 1914-01-30
    """
    draw, seen = Random(seed).random, {*apart}  # noqa: S311 - nothing secret
    for _ in range(count):
        for _ in range(TRIES):
            pair = _drawn(draw)
            if pair.text not in seen:
                break
        else:
            raise InputError(f"there are not so many different dates as {count:,}; ask for fewer")
        seen.add(pair.text)
        yield pair


def _drawn(draw: Callable[[], float]) -> DatePair:
    day = FIRST + timedelta(int(draw() * DAYS))
    text = FORMS[int(draw() * len(FORMS))](day)
    if draw() < 0.2:
        text = text.replace(",", "")
    return DatePair(CASES[int(draw() * len(CASES))](text), day.isoformat())


@click.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--count", default=COUNT, show_default=True, metavar="N", help="Number of pairs.")
@click.option("--seed", default=SEED, show_default=True, metavar="N", help="Random seed.")
@click.option(
    "--apart", type=click.Path(path_type=Path), metavar="FILE", help="Pairs of which none is to be made."
)
def main(output: Path, count: int, seed: int, apart: Path | None) -> None:
    """Write pairs of dates, a tab between them, to OUTPUT."""
    try:
        lines = apart.read_text(encoding="utf-8").splitlines() if apart else []
        known = {line.partition("\t")[0] for line in lines}
        with atomic_file(output) as stream:
            for pair in dates(count, seed, known):
                stream.write(f"{pair.text}\t{pair.iso}\n".encode())
    except (EmbedkitError, OSError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
