"""Sums of words on the command line, and which words may answer."""

import json

import numpy as np
import pytest

from embedkit import Embeddings
from embedkit.vectors.subwords.subwords import Subwords

V = "-v royals.safetensors"


@pytest.fixture
def ask(run):
    """Runs a command line given as its arguments."""
    from click.testing import CliRunner

    from embedkit_cli.main import main

    return lambda *arguments, stdin=None: CliRunner().invoke(main, [*arguments, *V.split()], input=stdin)


def answers_of(result):
    assert (result.stderr, result.exit_code) == ("", 0)
    return [line.split("\t")[1] for line in result.stdout.splitlines()]


SUMS = [
    ("king - man + woman", "queen"),
    ("King - MAN + woman", "queen"),
    ("2*king - (man + king)", "queen"),
    ("'king' - \"man\" + woman", "queen"),
    ("Cafe\u0301 + 2 girl - 1 boy", "woman"),
]


@pytest.mark.parametrize(("sum_", "answer"), SUMS)
def test_sums_are_answered(ask, royals, sum_, answer):
    assert answers_of(ask("neighbors", sum_, "--top", "1", "--format", "tsv")) == [answer]
    assert answers_of(ask("neighbors", "--top", "1", "--format", "tsv", stdin=f"{sum_}\nqueen\n")) == [
        answer,
        "woman",
    ]


def test_a_sum_is_an_analogy(ask, royals):
    by_sum = ask("neighbors", "king - man + woman", "--format", "tsv").stdout
    assert by_sum.replace("king - man + woman", "man woman king") == (
        ask("analogy", "man", "woman", "king", "--format", "tsv").stdout
    )


def test_json_tells_how_a_sum_was_read(ask, royals):
    found = json.loads(ask("neighbors", "2 King - man", "--top", "1", "--format", "json").stdout)
    assert found["query"] == "2 King - man"
    assert found["looked_up"] == "2*king - man"
    assert list(found) == ["query", "looked_up", "results"]


ERRORS = [
    (["king - kin"], "Error: 'kin' is not in the vocabulary; did you mean 'king'?\n"),
    (["king-man"], "Error: 'king-man' is not in the vocabulary; did you mean 'king - man'?\n"),
    (
        ["king - "],
        "Error: cannot read 'king - ' as a sum of words: expected a word, got the end at character 8; put a "
        "word that holds blanks or operators in quotes\n",
    ),
    (["king", "--exclude", "quen"], "Error: 'quen' is not in the vocabulary; did you mean 'queen'?\n"),
    (
        ["king", "--limit", "2", "--candidates", "words.txt"],
        "Error: --limit and --candidates both choose the answers; give one of them (see embedkit neighbors "
        "--help)\n",
    ),
    (
        ["king", "--candidates", "blank.txt"],
        "Error: blank.txt: expected words, one a line, got none\n",
    ),
    (["king", "--candidates", "none.txt"], "Error: cannot read none.txt: No such file or directory\n"),
    (["king", "--candidates", "words.txt"], "Error: none of the 2 words has a vector: 'emperor', 'tsar'\n"),
]


@pytest.mark.parametrize(("arguments", "message"), ERRORS)
def test_errors(ask, royals, tmp_path, arguments, message):
    (tmp_path / "words.txt").write_text("emperor\n\ntsar\n")
    (tmp_path / "blank.txt").write_text("\n \n")
    result = ask("neighbors", *arguments)
    assert (result.stdout, result.stderr, result.exit_code) == ("", message, 2)


def test_a_sum_without_quotes(ask, royals):
    result = ask("neighbors", "king", "-", "man", "--top", "1")
    assert result.stdout == "king\n  man   0.5000\nman\n  woman   0.5000\n"
    assert result.stderr == (
        "Error: '-' is not in the vocabulary; put a sum in quotes: 'king - man + woman'\n"
    )


CHOICES = [
    ("neighbors king --limit 3", ["man", "woman"]),
    ("neighbors king --exclude man --exclude Queen --top 2", ["woman", "boy"]),
    ("neighbors king --candidates words.txt", ["queen", "café"]),
    ("neighbors king --candidates words.txt --exclude queen", ["café"]),
    ("analogy man woman king --limit 3 --include-query", ["woman", "king", "man"]),
    ("analogy man woman king --candidates words.txt", ["queen", "café"]),
    ("analogy man woman king --exclude queen --top 1", ["girl"]),
]


@pytest.mark.parametrize(("line", "answers"), CHOICES)
def test_who_may_answer(ask, royals, tmp_path, line, answers):
    (tmp_path / "words.txt").write_text("Queen\ncaf\u00e9\nking\n")
    assert answers_of(ask(*line.split(), "--format", "tsv")) == answers


