"""Emoji from the command line: put to sentences, and learned from labeled ones."""

import io
import json
import subprocess
import sys
from itertools import islice

import numpy as np
import pytest
from click.testing import CliRunner

from embedkit import Embeddings, Vocabulary, load_model
from embedkit.errors import FormatError, InputError
from embedkit.shipped_files import NAMES
from embedkit_cli.main import main
from embedkit_cli.shared.streams import CHUNK, ready_lines

HEART = "\u2764\ufe0f"
WORDS = {"❤": "love dear mum", ":soccer_ball:": "ball goal play", "🍴": "food hungry cake"}
SIGNS = [HEART, "⚽", "🍴"]
OTHER = "the a my so we is"
QUICK = "--layers 'conv:4 max' --epochs 3"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """emoji.csv: 60 texts with an emoji each; numbers.csv: with numbers, without a header; test.tsv: 4 texts;
    more.txt: some of them alone; v.safetensors: vectors of their words; plain.csv: labels that are no emoji.
    """
    folder = tmp_path_factory.mktemp("emoji")
    known = [*" ".join(WORDS.values()).split(), *OTHER.split()]
    matrix = np.eye(len(known))[:, : len(known) - 1]
    Embeddings(matrix, Vocabulary(known)).save(folder / "v.safetensors")
    random = np.random.default_rng(1)
    rows = []
    for number in range(60):
        label = list(WORDS)[number % 3]
        words = [*random.choice(OTHER.split(), 3), random.choice(WORDS[label].split())]
        rows.append((f"{' '.join(words)} {number}", label))
    (folder / "emoji.csv").write_text("\n".join(["text,label", *map(",".join, rows)]), encoding="utf-8")
    numbers = [f"{text},{list(WORDS).index(label)}" for text, label in rows]
    (folder / "numbers.csv").write_text("\n".join(numbers), encoding="utf-8")
    tests = ["my love\t:heart:", "a goal\t\u26bd\ufe0f", "the cake\t🍴", "so hungry mum\t⚽"]
    (folder / "test.tsv").write_text("\n".join(tests), encoding="utf-8")
    (folder / "more.txt").write_text("\n".join(text for text, _ in rows[:20]), encoding="utf-8")
    (folder / "plain.csv").write_text("text,label\nlove,good\nball,bad\n" * 4, encoding="utf-8")
    return folder


@pytest.fixture
def ask(run, folder, monkeypatch):
    """Runs a command line in the folder of the files."""
    monkeypatch.chdir(folder)
    if not (folder / "m.safetensors").exists():
        line = "train-emojify emoji.csv -o m.safetensors --version 1 -v v.safetensors --validation 0 -q"
        assert run(line).exit_code == 0
    return run


ANSWERS = [
    (["my love"], f"my love {HEART}\n"),
    (["we play!  "], "we play! ⚽  \n"),
    (["my love :heart:"], "my love :heart:\n"),
    (["my love \u2764"], "my love \u2764\n"),
    (["my love 🍴"], f"my love 🍴 {HEART}\n"),
    (["my love :cake:"], f"my love :cake: {HEART}\n"),
    ([""], "\n"),
    (["❤ :heart:"], "❤ :heart:\n"),
    (["my love", "the cake"], f"my love {HEART}\nthe cake 🍴\n"),
    (["so hungry is my mum", "--threshold", "0.99"], "so hungry is my mum\n"),
]


@pytest.mark.parametrize(("arguments", "expected"), ANSWERS)
def test_a_text_gets_its_emoji(ask, arguments, expected):
    result = CliRunner().invoke(main, ["emojify", "-m", "m.safetensors", *arguments])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == expected


def test_the_emoji_stands_after_the_word_that_decided(ask):
    result = ask("emojify -m m.safetensors --insert inline", "the cake, so\nmy mum is the love\nfood\n\n")
    first, second, third, empty = result.stdout.split("\n")[:4]
    assert (first, third, empty) == ("the cake, 🍴 so", "food 🍴", "")
    assert second in (f"my mum {HEART} is the love", f"my mum is the love {HEART}")


