"""Files that version 0.1.0 wrote are read, and answer as they did; `make_files.py` made them with it.

A failure here means that somebody's vectors or models can be read no more: mend the reader, not the file.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.base import clone

import embedkit
from embedkit_cli.main import main

DATA = Path(__file__).parent / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
VECTORS, CORPUS, COUNTS, MODELS = (EXPECTED[kind] for kind in ("vectors", "corpus", "counts", "models"))
TABLES = {"tfidf": "reviews", "tfidf-plain": "reviews", "tfidf-characters": "topics"}


def test_all_files_are_opened():
    opened = {name for files in EXPECTED.values() for name in files}
    others = {"expected.json", *(f"{table}.tsv" for table in TABLES.values())}
    assert {path.name for path in DATA.iterdir()} == opened | others


@pytest.mark.parametrize("name", VECTORS)
def test_vectors(name):
    expected, vectors = VECTORS[name], embedkit.load(DATA / name)
    words, counts = vectors.vocabulary.words, vectors.vocabulary.counts
    assert (len(words), vectors.vector_size) == (expected["words"], expected["vector_size"])
    assert (None if counts is None else counts[:3].tolist()) == expected["counts"]
    assert vectors.metadata == expected["metadata"]
    np.testing.assert_allclose(vectors[words[0]], expected["first"], rtol=1e-6)
    for word, neighbors in expected["neighbors"].items():
        assert_answers(vectors.neighbors(word, top=2), neighbors)
    if "analogy" in expected:
        assert_answers(vectors.analogy("man", "woman", "king", top=2), expected["analogy"])


def assert_answers(answers, expected):
    """Answers are the words that were answered, with their scores."""
    assert [answer.word for answer in answers] == [word for word, _ in expected]
    np.testing.assert_allclose([answer.score for answer in answers], [s for _, s in expected], atol=1e-5)


@pytest.mark.parametrize("name", CORPUS)
def test_a_corpus(name):
    expected, corpus = CORPUS[name], embedkit.Corpus.open(DATA / name)
    words, counts = corpus.vocabulary.words, corpus.vocabulary.counts
    assert (corpus.words, corpus.fingerprint) == (expected["words"], expected["fingerprint"])
    assert dict(zip(words, counts.tolist(), strict=True)) == expected["vocabulary"]
    documents = [[words[row] for row in document] for document in list(corpus)[::100]]
    assert documents == expected["documents"]
    assert corpus.tokenizer.tokenize("The king's NETS") == ["the", "king's", "nets"]


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name):
    expected, found = COUNTS[name], embedkit.Cooccurrences.open(DATA / name)
    assert found.nonzeros == expected["nonzeros"]
    for word, row in expected["rows"].items():
        part = slice(*found.offsets[found.vocabulary[word] :][:2])
        near = [found.vocabulary.words[column] for column in found.columns[part]]
        assert dict(zip(near, found.counts[part].tolist(), strict=True)) == row


@pytest.mark.parametrize("name", MODELS)
def test_models(name):
    expected, model = MODELS[name], embedkit.load_model(DATA / name)
    texts = expected["texts"]
    assert model.classes_.tolist() == expected["classes"]
    np.testing.assert_allclose(model.predict_proba(texts), expected["probabilities"], atol=1e-5)
    np.testing.assert_allclose(model.unknown_shares(texts), expected["unknown"])
    assert [*map(np.ndarray.tolist, map(np.asarray, model.predict(texts)))] == expected["predicted"]
    assert model.metadata_ == expected["metadata"]


@pytest.mark.parametrize(("name", "table"), TABLES.items())
def test_parameters_come_back_so_that_a_model_learns_the_same_again(name, table):
    texts = embedkit.read_labeled(DATA / f"{table}.tsv")
    expected = MODELS[f"{name}.safetensors"]
    model = clone(embedkit.load_model(DATA / f"{name}.safetensors")).fit(texts.texts, texts.labels)
    probabilities = model.predict_proba(expected["texts"])
    np.testing.assert_allclose(probabilities, expected["probabilities"], atol=1e-5)


def test_a_model_is_saved_again_as_it_was(tmp_path):
    for name, expected in MODELS.items():
        embedkit.load_model(DATA / name).save(tmp_path / name)
        again = embedkit.load_model(tmp_path / name).predict_proba(expected["texts"])
        np.testing.assert_allclose(again, expected["probabilities"], atol=1e-5)


@pytest.mark.parametrize("name", [*VECTORS, *CORPUS, *COUNTS, *MODELS])
def test_info_tells_of_them(name):
    told = CliRunner().invoke(main, ["info", str(DATA / name), "--format", "json"])
    assert told.exit_code == 0, told.output
    content = json.loads(told.stdout)
    if name in VECTORS:
        expected = VECTORS[name]
        shown = expected["words"], expected["vector_size"], expected["metadata"] or None
        assert (content["words"], content["dimensions"], content["made"]) == shown
    elif name in CORPUS:
        assert content["fingerprint"] == CORPUS[name]["fingerprint"]
    elif name in COUNTS:
        assert content["nonzeros"] == COUNTS[name]["nonzeros"]
    else:
        shown = MODELS[name]["classes"], MODELS[name]["metadata"]
        assert (content["classes"], content["made"]) == shown
