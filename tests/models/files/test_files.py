"""Models come back from their files as they were, anywhere; what is no whole model is refused."""

import contextlib
import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save_file

from embedkit import Cooccurrences, Embeddings, describe_file, load_model, load_predictor, verify_file
from embedkit.errors import FormatError, InputError
from embedkit.model_files import KINDS
from embedkit.models.files.model_file import KEY, _digest, read_content
from embedkit.models.linear.mean_vectors import MeanVectorClassifier
from embedkit.models.linear.tfidf import TfidfClassifier

NEW = ["a fine film", "", "poor plot, xyzzy"]


@pytest.fixture(params=["tfidf", "mean-vectors"])
def model(request, space):
    return TfidfClassifier(ngrams=2, C=2.5) if request.param == "tfidf" else MeanVectorClassifier(space)


@pytest.mark.parametrize("labels", ["words", "numbers", "truth values", "topics", "lists", "matrix"])
def test_a_model_comes_back(model, reviews, topics, tagged, labels, tmp_path):
    texts, given = {"topics": topics, "lists": tagged, "matrix": tagged}.get(labels, reviews)
    convert = {
        "numbers": lambda row: 7 if row == "good" else 3,
        "truth values": lambda row: row == "good",
    }.get(labels, lambda row: row)
    given = [convert(row) for row in given]
    if labels == "matrix":
        given = np.array([["sea" in row, "sky" in row] for row in given], int)
    model.fit(texts, given).save(tmp_path / "m", {"metrics": {"accuracy": 0.5}})
    loaded = load_model(tmp_path / "m")
    np.testing.assert_array_equal(loaded.predict_proba(texts + NEW), model.predict_proba(texts + NEW))
    np.testing.assert_array_equal(loaded.unknown_shares(NEW), model.unknown_shares(NEW))
    assert np.array_equal(loaded.classes_, model.classes_)
    assert loaded.classes_.dtype == model.classes_.dtype
    assert str(loaded.predict(NEW)) == str(model.predict(NEW))
    assert loaded.score(texts, given) == model.score(texts, given)
    assert loaded.metadata_["metrics"] == {"accuracy": 0.5}
    assert {"embedkit", "numpy", "scikit-learn", "scipy"} == set(loaded.metadata_["versions"])
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "m").read_bytes()


def test_parameters_come_back(reviews, tmp_path):
    model = TfidfClassifier(
        C=np.float64(4),
        class_weight={"good": 2, "bad": 1},
        tokenizer="characters",
        lowercase=False,
        punctuation=True,
        ngrams=2,
        min_df=3,
    )
    model.fit(*reviews).save(tmp_path / "m")
    assert load_model(tmp_path / "m").get_params() == model.get_params()


