"""`SequenceTagger` from end to end, on sentences made here."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import clone

import embedkit
from embedkit import (
    Embeddings,
    FormatError,
    InputError,
    SequenceTagger,
    TaggedTexts,
    evaluate_tagger,
    load_model,
    load_predictor,
)
from embedkit.tagging import recurrent
from embedkit.tagging.schemes import SCHEMES
from embedkit.tagging.spans import spans_of
from tests.marks import NEEDS_LOCKS

NAMES = ["Ada", "Bob", "Cleo", "Dora", "Emil"]
TINY = {
    "embeddings": "random",
    "units": 16,
    "character_units": 4,
    "vector_size": 16,
    "epochs": 12,
    "batch_size": 4,
    "learning_rate": 0.02,
    "dropout": 0.2,
}


def people(count, seed=1):
    """Sentences in which names of one or two words are persons."""
    generator = np.random.default_rng(seed)
    sentences, tags = [], []
    for _ in range(count):
        name = generator.choice(NAMES, generator.integers(1, 3), replace=False).tolist()
        sentences.append(["today", *name, "sings", "again"][generator.integers(2) :])
        tags.append(["O", "B-person", *["I-person"] * (len(name) - 1), "O", "O"][-len(sentences[-1]) :])
    return sentences, tags


@pytest.fixture(scope="module")
def tagger():
    """A tagger of names, trained."""
    return SequenceTagger(**TINY).fit(*people(120))


def test_it_learns_names_and_reports_them_as_given(tagger):
    sentences, tags = people(40, seed=2)
    assert tagger.score(sentences, tags) == 1.0
    assert tagger.classes_.tolist() == ["B-person", "I-person", "O"]
    assert tagger.predictor_.tags.learned == ("B-person", "E-person", "O", "S-person")
    assert tagger.predict([["Bob", "sings"], [], ["Cleo"]])[:2] == [["B-person", "O"], []]
    assert len(tagger.history_) >= 1
    assert max(epoch.score for epoch in tagger.history_) == 1.0


def test_plain_tags_are_scored_by_accuracy():
    sentences = [["a", "cat", "sleeps"], ["a", "dog", "runs"]] * 20
    tags = [["DET", "NOUN", "VERB"]] * 40
    tagger = SequenceTagger(**TINY).fit(sentences, tags)
    assert tagger.predict([["a", "cat", "runs"]]) == [["DET", "NOUN", "VERB"]]
    assert tagger.score([["a", "dog"]], [["DET", "VERB"]]) == 0.5


def test_probabilities_are_those_of_the_given_tags(tagger):
    sentences = [["Ada", "Bob", "sings"], [], ["again"]]
    probabilities = tagger.predict_proba(sentences)
    assert [own.shape for own in probabilities] == [(3, 3), (0, 3), (1, 3)]
    assert all(np.allclose(own.sum(axis=1), 1) for own in probabilities)
    assert tagger.classes_[probabilities[0].argmax(axis=1)].tolist() == tagger.predict(sentences)[0]


def test_compiled_prediction_is_that_of_numpy(tagger, monkeypatch):
    sentences, _ = people(50, seed=3)
    tags, probabilities = tagger.predict(sentences), tagger.predict_proba(sentences)
    monkeypatch.setattr("embedkit.tagging.predictor.COMPILED_FROM", 1)
    assert tagger.predict(sentences) == tags
    for own, other in zip(probabilities, tagger.predict_proba(sentences), strict=True):
        np.testing.assert_allclose(own, other, atol=1e-5)
    assert recurrent.COMPILED_FROM > 1


def test_spans_are_well_formed_whatever_the_words(tagger):
    words = [[*NAMES, "zzz", "SINGS", "🎂", "again"] * 3]
    [tags] = tagger.predict(words)
    for last, tag in pairwise(["O", *tags]):
        assert tag != "I-person" or last != "O"
    assert spans_of(tags)


def test_the_same_seed_gives_the_same_tagger():
    data = people(20)
    first, second, third = (
        SequenceTagger(**{**TINY, "epochs": 2}, seed=seed).fit(*data) for seed in (1, 1, 2)
    )
    for name, weight in first.predictor_.weights.items():
        np.testing.assert_array_equal(weight, second.predictor_.weights[name])
    assert not np.array_equal(
        first.predictor_.weights["tags/kernel"], third.predictor_.weights["tags/kernel"]
    )


@pytest.mark.parametrize("dtype", ["float32", "float16", "int8"])
def test_a_file_holds_the_whole_tagger(tagger, tmp_path, dtype):
    path = tmp_path / "names.safetensors"
    tagger.save(path, {"about": "names"}, dtype)
    sentences, tags = people(20, seed=4)
    for read in (load_model(path), load_predictor(path)):
        assert read.predict(sentences) == tags
    again = load_model(path)
    assert again.metadata_["about"] == "names"
    assert again.get_params() == tagger.get_params()
    assert [epoch[:4] for epoch in again.history_] == [epoch[:4] for epoch in tagger.history_]
    assert embedkit.describe_file(path)["model"] == "tagger"


def test_a_damaged_file_is_refused(tagger, tmp_path):
    path = tmp_path / "names.safetensors"
    tagger.save(path)
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    with pytest.raises(FormatError, match="damaged"):
        load_predictor(path)


@pytest.mark.parametrize("fine_tune", [True, False])
def test_given_vectors_stay_or_are_trained(fine_tune):
    vectors = Embeddings(np.eye(4), ["ada", "bob", "sings", "never"])
    tagger = SequenceTagger(**{**TINY, "embeddings": vectors, "epochs": 2}, fine_tune=fine_tune)
    table = tagger.fit(*people(30)).predictor_.weights["vectors"]
    assert np.array_equal(table[1:5], np.eye(4)) != fine_tune
    np.testing.assert_array_equal(table[4], np.eye(4)[3])  # a word that does not occur
    assert ("again" in tagger.predictor_.reader.words) == fine_tune


def test_vectors_may_come_from_the_sentences():
    tagger = SequenceTagger(**{**TINY, "embeddings": "corpus"}).fit(*people(60))
    assert tagger.score(*people(20, seed=5)) > 0.8


def test_validation_data_choose_the_epoch():
    tagger = SequenceTagger(**TINY, patience=2)
    tagger.fit(*people(60), validation_data=people(20, seed=6))
    best = max(epoch.score for epoch in tagger.history_)
    assert tagger.score(*people(20, seed=6)) == best
    assert len(tagger.history_) < TINY["epochs"]


def test_without_crf_the_tags_are_still_well_formed():
    tagger = SequenceTagger(**TINY, crf=False).fit(*people(60))
    assert not tagger.predictor_.weights["crf/pairs"].any()
    assert tagger.score(*people(20, seed=7)) > 0.9


def test_one_tag_alone_cannot_be_learned():
    with pytest.raises(InputError, match="at least two different tags"):
        SequenceTagger(**TINY).fit([["a", "b"]], [["X", "X"]])


@pytest.mark.parametrize(
    ("sentences", "tags", "message"),
    [
        ([["a", "b"], ["a"]], [["X", "Y"], ["X", "Y"]], "sentence 1 .*tag for each of 1 tokens, got 2"),
        ([["a", "b"]], [["X", "Y"], ["X"]], "for each of 1 sentences, got 2"),
        (["a b"], [["X", "Y"]], "got the string 'a b'"),
        (None, [["X", "Y"]], "documents must be lists of words, got None"),
        ([["a", "b"]], None, "a list of tags for each sentence, got None"),
        ([["a", "b"]], ["XY"], "sentence 0 .*expected a list of tags, got 'XY'"),
        ([["a", "b"]], [[1, 2]], "sentence 0 .*expected tags as strings, got 1"),
        ([["a", ""]], [["X", "Y"]], "sentence 0 .*an empty one"),
        ([["a", 3]], [["X", "Y"]], "a word must be a string, got 3"),
        ([["a", "b"]], [["X", ""]], "expected tags, got an empty one"),
        ([["a", "b"], ["b"]], [["B-x", "O"], ["NOUN"]], "sentence 1 .*one scheme"),
        ([[]], [[]], "expected tokens to learn from"),
    ],
)
def test_what_cannot_be_learned_from(sentences, tags, message):
    with pytest.raises(InputError, match=message):
        SequenceTagger(**TINY).fit(sentences, tags)


def test_unknown_tags_in_validation_data_are_named():
    with pytest.raises(InputError, match=r"sentence 0 .*'B-place' does not occur in the training data"):
        SequenceTagger(**TINY).fit(*people(10), validation_data=([["Rome"]], [["B-place"]]))


def test_tags_in_another_scheme_are_the_same_spans():
    """Training in IOB1, where B- stands between spans only; validation in BIOES."""
    sentences, tags = people(60)
    loose = [[tag.replace("B-", "I-") for tag in own] for own in tags]
    strict = SCHEMES["BIOES"]
    held, truth = people(20, seed=6)
    others = list(map(strict.tags, truth))
    tagger = SequenceTagger(**TINY).fit(sentences, loose, validation_data=(held, others))
    assert tagger.predict(held) == truth
    for given in (others, [[tag.replace("B-", "I-") for tag in own] for own in truth]):
        assert tagger.score(held, given) == 1
        assessment = evaluate_tagger(tagger, TaggedTexts("x", held, given, [0] * 20))
        assert (assessment.accuracy.value, assessment.unknown_tag_tokens) == (1, 0)


def test_patience_begins_when_something_is_right():
    """With few steps an epoch nothing but O is predicted for a while."""
    sentences = [*people(12)[0], *[["again", "today", "sings"]] * 60]
    tags = [*people(12)[1], *[["O"] * 3] * 60]
    slow = {**TINY, "learning_rate": 4e-4, "epochs": 12, "batch_size": 24}
    tagger = SequenceTagger(**slow, patience=2).fit(sentences, tags, validation_data=people(12))
    scores = [epoch.score for epoch in tagger.history_]
    assert scores[:3] == [0, 0, 0]
    assert len(scores) > 3


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("Ada", "expected a list of texts, got the string 'Ada'"),
        (["Ada", ["sings"]], "give all texts as strings"),
        ([["Ada"], "sings"], "give all texts as strings"),
        ([None], "got None"),
        ([b"Ada"], "got the string b'Ada'"),
    ],
)
def test_what_cannot_be_tagged(tagger, texts, message):
    with pytest.raises(InputError, match=message):
        list(embedkit.tag(tagger, texts))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((["Ada"], ["O"]), "expected TaggedTexts, as read_tagged gives them, got"),
        (TaggedTexts("x", [["Ada"]], [["NOUN"]], [7]), "x, line 7: expected some tags that the model knows"),
    ],
)
def test_what_cannot_be_evaluated(tagger, data, message):
    with pytest.raises(InputError, match=message):
        evaluate_tagger(tagger, data)


def test_vectors_of_no_token_are_refused():
    with pytest.raises(InputError, match="no token of the sentences has a vector"):
        SequenceTagger(**{**TINY, "embeddings": Embeddings(np.eye(2), ["x", "y"])}).fit(*people(10))


@pytest.mark.parametrize("change", [{"units": 0}, {"dropout": 1.0}, {"epochs": True}, {"embeddings": 3}])
def test_parameters_out_of_range(change):
    with pytest.raises(InputError, match=next(iter(change))):
        SequenceTagger(**{**TINY, **change}).fit(*people(10))


def test_training_that_diverges_is_told():
    with pytest.raises(InputError, match="training diverged in epoch"), np.errstate(all="ignore"):
        SequenceTagger(**{**TINY, "learning_rate": 1e3, "epochs": 30}, clip_norm=1e38).fit(*people(40))


def test_sentences_of_one_token_and_very_long_ones(tagger):
    assert tagger.predict([["Bob"]]) == [["B-person"]]
    [tags] = tagger.predict([["today", "Ada", "sings"] * 2000])
    assert len(tags) == 6000
    tagger = SequenceTagger(**{**TINY, "epochs": 1}).fit([["a"], ["b"]] * 6, [["X"], ["Y"]] * 6)
    assert len(tagger.predict([["a"]])[0]) == 1


def test_it_is_an_estimator(tagger):
    assert clone(tagger).get_params() == tagger.get_params()
    with pytest.raises(Exception, match="not fitted"):
        clone(tagger).predict([["a"]])


@NEEDS_LOCKS
def test_a_training_that_was_interrupted_gives_the_same_bytes(resumed):
    def make(target, **watched):
        tagger = SequenceTagger(**{**TINY, "epochs": 4}, validation_fraction=0.2)
        tagger.fit(*people(40), **watched).save(target)

    whole, found, (told,) = resumed(make)
    assert told.startswith("continuing: epoch ")
    assert found == whole
