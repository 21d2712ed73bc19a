"""embedkit train-doc2vec and infer, from text to vectors and similar documents."""

import json

import numpy as np
import pytest

from embedkit import Doc2VecModel, load

SMALL = "--vector-size 20 --min-count 1 --sample 0 --epochs 20 --workers 1"


@pytest.fixture
def model(run, text):
    assert run(f"train-doc2vec text.txt -o m.safetensors --export v.txt {SMALL} -q").exit_code == 0
    return Doc2VecModel.load("m.safetensors")


def test_each_line_has_a_vector(model):
    assert model.documents.vocabulary.words == tuple(str(number) for number in range(1, 301))
    assert model.documents.metadata["command"].startswith("embedkit train-doc2vec text.txt -o m.safetensors")
    np.testing.assert_allclose(load("v.txt").matrix, model.documents.matrix, rtol=1e-5)


def test_tags_are_named(run, text, tmp_path):
    (tmp_path / "t.tsv").write_text("name\ttext\nfirst\tthe cat sees\nsecond\tthe cow\n")
    line = f"{SMALL.replace('--epochs 20', '--epochs 1')}"
    result = run(f"train-doc2vec t.tsv -o m --tag-column name {line}")
    assert "t.tsv: texts from column 'text', tags from column 'name'" in result.stderr
    assert Doc2VecModel.load("m").documents.vocabulary.words == ("first", "second")
    (tmp_path / "names.txt").write_text("".join(f"line {number}\n" for number in range(300)))
    assert run(f"tokenize text.txt -o corpus {'-q'}").exit_code == 0
    for source in ("text.txt", "corpus"):
        assert run(f"train-doc2vec {source} -o m --tags names.txt {line} -q").exit_code == 0
        assert Doc2VecModel.load("m").documents.vocabulary.words[299] == "line 299"


def test_what_is_told(run, text):
    told = run(f"train-doc2vec text.txt -o m.safetensors {SMALL}").stderr
    assert "300 documents" in told
    assert "epoch 20 of 20: mean loss" in told
    assert "wrote m.safetensors: Doc2VecModel(300 documents x 20, 9 words)" in told


def test_deterministic_files_are_the_same_for_any_number_of_workers(run, text, tmp_path):
    found = set()
    for workers in (1, 3):
        (folder := tmp_path / str(workers)).mkdir()
        options = SMALL.replace("--workers 1", f"--workers {workers} --deterministic --round-words 50")
        assert run(f"train-doc2vec text.txt -o {folder}/m.safetensors {options}").exit_code == 0
        found.add((folder / "m.safetensors").read_bytes())
    assert len(found) == 1


def test_vectors_of_texts(run, model):
    result = run('infer -m m.safetensors "the cat sees" unheard')
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[0] for row in rows] == ["the cat sees", "unheard"]
    found = np.array([row[1:] for row in rows], float)
    np.testing.assert_allclose(found, model.infer(["the cat sees", "unheard"]), rtol=1e-4)
    assert result.stderr == "Warning: of 2 texts, 1 has no word with a vector\n"
    assert run("infer -m m.safetensors", "the cat sees\n").stdout == result.stdout.splitlines(True)[0]
    seeded = run('infer -m m.safetensors "the cat sees" --seed 2 --epochs 3 --format json')
    assert list(json.loads(seeded.stdout)) == ["text", "vector"]
    assert seeded.stdout != run('infer -m m.safetensors "the cat sees" --format json').stdout


def test_an_array_of_files(run, model):
    result = run("infer -m m.safetensors --input text.txt -o v.npy")
    assert result.stderr.endswith("wrote v.npy: 300 texts x 20\n")
    assert np.load("v.npy").shape == (300, 20)


def test_similar_documents(run, model):
    lines = run('infer -m m.safetensors "the cow" unheard --similar 3 -q').stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["the cow"] * 3
    told = json.loads(run('infer -m m.safetensors "the cow" --similar 3 --format json').stdout)
    assert [(answer["document"], f"{answer['score']:.6f}") for answer in told["results"]] == [
        tuple(line.split("\t")[1:]) for line in lines
    ]


def test_info(run, model):
    told = run("info m.safetensors --format json --verify")
    facts = json.loads(told.stdout)
    assert (facts["format"], facts["documents"], facts["targets"]) == ("document vectors of embedkit", 300, 9)
    assert "as written" in facts["verified"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train-doc2vec none.txt -o m", "no such file or folder: none.txt"),
        ("train-doc2vec text.txt -o text.txt", "cannot write text.txt: a model is written as safetensors"),
        ("train-doc2vec text.txt -o m --export text.txt", "text.txt is one of the texts to read"),
        (
            "train-doc2vec text.txt -o m.safetensors --export m.safetensors",
            "m.safetensors is to hold the model",
        ),
        ("train-doc2vec text.txt -o m --export m.xyz", "m.xyz"),
        ("train-doc2vec text.txt -o none/m", "cannot write none/m: the folder "),
        ("train-doc2vec text.txt -o m --tag-column name", "tag_column is for a table: .csv, .tsv, "),
        ("train-doc2vec text.txt -o m --tags none.txt", "no such file or folder: none.txt"),
        ("train-doc2vec text.txt -o m --model dm --ngrams 2", 'ngrams=2 is for model="dbow"'),
        ("train-doc2vec text.txt -o m --sample nan", "sample must be a finite number, got nan"),
        ("infer -m none a", "no such model: none; expected a file written by embedkit train-doc2vec"),
        ("infer -m text.txt a", "text.txt: expected document vectors of embedkit"),
        ("infer -m text.txt a --input text.txt", "expected texts or --input"),
        ("infer -m text.txt a -o v.npy --similar 2", "--similar prints documents"),
        ("infer -m text.txt a -o v.txt", "ends with .npy"),
    ],
)
def test_bad_calls(run, text, line, message):
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr
