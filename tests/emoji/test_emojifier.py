"""`Emojifier` puts emoji to sentences, in whatever spelling they were given, and comes back from a file."""

import subprocess
import sys

import numpy as np
import pytest
from safetensors import safe_open
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score

from embedkit import Embeddings, InputError, MeanVectorClassifier, TextClassifier, Vocabulary, load_model
from embedkit.emoji.emojifier import Emojifier
from embedkit.emoji.versions import VERSIONS, version_network
from embedkit.errors import FormatError
from embedkit.models.networks.history import UNSAVED
from tests.marks import NEEDS_LOCKS

pytestmark = pytest.mark.tensorflow

SHIP, CLOUD, SEED = "\U0001f6a2", "\u2601\ufe0f", "\U0001f331"
WORDS = {SHIP: "ship wave salt", CLOUD: "cloud wing blue", SEED: "root worm seed"}
QUICK = {
    "layers": "conv:6 max dropout:0.5",
    "epochs": 4,
    "batch_size": 32,
    "learning_rate": 0.06,
}


@pytest.fixture(scope="module")
def sentences():
    """270 texts, each with its emoji."""
    random = np.random.default_rng(2)
    emoji = [list(WORDS)[number % 3] for number in range(270)]
    return [" ".join(random.choice(WORDS[sign].split(), 4)) for sign in emoji], emoji


@pytest.fixture(scope="module")
def space():
    """Random vectors of the words of all texts."""
    words = " ".join(WORDS.values()).split()
    return Embeddings(np.random.default_rng(3).normal(size=(9, 12)), Vocabulary(words))


def quick(version, space, **changes):
    """A version that is quickly trained."""
    return Emojifier(
        version, space, network=None if version == 1 else version_network(version, **QUICK), **changes
    )


@pytest.fixture(scope="module")
def fit(sentences, space):
    """Gives a fitted version, the same each time."""
    known = {}

    def fit(version):
        if version not in known:
            known[version] = quick(version, space, labels={"ship": SHIP}).fit(*sentences)
        return known[version]

    return fit


@pytest.fixture(params=VERSIONS)
def fitted(request, fit):
    return fit(request.param)


def test_every_version_learns_what_there_is_to_learn(fitted, sentences):
    texts, emoji = sentences
    assert fitted.score(texts, emoji) == 1
    assert fitted.classes_.tolist() == sorted([SHIP, CLOUD, SEED])
    likely = fitted.predict_proba(["ship wave", "worm seed root"])
    np.testing.assert_allclose(likely.sum(axis=1), 1)
    assert fitted.predict(["ship wave", "worm seed root"]).tolist() == [SHIP, SEED]
    assert len(fitted.history_) == (0 if fitted.version == 1 else 4)


def test_training_starts_from_what_the_bundled_emojifier_was_taught():
    texts = ["I am furious", "how dare you", "what a lovely meal", "soup and bread"]
    model = Emojifier(1).fit(texts, ["\U0001f621", "\U0001f621", "\U0001f374", "\U0001f374"])
    assert model.predict(["you make me so angry", "she hates him", "dinner", "a tasty curry"]).tolist() == [
        *["\U0001f621"] * 2,
        *["\U0001f374"] * 2,
    ]
    assert model.state().parameters["embeddings"] == "everyday"
    assert "--bundled" in model.parts_[0].model.vectors_["command"]


def test_versions_are_the_classifiers_that_they_share(sentences, space):
    mean = MeanVectorClassifier(space, **VERSIONS[1][0].parameters).fit(*sentences)
    found = Emojifier(1, space).fit(*sentences)
    np.testing.assert_allclose(found.predict_proba(sentences[0]), mean.predict_proba(sentences[0]))
    part, _ = VERSIONS[2]
    network = TextClassifier(**part.parameters)
    assert (network.layers, network.fine_tune) == ("lstm:128 dropout:0.5 lstm:128 dropout:0.5", False)


@pytest.mark.parametrize("version", [2, 3])
def test_a_network_is_trusted_by_the_number_of_texts(fit, sentences, version):
    (trust, network), (rest, mean) = fit(version).parts_
    assert (trust, rest) == pytest.approx((270 / 470, 200 / 470))
    texts = sentences[0][:9]
    scores = trust * network.decision_function(texts) + rest * mean.decision_function(texts)
    np.testing.assert_allclose(fit(version).decision_function(texts), scores)