def test_unknown_candidates_are_named(ask, royals, tmp_path):
    (tmp_path / "words.txt").write_text("queen\nemperor\n")
    result = ask("neighbors", "king", "--candidates", "words.txt")
    assert result.stdout == "queen   0.5000\n"
    assert result.stderr == "Warning: 1 of 2 words have no vector: 'emperor'\n"


class Lengths(Subwords):
    """The vector of a word is (its number of letters, 1)."""

    kind = "lengths"
    vector_size = 2

    def vectors(self, words):
        return np.array([(len(word), 1) for word in words], np.float32).reshape(-1, 2)

    def settings(self):
        return {}

    def arrays(self):
        return {}


@pytest.fixture
def subwords(monkeypatch):
    """The vectors that commands load, with subwords."""
    space = Embeddings([[1, 0], [0, 1]], ["east", "north"], subwords=Lengths())
    monkeypatch.setattr("embedkit.load", lambda *_: space, raising=False)
    return space


def test_answers_say_which_words_only_subwords_know(run, subwords):
    note = "Note: 'abc' is not in the vocabulary; its vector is made of subwords (lengths)\n"
    result = run("neighbors abc east --top 1")
    assert (result.stdout, result.stderr) == ("abc\n  east   0.9487\neast\n  north   0.0000\n", note)
    found = json.loads(run("analogy east north ABC --format json --top 1").stdout)
    assert found["unknown"] == {"abc": "lengths"}
    assert run("neighbors", "abc\n").stderr == f"Note: line 1: {note.removeprefix('Note: ')}"
    assert run("odd-one-out east north abc --format tsv").stderr == note
    found = json.loads(run("vector --format json", "east - 2 abc\n").stdout)
    assert found == {
        "query": "east - 2 abc",
        "unknown": {"abc": "lengths"},
        "vector": [-5, -2],
    }


VECTORS = [
    (["king"], "king 1.0 1.0 1.0 1.0\n"),
    (["KING", "café - 0.1 king"], "KING 1.0 1.0 1.0 1.0\ncafé - 0.1 king -2.1 -0.1 -0.1 -0.1\n"),
    (["king - man", "--format", "tsv"], "king - man\t0.0\t0.0\t2.0\t0.0\n"),
    (["king", "--normalize"], "king 0.5 0.5 0.5 0.5\n"),
    (["The king, and a man!", "--weights", "mean"], "The king, and a man! 1.0 1.0 0.0 1.0\n"),
    (["king - king", "--normalize"], "king - king 0.0 0.0 0.0 0.0\n"),
    (
        ["king + café", "--format", "json"],
        '{"query": "king + café", "vector": [-1.0, 1.0, 1.0, 1.0]}\n',
    ),
]


@pytest.mark.parametrize(("arguments", "expected"), VECTORS)
def test_vectors_are_printed(ask, royals, arguments, expected):
    result = ask("vector", *arguments)
    assert (result.stdout, result.stderr, result.exit_code) == (expected, "", 0)


def test_similarities_of_sums(ask, royals):
    """king - man is (0, 0, 2, 0), queen - woman the same; a word and a text are no sums."""
    assert ask("similarity", "King - man", "queen - woman").stdout == "1.0000\n"
    assert ask("similarity", "king - man", "girl").stdout == "-0.5000\n"
    assert ask("similarity", "king - man", "a - king - queen", "--measure", "euclidean").exit_code == 2
    stdin = "king - man\tman - king\n"
    assert ask("similarity", "--format", "tsv", stdin=stdin).stdout.split("\t")[-1] == "-1.000000\n"


def test_a_bad_line_costs_no_other_its_vector(ask, royals):
    result = ask("vector", "--format", "json", stdin="kin\nking\n\n- \n")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line.get("vector") for line in lines] == [None, [1, 1, 1, 1], None]
    assert [line.get("error") is None for line in lines] == [False, True, False]
    assert result.stderr.startswith("Error: line 1: 'kin' is not in the vocabulary; did you mean 'king'?\n")
    assert result.exit_code == 2


def test_printed_vectors_are_a_file_of_vectors(ask, run, tmp_path, royals):
    rows = np.random.default_rng(0).normal(0, 1e-3, (3, 4)).astype(np.float32)
    Embeddings(rows, ["a", "b", "c"]).save(tmp_path / "royals.safetensors")
    (tmp_path / "few.txt").write_text(ask("vector", "c", "a").stdout)
    few = Embeddings.load(tmp_path / "few.txt")
    assert list(few) == ["c", "a"]
    np.testing.assert_array_equal(few.matrix, rows[[2, 0]])