def test_files_need_neither_vectors_nor_this_process(reviews, space, tmp_path):
    models = [TfidfClassifier(ngrams=2).fit(*reviews), MeanVectorClassifier(space).fit(*reviews)]
    for model in models:
        model.save(tmp_path / model.kind)
    code = (
        "import embedkit, json, sys\n"
        "models = map(embedkit.load_model, sys.argv[1:])\n"
        "print(json.dumps([model.predict_proba(['fine film']).tolist() for model in models]))"
    )
    command = [sys.executable, "-c", code, *(model.kind for model in models)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    expected = [model.predict_proba(["fine film"]) for model in models]
    np.testing.assert_array_equal(json.loads(ran.stdout), expected)


def test_a_model_fitted_again_forgets_what_was_said_of_it(reviews, space, tmp_path):
    MeanVectorClassifier(space).fit(*reviews).save(tmp_path / "m", {"metrics": 1})
    loaded = load_model(tmp_path / "m")
    with pytest.raises(InputError, match="what was in memory"):
        loaded.fit(*reviews)
    assert loaded.predict(["fine fine"]).tolist() == ["good"]
    assert loaded.set_params(embeddings=space).fit(*reviews).metadata_ == {}


def test_every_kind_finds_its_class(model, reviews, tmp_path):
    model.fit(*reviews).save(tmp_path / "m")
    assert type(load_model(tmp_path / "m")) is type(model)
    assert KINDS[model.kind].estimator.endswith(f":{type(model).__name__}")
    assert KINDS[model.kind].predictor.endswith(f":{type(model.predictor_).__name__}")


@pytest.fixture
def saved(reviews, tmp_path):
    model = TfidfClassifier(ngrams=2).fit(*reviews)
    model.save(tmp_path / "m")
    return model, tmp_path / "m"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_is_seen(saved, data):
    model, path = saved
    content = bytearray(path.read_bytes())
    damaged = path.with_name("damaged")
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        damaged.write_bytes(content[:place])
        with pytest.raises(FormatError, match="damaged"):
            load_model(damaged)
        return
    content[place] ^= data.draw(st.integers(1, 255))
    damaged.write_bytes(content)
    with contextlib.suppress(FormatError):  # not raised if the byte only pads the header
        np.testing.assert_array_equal(load_model(damaged).predict_proba(NEW), model.predict_proba(NEW))


def test_any_change_of_a_number_is_seen(saved):
    content = saved[1].read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    for place in range(start, len(content), 97):
        saved[1].write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(FormatError, match="its content is not what its sha256 says"):
            load_model(saved[1])


def test_a_rewritten_model_is_read(saved, rewrite):
    path = saved[1]
    rewrite(path, lambda content, tensors: content["metadata"].update(note="x"))
    assert load_model(path).metadata_["note"] == "x"


FORGED = [
    (
        lambda content, tensors: content.update(kind="oracle"),
        "kinds tfidf, mean-vectors, .*got 'oracle'|got 'oracle'",
    ),
    (lambda content, tensors: content.pop("labels"), "its content is malformed"),
    (
        lambda content, tensors: content.update(tokenizer={"name": "os.system"}),
        "not the recipe of a tokenizer",
    ),
    (lambda content, tensors: content.update(words=3), "expected 3 words, got"),
    (lambda content, tensors: content["parameters"].update(shell="ls"), "its content is malformed"),
    (lambda content, tensors: tensors.update(weights=tensors["weights"][1:]), "expected 'weights' as finite"),
    (lambda content, tensors: tensors.update(idf=tensors["idf"] * np.float32("nan")), "expected 'idf' as"),
    (lambda content, tensors: tensors.pop("ngrams2"), "expected a tensor 'ngrams2'"),
    (
        lambda content, tensors: tensors.update(ngrams2=tensors["ngrams2"][::-1].copy()),
        "do not fit its words",
    ),
]


FORGED += [
    (lambda content, tensors, key=key, value=value: content.update({key: value}), message)
    for key, value, message in [
        ("labels", [], "0 labels are not binary"),
        ("labels", None, "expected labels as list, got None"),
        ("labels", ["bad"], "1 labels are not binary"),
        ("labels", ["good", "bad"], "expected labels, sorted, each once"),
        ("labels", ["bad", 1], "expected labels, sorted, each once"),
        ("labels", [["bad"], ["good"]], "expected labels, sorted, each once"),
        ("task", "multiclass", "2 labels are not multiclass"),
        ("task", "guess", "no task 'guess'"),
        ("form", "heap", "no task 'binary' of the form 'heap'"),
        ("facts", 3, "expected facts as dict, got 3"),
        ("facts", {"parts": "ab"}, "expected parts as list, got 'ab'"),
        ("facts", {"parts": [3]}, "expected a part as dict, got 3"),
        ("facts", {"history": [3]}, "expected epochs as numbers by name"),
        ("parameters", None, "expected parameters as dict, got None"),
        ("words", -1, "expected a number of words, got -1"),
        ("words", True, "expected words as int, got True"),
        ("kind", ["tfidf"], "expected kind as str"),
        ("metadata", 3, "expected metadata as dict"),
    ]
]


@pytest.mark.parametrize(("change", "message"), FORGED)
def test_content_that_does_not_fit_is_refused(saved, change, message, rewrite):
    rewrite(saved[1], change)
    with pytest.raises(FormatError, match=f"m cannot be used as a model: .*{message}"):
        load_model(saved[1])


@pytest.mark.parametrize("content", ["null", "[1]", "NaN", '{"words": NaN}', "3"])
@pytest.mark.parametrize("read", [load_model, load_predictor, describe_file, verify_file])
def test_content_of_another_form_is_refused(saved, content, read):
    """Whoever reads the file, with a checksum that is right."""
    path = saved[1]
    tensors = read_content(path)[1]
    header = {"version": 1, "content": content, "sha256": _digest(content, tensors)}
    save_file(tensors, path, {KEY: json.dumps(header)})
    with pytest.raises(FormatError, match=r"expected content as dict|expected the header of a model"):
        read(path)


def test_files_of_other_kinds_are_named(saved, space, tmp_path):
    """Not by the names of their tensors."""
    path = saved[1]
    for read in (Embeddings.load, Cooccurrences.open):
        with pytest.raises(
            FormatError, match="got a classifier of embedkit, which `embedkit classify` reads"
        ):
            read(path)
    counts = tmp_path / "counts"
    Cooccurrences.count([["a", "b"], ["b", "a"]], counts, min_count=1)
    for read in (Embeddings.load, load_model):
        with pytest.raises(FormatError, match="got co-occurrence counts of embedkit, from which train-glove"):
            read(counts)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="it is a corpus; train vectors on it"):
        Embeddings.load(tmp_path / "corpus")