def test_the_likeliest_have_their_probabilities(ask):
    heading, *lines = ask("emojify -m m.safetensors --top 2 -", "the cake\n").stdout.splitlines()
    assert heading == "the cake 🍴"
    assert lines[0].split()[0::2] == ["🍴", ":fork_and_knife:"]
    assert float(lines[0].split()[1]) > 0.5 > float(lines[1].split()[1])
    assert len(lines) == 2


def test_formats_for_programs(ask):
    found = json.loads(ask("emojify -m m.safetensors --format json -", "the\tcake xyzzy\n").stdout)
    assert (found["text"], found["emojified"]) == ("the\tcake xyzzy", "the\tcake xyzzy 🍴")
    assert found["unknown_words"] == pytest.approx(1 / 3, abs=1e-6)
    assert (found["emoji"][0]["emoji"], found["emoji"][0]["name"]) == ("🍴", ":fork_and_knife:")
    result = ask("emojify -m m.safetensors --format tsv --top 3 -", "the\tcake\n\n")
    *rows, nothing = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[:3] for row in rows[:1]] == [["the\\tcake", "the\\tcake 🍴", "🍴"]]
    assert sorted(row[2] for row in rows) == sorted(SIGNS)
    assert nothing == ["", "", "", ""]


def test_texts_of_unknown_words_are_warned_of(ask):
    result = ask("emojify -m m.safetensors -", "my love\nxyzzy plugh\n")
    assert result.stdout.splitlines()[1].startswith("xyzzy plugh ")
    assert result.stderr.startswith("Warning: the model knows no word of 'xyzzy plugh'; ")
    assert "a probability of 0.3333 without any" in result.stderr
    result = ask("emojify -m m.safetensors --threshold 0.5 -", "xyzzy\n")
    assert result.stdout == "xyzzy\n"


def test_long_texts(ask):
    text = "xyzzy " * 5000 + "cake"
    for place in ("end", "inline"):
        result = ask(f"emojify -m m.safetensors --insert {place} -", text + "\n")
        assert result.stdout.startswith("xyzzy xyzzy ")
        assert result.stdout.endswith("cake 🍴\n")


def test_lines_are_answered_as_they_come(ask, folder):
    code = "from embedkit_cli.main import main; main(['emojify', '-m', 'm.safetensors'])"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen([sys.executable, "-c", code], cwd=folder, **pipes) as process:
        for text, answer in [("my love", HEART), ("", ""), ("the cake", "🍴")]:
            process.stdin.write(f"{text}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{text} {answer}".strip() + "\n"


class Trickle(io.BytesIO):
    """Gives so many bytes at a time."""

    def read1(self, size):
        return super().read1(min(size, 3))


@pytest.mark.parametrize("kind", [io.BytesIO, Trickle])
@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("", []),
        ("a\n\nb", ["a", "", "b"]),
        ("\ufeffä\r\n😄\n", ["ä", "😄"]),
        ("\n" * 3, [""] * 3),
        ("x" * (CHUNK + 1) + "\ny\r", ["x" * (CHUNK + 1), "y"]),
    ],
)
def test_lines_are_whole_however_they_arrive(kind, content, lines):
    assert [line for batch in ready_lines(kind(content.encode())) for line in batch] == lines


@pytest.mark.parametrize("kind", [io.BytesIO, Trickle])
def test_bytes_that_are_no_text_end_the_answers(kind):
    batches = ready_lines(kind(b"a\nb\ntr\xe8s bien\nd\n"))
    assert [line for batch in islice(batches, 2 if kind is Trickle else 1) for line in batch] == ["a", "b"]
    told = "stdin, line 3: byte 0xe8 is not utf-8; make it UTF-8, as `iconv -f cp1252"
    with pytest.raises(InputError, match=told):
        next(batches)
    named = ready_lines(kind(b"tr\xe8s bien\n"), "utf-8")
    with pytest.raises(
        InputError, match=r"stdin, line 1: .* name the encoding of the file \(--encoding cp1252"
    ):
        next(named)


