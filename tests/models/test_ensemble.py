"""N-grams and a network together: their scores are averaged, and one file keeps both."""

from dataclasses import fields

import numpy as np
import pytest
from sklearn.base import clone

from embedkit import (
    DocumentVectorClassifier,
    EnsembleClassifier,
    InputError,
    TextClassifier,
    TfidfClassifier,
    load_model,
)
from embedkit.models.construction import make_classifier, parameter_types
from embedkit.models.networks.classifier import ngrams_like
from embedkit.text.pipeline.parameters import PipelineParameters, text_pipeline

pytestmark = pytest.mark.tensorflow

NETWORK = TextClassifier(
    embeddings="random",
    layers="dropout:0.4 conv:4 max dropout:0.5",
    vector_size=4,
    epochs=3,
    learning_rate=0.03,
    validation_fraction=0.0,
)


@pytest.fixture(scope="module")
def data():
    """120 texts: "good" or "bad" says the class, but "not" before it turns it around."""
    random = np.random.default_rng(2)
    texts, labels = [], []
    for number in range(120):
        positive, turned = number % 2 == 0, number % 3 == 0
        word = "good" if positive != turned else "bad"
        noise = random.choice(["film", "plot", "scene"], 2).tolist()
        texts.append(" ".join([*noise, *(["not"] if turned else []), word]))
        labels.append("pos" if positive else "neg")
    return texts, labels


@pytest.fixture(scope="module")
def model(data):
    """The network has a quarter of the say."""
    return EnsembleClassifier(NETWORK, share=0.25).fit(*data)


@pytest.fixture(scope="module")
def taught(data):
    """A network that the n-grams beside it taught."""
    return EnsembleClassifier(clone(NETWORK).set_params(unlabeled=data[0])).fit(*data)


def test_scores_are_the_weighted_mean(data, model):
    network, tfidf = (part.model.decision_function(data[0]) for part in model.parts_)
    np.testing.assert_allclose(model.decision_function(data[0]), 0.25 * network + 0.75 * tfidf)
    assert model.score(*data) > 0.95
    assert len(model.history_) == 3


def test_validation_data_can_choose_the_epoch_of_the_network(data):
    texts, labels = data
    noise = np.random.default_rng(1).permutation(labels)
    network = clone(NETWORK).set_params(epochs=8, patience=1, validation_fraction=0.2)
    told = {"validation_data": (texts[:40], labels[:40]), "choose_by_validation": True}
    model = EnsembleClassifier(network).fit(texts, noise, **told)
    losses = [epoch.validation_loss for epoch in model.history_]
    assert {epoch.held_out_loss for epoch in model.history_} == {None}
    assert len(losses) == int(np.argmin(losses)) + 2 < 8
    alone = clone(network).fit(texts, noise, **told)
    np.testing.assert_array_equal(model.parts_[0].model.predict_proba(texts), alone.predict_proba(texts))


READING = {
    "tokenizer": "whitespace",
    "lowercase": False,
    "strip_accents": True,
    "punctuation": True,
    "lemmatize": True,
    "pos": "NOUN",
    "entities": True,
    "numbers": "mask",
    "urls": "mask",
    "mentions": "drop",
    "hashtags": "split",
    "html": "strip",
    "stop_words": ["plot"],
    "min_length": 2,
    "phrases": "phrases.txt",
    "pipeline": "recipe.toml",
}


def test_n_grams_read_texts_as_the_network_does():
    """Every parameter of text pipelines, also those to come."""
    assert READING.keys() == {field.name for field in fields(PipelineParameters)}
    asked = ngrams_like(TextClassifier(**READING)).get_params()
    assert {name: asked[name] for name in READING} == READING
    for kind in ("recurrent", "ensemble"):
        assert READING.keys() <= parameter_types(kind).keys()
    reading = {"urls": "mask", "stop_words": ["plot"], "html": "strip", "min_length": 2}
    model = make_classifier("ensemble", **reading)
    assert model.network.build_pipeline() == model.tfidf.build_pipeline() == text_pipeline(**reading)


def test_the_network_is_taught_by_the_n_grams(data):
    texts, labels = ["grand film", "awful film"] * 10, ["pos", "neg"] * 10
    more = ["grand scene", "awful scene"] * 300
    network = clone(NETWORK).set_params(
        unlabeled=more, layers="dropout:0.4 conv:16 max", vector_size=16, batch_size=16
    )
    odds = []
    for taught in (True, False):
        model = EnsembleClassifier(clone(network).set_params(pseudo_labels=taught, embeddings="corpus"))
        learned = model.fit(texts, labels).parts_[0].model
        odds.append(np.diff(learned.decision_function(["awful film", "grand film"]))[0])
        assert learned.unlabeled == more
        assert model.parts_[1].model.unlabeled == (more if taught else None)
    assert odds[0] > odds[1] + 1


def test_what_is_held_out_does_not_reach_the_network_by_its_teacher():
    random = np.random.default_rng(3)
    texts = [" ".join(random.choice(list("abcdefgh"), 4)) + f" w{number}" for number in range(200)]
    labels = random.choice(["pos", "neg"], 200).tolist()  # nothing to be learned but by heart
    network = clone(NETWORK).set_params(unlabeled=texts, validation_fraction=0.5, min_count=1, epochs=8)
    history = (
        EnsembleClassifier(network, TfidfClassifier(min_df=1, unlabeled=texts)).fit(texts, labels).history_
    )
    assert max(epoch.held_out_accuracy for epoch in history) < 0.65


