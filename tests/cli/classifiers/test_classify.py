"""Classifiers from the command line: trained, judged and asked."""

import json
import re
import types

import pytest

from embedkit import load_model
from embedkit.models.assessment.occlusion import Occlusion
from embedkit_cli.classifiers.highlighting import highlighted
from embedkit_cli.classifiers.options import MODELS
from embedkit_cli.main import main

GOOD, BAD = ["fine film", "lovely plot", "fine plot"], ["dull film", "awful plot", "dull plot"]
ROWS = [(text, "good") for text in GOOD * 5] + [(text, "bad") for text in BAD * 5]


@pytest.fixture
def reviews(tmp_path):
    """reviews.csv: 30 texts; test.tsv: 6, of which 4 are easily told; tags.jsonl: texts of several labels."""
    lines = "".join(f"{number},{text},{label}\n" for number, (text, label) in enumerate(ROWS))
    (tmp_path / "reviews.csv").write_text(f"id,review,sentiment\n{lines}")
    rows = [("fine film", "good"), ("dull plot", "bad"), ("lovely film", "good"), ("awful film", "bad")]
    rows += [("dull film", "good"), ("fine plot", "so-so")]
    (tmp_path / "test.tsv").write_text("".join(f"{text}\t{label}\n" for text, label in rows))
    tags = [{"text": text, "labels": [label, "film"] if "film" in text else [label]} for text, label in ROWS]
    (tmp_path / "tags.jsonl").write_text("\n".join(map(json.dumps, tags)))


@pytest.fixture
def model(run, reviews):
    """m.safetensors, trained on all of reviews.csv."""
    assert run("train-classifier reviews.csv -o m.safetensors --model tfidf --validation 0 -q").exit_code == 0


LINE = "train-classifier reviews.csv -o m.safetensors --model tfidf --validation 0.2 --seed 3"


def test_training_says_what_it_read_and_how_good_it_is(run, reviews, tmp_path):
    result = run(LINE)
    assert result.exit_code == 0
    heading, row = result.stdout.splitlines()
    assert heading.split()[:6] == ["model", "accuracy", "95", "%", "interval", "macro-F1"]
    assert row.startswith("tfidf     1.000  [0.610, 1.000]     1.000  [0.610, 1.000] ")
    assert "reviews.csv: 30 texts, 2 labels; texts from column 'review', labels from column 'sentiment'" in (
        result.stderr
    )
    assert "wrote m.safetensors: tfidf, 2 classes" in result.stderr
    made = load_model(tmp_path / "m.safetensors").metadata_
    assert made["command"] == f"embedkit {LINE}"
    assert (made["data"]["texts"], made["validation"]["texts"]) == (24, 6)
    assert made["data"]["labels"] == {"bad": 12, "good": 12}
    assert made["metrics"][0] == {
        "part": "total", "metric": "accuracy", "value": 1, "low": 0.609666, "high": 1, "texts": 6,
    }  # fmt: skip


def test_mean_vectors_and_a_file_to_judge_by(run, reviews, royals):
    line = "train-classifier reviews.csv -o m.safetensors --model mean-vectors --validation test.tsv"
    result = run(line)
    assert result.stdout.splitlines()[1].startswith("mean-vectors ")
    assert "Warning: 1 texts have labels unknown to the model, and count as wrong" in result.stderr
    refused = run(f"{line} -v royals.safetensors")
    assert refused.stderr.endswith("Error: no word of the texts has a vector, though there are 7\n")
    assert refused.exit_code == 2


def test_one_text_alone_and_several(run, model):
    assert run("classify fine -m m.safetensors").stdout.split()[0] == "good"
    result = run("classify fine dull -m m.safetensors")
    assert [line.split()[::2] for line in result.stdout.splitlines()] == [["good", "fine"], ["bad", "dull"]]
    result = run("classify fine -m m.safetensors --top 2")
    (good, high), (bad, low) = (line.split() for line in result.stdout.splitlines())
    assert (good, bad, float(high) + float(low)) == ("good", "bad", pytest.approx(1, abs=2e-4))
    first, *labels = run("classify fine dull -m m.safetensors --top 2").stdout.splitlines()[:3]
    assert (first, [line.split()[0] for line in labels]) == ("fine", ["good", "bad"])


