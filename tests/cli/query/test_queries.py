import json
import subprocess
import sys

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.vectors.lookup import HINTED

V = "-v royals.safetensors"
ANSWERS = [
    (
        f"analogy man woman king {V} --top 2",
        "queen   1.0000\ngirl    0.0000\n",
    ),
    (f"analogy man woman king {V} --top 1 --include-query --method 3cosmul", "queen   1.1228\n"),
    (f"similarity king queen {V}", "0.5000\n"),
    (f"odd-one-out king queen café {V}", "café  -0.5000\n"),
    (f"neighbors café king {V} --top 1", "café\n  man  -0.5000\nking\n  man   0.5000\n"),
    (f"similarity king queen {V} --format tsv", "king queen\tqueen\t0.500000\n"),
    (f"neighbors king {V} --top 2 --format tsv", "king\tman\t0.500000\nking\tqueen\t0.500000\n"),
    (
        f"analogy man woman king {V} --top 1 --format json",
        '{"query": ["man", "woman", "king"], "results": [{"word": "queen", "score": 1.0}]}\n',
    ),
    (
        f"neighbors king {V} --top 1 --format json",
        '{"query": "king", "results": [{"word": "man", "score": 0.5}]}\n',
    ),
    (
        f"similarity king queen {V} --format json",
        '{"query": ["king", "queen"], "results": [{"word": "queen", "score": 0.5}]}\n',
    ),
    (
        f"odd-one-out king queen café {V} --format json",
        '{"query": ["king", "queen", "café"], "results": [{"word": "café", "score": -0.5}]}\n',
    ),
]


@pytest.mark.parametrize(("line", "expected"), ANSWERS)
def test_answers(run, royals, line, expected):
    result = run(line)
    assert (result.stdout, result.stderr, result.exit_code) == (expected, "", 0)


BATCHES = [
    (
        f"analogy {V} --top 1",
        "man woman king\n\n  boy girl\tking \r\n",
        "man woman king\n  queen   1.0000\nboy girl king\n  queen   1.0000\n",
    ),
    (f"neighbors - {V} --top 1", "king\n", "king\n  man   0.5000\n"),
    (f"similarity {V}", "king queen\nman boy", "king queen  0.5000\nman boy  0.5000\n"),
    (f"similarity {V} --format tsv", "\ufeffking queen\n", "king queen\tqueen\t0.500000\n"),
    (f"odd-one-out {V} --format tsv", "man man café\n", "man man café\tcafé\t-0.500000\n"),
]


@pytest.mark.parametrize(("line", "stdin", "expected"), BATCHES)
def test_a_line_of_stdin_is_a_query(run, royals, line, stdin, expected):
    result = run(line, stdin)
    assert (result.stdout, result.stderr, result.exit_code) == (expected, "", 0)


@pytest.mark.parametrize(
    ("line", "stdin", "expected"),
    [
        ("neighbors", "New York\n", "New York\n  New\xa0Delhi   1.0000\n  king        0.0000\n"),
        ("neighbors", " New\xa0Delhi \r\n", "New\xa0Delhi\n  New York   1.0000\n  king       0.0000\n"),
        ("similarity", "New York\tking\n", "New York king  0.0000\n"),
        ("similarity", "New\xa0Delhi king\n", "New\xa0Delhi king  0.0000\n"),
        ("odd-one-out", "New York\tNew\xa0Delhi\tking\n", "New York New\xa0Delhi king\n  king   0.0000\n"),
    ],
)
def test_words_of_stdin_may_hold_blanks(run, tmp_path, line, stdin, expected):
    words = ["New York", "king", "New\xa0Delhi"]
    Embeddings([[1, 0], [0, 1], [1, 0]], words).save(tmp_path / "v.safetensors")
    result = run(f"{line} -v v.safetensors", stdin)
    assert (result.stdout, result.stderr, result.exit_code) == (expected, "", 0)


CONVERSATIONS = [
    ("neighbors --top 1 --format tsv", {"king": "king\tman\t0.500000", "queen": "queen\twoman\t0.500000"}),
    ("analogy - --top 1 --format tsv", {"man woman king": "man woman king\tqueen\t1.000000"}),
    ("similarity", {"king queen": "king queen  0.5000", "man boy": "man boy  0.5000"}),
    ("odd-one-out --format tsv", {"man man café": "man man café\tcafé\t-0.500000"}),
]


@pytest.mark.parametrize(("line", "answers"), CONVERSATIONS)
def test_a_line_is_answered_before_the_next_is_written(royals, tmp_path, line, answers):
    command = [sys.executable, "-c", "from embedkit_cli.main import main; main()", *line.split(), *V.split()]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=tmp_path, bufsize=1, **streams) as process:
        for query, answer in answers.items():
            process.stdin.write(f"{query}\n")
            assert process.stdout.readline() == f"{answer}\n"
        process.stdin.close()
    assert process.returncode == 0


def test_batches_agree_with_single_questions(run, royals, monkeypatch):
    monkeypatch.setattr("embedkit_cli.shared.inputs.BATCH", 2)
    words = [word for word in royals if word != "café"]
    lines = [f"{a} {b} {c}" for a in words for b in words for c in words]
    result = run(f"analogy {V} --format json --top 3", "\n".join(lines))
    for line, answer in zip(lines, result.stdout.splitlines(), strict=True):
        expected = royals.analogy(*line.split(), top=3)
        answer = json.loads(answer)
        assert answer["query"] == line.split()
        assert [found["score"] for found in answer["results"]] == pytest.approx(
            [score for _, score in expected], abs=1e-6
        )


