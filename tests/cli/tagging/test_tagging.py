"""train-tagger, tag and evaluate-tagger, from files to what is printed."""

import json
import lzma

import pytest

LINES = [
    ("Ada sings", "B-person O"),
    ("Ada Smith sings in Rome", "B-person I-person O O B-place"),
    ("in Rome sings Bob", "O B-place O B-person"),
    ("Bob Smith sings", "B-person I-person O"),
]
SMALL = "-v random --units 12 --character-units 4 --vector-size 12 --batch-size 4 --learning-rate 0.02 -q"


def conll(lines):
    """Sentences as a file of columns."""
    rows = [zip(words.split(), tags.split(), strict=True) for words, tags in lines]
    return "\n".join("".join(f"{word}\t{tag}\n" for word, tag in row) for row in rows)


@pytest.fixture
def data(tmp_path):
    """train.conll and test.jsonl of the same sentences."""
    (tmp_path / "train.conll").write_text(conll(LINES * 15))
    objects = [{"tokens": words.split(), "tags": tags.split()} for words, tags in LINES]
    (tmp_path / "test.jsonl").write_text("\n".join(map(json.dumps, objects)))


@pytest.fixture
def model(run, data):
    """m.safetensors, trained on all of it."""
    result = run(f"train-tagger train.conll -o m.safetensors --validation test.jsonl {SMALL}")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_training_prints_the_scores_of_what_is_held_out(model):
    accuracy, spans = model.split("\n\n")
    assert "whole sentences" in accuracy
    rows = [line.split() for line in spans.splitlines()]
    assert rows[1][:5] == ["all", "spans", "1.0000", "1.0000", "1.0000"]
    assert [row[0] for row in rows[2:]] == ["person", "place"]


def test_tags_in_every_style(run, model):
    assert run("tag -m m.safetensors", "Ada Smith sings in Rome\n").stdout == (
        "[Ada Smith | person] sings in [Rome | place]\n"
    )
    [answer] = map(json.loads, run("tag -m m.safetensors --format json", "Bob sings").stdout.splitlines())
    assert answer["tags"] == ["B-person", "O"]
    assert answer["spans"] == [{"type": "person", "begin": 0, "end": 1, "tokens": ["Bob"]}]
    assert all(0.5 < probability <= 1 for probability in answer["probabilities"])
    rows = run("tag -m m.safetensors --format tsv", "Bob sings").stdout.splitlines()
    assert [row.split("\t")[:2] for row in rows[:2]] == [["Bob", "B-person"], ["sings", "O"]]


def test_what_is_tagged_can_be_read_again(run, model, tmp_path):
    (tmp_path / "in.txt").write_text("Ada sings\nBob Smith sings\n")
    tagged = run("tag -m m.safetensors -i in.txt --format conll").stdout
    (tmp_path / "out.conll").write_text(tagged)
    scores = json.loads(run("evaluate-tagger m.safetensors out.conll --format json -q").stdout)
    assert (scores["sentences"], scores["tokens"], scores["accuracy"]["value"]) == (2, 5, 1.0)


def test_tokens_of_files_and_of_texts(run, model):
    from_file = run("tag -m m.safetensors -i test.jsonl --token-column tokens").stdout.splitlines()
    assert from_file[0] == "[Ada | person] sings"
    from_columns = run("tag -m m.safetensors -i train.conll --token-column 1").stdout.splitlines()
    assert from_columns[:4] == from_file
    assert run("tag -m m.safetensors --tokenized", "Ada sings!").stdout == "[Ada | person] sings!\n"


def test_evaluation_in_every_style(run, model):
    markdown = run("evaluate-tagger m.safetensors test.jsonl -q --format markdown").stdout
    assert "| all spans | 1.0000 |" in markdown
    tsv = run("evaluate-tagger m.safetensors test.jsonl -q --format tsv").stdout.splitlines()
    assert tsv[0].split("\t")[:4] == ["name", "precision", "recall", "f1"]
    assert tsv[1].split("\t")[:4] == ["all spans", "1", "1", "1"]