@pytest.mark.parametrize(
    ("labels", "given"),
    [
        (None, {"sea": ":ship:", "sky": "\u2601", "soil": ":seedling:"}),
        ([":ship:", "\u2601", SEED], {"sea": 0, "sky": 1, "soil": 2}),
        ([":ship:", "\u2601", SEED], {"sea": "0", "sky": "1", "soil": "2"}),
        ({"sea": SHIP, "sky": CLOUD, "soil": SEED}, {"sea": "sea", "sky": "sky", "soil": SEED}),
    ],
)
def test_labels_have_many_spellings(sentences, space, labels, given):
    texts, emoji = sentences
    names = dict(zip(WORDS, ["sea", "sky", "soil"], strict=True))
    spelled = [given[names[sign]] for sign in emoji]
    model = Emojifier(1, space, labels=labels).fit(texts, spelled)
    assert model.predict(texts).tolist() == emoji
    assert model.score(texts, spelled) == model.score(texts, emoji) == 1
    if isinstance(spelled[0], int):
        again = clone(model).fit(texts, np.array(spelled)[:, None])
        np.testing.assert_array_equal(again.predict_proba(texts), model.predict_proba(texts))


def test_skin_tones_are_one_emoji(space):
    texts = ["ship wave", "cloud wing", "wave ship salt", "wing blue"]
    model = Emojifier(1, space).fit(texts, ["👍🏽", "👎", "👍", "👎🏿"])
    assert model.classes_.tolist() == ["👍", "👎"]
    assert model.predict(texts).tolist() == ["👍", "👎", "👍", "👎"]


def test_emoji_in_texts_are_not_read(fitted):
    plain, with_emoji, named = fitted.predict_proba(
        ["ship  wave", f"ship {CLOUD} wave {CLOUD}", "ship :cloud: wave"]
    )
    np.testing.assert_array_equal(plain, with_emoji)
    np.testing.assert_array_equal(plain, named)
    assert fitted.unknown_shares(["ship ❤", "❤", "xyzzy ship"]).tolist() == [0, 1, 0.5]


def test_texts_without_known_words_have_the_shares_of_the_emoji(space):
    texts, emoji = ["ship wave"] * 6 + ["cloud wing"] * 3 + ["root worm"], [SHIP] * 6 + [CLOUD] * 3 + [SEED]
    with pytest.warns(UserWarning, match="only one text"):
        model = Emojifier(1, space).fit(texts, emoji)
    likely = dict(zip(model.classes_, model.predict_proba(["xyzzy"])[0], strict=True))
    assert likely == pytest.approx({SHIP: 0.6, CLOUD: 0.3, SEED: 0.1})
    two = Emojifier(1, space).fit(texts[:9], emoji[:9])
    np.testing.assert_allclose(two.predict_proba(["", "❤"]), [[1 / 3, 2 / 3]] * 2)


def test_the_likeliest_come_first(fitted):
    [best] = fitted.predict_top(["ship wave"], 2)
    assert best[0].emoji == SHIP
    assert best[0].probability > best[1].probability
    assert len(best) == 2
    assert [len(guesses) for guesses in fitted.predict_top(["ship", "root"], 9)] == [3, 3]
    assert fitted.predict_top([]) == []
    with pytest.raises(InputError, match="at least 1 emoji a text, got 0"):
        fitted.predict_top(["ship"], 0)


def test_vectors_are_tuned_if_asked(fit, sentences, space):
    frozen = fit(2).parts_[0][1].vectors_
    tuned = quick(2, space, fine_tune=True, augment=False).fit(*sentences).parts_[0][1].vectors_
    np.testing.assert_array_equal(frozen.matrix, space.matrix)
    assert (tuned["ship"] != space["ship"]).any()


def test_contrasts_can_be_left_out(sentences, space):
    plain = quick(2, space, augment=False).fit(*sentences)
    part, _ = VERSIONS[2]
    network = TextClassifier(**{"embeddings": space, **part.parameters, **QUICK}).fit(*sentences)
    found = plain.parts_[0].model.predict_proba(sentences[0])
    np.testing.assert_array_equal(found, network.predict_proba(sentences[0]))


