"""`TextClassifier` learns what there is to learn, as a scikit-learn estimator, and comes back from a file."""

import json
import multiprocessing
import pickle
import random
import subprocess
import sys
import warnings
from copy import deepcopy

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from embedkit import GRU, Dense, Dropout, Embeddings, InputError, TextClassifier, load_model
from embedkit.errors import FormatError
from embedkit.models.layers.stack import TABLE
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.history import UNSAVED
from embedkit.models.networks.keras_network import Network, table_of
from embedkit.models.networks.trainer import NetworkTrainer
from embedkit.models.word_ids import FIRST_WORD, PADDING, UNKNOWN
from embedkit.text.pipeline.parameters import text_pipeline

pytestmark = pytest.mark.tensorflow

TINY = {
    "embeddings": "random",
    "layers": "conv:6 max",
    "vector_size": 8,
    "epochs": 3,
    "batch_size": 16,
    "learning_rate": 0.08,
}


def tiny(**changes):
    """A classifier that is quickly compiled: convolutions and maxima are, recurrent layers are not."""
    return TextClassifier(**{**TINY, **changes})


@pytest.fixture(scope="module")
def words():
    """200 texts, long and short, whose class is that of the one word in them that has one."""
    random = np.random.default_rng(5)
    texts = []
    for number in range(200):
        others = random.choice(["film", "plot", "scene"], random.integers(1, 12)).tolist()
        others.insert(random.integers(len(others) + 1), "fine" if number % 2 else "dull")
        texts.append(" ".join(others))
    return texts, ["good" if number % 2 else "bad" for number in range(200)]


@pytest.fixture(scope="module")
def fitted(words):
    return tiny(layers="bilstm:6 max").fit(*words)


@pytest.fixture(scope="module")
def both_ends(words):
    return tiny(layers="conv:6:1 mean", first_tokens=2, last_tokens=3, epochs=1).fit(*words)


@pytest.fixture(scope="module")
def frozen(words, space):
    return tiny(embeddings=space, fine_tune=False, epochs=3).fit(*words)


@pytest.mark.optimized
@pytest.mark.parametrize(
    "layers",
    [
        pytest.param("bigru:6 attention:6", marks=pytest.mark.slow),
        "rnn:6 rnn:6 mean",
        "conv:6 maxpool:2 conv:6 max",
        "bilstm:6 dense:6:relu",
    ],
)
def test_every_kind_of_network_learns_and_reads_a_text_the_same_beside_any_other(words, layers):
    """And leaves the random state of the caller alone."""
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 - the caller's
    model = tiny(layers=layers).fit(*words)
    assert random.getstate() == state
    np.testing.assert_equal(np.random.get_state(), numpy_state)  # noqa: NPY002
    assert model.score(*words) > 0.95
    alone = np.concatenate([model.decision_function([text]) for text in words[0][:12]])
    beside = model.decision_function([*words[0][:12], "film plot scene " * 60])[:12]
    np.testing.assert_allclose(beside, alone, rtol=1e-4, atol=1e-5)


def test_classes_and_labels(topics, tagged):
    model = tiny().fit(*topics)
    assert model.classes_.tolist() == ["sea", "sky", "soil"]
    assert model.score(*topics) == 1
    likely = model.predict_proba(["ship wave", "worm seed root"])
    np.testing.assert_allclose(likely.sum(axis=1), 1)
    several = tiny(epochs=12).fit(*tagged)
    assert several.score(*tagged) > 0.95
    assert set(several.predict(["ship salt wave cloud wing blue"])[0]) == {"sea", "sky"}


def test_frozen_vectors_are_those_given_and_no_row_is_off(frozen, space):
    np.testing.assert_array_equal(frozen.vectors_.matrix, space.matrix)
    assert list(frozen.vectors_) == list(space)
    table = frozen.weights_[TABLE]
    row = frozen.words_["plot"]
    np.testing.assert_array_equal(table[row], space["plot"])
    assert not table[[PADDING, UNKNOWN]].any()
    np.testing.assert_array_equal(table_of(space.matrix)[FIRST_WORD:], space.matrix)