def test_several_labels(data, tmp_path):
    texts, labels = data
    several = [("a", "b") if label == "pos" else () for label in labels]
    model = EnsembleClassifier(clone(NETWORK).set_params(unlabeled=texts, epochs=1)).fit(texts, several)
    model.save(tmp_path / "m")
    assert load_model(tmp_path / "m").predict(texts) == model.predict(texts)


def test_unknown_words_are_those_that_neither_knows(data):
    model = EnsembleClassifier(clone(NETWORK).set_params(max_vocabulary=1)).fit(*data)
    _, unknown = model.proba_and_unknown(["good film", "strange words"])
    np.testing.assert_array_equal(unknown, model.unknown_shares(["good film", "strange words"]))
    assert unknown.tolist() == [0, 1]


def test_files_keep_both_parts(data, tmp_path):
    model = EnsembleClassifier(clone(NETWORK).set_params(epochs=2), TfidfClassifier(ngrams=2)).fit(*data)
    model.save(tmp_path / "m.safetensors", {"note": "x"})
    read = load_model(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(read.predict_proba(data[0]), model.predict_proba(data[0]))
    assert read.metadata_["note"] == "x"
    assert read.tfidf.ngrams == 2
    again = clone(read).set_params(network__epochs=1)
    assert again.fit(*data).parts_[0].model.epochs == 1
    assert read.share == model.share


def test_n_grams_that_were_fitted_before_are_not_fitted_again(data, taught):
    fitted = TfidfClassifier(unlabeled=data[0]).fit(*data)
    given = clone(taught).fit(*data, teacher=fitted)
    assert given.parts_[1].model is fitted
    np.testing.assert_array_equal(given.predict_proba(data[0]), taught.predict_proba(data[0]))


def test_the_share_is_read_from_files_that_keep_it_twice(data, model, tmp_path, rewrite):
    model.save(tmp_path / "m")
    rewrite(tmp_path / "m", lambda content, _: content["parameters"].update(share=0.25))
    read = load_model(tmp_path / "m")
    assert read.share == 0.25
    np.testing.assert_array_equal(read.predict_proba(data[0]), model.predict_proba(data[0]))


def test_a_share_beyond_one_is_refused(data):
    with pytest.raises(InputError, match="share must be at most 1, got 2"):
        EnsembleClassifier(share=2).fit(*data)


def test_epochs_are_validated_on_texts_that_are_given(data, model):
    texts, labels = data
    judged = clone(model).fit(texts, labels, validation_data=(texts[:9], labels[:9]))
    assert model.history_[-1].validation_loss is None
    network = judged.parts_[0].model
    assert judged.history_[-1].validation_accuracy == network.score(texts[:9], labels[:9])
    np.testing.assert_array_equal(judged.predict_proba(texts), model.predict_proba(texts))
    held = EnsembleClassifier(clone(NETWORK).set_params(validation_fraction=0.1))
    epoch = held.fit(texts, labels, validation_data=(texts[:9], labels[:9])).history_[-1]
    assert None not in (epoch.held_out_loss, epoch.validation_loss)


def test_document_vectors_as_a_third_part(data, tmp_path):
    texts, labels = data
    documents = DocumentVectorClassifier(vector_size=20, min_df=1, epochs=2, workers=1)
    model = EnsembleClassifier(
        clone(NETWORK).set_params(unlabeled=texts),
        documents=documents,
        share=0.25,
        document_share=0.35,
    ).fit(texts, labels)
    assert [part.weight for part in model.parts_] == [0.25, pytest.approx(0.4), 0.35]
    scores = sum(weight * part.decision_function(texts) for weight, part in model.parts_)
    np.testing.assert_allclose(model.decision_function(texts), scores)
    model.save(tmp_path / "m")
    read = load_model(tmp_path / "m")
    np.testing.assert_array_equal(read.predict_proba(texts), model.predict_proba(texts))
    assert read.document_share == 0.35
    assert read.documents.vector_size == 20


def test_document_vectors_read_texts_as_the_network_does(data):
    texts, labels = data
    network = clone(NETWORK).set_params(unlabeled=[*texts, "gold gold"] * 3, punctuation=True, seed=7)
    learned = EnsembleClassifier(network, document_share=0.2).fit(texts, labels).parts_[2].model
    assert learned.punctuation
    assert learned.seed == 7
    assert "gold" not in learned.words_  # in 3 texts, of which 5 are needed
    assert learned.unlabeled == network.unlabeled


@pytest.mark.parametrize(
    ("parameters", "match"),
    [
        ({"share": 0.7, "document_share": 0.4}, "at most 1 together, got 0.7 and 0.4"),
        ({"documents": DocumentVectorClassifier()}, "need a document_share above 0"),
        ({"documents": TfidfClassifier(), "document_share": 0.1}, "must be a DocumentVectorClassifier"),
    ],
)
def test_parts_that_do_not_fit_are_refused(data, parameters, match):
    with pytest.raises(InputError, match=match):
        EnsembleClassifier(**parameters).fit(*data)
