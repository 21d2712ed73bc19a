"""All classifiers of texts are estimators of scikit-learn: identity, copies, nested parameters, tools."""

import copy
import inspect
import pickle
import random
import re
from functools import partial

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from embedkit import (
    DocumentVectorClassifier,
    Embeddings,
    EnsembleClassifier,
    InputError,
    MeanVectorClassifier,
    TextClassifier,
    TfidfClassifier,
    load_model,
)
from embedkit.emoji.emojifier import Emojifier
from embedkit.emoji.versions import version_network
from embedkit.vectors.frequencies import inverse_frequency, word_shares

KINDS = [
    TextClassifier,
    TfidfClassifier,
    DocumentVectorClassifier,
    MeanVectorClassifier,
    EnsembleClassifier,
    Emojifier,
]
HEART, BALL = "❤️", "⚾"
TEXTS, LABELS = ["we love her", "a ball game", "love me", "the ball"] * 6, [HEART, BALL] * 12
TINY = {"layers": "conv:2:1 max", "epochs": 1}
NETWORK = {**TINY, "embeddings": "random", "vector_size": 3, "validation_fraction": 0.0}

CHANGED = {
    TextClassifier: {
        "epochs": 9,
        "layers": "gru:3",
        "seed": 7,
        "embeddings": "random",
        "class_weight": "balanced",
    },
    TfidfClassifier: {"C": 2.0, "ngrams": 1, "tokenizer": "whitespace", "unlabeled": ["more"]},
    DocumentVectorClassifier: {"C": 2.0, "cosine_scale": 4.0, "unlabeled": ["more"], "seed": 7},
    MeanVectorClassifier: {"C": 2.0, "embeddings": "random.txt", "smoothing": 0.1},
    EnsembleClassifier: {
        "network": TextClassifier(layers="gru:3"),
        "tfidf": TfidfClassifier(C=2.0),
        "share": 0.1,
    },
    Emojifier: {"version": 2, "labels": [HEART], "network": version_network(3, layers="gru:5"), "seed": 7},
}
FITTED = {
    TextClassifier: lambda: TextClassifier(**NETWORK),
    TfidfClassifier: lambda: TfidfClassifier(ngrams=2),
    DocumentVectorClassifier: lambda: DocumentVectorClassifier(vector_size=20, epochs=2, workers=1),
    MeanVectorClassifier: MeanVectorClassifier,
    EnsembleClassifier: lambda: EnsembleClassifier(TextClassifier(**NETWORK), TfidfClassifier(ngrams=2)),
    Emojifier: lambda: Emojifier(version=3, network=version_network(3, **TINY), augment=False),
}
LINEAR = [TfidfClassifier, MeanVectorClassifier]


@pytest.fixture(scope="module")
def fitted():
    """Gives a fitted classifier of a kind, the same each time; to fit it leaves all random states alone."""
    states = random.getstate, np.random.get_state
    known = {}

    def fitted(kind):
        if kind not in known:
            before = [pickle.dumps(state()) for state in states]
            known[kind] = FITTED[kind]().fit(TEXTS, LABELS)
            known[kind].predict(TEXTS)
            assert [pickle.dumps(state()) for state in states] == before
        return known[kind]

    return fitted