def test_options_that_vectors_overrule_are_told_of(words, space, monkeypatch):
    monkeypatch.setattr(NetworkTrainer, "run", lambda *_: [])  # before anything is learned
    named = Embeddings(space.matrix, space.vocabulary, {"tokenizer": text_pipeline(numbers="drop").recipe()})
    with pytest.warns(UserWarning, match="read so, too; not followed: numbers, urls "):
        model = tiny(embeddings=named, epochs=1, urls="mask", numbers="mask").fit(*words)
    assert model.tokenizer_ == text_pipeline(numbers="drop")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tiny(embeddings=named, epochs=1, tokenizer=model.tokenizer_).fit(*words)
        tiny(embeddings=named, epochs=1).fit(*words)
        unnamed = Embeddings(space.matrix, space.vocabulary)
        assert tiny(embeddings=unnamed, epochs=1, numbers="drop").fit(*words).tokenizer_ == model.tokenizer_


@pytest.mark.parametrize(("fine_tune", "changed"), [(True, [True]), (1, [False, True])])
def test_vectors_are_frozen_for_as_long_as_was_asked(words, space, fine_tune, changed):
    for epochs, expected in enumerate(changed, 1):
        model = tiny(embeddings=space, fine_tune=fine_tune, epochs=epochs, validation_fraction=0)
        found = model.set_params(decay="none").fit(*words).vectors_
        assert (found["fine"] != space["fine"]).any() == expected
        np.testing.assert_array_equal(found["ship"], space["ship"])  # no text has it


def test_vectors_of_the_corpus_know_the_words_of_unlabeled_texts(words):
    model = tiny(embeddings="corpus", unlabeled=["splendid film"] * 5, epochs=1).fit(*words)
    assert "splendid" in model.words_
    assert model.provenance_["trainer"] == "word2vec"
    again = clone(model).fit(*words)
    np.testing.assert_array_equal(again.predict_proba(words[0]), model.predict_proba(words[0]))


def test_the_best_epoch_is_kept(words):
    texts, labels = words
    noise = np.random.default_rng(1).permutation(labels)
    settings = {"learning_rate": 0.03, "patience": 3, "decay": "plateau", "layers": "dropout:0.2 conv:6 max"}
    model = tiny(**settings, epochs=12).fit(texts, noise)
    losses = [epoch.held_out_loss for epoch in model.history_]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 3 < 12
    again = tiny(**settings, epochs=best + 1).fit(texts, noise)
    np.testing.assert_array_equal(model.predict_proba(texts), again.predict_proba(texts))
    rates = [epoch.learning_rate for epoch in model.history_]
    assert rates[0] == pytest.approx(0.03)
    assert rates[-1] < 0.02


def test_epochs_are_judged_by_validation_data_and_chosen_by_none(words):
    texts, labels = words
    noise = np.random.default_rng(1).permutation(labels)
    validation = [*texts[:40], "film of no class"], [*labels[:40], "so-so"]
    blind, seeing = tiny(validation_fraction=0), tiny(validation_fraction=0, class_weight="balanced")
    seeing.fit(texts, noise, validation_data=validation)
    blind.set_params(class_weight="balanced").fit(texts, noise)
    np.testing.assert_array_equal(seeing.predict_proba(texts), blind.predict_proba(texts))
    assert {epoch.validation_loss for epoch in blind.history_} == {None}
    likely = seeing.predict_proba(texts[:40])[np.arange(40), np.searchsorted(seeing.classes_, labels[:40])]
    padded = np.pad(seeing.predict_proba(validation[0]), ((0, 0), (0, 1)))
    loss = log_loss(validation[1], padded, labels=["bad", "good", "so-so"])  # over the classes of the truth
    assert seeing.history_[-1].validation_loss == pytest.approx(loss, rel=1e-4)
    assert seeing.history_[-1].validation_accuracy == pytest.approx((likely > 0.5).sum() / 41)
    with pytest.raises(InputError, match="not one label of these texts"):
        blind.fit(texts, labels, validation_data=(texts[:2], ["so-so", "no"]))
    with pytest.raises(InputError, match="expected a label for each of 41 texts to validate by, got 1"):
        blind.fit(texts, labels, validation_data=(validation[0], ["good"]))


