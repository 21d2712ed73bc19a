"""Dates in words and in ISO 8601."""

import hashlib
import re
from datetime import date

import pytest
from click.testing import CliRunner

from embedkit.errors import InputError
from embedkit_corpora.dates import FORMS, dates, main, numbered, ordinal, year_words

DIGEST = "81c5a1e624d0087f356d5b092cdf0c27bff44dfec154b63ff4756edab4c2c1a6"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "first"), (2, "second"), (12, "twelfth"), (20, "twentieth"), (31, "thirty-first")],
)
def test_ordinals(number, words):
    assert ordinal(number) == words


def test_endings_of_days():
    assert [numbered(day) for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st")
    ]


def test_years_are_read_in_one_way_each():
    words = [year_words(year) for year in range(1900, 2050)]
    assert len({*words}) == 150
    assert words[0] == "nineteen hundred"
    assert words[109] == "two thousand and nine"


def test_each_form_tells_the_date():
    """Every form has the day, the month and the year of a date on which no two are the same."""
    for form in FORMS:
        text = form(date(1987, 11, 20)).lower()
        assert re.search(r"20|twentieth", text), text
        assert re.search(r"11|nov", text), text
        assert re.search(r"87|eighty-seven", text), text


def test_the_same_text_never_means_two_dates():
    found = {}
    for pair in dates(20_000):
        assert found.setdefault(pair.text.lower(), pair.iso) == pair.iso
        assert date.fromisoformat(pair.iso).year in range(1900, 2050)


def test_one_seed_gives_the_same_bytes():
    text = "\n".join("\t".join(pair) for pair in dates(1000))
    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST
    assert [*dates(10)] != [*dates(10, seed=2)]


def test_no_source_twice_and_none_of_those_kept_apart():
    known = {pair.text for pair in dates(3000)}
    assert len(known) == 3000
    assert known.isdisjoint(pair.text for pair in dates(3000, seed=2, apart=known))


def test_there_are_only_so_many(monkeypatch):
    monkeypatch.setattr("embedkit_corpora.dates.DAYS", 1)
    with pytest.raises(InputError, match="not so many different dates as 5,000"):
        list(dates(5000))


def test_the_command_writes_lines(tmp_path):
    first, second = tmp_path / "a.tsv", tmp_path / "b.tsv"
    assert CliRunner().invoke(main, [str(first), "--count", "50"]).exit_code == 0
    assert CliRunner().invoke(main, [str(second), "--count", "50", "--apart", str(first)]).exit_code == 0
    lines = [path.read_text().splitlines() for path in (first, second)]
    assert list(map(len, lines)) == [50, 50]
    assert {*lines[0]}.isdisjoint(lines[1])
    missing = CliRunner().invoke(main, [str(first), "--apart", str(tmp_path / "none")])
    assert (missing.exit_code, "No such file" in missing.output) == (1, True)
