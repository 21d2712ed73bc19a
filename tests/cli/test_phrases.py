"""embedkit phrases."""

import json
from math import log

import pytest

from embedkit import Phrases


@pytest.fixture
def cities(tmp_path):
    """170 words, of them 30 new and 20 york, bank and england; "new york" and "bank of england" 20 times."""
    path = tmp_path / "cities.txt"
    lines = ("She left New York.", "The Bank of England is old.", "Bank of England, New York is new!")
    path.write_text("\n".join(lines * 10) + "\n")
    return path


def test_phrases_of_text_and_of_its_corpus_are_the_same_file(run, cities, tmp_path):
    result = run("phrases cities.txt -o a.tsv --min-count 15")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert result.stderr.splitlines()[-1].startswith("wrote a.tsv: 2 phrases of up to 3 words; ")
    assert run("tokenize cities.txt -o corpus -q").exit_code == 0
    assert run("phrases corpus -o b.tsv --min-count 15 --workers 1 -q").stderr == ""
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()
    assert Phrases.load("a.tsv").apply(["new", "york"]) == ["new_york"]


def test_the_best_are_listed(run, cities):
    line = "phrases cities.txt -o p --min-count 15 -q"
    assert [row.split() for row in run(f"{line} --top 9").stdout.splitlines()] == [
        ["phrase", "score", "frequency"],
        ["bank_of_england", "1.0000", "20"],
        ["new_york", f"{log(17 / 3) / log(17 / 2):.4f}", "20"],
    ]
    table = run(f"{line} --top 1 --format tsv").stdout
    assert table == "phrase\tscore\tfrequency\nbank_of_england\t1\t20\n"
    told = json.loads(run(f"{line} --top 1 --format json").stdout)
    assert told["best"] == [{"phrase": "bank_of_england", "score": 1.0, "frequency": 20}]
    assert (told["output"], told["phrases"]) == ("p", 2)


def test_info_tells_how_they_were_found(run, cities):
    assert run("phrases cities.txt -o p --min-count 15 -q").exit_code == 0
    told = json.loads(run("info p --verify --format json").stdout)
    assert (told["format"], told["phrases"], told["longest"]) == ("phrases of embedkit", 2, 3)
    assert told["made"].items() >= {"score": "npmi", "min_count": 15, "threshold": 0.5, "passes": 2}.items()
    assert told["verified"].startswith("settings, the number of phrases and every line")


def test_no_phrases_are_told(run, cities):
    result = run("phrases cities.txt -o p --threshold 1 --top 3")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "wrote p: no phrases; a lower threshold or min-count finds some; " in result.stderr
    assert len(Phrases.load("p")) == 0


def test_options_reach_the_search(run, cities, tmp_path):
    (tmp_path / "connectors.txt").write_text("of\n\nis\n")
    line = "phrases cities.txt -o p --score mikolov --threshold 0.5 --min-count 3 --no-lowercase"
    assert run(f"{line} --connectors connectors.txt --passes 3 -q").exit_code == 0
    settings = Phrases.load("p").settings
    assert (settings.score, settings.threshold, settings.min_count, settings.passes) == ("mikolov", 0.5, 3, 3)
    assert settings.connectors == ("is", "of")
    assert ("Bank", "of", "England") in {phrase.words[:3] for phrase in Phrases.load("p")}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("phrases cities.txt -o p --threshold 3", "threshold must be between -1 and 1 for npmi, got 3"),
        ("phrases cities.txt -o p --connectors none.txt", "no such file of connector words: none.txt"),
        ("phrases cities.txt -o cities.txt", "cities.txt is one of the texts to read"),
        ("phrases cities.txt -o none/p", "does not exist; create it first"),
        ("phrases none.txt -o p", "none.txt"),
        ("phrases cities.txt -o p --score tf", "'tf' is not one of 'npmi', 'pmi', 'mikolov'"),
    ],
)
def test_bad_input(run, cities, tmp_path, line, message):
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]
    assert not (tmp_path / "p").exists()