def test_networks_learn_from_texts_without_labels_what_the_mean_says_of_them(sentences, space):
    texts, emoji = sentences
    few = texts[:6], emoji[:6]
    taught = quick(2, space, augment=False, unlabeled=[f"{text} ❤" for text in texts]).fit(*few)
    (part, _), [alone] = VERSIONS[2], VERSIONS[1]
    network = TextClassifier(**{"embeddings": space, **part.parameters, **QUICK}, unlabeled=texts)
    network.fit(*few, teacher=MeanVectorClassifier(space, **alone.parameters).fit(*few))
    found = taught.parts_[0].model.predict_proba(texts)
    np.testing.assert_array_equal(found, network.predict_proba(texts))
    assert taught.parts_[0].model.unlabeled == taught.unlabeled


def test_networks_read_principal_components(sentences, space):
    wide = space.matrix[:, :2] * [9, 5]
    flat = Embeddings(np.hstack([wide, np.full((9, 3), 4.0)]), space.vocabulary)
    model = quick(3, flat, components=2, augment=False).fit(*sentences)
    read = model.parts_[0].model.vectors_.matrix
    assert read.shape == (9, 2)
    between = [np.linalg.norm(rows[:, None] - rows, axis=2) for rows in (read, flat.matrix)]
    np.testing.assert_allclose(*between, atol=1e-4)
    assert model.parts_[1].model.vectors_["dimensions"] == 5
    for count, allowed in ((6, "1 to 5, as there are .*;"), (0, "at least 1,"), (2.5, "a whole number,")):
        with pytest.raises(InputError, match=f"components must be {allowed} got {count}"):
            quick(2, flat, components=count).fit(*sentences)


def test_validation_data_shows_in_the_history(sentences, space):
    validation = ["ship :cloud: wave", "root"], [SHIP, ":seedling:"]
    model = quick(3, space, augment=False).fit(*sentences, validation_data=validation)
    network = model.parts_[0].model
    assert model.history_[-1].validation_accuracy == network.score(["ship wave", "root"], [SHIP, SEED])
    assert all(epoch.validation_loss is not None for epoch in model.history_)