@pytest.mark.parametrize("kind", KINDS)
def test_equality_is_identity(kind):
    one, other = kind(**CHANGED[kind]), kind(**CHANGED[kind])
    assert one == one
    assert one != other
    assert len({one, other, one}) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_repr_shows_every_parameter_that_differs(kind):
    assert repr(kind()) == f"{kind.__name__}()"
    shown = re.sub(r"\s+", "", repr(kind(**CHANGED[kind])))
    for name, value in CHANGED[kind].items():
        assert re.sub(r"\s+", "", f"{name}={value!r}") in shown
    own = inspect.signature(kind).parameters
    every = kind(**{name: f"<{name}>" for name in own})
    assert [name for name in own if f"{name}='<{name}>'" not in repr(every)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_clones_and_copies_have_the_same_parameters(kind):
    model = kind(**CHANGED[kind])
    for copied in (clone(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert repr(copied) == repr(model)
        assert copied is not model
        assert not hasattr(copied, "classes_")


def test_parameters_of_parts_are_nested():
    model = EnsembleClassifier(TextClassifier(layers="gru:3"), TfidfClassifier())
    model.set_params(network__layers="gru:5", tfidf__C=2.0, share=0.2)
    assert (model.network.layers, model.tfidf.C, model.share) == ("gru:5", 2.0, 0.2)
    own = {"network", "tfidf", "documents", "share", "document_share"}
    assert model.get_params(deep=False).keys() == own
    assert model.get_params()["network__layers"] == "gru:5"
    assert clone(model).set_params(network__layers="gru:7").network.layers == "gru:7"
    assert model.network.layers == "gru:5"
    emojifier = Emojifier(network=version_network(3)).set_params(network__layers="gru:5", seed=2)
    assert (emojifier.network.layers, emojifier.seed) == ("gru:5", 2)
    with pytest.raises(ValueError, match="Invalid parameter 'unit'"):
        model.set_params(network__unit=5)


@pytest.mark.eager
@pytest.mark.tensorflow
def test_fitted_copies_answer_alike(fitted):
    for kind in KINDS:
        model = fitted(kind)
        for copied in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            np.testing.assert_array_equal(copied.predict_proba(TEXTS), model.predict_proba(TEXTS))


def test_pickles_of_fitted_models_hold_no_caches(tmp_path):
    joblib = pytest.importorskip("joblib")
    model = TfidfClassifier(min_df=1, urls="mask", stop_words=["a"]).fit(TEXTS, LABELS)
    plain = len(pickle.dumps(TfidfClassifier(min_df=1).fit(TEXTS, LABELS)))
    model.predict([f"love www.example.com word{number}" for number in range(1000)])
    joblib.dump(model, tmp_path / "model.joblib")
    again = joblib.load(tmp_path / "model.joblib")
    assert again.tokenizer_ == model.tokenizer_
    assert (again.predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()
    assert len(pickle.dumps(model)) < plain + 1000


@pytest.mark.eager
@pytest.mark.tensorflow
def test_nested_parameters_are_searched():
    model = EnsembleClassifier(TextClassifier(**NETWORK), TfidfClassifier(), share=0.01)
    grid = {"network__layers": ["conv:2:1 max"], "tfidf__C": [1e-9, 10.0]}
    half = [(np.arange(12), np.arange(12, 24))]
    search = GridSearchCV(model, grid, cv=half, scoring="neg_log_loss").fit(TEXTS, LABELS)
    assert search.best_params_ == {"network__layers": "conv:2:1 max", "tfidf__C": 10.0}
    assert search.best_estimator_.parts_[1].model.C == 10.0


@pytest.mark.parametrize("kind", [*LINEAR, Emojifier])
def test_pipelines_and_scores(kind):
    model = Emojifier(version=1) if kind is Emojifier else kind()
    lower = FunctionTransformer(lambda texts: [text.lower() for text in texts])
    steps = make_pipeline(lower, model)
    assert steps.fit([text.upper() for text in TEXTS], LABELS).score(TEXTS, LABELS) == 1
    for scoring in ("accuracy", "roc_auc", "neg_log_loss", "f1_macro"):
        assert cross_val_score(steps, TEXTS, LABELS, cv=2, scoring=scoring).min() > -0.5


@pytest.mark.parametrize("kind", [*LINEAR, partial(Emojifier, version=1)])
def test_weights_are_routed_to_those_that_ask(kind):
    wrong = [BALL, HEART, BALL, HEART, BALL, HEART, *LABELS[6:]]
    weights = np.where(np.arange(24) < 6, 1e-9, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        asking = kind().set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        scores = cross_validate(asking, TEXTS, wrong, params={"sample_weight": weights}, cv=2)
        assert scores["test_score"].min() > 0.99
        with pytest.raises(ValueError, match="not explicitly set"):
            cross_validate(kind(), TEXTS, wrong, params={"sample_weight": weights}, cv=2)


@pytest.mark.eager
@pytest.mark.tensorflow
def test_columns_of_transform_have_names(fitted):
    for kind in (TextClassifier, *LINEAR):
        model = fitted(kind)
        assert len(model.get_feature_names_out()) == model.transform(TEXTS).shape[1]
        assert model.set_output(transform="default") is model
    assert fitted(TextClassifier).get_feature_names_out().tolist() == ["unit0", "unit1"]
    assert fitted(MeanVectorClassifier).get_feature_names_out()[[0, -1]].tolist() == ["d0", "d95"]
    union = FeatureUnion([("a", fitted(TfidfClassifier)), ("b", fitted(TfidfClassifier))])
    assert union.get_feature_names_out()[0] == f"a__{fitted(TfidfClassifier).get_feature_names_out()[0]}"


def test_means_of_vectors():
    space = Embeddings(np.array([[1, 2], [3, 6], [0, 1]], np.float32), ["love", "her", "ball"])
    plain = MeanVectorClassifier(space).fit(TEXTS, LABELS)
    means = plain.transform(["love her her xyzzy", "ball", ""])
    np.testing.assert_allclose(means, [[7 / 3, 14 / 3], [0, 1], [0, 0]])
    weighted = MeanVectorClassifier(space, smoothing=0.1).fit(TEXTS, LABELS)
    factors = inverse_frequency(word_shares(space.vocabulary), 0.1)
    np.testing.assert_allclose(weighted.transform(["love"])[0], factors[0] * np.array([1, 2]), rtol=1e-6)


def test_a_model_from_a_file_transforms_with_vectors_that_are_there(tmp_path):
    space = Embeddings(np.eye(3, dtype=np.float32), ["love", "her", "ball"])
    MeanVectorClassifier(space).fit(TEXTS, LABELS).save(tmp_path / "m.safetensors")
    model = load_model(tmp_path / "m.safetensors")
    with pytest.raises(InputError, match="what was in memory"):
        model.transform(["love"])
    assert model.set_params(embeddings=space).transform(["love"]).tolist() == [[1, 0, 0]]


def test_names_of_n_grams():
    model = TfidfClassifier(ngrams=3, min_df=1, characters=2).fit(["ab c d", "ab c"] * 2, [0, 1] * 2)
    names = ["ab", "c", "d", "ab c", "c d", "ab c d"]
    letters = ["char: a", "char:ab", "char:b ", "char: c", "char:c ", "char: d", "char:d "]
    assert sorted(model.get_feature_names_out()) == sorted(names + letters)
    [row] = model.transform(["ab c"]).toarray()
    present = {name for name, weight in zip(model.get_feature_names_out(), row, strict=True) if weight}
    assert present == {"ab", "c", "ab c", "char: a", "char:ab", "char:b ", "char: c", "char:c "}


@pytest.mark.eager
@pytest.mark.tensorflow
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_of_transform(library, fitted):
    pytest.importorskip(library)
    frame = copy.deepcopy(fitted(TextClassifier)).set_output(transform=library).transform(TEXTS)
    assert list(frame.columns) == ["unit0", "unit1"]
    assert frame.shape == (24, 2)


def test_frames_hold_no_sparse_rows():
    model = TfidfClassifier().fit(TEXTS, LABELS).set_output(transform="pandas")
    with pytest.raises(ValueError, match=r"sparse matrix.*set_output\(transform='default'\)"):
        model.transform(TEXTS)
    assert model.set_output(transform="default").transform(TEXTS).shape[0] == 24


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_asked_before_a_fit(kind, tmp_path):
    model = kind()
    asked = {
        "predict", "predict_proba", "decision_function", "proba_and_unknown", "unknown_shares", "transform",
        "predict_top", "get_feature_names_out", "score", "save", "state",
    }  # fmt: skip
    arguments = {
        "score": (TEXTS, LABELS),
        "save": (tmp_path / "m",),
        "get_feature_names_out": (),
        "state": (),
    }
    for name in asked & set(dir(kind)):
        with pytest.raises(NotFittedError):
            getattr(model, name)(*arguments.get(name, (TEXTS,)))
    for name in [name for name in dir(kind) if name.endswith("_") and not name.startswith("_")]:
        with pytest.raises(NotFittedError):
            getattr(model, name)
    assert not (tmp_path / "m").exists()


@pytest.mark.eager
@pytest.mark.tensorflow
def test_fitted_attributes_are_documented(fitted):
    for kind in KINDS:
        model = fitted(kind)
        names = {name for name in {*vars(model), *dir(kind)} if re.fullmatch(r"[a-z]\w*[a-z]_", name)}
        told = inspect.getdoc(kind).partition("Attributes:")[2].partition("Example:")[0]
        assert set(re.findall(r"^    (\w+_):", told, re.MULTILINE)) == names, kind
        assert not hasattr(model, "n_features_in_")