def test_stdin_files_and_formats(run, model):
    result = run("classify -m m.safetensors --format json", "fine film\r\n\nxyzzy\n")
    fine, strange = map(json.loads, result.stdout.splitlines())
    assert (fine["text"], fine["labels"][0]["label"], fine["unknown_words"]) == ("fine film", "good", 0)
    assert (strange["text"], strange["unknown_words"]) == ("xyzzy", 1)
    result = run("classify - -m m.safetensors --format tsv", "fine\tfilm\n")
    assert result.stdout.startswith("fine\\tfilm\tgood\t0.")
    assert result.stdout.count("\t") == 2
    result = run("classify -m m.safetensors -i test.tsv -i test.tsv --format tsv")
    assert [line.split("\t")[1] for line in result.stdout.splitlines()] == 2 * [
        "good",
        "bad",
        "good",
        "bad",
        "bad",
        "good",
    ]


def test_labels_in_lines_are_not_read(run, model, tmp_path):
    (tmp_path / "labeled.txt").write_text("__label__bad fine film\ndull __label__good plot\n")
    found = run("classify -m m.safetensors -i labeled.txt --format tsv").stdout.splitlines()
    assert [line.split("\t")[:2] for line in found] == [["fine film", "good"], ["dull plot", "bad"]]
    lines = (tmp_path / "labeled.txt").read_text()
    assert run("classify -m m.safetensors --format tsv", lines).stdout.splitlines() == found
    (tmp_path / "first.txt").write_text("bad fine film\ngood dull plot\n")
    result = run("classify -m m.safetensors -i first.txt --label-first --format tsv")
    assert result.stdout.splitlines() == found