def test_held_out_texts_choose_the_epoch_beside_validation_data(words):
    texts, labels = words
    noise = np.random.default_rng(1).permutation(labels)
    alone = tiny(epochs=12, patience=1).fit(texts, noise)
    judged = tiny(epochs=12, patience=1).fit(texts, noise, validation_data=(texts[::-1][:30], labels[:30]))
    assert len(judged.history_) < 12
    first, *rest = judged.history_
    assert (first.startup_seconds > 0, {epoch.startup_seconds for epoch in rest}) == (True, {0.0})
    np.testing.assert_array_equal(judged.predict_proba(texts), alone.predict_proba(texts))
    for one, other in zip(alone.history_, judged.history_, strict=True):
        assert (one.held_out_loss, one.held_out_accuracy) == (other.held_out_loss, other.held_out_accuracy)
        assert one.validation_loss is None
        assert other.validation_loss not in (None, other.held_out_loss)
        assert f"; validation {other.validation_loss:.4f}, " in other.summary


def test_validation_data_can_choose_the_epoch(words):
    texts, labels = words
    noise = np.random.default_rng(1).permutation(labels)
    settings = {"epochs": 12, "patience": 3, "decay": "plateau"}
    model = tiny(**settings).fit(
        texts, noise, validation_data=(texts[:40], labels[:40]), choose_by_validation=True
    )
    losses = [epoch.validation_loss for epoch in model.history_]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 3 < 12
    assert {epoch.held_out_loss for epoch in model.history_} == {None}  # all texts were learned from
    kept = model.predict_proba(texts[:40])
    assert log_loss(labels[:40], kept, labels=["bad", "good"]) == pytest.approx(losses[best], rel=1e-4)
    with pytest.raises(InputError, match="choose_by_validation needs validation_data"):
        tiny().fit(texts, labels, choose_by_validation=True)


def test_unlabeled_texts_teach_what_n_grams_say_of_them():
    texts, labels = ["grand film", "awful film"] * 10, ["good", "bad"] * 10
    more = ["grand scene", "awful scene"] * 300
    common = {"unlabeled": more, "embeddings": "corpus", "epochs": 1, "validation_fraction": 0}
    common |= {"learning_rate": 0.03}
    odds = [
        tiny(pseudo_labels=used, **common).fit(texts, labels).decision_function(["grand film", "awful film"])
        for used in (True, False)
    ]
    assert odds[0][0] - odds[0][1] > 2 > odds[1][0] - odds[1][1]
    several = tiny(**common).fit(texts, [("a", "b") if label == "good" else () for label in labels])
    assert several.predict(["grand film", "awful film"]) == [("a", "b"), ()]


@pytest.mark.slow
def test_weights_of_classes_move_the_threshold():
    texts, labels = ["film plot"] * 100, ["bad"] * 80 + ["good"] * 20
    common = {"epochs": 15, "batch_size": 50, "validation_fraction": 0}
    assert tiny(**common).fit(texts, labels).predict_proba(["film"])[0, 1] < 0.4
    balanced = tiny(class_weight="balanced", **common).fit(texts, labels)
    assert balanced.predict_proba(["film plot"])[0, 1] == pytest.approx(0.5, abs=0.1)
    heavy = tiny(class_weight={"good": 40}, **common).fit(texts, labels)
    assert heavy.predict_proba(["film plot"])[0, 1] > 0.65


def test_both_ends_of_long_texts_are_read(both_ends):
    long = "fine plot " + "unheard " * 100_000 + "scene film dull"
    short = "fine plot scene film dull"
    np.testing.assert_array_equal(both_ends.predict_proba([long]), both_ends.predict_proba([short]))


@pytest.mark.slow
def test_scikit_learn_takes_it_as_its_own(words):
    pipeline = Pipeline([("model", tiny(epochs=4))])
    search = GridSearchCV(pipeline, {"model__layers": ["conv:6:3 max"]}, cv=2, refit=False)
    found = search.fit(*words).cv_results_
    assert min(found["split0_test_score"], found["split1_test_score"]) > 0.9
    copy = clone(tiny(layers=[GRU(3), Dense(2)], class_weight={"good": 2}))
    assert copy.get_params() == tiny(layers=[GRU(3), Dense(2)], class_weight={"good": 2}).get_params()