def test_a_bad_line_costs_no_other_its_answer(run, royals):
    stdin = "man woman kin\none two\nman woman king\n"
    result = run(f"analogy {V} --top 1", stdin)
    assert result.stdout == "man woman king\n  queen   1.0000\n"
    assert result.stderr == (
        "Error: line 1: 'kin' is not in the vocabulary; did you mean 'king'?\n"
        "Error: line 2: expected three words A B C, got 2: 'one two'\n"
    )
    assert result.exit_code == 2

    result = run(f"analogy {V} --top 1 --format json", stdin)
    assert [list(json.loads(line)) for line in result.stdout.splitlines()] == [
        ["query", "results", "error"],
        ["query", "results", "error"],
        ["query", "results"],
    ]
    assert json.loads(result.stdout.splitlines()[0]) == {
        "query": ["man", "woman", "kin"],
        "results": [],
        "error": "'kin' is not in the vocabulary; did you mean 'king'?",
    }
    assert result.exit_code == 2


def test_only_the_first_unknown_words_get_close_spellings(run, royals):
    lines = run(f"neighbors {V}", "kin\n" * (HINTED + 1)).stderr.splitlines()
    assert len(lines) == HINTED + 1
    assert lines[-2].endswith("'kin' is not in the vocabulary; did you mean 'king'?")
    assert lines[-1].endswith("'kin' is not in the vocabulary")


SPELLINGS = [
    ({"tokenizer": {"name": "words", "lowercase": True}}, "Paris", "paris", 0),
    ({"tokenizer": {"name": "words", "lowercase": True}}, "CAFE\u0301", "caf\u00e9", 0),
    ({"tokenizer": {"name": "words", "lowercase": True}}, "don\u2019t", "don't", 0),
    ({"tokenizer": {"name": "words", "lowercase": False}}, "Paris", "paris", 2),
    ({}, "Paris", "paris", 0),
    ({"tokenizer": "words"}, "Paris", "paris", 0),
    ({"tokenizer": ["words"]}, "Paris", "paris", 0),
    ({}, "Paris", "Paris", 0),
    ({}, "Paris", "PARIS", 2),
]


@pytest.mark.parametrize(("metadata", "typed", "word", "code"), SPELLINGS)
def test_words_are_looked_up_as_the_vectors_spell_them(run, tmp_path, metadata, typed, word, code):
    Embeddings(np.eye(2), Vocabulary([word, "b"]), metadata).save(tmp_path / "v.safetensors")
    assert run(f"similarity {typed} b -v v.safetensors").exit_code == code


def test_unrecorded_vectors_with_a_capital_keep_their_case(run, tmp_path):
    Embeddings(np.eye(2), Vocabulary(["Bonn", "paris"])).save(tmp_path / "v.safetensors")
    result = run("neighbors Paris -v v.safetensors")
    assert result.stderr == "Error: 'Paris' is not in the vocabulary; did you mean 'paris'?\n"


@pytest.mark.parametrize("style", ["text", "tsv"])
def test_words_cannot_steer_the_terminal_or_break_lines(run, tmp_path, style):
    Embeddings(np.ones((2, 2)), Vocabulary(["a", "\x1b[2Jb\tc\nd"])).save(tmp_path / "v.safetensors")
    result = run(f"neighbors a -v v.safetensors --format {style}")
    assert result.stdout.count("\n") == 1
    assert r"\x1b[2Jb\tc\nd" in result.stdout


def test_columns_are_aligned_for_wide_signs(run, tmp_path):
    Embeddings(np.ones((3, 2)), Vocabulary(["a", "日本", "abcd"])).save(tmp_path / "v.safetensors")
    assert run("neighbors a -v v.safetensors").stdout == "日本   1.0000\nabcd   1.0000\n"


ERRORS = [
    (f"neighbors kin {V}", "Error: 'kin' is not in the vocabulary; did you mean 'king'?\n"),
    (
        f"neighbors caf\udce9 {V}",
        "Error: the byte 0xe9 in the argument 'caf\\udce9' is not UTF-8; give it as UTF-8\n",
    ),
    (f"similarity king {V}", "Error: expected two words or texts A B, got 1: 'king'\n"),
    (f"odd-one-out king queen {V}", "Error: expected three words or more, got 2: 'king queen'\n"),
    (
        f"neighbors {V}",
        "Error: expected one WORD, or such lines on stdin; got neither (see embedkit neighbors --help)\n",
    ),
    ("neighbors king -v none.txt", "Error: cannot read none.txt: there is no such file\n"),
    ("neighbors king -v .", "Error: cannot read .: it is a folder without vectors\n"),
    (
        f"neighbors king {V} --top 0",
        "Error: Invalid value for '--top': 0 is not in the range 1<=x<=2147483647. "
        "(see embedkit neighbors --help)\n",
    ),
]


@pytest.mark.parametrize(("line", "message"), ERRORS)
def test_errors_are_one_line(run, royals, line, message):
    result = run(line)
    assert (result.stdout, result.stderr, result.exit_code) == ("", message, 2)


def test_json_tells_which_words_were_looked_up_in_lower_case(run, royals):
    found = json.loads(run(f"similarity MAN Cafe\u0301 {V} --format json").stdout)
    assert (found["query"], found["looked_up"]) == (["MAN", "Cafe\u0301"], ["man", "caf\u00e9"])
    for words in ("man king", "man cafe\u0301"):
        assert "looked_up" not in json.loads(run(f"similarity {words} {V} --format json").stdout)
    [found] = map(json.loads, run(f"neighbors {V} --format json", "Man\n").stdout.splitlines())
    assert (found["query"], found["looked_up"]) == ("Man", "man")