def test_files_of_texts_are_read_as_they_are_told_to_be(run, model, tmp_path):
    (tmp_path / "odd.csv").write_text('n,text\n1,fine film\n2\n3,"dull" plot\n4,dull film\n')
    result = run("classify -m m.safetensors -i odd.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "odd.csv, line 4: ',' expected after '\"'; write a quote inside" in result.stderr
    result = run("classify -m m.safetensors -i odd.csv --skip-bad-rows")
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["good", "bad"]
    assert "Warning: odd.csv: 2 bad rows were left out, lines 3, 4 (" in result.stderr
    result = run("classify -m m.safetensors -i odd.csv --skip-bad-rows --no-quoting --no-header --format tsv")
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == [
        "text", "fine film", '"dull" plot', "dull film",
    ]  # fmt: skip


def test_training_leaves_bad_rows_out_if_asked(run, reviews, tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text(path.read_text() + "30,odd, fine film,good\n")
    assert run("train-classifier reviews.csv -o m.safetensors --model tfidf").exit_code == 2
    result = run("train-classifier reviews.csv -o m.safetensors --model tfidf --skip-bad-rows --validation 0")
    assert result.exit_code == 0
    assert "reviews.csv: 1 bad row was left out, line 32 (expected 3 columns" in result.stderr
    result = run("train-classifier reviews.csv -o m.safetensors --label-separator= --model tfidf")
    assert (result.exit_code, "got an empty separator" in result.stderr) == (2, True)


def test_a_model_tells_what_it_is(run, model):
    content = json.loads(run("info m.safetensors --format json").stdout)
    assert (content["model"], content["classes"], content["task"]) == ("tfidf", ["bad", "good"], "binary")
    assert content["parameters"]["ngrams"] == 3
    assert content["made"]["data"]["texts"] == 30


def test_the_words_that_decided_are_highlighted(run, model):
    label, text = run(
        "classify --explain -m m.safetensors", "fine  film dull\tawful film\n"
    ).stdout.splitlines()
    assert label.startswith("bad ")
    assert re.match(r"  \[fine -\d\.\d\d\] .*\[dull \+\d\.\d\d\] ", text)
    found = json.loads(run("classify --explain -m m.safetensors --format json", "fine film").stdout)
    effects = {word["word"]: word["effect"] for word in found["words"]}
    assert list(effects) == ["fine", "film"]
    assert effects["fine"] > 2 * abs(effects["film"])
    assert run("classify xyzzy --explain -m m.safetensors").stdout.splitlines()[-1] == "  xyzzy"
    assert "--explain needs --format text or json" in (
        run("classify fine --explain -m m.safetensors --format tsv").stderr
    )


def test_marks_are_colors_on_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout", types.SimpleNamespace(isatty=lambda: True))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    words = [Occlusion(0, 4, -1.0), Occlusion(5, 9, 0.1), Occlusion(10, 14, 4.0)]
    assert (
        highlighted("fine film dull", words) == "\x1b[31m\x1b[22mfine\x1b[0m film \x1b[34m\x1b[1mdull\x1b[0m"
    )
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            assert highlighted("fine film dull", words) == "[fine -1.00] film [dull +4.00]"


def test_another_language_is_warned_of(run, model):
    result = run("classify un deux -m m.safetensors")
    assert result.exit_code == 0
    assert result.stderr.startswith("Warning: 100% of the words are unknown to the model")
    assert run("classify fine -m m.safetensors").stderr == ""


def test_several_labels(run, reviews):
    trained = run("train-classifier tags.jsonl -o t.safetensors --model tfidf --validation 0.3")
    assert trained.stdout.splitlines()[0].split()[1:3] == ["subset", "accuracy"]
    result = run("classify -m t.safetensors --format json", "fine film\nfine plot\n")
    labels = [[entry["label"] for entry in json.loads(line)["labels"]] for line in result.stdout.splitlines()]
    assert [sorted(row) for row in labels] == [["film", "good"], ["good"]]
    judged = run("evaluate-classifier t.safetensors tags.jsonl").stdout
    assert judged.startswith("metric             value")
    assert "micro-F1" in judged
    assert "predicted" not in judged
    result = run("evaluate-classifier t.safetensors tags.jsonl --plot a.png")
    assert result.stderr == (
        "Error: a model of several labels a text has no confusion matrix to draw; leave --plot out\n"
    )


TEXT = """\
accuracy           0.667  [0.300, 0.903]      6
macro-F1           0.489  [0.200, 0.785]      6
"""
CONFUSION = """\
actual \\ predicted  bad  good  so-so
bad                   2     0      0
good                  1     2      0
so-so                 0     1      0
"""


def test_evaluation_as_tables(run, model):
    result = run("evaluate-classifier m.safetensors test.tsv -q")
    assert result.exit_code == 0
    assert TEXT in result.stdout
    assert CONFUSION in result.stdout
    assert "\nbad        0.667  [0.208, 0.939]   1.000  [0.342, 1.000]  0.800      2\n" in result.stdout
    assert "\nprobability " in result.stdout
    markdown = run("evaluate-classifier m.safetensors test.tsv -q --format markdown").stdout
    assert "| accuracy | 0.667 | [0.300, 0.903] | 6 |" in markdown
    assert "| actual \\ predicted | bad | good | so-so |" in markdown


def test_evaluation_for_programs(run, model):
    tsv = run("evaluate-classifier m.safetensors test.tsv -q --format tsv").stdout.splitlines()
    assert tsv[0] == "part\tmetric\tvalue\tlow\thigh\ttexts"
    assert tsv[1] == "total\taccuracy\t0.666667\t0.299993\t0.903229\t6"
    content = json.loads(run("evaluate-classifier m.safetensors test.tsv -q --format json").stdout)
    assert (content["model"], content["texts"], content["texts_of_unknown_labels"]) == ("m.safetensors", 6, 1)
    assert content["classes"] == ["bad", "good", "so-so"]
    assert content["confusion"] == [[2, 0, 0], [1, 2, 0], [0, 1, 0]]
    assert sum(found["predictions"] for found in content["calibration"]) == 6
    assert len(content["scores"]) == len(tsv) - 1


def test_many_classes_show_the_commonest_confusions(run, tmp_path):
    lines = [f"word{number}\tc{number:02}\n" for number in range(13)]
    (tmp_path / "many.tsv").write_text("".join(lines * 3))
    (tmp_path / "wrong.tsv").write_text("".join([*lines, "word3\tc00\n", "word3\tc00\n", "word4\tc01\n"]))
    assert run("train-classifier many.tsv -o m.safetensors --model tfidf --validation 0").exit_code == 0
    shown = run("evaluate-classifier m.safetensors wrong.tsv").stdout
    assert "\n\nactual  predicted  texts\nc00     c03            2\nc01     c04            1\n\n" in shown


def test_a_picture_of_the_confusion_matrix(run, model, tmp_path):
    assert run("evaluate-classifier m.safetensors test.tsv --plot c.png").exit_code == 0
    assert (tmp_path / "c.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


REFUSED = [
    ("classify fine -m absent", "no such model: absent"),
    ("classify fine -m reviews.csv", "reviews.csv: expected a model written by embedkit"),
    ("classify fine -m m.safetensors -i test.tsv", "expected texts or files to classify, got 1 and 1"),
    ("classify -m m.safetensors -i absent.csv", "cannot read absent.csv: No such file"),
    (
        "evaluate-classifier m.safetensors test.tsv --plot c.jpg",
        "expected the name of a .png, .svg or .pdf file",
    ),
    ("evaluate-classifier m.safetensors tags.jsonl", "expected one label a text"),
    ("train-classifier reviews.csv -o test.tsv --validation test.tsv", "cannot write test.tsv: a model is"),
    ("train-classifier reviews.csv -o reviews.csv", "cannot write reviews.csv: a model is"),
    ("train-classifier reviews.csv -o nowhere/m", "cannot write nowhere/m"),
    ("train-classifier reviews.csv -o n --label-column mood", "reviews.csv: no column 'mood' for the label"),
    ("train-classifier reviews.csv -o n --model tfidf -v v", "--model tfidf uses no vectors; leave -v out"),
    (
        "train-classifier reviews.csv -o n --validation 0.9",
        "expected to hold out more than 0 and at most 0.5",
    ),
    ("train-classifier reviews.csv -o n --validation absent.csv", "cannot read absent.csv"),
    ("train-classifier reviews.csv -o n --model oracle", "Invalid value for '--model': 'oracle' is not one"),
    (
        "train-classifier one.csv -o n --validation 0 --model tfidf",
        "expected at least 2 classes to tell apart, got only ['x']",
    ),
]


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_what_cannot_be_used_is_one_line(run, model, tmp_path, line, message):
    (tmp_path / "one.csv").write_text("text,label\na,x\nb,x\n")
    before = (tmp_path / "reviews.csv").read_bytes()
    result = run(line)
    *_, last = result.stderr.splitlines()
    assert (result.stdout, result.exit_code) == ("", 2)
    assert last.startswith(f"Error: {message}")
    assert not (tmp_path / "n").exists()
    assert (tmp_path / "reviews.csv").read_bytes() == before


def test_every_model_is_described_in_the_help(run):
    command = main.get_command(None, "train-classifier")
    assert all(name in command.help for name in MODELS)


def test_missing_files_are_told_before_any_answer(run, tmp_path):
    (tmp_path / "a.txt").write_text("a fine film\n")
    result = run("classify -i a.txt -i none.txt")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "cannot read none.txt: No such file" in result.stderr
