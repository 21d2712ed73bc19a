"""Names that are not UTF-8, and streams and data that lack characters: no work is lost for them."""

import io
import json
import sys

import pytest

from embedkit import load, load_model
from embedkit_cli.main import main

NAME = "caf\udce9"  # the byte E9 on the disk
TABLE = "text\tlabel\n" + "a good film\tpos\na bad film\tneg\n" * 9


@pytest.fixture
def named(tmp_path):
    """A table and a text under names that are not UTF-8."""
    try:
        (tmp_path / f"{NAME}.tsv").write_text(TABLE)
        (tmp_path / f"{NAME}.txt").write_text("a good film and a bad film\n" * 40)
    except OSError:
        pytest.skip("this file system has no such names")
    return tmp_path


def test_a_classifier_is_saved(run, named):
    line = f"train-classifier {NAME}.tsv -o {NAME}.safetensors --model tfidf -q --validation"
    for validation in ("0", f"{NAME}.tsv"):
        result = run(f"{line} {validation}")
        assert (result.stderr, result.exit_code) == ("", 0)
    made = load_model(named / f"{NAME}.safetensors").metadata_
    assert (made["data"]["name"], made["validation"]["name"]) == (f"{NAME}.tsv", f"{NAME}.tsv")
    assert r"caf\udce9.tsv" in run(f"info {NAME}.safetensors").stdout
    told = json.loads(run(f"info {NAME}.safetensors --format json").stdout)
    assert told["made"]["data"]["name"] == f"{NAME}.tsv"
    evaluated = run(f"evaluate-classifier {NAME}.safetensors {NAME}.tsv --format json -q")
    assert json.loads(evaluated.stdout)["data"] == f"{NAME}.tsv"
    assert run(f"info --verify {NAME}.safetensors").exit_code == 0


def test_vectors_and_counts_are_saved(run, named):
    assert run(f"tokenize {NAME}.txt -o {NAME}.corpus").exit_code == 0
    assert run(f"train-svd {NAME}.txt -o {NAME}.safetensors --vector-size 2 --min-count 1 -q").exit_code == 0
    assert load(named / f"{NAME}.safetensors").metadata["corpus"]["sources"][0]["name"] == f"{NAME}.txt"
    assert run(f"info --verify {NAME}.safetensors").exit_code == 0
    assert run(f"cooccurrences {NAME}.corpus -o {NAME}.counts -q").exit_code == 0
    assert run(f"info --verify {NAME}.counts").exit_code == 0


def test_half_an_emoji_in_json(run, tmp_path):
    texts = ["good film", "good film \ud83d", "bad film \U0001f600"]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    result = run("classify -i t.jsonl --format json")
    assert (result.stderr, result.exit_code) == ("", 0)
    shown = [json.loads(line)["text"] for line in result.stdout.splitlines()]
    assert shown == ["good film", "good film \ufffd", "bad film \U0001f600"]


def test_what_turns_the_terminal_is_escaped(run):
    text = "good \u202efilm\x9b31m"
    assert r"good \u202efilm\x9b31m" in run("classify -", f"{text}\nbad\n").stdout
    answer = run("classify - --format json", f"{text}\n").stdout
    assert r"good \u202efilm\u009b31m" in answer
    assert json.loads(answer)["text"] == text
    assert "\x1b" not in run("info no\x1b[31m.safetensors").stderr


def test_a_stdout_that_lacks_characters(monkeypatch):
    def ask(*more):
        stdout = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
        monkeypatch.setattr(sys, "stdout", stdout)
        with pytest.raises(SystemExit):
            main(["emojify", "I love you", *more])
        stdout.flush()
        return stdout.buffer.getvalue().decode("cp1252")

    assert ask() == "I love you \\u2764\\ufe0f\n"
    assert json.loads(ask("--format", "json"))["emojified"] == "I love you \u2764\ufe0f"


def test_arguments_on_a_terminal_of_another_encoding(run):
    told = json.loads(run("emojify tr\udcc3\udca8s --format json").stdout)
    assert told["text"] == "tr\xe8s"


def test_arguments_that_are_no_text(run):
    for command in ("classify", "emojify"):
        result = run(f"{command} tr\udce8s")
        assert (result.stdout, result.exit_code) == ("", 2)
        assert "the byte 0xe8 in the argument 'tr\\udce8s' is not UTF-8" in result.stderr