def test_unknown_tags_count_as_wrong_and_are_told(run, model, tmp_path):
    (tmp_path / "other.conll").write_text("Ada B-robot\nsings O\n")
    result = run("evaluate-tagger m.safetensors other.conll --format json")
    assert "1 tokens have tags unknown to the model" in result.stderr
    assert "line 1: B-robot" in result.stderr
    assert json.loads(result.stdout)["accuracy"]["value"] == 0.5


def test_validation_may_be_in_another_scheme(run, data, tmp_path):
    (tmp_path / "held.conll").write_text("Ada S-person\nsings O\n\nBob B-person\nSmith E-person\n")
    result = run(f"train-tagger train.conll -o m.safetensors --validation held.conll {SMALL}")
    assert result.exit_code == 0, result.output
    assert "all spans     1.0000" in result.stdout


def test_tags_of_which_none_is_known_are_another_column(run, model, tmp_path):
    (tmp_path / "upos.conll").write_text("Ada PROPN\nsings VERB\n")
    result = run("evaluate-tagger m.safetensors upos.conll -q")
    assert result.exit_code == 2
    assert "upos.conll, line 1: expected some tags that the model knows, such as 'B-person'" in result.stderr


def test_info_tells_of_it(run, model):
    told = run("info m.safetensors").stdout
    assert "tagger of embedkit" in told
    assert "B-person B-place I-person O" in told
    assert "epoch 1, loss" in told


def test_plain_tags_and_compressed_conllu(run, tmp_path):
    rows = "1\tcats\tcat\tNOUN\tNNS\n2\tsleep\tsleep\tVERB\tVBP\n\n"
    (tmp_path / "train.conllu.xz").write_bytes(lzma.compress((rows * 30).encode()))
    result = run(f"train-tagger train.conllu.xz -o p.safetensors --validation 0 --epochs 8 {SMALL}")
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("tag -m p.safetensors", "cats sleep").stdout == "cats/NOUN sleep/VERB\n"
    shown = run("evaluate-tagger p.safetensors train.conllu.xz -q").stdout
    assert [line.split()[0] for line in shown.split("\n\n")[1].splitlines()] == ["tag", "NOUN", "VERB"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train-tagger none.conll -o m.safetensors", "cannot read none.conll"),
        ("train-tagger bad.conll -o m.safetensors", "bad.conll, line 3: expected 2 columns as in line 1"),
        (
            "train-tagger mixed.conll -o m.safetensors",
            "mixed.conll, sentence at line 3: expected tags of one",
        ),
        ("train-tagger one.txt -o m.safetensors", "one.txt, line 1: expected a token and its tag"),
        ("train-tagger empty -o m.safetensors", "empty: expected tokens, got none"),
        ("train-tagger train.conll -o m.safetensors --validation 0.7", "at most 0.5"),
        (
            "train-tagger train.conll -o m.safetensors --validation robots.conll",
            "robots.conll, sentence at line 1",
        ),
        ("train-tagger train.conll -o train.conll", "train.conll is what is read"),
        ("train-tagger train.conll -o m.safetensors --tag-column 3", "number of a column, 1 to 2"),
        ("train-tagger train.conll -o m.safetensors --dropout 1", "dropout must be at most 0.95"),
        ("train-tagger train.conll -o m.safetensors -v none.vec", "none.vec"),
        ("tag -m none.safetensors hello", "no such model"),
        ("tag -m sentiment hello", "expected a trained tagger"),
        ("evaluate-tagger sentiment train.conll", "expected a trained tagger"),
        ("tag -m x --token-column 1 hello", "--token-column is for files"),
        (
            "tag -m x -i train.conll",
            "train.conll has a token a line; name their column",
        ),
        ("tag -m x -i train.conll --token-column 1 --tokenized", "leave --tokenized out"),
    ],
)
def test_bad_input(run, data, tmp_path, line, message):
    (tmp_path / "bad.conll").write_text("a X\n\nb\n")
    (tmp_path / "mixed.conll").write_text("a B-x\n\nb NOUN\n")
    (tmp_path / "one.txt").write_text("a\nb\n")
    (tmp_path / "empty").write_text("")
    (tmp_path / "robots.conll").write_text("Ada B-robot\n")
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_tagger_is_no_classifier(run, model):
    result = run("classify -m m.safetensors hello")
    assert result.exit_code == 2
    assert "a tagger answers embedkit tag" in result.stderr