@pytest.mark.parametrize("dtype", ["float32", "float16", "int8"])
def test_a_model_comes_back(fitted, sentences, dtype, tmp_path):
    fitted.save(tmp_path / "m", {"metrics": 1}, dtype)
    loaded = load_model(tmp_path / "m")
    texts = [*sentences[0][:20], "", "xyzzy", "ship wave salt ❤"]
    close = 0 if dtype == "float32" else 0.05
    np.testing.assert_allclose(loaded.predict_proba(texts), fitted.predict_proba(texts), atol=close)
    assert loaded.predict_top(texts)[-1][0].emoji == SHIP
    assert loaded.score(texts[:3], ["ship", "\u2601", ":seedling:"]) == 1
    given, read = fitted.get_params(), loaded.get_params()
    assert given.pop("embeddings") is not read.pop("embeddings")
    assert repr(given.pop("network")) == repr(read.pop("network"))
    assert read == given
    assert loaded.history_ == [epoch._replace(**dict.fromkeys(UNSAVED)) for epoch in fitted.history_]
    assert loaded.metadata_["metrics"] == 1
    if dtype == "float32":
        loaded.save(tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == (tmp_path / "m").read_bytes()
    else:
        with safe_open(tmp_path / "m", framework="numpy") as file:
            stored = {name: file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
        words = {"0/vectors"}  # rows of three weights would not get smaller
        assert {name for name, kind in stored.items() if kind in ("F16", "I8")} == words & set(stored)


def test_a_model_needs_no_tensorflow(fit, tmp_path):
    fit(3).save(tmp_path / "m")
    code = (
        "import embedkit, sys\n"
        "sys.modules['tensorflow'] = sys.modules['keras'] = None\n"
        "print(ascii(embedkit.load_model('m').predict_top(['ship wave'], 1)[0][0].emoji))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ascii(SHIP)


def test_a_file_that_does_not_fit_is_refused(fit, tmp_path, rewrite):
    for change in (
        lambda content, tensors: content["facts"]["parts"][0].update(kind="emojify"),
        lambda content, tensors: content["facts"].update(shares=[1.0]),
        lambda content, tensors: content["facts"].update(parts=[]),
        lambda content, tensors: tensors.pop("0/weights"),
    ):
        fit(1).save(tmp_path / "m")
        rewrite(tmp_path / "m", change)
        with pytest.raises(FormatError, match="m cannot be used as a model"):
            load_model(tmp_path / "m")


def test_tools_of_scikit_learn(sentences, space):
    assert cross_val_score(Emojifier(1, space), *sentences, cv=3).min() > 0.95
    search = GridSearchCV(Emojifier(1, space), {"class_weight": [{":ship:": 2}]}, cv=2).fit(*sentences)
    assert search.best_score_ > 0.95


@pytest.mark.filterwarnings("ignore:only one text")
@pytest.mark.parametrize(
    ("changes", "labels", "message"),
    [
        ({"version": 4}, [SHIP, CLOUD], "version must be one of 1, 2, 3, got 4"),
        ({"fine_tune": True}, [SHIP, CLOUD], "version 1 has no network; leave fine_tune out"),
        (
            {"version": 2, "network": {"unit": 3}},
            [SHIP, CLOUD],
            "the network of an Emojifier has no 'unit' to set; it has ",
        ),
        (
            {"version": 2, "network": {"seed": 3}},
            [SHIP, CLOUD],
            "the network of an Emojifier has no 'seed' to set",
        ),
        (
            {"version": 2, "network": {"validation_fraction": 0.1}},
            [SHIP, CLOUD],
            "no 'validation_fraction' to",
        ),
        ({"version": 2, "network": {"layers": "lstm:0"}}, [SHIP, CLOUD], "units must be at least 1, got 0"),
        ({"components": 2}, [SHIP, CLOUD], "version 1 has no network"),
        ({"unlabeled": ["wave"]}, [SHIP, CLOUD], "version 1 has no network"),
        ({"labels": ["love"]}, [0, 1], "expected one emoji, or its name .*, got 'love'"),
        ({}, [0, 1], "each label to be an emoji.*, got '0', '1'; say what other labels stand for"),
        ({"labels": [SHIP]}, [0, 1], "got '1'; say"),
        ({}, ["love", CLOUD], "got 'love'; say"),
        ({}, [SHIP, None], "got None; say"),
        ({}, [(SHIP, CLOUD), (SHIP,)], "each label to be an emoji"),
        ({}, np.array([[0, 1], [1, 0]]), "each label to be an emoji"),
        ({}, [SHIP, SHIP], "expected at least 2 classes to tell apart"),
        ({}, [SHIP], "at least 2 classes|a label for each of 2 texts"),
    ],
)
def test_what_cannot_be_learned_is_refused(space, changes, labels, message):
    def fit(network=None, version=1, embeddings=space, **parameters):
        network = network and version_network(version, **network)
        Emojifier(version, embeddings, network=network, **parameters).fit(["ship", "cloud"], labels)

    with pytest.raises(InputError, match=message):
        fit(**changes)


@pytest.mark.filterwarnings("ignore:only one text")
def test_texts_of_other_words_than_the_vectors(space):
    with pytest.raises(InputError, match="no word of the texts has a vector"):
        Emojifier(1, space).fit(["xyzzy", "plugh"], [SHIP, CLOUD])
    with pytest.raises(InputError, match="expected one of the types float32, float16, int8, got 'int4'"):
        Emojifier(1, space).fit(["ship", "cloud"] * 2, [SHIP, CLOUD] * 2).save("m", dtype="int4")


@NEEDS_LOCKS
def test_an_interrupted_training_goes_on_to_the_same_bytes(resumed, sentences, space):
    texts, emoji = (part[:60] for part in sentences)

    def make(target, **watched):
        network = version_network(2, layers="mean dropout:0.5", epochs=4, batch_size=16)
        Emojifier(2, space, network=network, augment=False).fit(texts, emoji, **watched).save(target)

    whole, found, (told,) = resumed(make, [0.5])
    assert told.startswith("continuing: epoch ")
    assert found == whole
