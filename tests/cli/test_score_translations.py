"""The command `score-translations`."""

import json

import pytest

from embedkit import bleu


@pytest.fixture
def files(tmp_path):
    (tmp_path / "said.txt").write_text("the cat sat on the mat\n\na dog runs\n")
    (tmp_path / "truth.txt").write_text("the cat sits on the mat\nyes\na dog runs\n")
    (tmp_path / "other.txt").write_text("the cat sat on a mat\nno\na dog ran\n")


def test_scores_are_printed_as_a_table(run, files):
    result = run("score-translations said.txt truth.txt --resamples 0")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    score = bleu(
        ["the cat sat on the mat", "", "a dog runs"], ["the cat sits on the mat", "yes", "a dog runs"]
    )
    assert ["BLEU", f"{score.score:.2f}"] in lines
    assert lines[6][:2] == ["exact", "33.33"]


def test_several_references_and_stdin(run, files):
    result = run(
        "score-translations - truth.txt other.txt --format json", stdin="the cat sat on a mat\nno\nx\n"
    )
    told = json.loads(result.stdout)
    assert (told["lines"], told["references"]) == (3, 2)
    assert told["scores"]["exact"]["value"] == pytest.approx(100 * 2 / 3, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("said.txt short.txt", "expected as many lines as in said.txt, 3, got 1 in short.txt"),
        ("said.txt missing.txt", "missing.txt"),
        ("said.txt truth.txt --max-order 17", "at most 16"),
        ("said.txt truth.txt --smoothing-value 1", "leave it out with exp"),
        ("empty.txt empty.txt", "expected texts to be scored, got none"),
        ("latin.txt latin.txt", "is not utf-8"),
    ],
)
def test_what_cannot_be_scored_is_told(run, files, tmp_path, arguments, message):
    (tmp_path / "short.txt").write_text("a\n")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "latin.txt").write_bytes("é\n".encode("latin-1"))
    result = run(f"score-translations {arguments}")
    assert result.exit_code == 2
    assert message in result.stderr
