"""The commands of sequence to sequence models."""

import json

import pytest

from embedkit import SequenceTagger
from tests.translation.conftest import WORDS, trained_backwards

SETTINGS = "--tokens characters --units 16 --vector-size 8 --batch-size 6 --learning-rate 0.02 --dropout 0 "
SETTINGS += "--label-smoothing 0 --epochs 40 --validation 0 -q"


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("seq2seq") / "model.safetensors"
    trained_backwards().save(path)
    return path


@pytest.fixture
def pairs(tmp_path):
    """pairs.tsv, and the same in two files."""
    targets = [word[::-1].upper() for word in WORDS]
    (tmp_path / "pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in zip(WORDS, targets, strict=True)))
    (tmp_path / "a.txt").write_text("\n".join(WORDS) + "\n")
    (tmp_path / "b.txt").write_text("\n".join(targets) + "\n")


def test_a_file_of_pairs_and_two_files_give_the_same_model(run, pairs, tmp_path):
    assert run(f"train-seq2seq pairs.tsv -o one.safetensors {SETTINGS}").exit_code == 0
    result = run(f"train-seq2seq a.txt b.txt -o two.safetensors {SETTINGS}")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    answers = [run(f"translate -m {name}.safetensors cab abc").stdout for name in ("one", "two")]
    assert answers == ["BAC\nCBA\n"] * 2


def test_progress_and_held_out_pairs_are_told(run, pairs):
    settings = SETTINGS.replace("-q", "").replace(
        "--validation 0", "--validation a.txt --validation-targets b.txt"
    )
    result = run(
        f"train-seq2seq pairs.tsv -o m.safetensors {settings} --epochs 2".replace("--epochs 40 ", "")
    )
    assert result.exit_code == 0, result.stderr
    assert "epoch 2: loss" in result.stderr
    assert "perplexity" in result.stderr
    assert "wrote m.safetensors: 6 and 6 tokens" in result.stderr
    facts = json.loads(run("info m.safetensors --format json").stdout)
    assert facts["format"] == "sequence to sequence model of embedkit"
    assert facts["made"]["validation"]["pairs"] == len(WORDS)
    assert len(facts["history"]) == 2
    assert run("info m.safetensors --verify").exit_code == 0


def test_answers_as_text_json_and_tsv(run, saved):
    assert run(f"translate -m {saved}", stdin="ab\n\ncab\n").stdout == "BA\n\nBAC\n"
    told = json.loads(run(f"translate -m {saved} ab --n-best 2 --format json").stdout)
    assert told["text"] == "ab"
    assert told["translations"][0]["text"] == "BA"
    assert told["translations"][0]["score"] > told["translations"][1]["score"]
    rows = [line.split("\t") for line in run(f"translate -m {saved} ab cab --format tsv").stdout.splitlines()]
    assert [row[:2] for row in rows] == [["ab", "BA"], ["cab", "BAC"]]
    assert run(f"translate -m {saved} ab --n-best 2").stdout.splitlines()[0].split()[1] == "BA"


def test_files_are_translated_line_by_line(run, saved, pairs):
    result = run(f"translate -m {saved} -i a.txt --beam 1")
    assert result.stdout.splitlines() == [word[::-1].upper() for word in WORDS]


def test_attention_is_drawn(run, saved, tmp_path):
    pytest.importorskip("matplotlib")
    result = run(f"translate -m {saved} abc --plot attention.png")
    assert (result.exit_code, result.stdout) == (0, "CBA\n")
    assert (tmp_path / "attention.png").read_bytes()[1:4] == b"PNG"


def test_evaluation_tells_who_is_to_blame(run, saved, pairs, tmp_path):
    with (tmp_path / "pairs.tsv").open("a") as stream:
        stream.write("ab\tC\n")
    told = json.loads(run(f"evaluate-seq2seq {saved} pairs.tsv --format json -q --tokenize char").stdout)
    assert told["errors"] == {"right": len(WORDS), "search": 0, "model": 1}
    assert told["scores"]["exact"]["value"] == pytest.approx(100 * len(WORDS) / (len(WORDS) + 1), abs=1e-3)
    text = run(f"evaluate-seq2seq {saved} pairs.tsv -q").stdout
    assert "wrong, model to blame" in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train-seq2seq a.txt -o m.safetensors", "a.txt, line 1: expected a source and a target with a tab"),
        ("train-seq2seq a.txt short.txt -o m.safetensors", "expected as many lines as in a.txt"),
        ("train-seq2seq none.tsv -o m.safetensors", "there is no such file"),
        ("train-seq2seq pairs.tsv -o pairs.tsv", "pairs.tsv is what is read; name another output"),
        ("train-seq2seq pairs.tsv -o m.safetensors --units 7", "units must be even"),
        ("train-seq2seq pairs.tsv -o m.safetensors --validation-targets b.txt", "belongs to a file"),
        ("train-seq2seq empty.tsv -o m.safetensors", "expected pairs of texts, got none"),
        ("translate -m none.safetensors a", "no such model: none.safetensors"),
        ("translate -m pairs.tsv a", "pairs.tsv: expected a sequence to sequence model of embedkit"),
        ("translate -m tagger.safetensors a", "but it is a classifier of embedkit"),
        ("translate -m m a --beam 0", "beam must be at least 1"),
        ("translate -m m a b --plot p.png", "--plot draws one TEXT, got 2"),
        ("translate -m m a -i a.txt", "expected texts or files to translate"),
    ],
)
def test_what_cannot_be_done_is_told(run, pairs, tmp_path, line, message):
    (tmp_path / "short.txt").write_text("a\n")
    (tmp_path / "empty.tsv").write_text("\n")
    if "tagger" in line:
        tagger = SequenceTagger(
            units=2, character_units=0, epochs=1, validation_fraction=0.0, embeddings="random"
        )
        tagger.fit([["a", "b"]], [["X", "Y"]]).save(tmp_path / "tagger.safetensors")
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "m.safetensors").exists()