@pytest.mark.parametrize("kind", [io.BytesIO, Trickle])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-32"])
def test_lines_in_other_encodings(kind, encoding):
    batches = ready_lines(kind("tr\xe8s\nbien\r\na".encode(encoding)), encoding)
    assert [line for batch in batches for line in batch] == ["tr\xe8s", "bien", "a"]


def test_stdin_that_is_no_text():
    with pytest.raises(FormatError, match="stdin: expected text, got UTF-16"):
        next(ready_lines(io.BytesIO("fine film\n".encode("utf-16"))))
    with pytest.raises(FormatError, match=r"stdin: expected text, got UTF-16 .*\(--encoding utf-16\)"):
        next(ready_lines(io.BytesIO("fine film\n".encode("utf-16")), "utf-8"))
    with pytest.raises(InputError, match="there is no encoding 'latin-99'"):
        next(ready_lines(io.BytesIO(b"a"), "latin-99"))


def test_tabs_stay_tabs(ask):
    assert ask("emojify -m m.safetensors", "I\tlove\tyou\x1b\n").stdout == f"I\tlove\tyou\\x1b {HEART}\n"


def test_training_lists_what_it_got_wrong(ask, folder):
    line = "train-emojify emoji.csv -o new.safetensors --version 1 -v v.safetensors --validation test.tsv"
    result = ask(line)
    assert result.exit_code == 0
    table, mistakes = result.stdout.split("\n\n")
    assert table.splitlines()[1].startswith("version 1     0.750 ")
    heading, row = mistakes.splitlines()
    assert heading.split() == ["mislabeled", "text", "expected", "predicted", "probability"]
    assert row.split()[:4] == ["so", "hungry", "mum", "⚽"]
    assert row.split()[4] in (HEART, "🍴")
    assert 1 / 3 < float(row.split()[5]) < 1
    assert "wrote new.safetensors: version 1, 3 classes (⚽, ❤️, 🍴), 0.00 MB; " in result.stderr
    made = load_model(folder / "new.safetensors").metadata_
    assert made["command"] == f"embedkit {line}"
    assert made["data"]["labels"] == {"⚽": 20, HEART: 20, "🍴": 20}
    assert made["metrics"][0]["value"] == 0.75
    assert ask(f"{line} --mistakes 0 -q").stdout.count("\n\n") == 0


@pytest.mark.parametrize("labels", ["❤ ⚽️ :fork_and_knife:", ":heart:,⚽,🍴", "❤⚽🍴"])
def test_numbers_stand_for_emoji(ask, folder, labels):
    line = "train-emojify numbers.csv -o n.safetensors --version 1 -v v.safetensors --validation 0.2 -q"
    result = CliRunner().invoke(main, [*line.split(), "--labels", labels])
    assert (result.exit_code, result.stderr) == (0, "")
    assert load_model(folder / "n.safetensors").labels == SIGNS
    assert ask("evaluate-classifier n.safetensors numbers.csv -q").stdout.split()[7] == "1.000"
    assert ask("evaluate-classifier n.safetensors test.tsv -q").stdout.split()[7] == "0.750"
    assert ask("classify -m n.safetensors -", "the cake\n").stdout.split()[0] == "🍴"


