"""Going on from given vectors: what words begin with, which stay as they are, and what is told of it."""

import json

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, Word2Vec
from embedkit.training.word2vec import word2vec
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from tests.notes import Notes

SMALL = {"vector_size": 16, "min_count": 1, "epochs": 2, "workers": 1, "sample": 0}
STILL = {"learning_rate": 1e-30, "min_learning_rate": 0}  # what words begin with is what comes out
TEXT = [["cat", "dog", "bird", "dog"], ["cat", "fish", "cat"]] * 20
WORDS = ["the", "dog", "cat", "ant"]


def made(words=WORDS, counts=None, output=False, size=16):
    random = np.random.default_rng(len(words))
    matrix, outputs = random.normal(size=(2, len(words), size)).astype(np.float32)
    vectors = Embeddings(matrix, words, {"trainer": "hand"}, output_vectors=outputs if output else None)
    if counts:
        from embedkit import Vocabulary

        vectors = Embeddings(matrix, Vocabulary(words, np.array(counts)), vectors.metadata)
    return vectors


@pytest.fixture
def start():
    return made()


def test_vectors_are_as_long_as_those_of_the_start_or_as_usual(start, monkeypatch):
    settings = {name: value for name, value in SMALL.items() if name != "vector_size"}
    trained = Word2Vec(**settings, start=start).train(TEXT)
    assert (trained.vector_size, trained.metadata["parameters"]["vector_size"]) == (16, 16)
    assert word2vec.VECTOR_SIZE == 100
    monkeypatch.setattr(word2vec, "VECTOR_SIZE", 10)  # whose kernel is that of 16
    assert Word2Vec(**settings).train(TEXT).metadata["parameters"]["vector_size"] == 10


def test_known_words_begin_with_their_vectors_and_new_ones_with_small_ones(start):
    trained = Word2Vec(**SMALL, **STILL, start=start).train(TEXT)
    for word in ("dog", "cat"):
        np.testing.assert_array_equal(trained[word], start[word])
    assert 0 < np.abs(trained["bird"]).max() <= 0.5 / 16


def test_new_words_may_begin_with_the_mean(start):
    trained = Word2Vec(**SMALL, **STILL, start=start, new_words="mean").train(TEXT)
    np.testing.assert_allclose(trained["bird"], start.matrix.mean(axis=0), atol=1e-6)


def test_new_words_may_begin_with_their_subwords(start):
    table = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    with_subwords = start.with_subwords(FastTextSubwords(table, 3, 4, buckets=50))
    trained = Word2Vec(**SMALL, **STILL, start=with_subwords, new_words="subwords").train(TEXT)
    np.testing.assert_allclose(trained["bird"], with_subwords["bird"], atol=1e-6)
    assert trained.subwords is None


def test_words_that_the_text_lacks_stay_or_go(start):
    kept = Word2Vec(**SMALL, start=start).train(TEXT)
    assert list(kept) == ["cat", "dog", "bird", "fish", "the", "ant"]  # of no counts, behind the others
    assert kept.vocabulary.counts.tolist() == [60, 40, 20, 20, 0, 0]
    np.testing.assert_array_equal(kept["ant"], start["ant"])
    gone = Word2Vec(**SMALL, start=start, keep_absent=False).train(TEXT)
    assert list(gone) == ["cat", "dog", "bird", "fish"]
    np.testing.assert_array_equal(gone["cat"], kept["cat"])


def test_counts_are_those_of_both_texts():
    trained = Word2Vec(**SMALL, start=made(counts=[900, 50, 30, 1])).train(TEXT)
    assert dict(zip(trained.vocabulary.words, trained.vocabulary.counts.tolist(), strict=True)) == {
        "the": 900,
        "dog": 90,
        "cat": 90,
        "bird": 20,
        "fish": 20,
        "ant": 1,
    }
    assert trained.vocabulary.is_sorted


@pytest.mark.parametrize(("model", "hierarchical"), [("skipgram", False), ("cbow", True)])
def test_frozen_words_stay_and_others_move(start, model, hierarchical):
    settings = {**SMALL, "model": model, "hierarchical_softmax": hierarchical, "start": start}
    trained = Word2Vec(**settings, frozen=["dog"]).train(TEXT)
    np.testing.assert_array_equal(trained["dog"], start["dog"])
    assert np.abs(trained["cat"] - start["cat"]).max() > 1e-3
    everything = Word2Vec(**settings, frozen="known").train(TEXT)
    np.testing.assert_array_equal(everything["cat"], start["cat"])
    assert np.abs(everything["bird"]).max() > 0.5 / 16
    assert everything.metadata["start"]["mean_cosine"] is None


def test_a_file_may_name_the_frozen_words(start, tmp_path):
    start.save(tmp_path / "start.txt")
    (tmp_path / "frozen.txt").write_text("cat\nunheard\n", encoding="utf-8")
    settings = {"start": tmp_path / "start.txt", "frozen": str(tmp_path / "frozen.txt")}
    with pytest.warns(UserWarning, match="1 of 2 words have no vector: 'unheard'"):
        trained = Word2Vec(**SMALL, **settings).train(TEXT)
    np.testing.assert_allclose(trained["cat"], start["cat"], atol=1e-6)
    assert trained.metadata["parameters"]["start"] == "start.txt"
    assert trained.metadata["parameters"]["frozen"] == "frozen.txt"


@pytest.mark.filterwarnings("error")
def test_cosines_of_long_vectors_are_told():
    """Squares of 1e30 are beyond float32."""
    start = Embeddings(np.full((2, 16), 1e30, np.float32), ["cat", "dog"])
    trained = Word2Vec(**SMALL, start=start, frozen=["cat"]).train(TEXT)
    assert trained.metadata["start"]["mean_cosine"] == pytest.approx(1, abs=1e-6)