def test_scores_are_linear_in_what_texts_are_transformed_to(words, fitted, both_ends):
    texts = [*words[0][:30], "", "fine", "fine fine"]
    for model, width in ((fitted, 12), (both_ends, 6)):
        pooled = model.transform(texts)
        assert (pooled.shape, pooled.dtype) == ((33, width), np.float32)
        scores = pooled @ model.weights_["scores/kernel"] + model.weights_["scores/bias"]
        np.testing.assert_allclose(model.decision_function(texts), scores[:, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(pooled[-1], pooled[-2], rtol=1e-6)


def test_the_seed_decides(words, fitted):
    texts, _ = words
    again, other = (tiny(layers="bilstm:6 max", seed=seed).fit(*words) for seed in (1, 2))
    np.testing.assert_array_equal(again.predict_proba(texts), fitted.predict_proba(texts))
    assert (other.predict_proba(texts) != fitted.predict_proba(texts)).any()


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "rmsprop", "learning_rate": 0.01, "label_smoothing": 0.1},
        {"optimizer": "sgd", "learning_rate": 0.3, "loss": "squared_error"},
        {"optimizer": "sgd", "momentum": 0.0, "learning_rate": 1.0, "clip_norm": 0, "loss": "hinge"},
        {"loss": "focal", "clip_norm": None, "l2": 1e-4},
    ],
)
def test_every_optimizer_and_loss_learns(words, changes):
    assert tiny(epochs=6, **changes).fit(*words).score(*words) == 1


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_says_nearly_the_same(words, precision):
    model = tiny(precision=precision, layers="lstm:6 max", epochs=3, learning_rate=0.1).fit(*words)
    assert model.score(*words) == 1
    assert model.decision_function(["fine"]).dtype == np.float64


def test_a_model_comes_back_in_another_process_without_tensorflow(fitted, words, tmp_path):
    fitted.save(tmp_path / "m", {"metrics": {"accuracy": 1}})
    code = (
        "import embedkit, json, sys\n"
        "sys.modules['tensorflow'] = sys.modules['keras'] = None\n"
        "print(json.dumps(embedkit.load_model('m').predict_proba(['fine film', '']).tolist()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    np.testing.assert_allclose(json.loads(ran.stdout), fitted.predict_proba(["fine film", ""]), rtol=1e-6)
    loaded = load_model(tmp_path / "m")
    np.testing.assert_array_equal(loaded.predict_proba(words[0]), fitted.predict_proba(words[0]))
    assert loaded.get_params() == fitted.get_params()
    assert loaded.history_ == [epoch._replace(**dict.fromkeys(UNSAVED)) for epoch in fitted.history_]
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "m").read_bytes()


def test_a_fitted_model_can_be_copied(fitted, words):
    for copy in (deepcopy(fitted), pickle.loads(pickle.dumps(fitted))):
        np.testing.assert_array_equal(copy.predict_proba(words[0]), fitted.predict_proba(words[0]))


def test_vectors_in_fewer_bits(words, space, frozen, tmp_path):
    frozen.save(tmp_path / "whole")
    sizes = [(tmp_path / "whole").stat().st_size]
    for dtype, step in (("float16", 2**-10), ("int8", 1 / 127)):
        frozen.save(tmp_path / "small", dtype=dtype)
        loaded = load_model(tmp_path / "small")
        bound = np.abs(space.matrix).max(axis=1, keepdims=True) * step / 2 + 1e-6
        assert (np.abs(loaded.vectors_.matrix - space.matrix) <= bound).all()
        assert (loaded.predict(words[0]) == frozen.predict(words[0])).all()
        sizes.append((tmp_path / "small").stat().st_size)
    assert sizes == sorted(sizes, reverse=True)