@pytest.mark.tensorflow
def test_versions_stand_beside_one_another(ask, folder):
    line = "train-emojify emoji.csv -o t.safetensors -v v.safetensors --validation 0.2 --fine-tune yes"
    result = ask(
        f"{line} {QUICK} --version 2 --no-augment --compare --plot t.png --seed 2 "
        "--components 2 --unlabeled more.txt"
    )
    assert result.exit_code == 0
    table, tests, *_ = result.stdout.split("\n\n")
    assert [row.split()[1] for row in table.splitlines()[1:]] == ["2", "1"]
    assert tests.startswith("version 2 against ")
    assert (folder / "t.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    model = load_model(folder / "t.safetensors")
    assert (model.components, model.unlabeled) == (2, "more.txt")
    assert (model.version, model.fine_tune, model.augment, model.seed) == (2, True, False, 2)
    assert all(epoch.validation_loss is not None for epoch in model.history_)
    assert model.network.layers == "conv:4 max"
    assert list(model.metadata_["compared"]) == ["version 1"]
    content = json.loads(ask("info t.safetensors --format json").stdout)
    assert (content["model"], content["classes"]) == ("emojify", sorted(SIGNS))


REFUSED = [
    (
        "train-emojify emoji.csv -o m.safetensors --unlabeled m.safetensors",
        "m.safetensors is what is read",
    ),
    ("train-emojify emoji.csv -o v.safetensors -v v.safetensors", "v.safetensors is what is read"),
    (
        "train-emojify emoji.csv -o test.tsv --validation test.tsv",
        "cannot write test.tsv: a model is written as",
    ),
    ("train-emojify emoji.csv -o n -v v.safetensors --version 2 --components 99", "components must be 1 to "),
    ("emojify x -m absent", "no such model: absent"),
    ("emojify x -m v.safetensors", "v.safetensors: expected a model written by embedkit"),
    ("emojify x -m c.safetensors", "c.safetensors: expected a model made by embedkit train-emojify, got a"),
    ("emojify x -m m.safetensors --threshold 2", "Invalid value for '--threshold'"),
    ("train-emojify plain.csv -o n", "plain.csv: expected each label to be an emoji, or its name such as"),
    ("train-emojify numbers.csv -o n", "numbers.csv: expected each label to be an emoji"),
    ("train-emojify numbers.csv -o n --labels ❤", "numbers.csv: expected each label to be an emoji"),
    ("train-emojify numbers.csv -o n --labels 0", "expected --labels as emoji, or names such as"),
    ("train-emojify emoji.csv -o emoji.csv", "cannot write emoji.csv: a model is written as"),
    ("train-emojify emoji.csv -o n --unit 3", "No such option '--unit'"),
    ("train-emojify emoji.csv -o n --layers lstm:x", "'lstm:x': LSTM: units must be a whole number, got 'x'"),
    ("train-emojify emoji.csv -o n --layers lstm:0", "'lstm:0': LSTM: units must be at least 1, got 0"),
    ("train-emojify emoji.csv -o n --version 1 --layers lstm:3", "version 1 has no network"),
    ("train-emojify emoji.csv -o n --version 4", "Invalid value for '--version'"),
    ("train-emojify emoji.csv -o n --compare --validation 0", "versions are compared on texts"),
    ("train-emojify emoji.csv -o n --version 1 --plot a.png --validation 0", "--plot has nothing to draw"),
    ("train-emojify emoji.csv -o n --plot a.jpg", "expected the name of a .png, .svg or .pdf file to draw"),
]


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_what_cannot_be_used_is_one_line(ask, folder, line, message):
    if "c.safetensors" in line:
        ask("train-classifier plain.csv -o c.safetensors --model tfidf --validation 0 -q")
    result = ask(line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith(f"Error: {message}")
    assert not (folder / "n").exists()


def test_a_model_that_is_not_there_is_told_of(ask, monkeypatch):
    monkeypatch.setitem(NAMES, "emojify", "absent.safetensors")
    result = ask("emojify hello")
    assert result.exit_code == 2
    assert "absent.safetensors, which ships with embedkit, is missing" in result.stderr


def test_an_endless_line_of_stdin_is_refused(monkeypatch):
    monkeypatch.setattr("embedkit_cli.shared.streams.LONGEST", CHUNK)
    lines = ready_lines(io.BytesIO(b"a\n" + b"b" * CHUNK * 3))
    assert next(lines) == ["a"]
    with pytest.raises(FormatError, match="stdin, line 2: expected at most 65,536 bytes, got a longer line"):
        list(lines)