def test_how_far_words_moved_is_told(start):
    trained = Word2Vec(**SMALL, start=start).train(TEXT, progress=(notes := Notes()))
    facts = trained.metadata["start"]
    cosines = {word: trained.similarity(trained[word], start[word]) for word in ("cat", "dog")}
    assert facts["mean_cosine"] == pytest.approx(np.mean(list(cosines.values())), abs=1e-4)
    assert [word for word, _ in facts["most_moved"]] == sorted(cosines, key=cosines.get)
    assert {name: facts[name] for name in ("words", "known", "new", "absent_kept", "frozen")} == {
        "words": 4,
        "known": 2,
        "new": 2,
        "absent_kept": 2,
        "frozen": 0,
    }
    assert facts["made"] == {"trainer": "hand"}
    moved = facts["most_moved"][0][0]
    assert f"is {facts['mean_cosine']:.3f} on average, lowest for {moved}" in notes.notes[-1]
    json.dumps(trained.metadata)


def test_output_vectors_go_on_too():
    start = made(output=True)
    first = Word2Vec(**SMALL, **STILL, start=start, keep_output=True).train(TEXT)
    outputs = dict(zip(first, first.output_vectors, strict=True))
    for word in WORDS:
        np.testing.assert_array_equal(outputs[word], start.output_vectors[start.vocabulary[word]])
    assert np.abs(outputs["bird"]).max() < 1e-20


def test_going_on_is_like_having_trained_longer():
    """From both matrices the loss is at once as low as it was left; from one alone it begins anew."""
    first = Word2Vec(**{**SMALL, "epochs": 30}, min_learning_rate=0.05, keep_output=True).train(TEXT)
    again = {**SMALL, "epochs": 1, "learning_rate": 1e-3, "min_learning_rate": 1e-3}
    both = Word2Vec(**again, start=first).train(TEXT).metadata["losses"][0]
    one = Word2Vec(**again, start=Embeddings(first.matrix, list(first))).train(TEXT).metadata["losses"][0]
    assert both < first.metadata["losses"][-1] < one


def test_kept_outputs_predict_the_neighbors():
    documents = [["salt", "pepper"], ["salt", "pepper"], ["night", "day"]] * 30
    trained = Word2Vec(**{**SMALL, "epochs": 30}, keep_output=True).train(documents)
    assert trained.predict_output_word(["salt"])[0].word == "pepper"
    assert trained.predict_output_word(["day"])[0].word == "night"
    assert not Word2Vec(**SMALL).train(documents).has_output_vectors


def test_the_vectors_of_an_epoch_hold_all_words(start):
    seen = []
    trained = Word2Vec(**SMALL, start=start).train(TEXT, after_epoch=lambda *state: seen.append(state))
    assert [list(vectors) for _, vectors in seen] == [list(trained)] * 2
    np.testing.assert_array_equal(seen[1][1].matrix, trained.matrix)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"frozen": "known"}, "frozen needs start"),
        ({"start": made(), "engine": "gensim"}, 'start needs engine="embedkit"'),
        ({"keep_output": True, "engine": "gensim"}, 'keep_output needs engine="embedkit"'),
        ({"keep_output": True, "hierarchical_softmax": True}, "keep_output needs negative sampling"),
        ({"new_words": "zero"}, "new_words must be one of 'random', 'mean', 'subwords'"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        Word2Vec(**{**SMALL, **settings})


def test_a_model_of_fasttext_is_gone_on_from_with_both_matrices(tmp_path):
    start = made(output=True)
    start.save(tmp_path / "v.bin", "fasttext")
    trained = Word2Vec(**SMALL, **STILL, start=tmp_path / "v.bin", keep_output=True).train(TEXT)
    for row, word in ((1, "dog"), (2, "cat")):
        np.testing.assert_array_equal(trained[word], start[word])
        found = trained.output_vectors[trained.vocabulary.words.index(word)]
        np.testing.assert_allclose(found, start.output_vectors[row], atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"start": made(size=8)}, "vector_size must be 8, as the vectors to start from have it, got 16"),
        ({"start": made(["zebra", "yak"])}, "none of the 4 words of the text, such as 'cat', but .* 'zebra'"),
        ({"start": made(), "new_words": "subwords"}, "vectors to start from that have subwords"),
        ({"start": made(), "frozen": ["unheard"]}, "none of the 1 words has a vector: 'unheard'"),
        ({"start": made(), "frozen": "no such list.txt"}, "cannot read no such list.txt"),
        ({"start": made(), "frozen": []}, "frozen names no word, got .*; leave it out to freeze none"),
        ({"start": "no such file.txt"}, "no such file"),
        ({"start": 7}, "start must be vectors"),
    ],
)
def test_a_start_that_is_none_is_explained(settings, message):
    with pytest.raises(InputError, match=message):
        Word2Vec(**{**SMALL, **settings}).train(TEXT)


def test_a_damaged_start_is_refused_and_a_repeated_word_counts_once(tmp_path):
    row = " ".join(["0.5"] * 16)
    path = tmp_path / "start.txt"
    path.write_text(f"cat {row}\ndog {row.replace('0.5', 'nan', 1)}\n", encoding="utf-8")
    with pytest.raises(FormatError, match="NaN or infinity in those of 1 words: 'dog'"):
        Word2Vec(**SMALL, start=path).train(TEXT)
    path.write_text(f"cat {row}\ncat {row.replace('0.5', '0.7')}\n", encoding="utf-8")
    with pytest.warns(UserWarning, match="1 repeated words dropped"):
        trained = Word2Vec(**SMALL, **STILL, start=path).train(TEXT)
    assert set(trained["cat"].tolist()) == {0.5}