def test_weights_that_do_not_fit_are_refused(fitted, tmp_path, rewrite):
    for change, message in [
        (
            lambda content, tensors: content["parameters"].update(layers="bilstm:7 max"),
            "expected 'layer1/forward/kernel' as",
        ),
        (lambda content, tensors: tensors.update(vectors=tensors["vectors"][1:]), "expected 'vectors' as"),
        (
            lambda content, tensors: content["parameters"].update(layers="conv:6 max"),
            "expected a tensor 'layer1/kernel'",
        ),
        (
            lambda content, tensors: content["parameters"].update(layers="oracle"),
            "expected a layer of lstm, ",
        ),
        (lambda content, tensors: tensors.pop("scores/bias"), "expected a tensor 'scores/bias'"),
    ]:
        fitted.save(tmp_path / "m")
        rewrite(tmp_path / "m", change)
        with pytest.raises(FormatError, match=f"m cannot be used as a model: .*{message}"):
            load_model(tmp_path / "m")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"layers": "transformer:8"},
            "expected a layer of lstm, bilstm, .*, got 'transformer' in 'transformer:8'",
        ),
        ({"layers": [Dropout(0.5), "dropout:1.5"]}, "Dropout: rate must be at most 0.95, got 1.5"),
        ({"first_tokens": 0, "last_tokens": 0}, "must not both be 0"),
        ({"fine_tune": "often"}, "fine_tune must be True, False or a whole number, got 'often'"),
        ({"vector_size": 0}, "vector_size must be at least 1, got 0"),
        ({"optimizer": "adagrad"}, "optimizer must be one of 'adam', 'rmsprop', 'sgd', got 'adagrad'"),
        (
            {"loss": "mse"},
            "loss must be one of 'cross_entropy', 'focal', 'squared_error', 'hinge', got 'mse'",
        ),
        ({"label_smoothing": 1}, "label_smoothing must be at most 0.999, got 1"),
        ({"l2": -1.0}, "l2 must be at least 0, got -1.0"),
        (
            {"unlabeled": ["a"], "pseudo_labels": False},
            'unlabeled texts are for embeddings="corpus" or pseudo_labels; leave them out',
        ),
        ({"min_count": 1000}, "no word occurs 1000 times in the 200 texts; lower min_count"),
        ({"class_weight": {"good": "2"}}, "class_weight must have finite numbers of more than 0, got '2'"),
        ({"class_weight": {"good": True}}, "got True"),
        ({"class_weight": {"good": np.inf}}, "got inf"),
        ({"class_weight": {"so-so": 2}}, "class_weight names 'so-so', which is none of"),
    ],
)
def test_what_cannot_be_learned_is_refused(words, changes, message):
    with pytest.raises(InputError, match=message):
        tiny(**changes).fit(*words)


def test_texts_of_other_words_than_the_vectors(words, space):
    with pytest.raises(InputError, match="no word of the texts has a vector, though there are"):
        tiny(embeddings=space).fit(["xyzzy", "plugh"] * 10, [0, 1] * 10)
    with pytest.raises(InputError, match=r"there is no word in the 20 texts$"):
        tiny(min_count=1).fit(["...", "!"] * 10, [0, 1] * 10)
    with pytest.raises(InputError, match="expected at least 2 classes"):
        tiny().fit(words[0], ["good"] * 200)
    with pytest.raises(InputError, match=r"0\.1 of 4 texts is none; hold out more"):
        tiny().fit(words[0][:4], words[1][:4])


def test_types_that_no_file_has(fitted, tmp_path):
    with pytest.raises(InputError, match="expected one of the types float32, float16, int8, got 'int4'"):
        fitted.save(tmp_path / "m", dtype="int4")
    assert not (tmp_path / "m").exists()


@pytest.mark.eager
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"validation_fraction": 0, "batch_size": 100}, "the loss is (inf|nan)"),
        ({"validation_fraction": 0.5, "batch_size": 100}, "the loss on texts held out is (inf|nan)"),
    ],
)
def test_training_that_diverges_is_told_by_whichever_loss_shows_it(words, settings, told):
    with pytest.raises(InputError, match=f"training diverged in epoch 1: {told}; lower learning_rate"):
        tiny(**settings, epochs=1, learning_rate=1e38, clip_norm=1e38).fit(*words)


@pytest.mark.eager
def test_training_that_diverges_in_its_last_step_is_told_by_the_weights(words, monkeypatch):
    monkeypatch.setattr(Network, "weights", lambda self: {"kernel": np.array([1, -np.inf])})
    with pytest.raises(InputError, match="training diverged in epoch 1: the largest of kernel is inf; lower"):
        tiny(validation_fraction=0, epochs=1, batch_size=100).fit(*words)


def test_texts_of_one_word_begin_with_random_vectors():
    texts, labels = ["mary", "john"] * 20, ["f", "m"] * 20
    with pytest.warns(UserWarning, match=r"no two words stand side by side .* begin at random"):
        model = tiny(embeddings="corpus", epochs=10, learning_rate=0.1).fit(texts, labels)
    assert model.score(texts, labels) == 1


def test_a_process_forked_after_tensorflow_was_loaded_says_so(words):
    """Where TensorFlow would wait for the threads of the parent for ever."""

    def fit():
        try:
            tiny(epochs=1).fit(*words)
        except InputError as error:
            sending.send(str(error))

    load_backend()
    receiving, sending = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=fit)
    child.start()
    try:
        assert receiving.poll(20)
        assert "forked after TensorFlow was loaded" in receiving.recv()
    finally:
        child.kill()
        child.join()
