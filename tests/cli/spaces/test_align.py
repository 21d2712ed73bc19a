import json

import numpy as np
import pytest

from embedkit import Embeddings, load

LINE = "align en.safetensors fr.safetensors --dictionary train.txt"


def test_the_answer_in_words(run, two_spaces, tmp_path):
    result = run(f"{LINE} -o out.safetensors --test test.txt")
    assert result.exit_code == 0
    done, wrote = result.stderr.splitlines()
    assert done.startswith("nearness by CSLS: done")
    assert wrote == "wrote out.safetensors: 60 words x 4, 0.00 MB"
    before = two_spaces[0].matrix[:20], two_spaces[1].matrix[:20]
    cosines = np.einsum("ij,ij->i", *before) / np.linalg.norm(before, axis=2).prod(axis=0)
    assert result.stdout.splitlines() == [
        "pairs        20 of 22",
        "unknown      in the first file 2 words: 'cat', 'dog'",
        "unknown      in the second file 2 words: 'chat', 'chien'",
        f"mean cosine  {cosines.mean():.3f} before, 1.000 after",
        "",
        "translation  precision   95 % interval  right   covered",
        *(f"{name:<11}      1.000  [0.722, 1.000]     10  10 of 11" for name in NAMES),
    ]
    aligned = load(tmp_path / "out.safetensors")
    np.testing.assert_allclose(aligned.unit_matrix, two_spaces[1].unit_matrix, atol=1e-5)
    assert aligned.metadata["transforms"][-1]["pairs"] == 20


NAMES = ("cosine @1", "cosine @5", "csls @1", "csls @5")


def test_words_that_moved(run, two_spaces, tmp_path):
    english, _ = two_spaces
    rows = english.matrix.copy()
    rows[5] = -rows[5]
    Embeddings(rows, english.vocabulary).save(tmp_path / "new.bin")
    result = run("align en.safetensors new.bin --moved 1 -q")
    assert (result.exit_code, result.stderr) == (0, "")
    table = result.stdout.splitlines()[-2:]
    assert table[0].split("  ")[0] == "word"
    assert table[1].split()[0] == "en5"
    by_place = run("align en.safetensors new.bin --moved 2 --moved-by neighborhood --format json")
    content = json.loads(by_place.stdout)
    assert content["moved"][0]["word"] == "en5"
    assert len(content["moved"][0]["before"]) == 5
    few = run("align en.safetensors new.bin --moved 9 --moved-among 3 --format json")
    assert {moved["word"] for moved in json.loads(few.stdout)["moved"]} == {"en0", "en1", "en2"}


def test_the_answer_as_json(run, two_spaces):
    content = json.loads(run(f"{LINE} --test test.txt --format json --refine 2").stdout)
    assert (content["pairs"], content["dictionary"]) == (20, 22)
    assert content["unknown"] == [["cat", "dog"], ["chat", "chien"]]
    assert content["refined"] == [60]
    assert content["cosine_after"] == 1
    assert content["translation"][0] == {
        "method": "cosine",
        "top": 1,
        "precision": 1.0,
        "low": 0.722467,
        "high": 1.0,
        "right": 10,
        "covered": 10,
        "total": 11,
    }
    assert content["moved"] == []


def test_refinement_is_told(run, two_spaces):
    result = run(f"{LINE} --refine 2")
    assert "refined      60 pairs\n" in result.stdout
    assert "refined: 60 pairs are each other's nearest\n" in result.stderr


def test_few_pairs_are_warned_of(run, two_spaces, tmp_path):
    (tmp_path / "train.txt").write_text("en1 fr1\n")
    result = run(LINE)
    assert result.exit_code == 0
    assert "Warning: 1 pairs do not determine how 4 dimensions are turned" in result.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("align en.safetensors fr.safetensors", "no words in common, such as 'en0', 'en1', 'en2' and 'fr0'"),
        ("align en.safetensors small.bin", "as many dimensions each, got 4, 3"),
        (f"{LINE} -o en.safetensors", "en.safetensors is what is read; name another output"),
        (f"{LINE} -o train.txt", "train.txt is what is read"),
        (f"{LINE} -o out.doc", "out.doc"),
        (f"{LINE} --dtype int8", "name one"),
        (
            f"{LINE} --test unknown.txt",
            "of 2 pairs none has two words that the spaces know; unknown are 'a', 'c'",
        ),
        (f"{LINE} --test bad.txt", "bad.txt, line 2: expected a word and its translation"),
        (f"{LINE} --refine -1", "refine must be at least 0, got -1"),
        ("align en.safetensors", "Missing argument 'B'"),
        ("align en.safetensors no.bin", "no.bin"),
    ],
)
def test_what_is_wrong_is_said(run, two_spaces, tmp_path, line, message):
    Embeddings(np.eye(3), list("abc")).save(tmp_path / "small.bin")
    (tmp_path / "unknown.txt").write_text("a b\nc d\n")
    (tmp_path / "bad.txt").write_text("a b\nc\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    result = run(line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == before