def test_equal_fits_give_equal_files(reviews, space, tmp_path):
    for name in ("a", "b"):
        MeanVectorClassifier(space).fit(*reviews).save(tmp_path / name, {"command": "x"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_newer_versions_are_refused(saved, rewrite):
    rewrite(saved[1], lambda content, tensors: None, {"version": 99})
    with pytest.raises(FormatError, match="expected version 1 of models, got 99; update embedkit"):
        load_model(saved[1])


def test_foreign_files_are_refused(space, tmp_path):
    space.save(tmp_path / "vectors", "safetensors")
    save_file({"a": np.zeros(3)}, tmp_path / "tensors")
    save_file({"a": np.zeros(3)}, tmp_path / "header", {KEY: "[]"})
    (tmp_path / "pickle").write_bytes(pickle.dumps(print))
    (tmp_path / "empty").write_bytes(b"")
    for name, message in {
        "vectors": "got word vectors",
        "tensors": "got a safetensors file with a",
        "header": "expected the header of a model, got '\\[\\]'",
        "pickle": "expected a model written by embedkit",
        "empty": "expected a model written by embedkit",
    }.items():
        with pytest.raises(FormatError, match=message):
            load_model(tmp_path / name)
    for name in ("absent", "."):
        with pytest.raises(InputError, match="no such model"):
            load_model(tmp_path / name)


def test_what_stood_there_stays_if_a_model_cannot_be_written(saved):
    model, path = saved
    before = path.read_bytes()
    with pytest.raises(InputError, match="that JSON can hold"):
        model.save(path, {"metrics": float("nan")})
    with pytest.raises(InputError, match="that JSON can hold"):
        model.save(path, {"metrics": object()})
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_file_of_mean_vectors_holds_no_vectors(reviews, space, tmp_path):
    MeanVectorClassifier(space).fit(*reviews).save(tmp_path / "m")
    with safe_open(tmp_path / "m", framework="numpy") as file:
        assert {name: file.get_slice(name).get_shape() for name in ("weights", "intercept")} == {
            "weights": [len(space), 1],
            "intercept": [1],
        }
    assert load_model(tmp_path / "m").vectors_ == {
        "words": len(space),
        "dimensions": 12,
        "trainer": "word2vec",
    }
