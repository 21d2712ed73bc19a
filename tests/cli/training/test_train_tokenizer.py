import json

import pytest

from embedkit.text.tokenization.subwords import SubwordTokenizer

pytest.importorskip("tokenizers")


def test_a_tokenizer_is_trained_and_written(run, text):
    line = "train-tokenizer text.txt -o a.json --kind wordpiece --vocabulary-size 60 --special-token [CLS]"
    result = run(line)
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "subwords, 1.00 a word of the text" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("wrote a.json: ")
    tokens = SubwordTokenizer.load("a.json").tokenize("The CAT [CLS] sees")
    assert tokens == ["the", "cat", "[CLS]", "sees"]
    before = (text.parent / "a.json").read_bytes()
    assert run(f"{line} -q").stderr == ""
    assert (text.parent / "a.json").read_bytes() == before
    assert json.loads(before)["model"]["type"] == "WordPiece"


@pytest.mark.parametrize(
    ("options", "tokens"), [("--byte-level", ["ab", "\u0120ab"]), ("", ["\u2581ab"] * 2)]
)
def test_from_stdin(run, options, tokens):
    line = f"train-tokenizer - -o a.json {options} --vocabulary-size 260 -q"
    assert run(line, "ab ab\n" * 9).exit_code == 0
    assert SubwordTokenizer.load("a.json").tokenize("ab ab") == tokens


def test_from_a_column_of_a_table(run, tmp_path):
    (tmp_path / "t.csv").write_text("id,text\n" + "xyz,ab ab\n" * 9)
    assert run("train-tokenizer t.csv -o a.json --text-column text --vocabulary-size 20 -q").exit_code == 0
    tokenizer = SubwordTokenizer.load("a.json")
    assert tokenizer.tokenize("ab") == ["\u2581ab"]
    assert tokenizer.tokenize("xyz")[-1] == "<unk>"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("none.txt -o a.json", "no such file"),
        ("text.txt -o text.txt", "is one of the texts to read"),
        ("text.txt -o a.json --kind bbpe", "'bbpe' is not one of"),
        ("text.txt -o a.json --vocabulary-size 0", "at least 10"),
        (
            "text.txt -o a.json --kind unigram --vocabulary-size 10",
            "10 (The vocabulary is not",
        ),
    ],
)
def test_bad_input(run, text, line, told):
    result = run(f"train-tokenizer {line}")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert told in result.stderr
    assert not (text.parent / "a.json").exists()


def test_bytes_that_are_not_in_the_encoding(run, tmp_path):
    (tmp_path / "t.txt").write_bytes(b"caf\xe9 ab ab\n" * 9)
    assert "name the encoding" in run("train-tokenizer t.txt -o a.json --vocabulary-size 20").stderr
    result = run("train-tokenizer t.txt -o a.json --vocabulary-size 20 --encoding-errors replace")
    assert "Warning: 9 undecodable places" in result.stderr
    assert SubwordTokenizer.load("a.json").tokenize("ab") == ["\u2581ab"]


def test_no_option_without_a_meaning(run, text):
    result = run("train-tokenizer text.txt -o a.json --documents sentences")
    assert result.exit_code == 2
    assert "No such option '--documents'" in result.stderr
