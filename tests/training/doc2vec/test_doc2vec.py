"""Document vectors: what is learned, inferred, found and told, by all models."""

import numpy as np
import pyarrow as pa
import pytest

from embedkit import Corpus, Doc2Vec, Doc2VecModel, Reading, Texts
from embedkit.errors import InputError

SMALL = {"vector_size": 20, "min_count": 2, "sample": 0.0, "epochs": 30, "workers": 1}
MODELS = {
    "dot": {"learning_rate": 0.1},
    "cosine": {"objective": "cosine"},
    "n-grams": {"objective": "cosine", "ngrams": 2},
    "words": {"train_words": True},
    "dm": {"model": "dm", "learning_rate": 0.1},
    "concatenated": {"model": "dm", "concatenate": True, "window": 2, "learning_rate": 0.2},
}


def documents(count=60, seed=1):
    """Documents of 20 words: the even ones of one topic, the odd ones of another, and words of both."""
    random = np.random.default_rng(seed)
    topics = [[f"{letter}{number}" for number in range(12)] + ["the", "of"] for letter in "ab"]
    return [random.choice(topics[number % 2], 20).tolist() for number in range(count)]


def topic_share(vectors, answers):
    """How many of the nearest others are of the same topic."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    other = answers / np.linalg.norm(answers, axis=1, keepdims=True)
    cosines = unit @ other.T
    if vectors is answers:
        np.fill_diagonal(cosines, -2)
    return np.mean(cosines.argmax(axis=1) % 2 == np.arange(len(vectors)) % 2)


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    return Doc2Vec(**SMALL, **MODELS[request.param]).train(documents())


def test_documents_of_a_topic_come_together(model):
    assert topic_share(model.documents.matrix, model.documents.matrix) > 0.8  # by chance 0.5


def test_new_documents_are_inferred_beside_those_of_their_topic(model):
    assert topic_share(model.infer(documents(seed=2)), model.documents.matrix) > 0.8


def test_losses_fall(model):
    losses = model.documents.metadata["losses"]
    assert len(losses) == 30
    assert losses[-1] < losses[0]


def test_an_inferred_vector_depends_on_the_text_and_the_seed_alone(model):
    texts = documents(150, seed=3)
    together = model.infer(texts)
    np.testing.assert_array_equal(model.infer(texts[70:72]), together[70:72])
    assert not np.array_equal(model.infer(texts[:1], seed=2), together[:1])
    assert not np.array_equal(model.infer(texts[:1], epochs=2), together[:1])


def test_texts_without_a_known_word_are_zero(model):
    vectors = model.infer([["unheard"], [], ["a1", "unheard"]])
    assert vectors.any(axis=1).tolist() == [False, False, True]
    assert model.infer([]).shape == (0, 20)


def test_similar_documents(model):
    answers = model.similar([["a1", "a2", "a3", "a4"], ["unheard"]], top=5)
    assert answers[1] == []
    assert np.mean([int(answer.word) % 2 == 1 for answer in answers[0]]) > 0.7  # numbers begin at 1
    assert answers[0][0].score >= answers[0][-1].score


def test_from_a_file(model, tmp_path):
    model.save(tmp_path / "m.safetensors")
    read = Doc2VecModel.load(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(read.infer(documents(5)), model.infer(documents(5)))
    assert read.documents.metadata == model.documents.metadata
    assert read.documents.vocabulary.words == model.documents.vocabulary.words
    np.testing.assert_array_equal(read.words.matrix, model.words.matrix)


def test_words_stand_beside_their_topic():
    words = Doc2Vec(**SMALL, train_words=True, learning_rate=0.1).train(documents()).words
    assert np.mean([answer.word[0] == "a" for answer in words.neighbors("a1", top=8)]) > 0.7


def test_one_worker_and_one_seed_give_the_same_bytes():
    first, again = (Doc2Vec(**SMALL).train(documents()).documents.matrix for _ in range(2))
    np.testing.assert_array_equal(first, again)
    other = Doc2Vec(**SMALL, seed=2).train(documents()).documents.matrix
    assert not np.allclose(first, other)


def test_several_workers_learn_the_same_topics():
    model = Doc2Vec(**{**SMALL, "workers": 3, **MODELS["cosine"]}).train(documents(400))
    assert topic_share(model.documents.matrix, model.documents.matrix) > 0.95


def test_numbers_of_lines_are_tags(tmp_path):
    lines = "a cat\n\n!!\na dog\na cat and a dog\n"
    (tmp_path / "a.txt").write_text(lines)
    (tmp_path / "b.txt").write_text("a dog\n")
    trainer = Doc2Vec(**{**SMALL, "min_count": 1, "epochs": 1})
    tags = trainer.train(tmp_path / "a.txt").documents.vocabulary.words
    assert tags == ("1", "4", "5")
    both = trainer.train([tmp_path / "a.txt", tmp_path / "b.txt"]).documents.vocabulary.words
    assert both == tuple(f"{tmp_path}/{place}" for place in ("a.txt:1", "a.txt:4", "a.txt:5", "b.txt:1"))
    named = trainer.train(tmp_path / "a.txt", tags="vwxyz").documents.vocabulary.words
    assert named == ("v", "y", "z")
    corpus = Corpus.encode(tmp_path / "a.txt", tmp_path / "corpus")
    model = trainer.train(corpus)
    assert model.documents.vocabulary.words == ("1", "2", "3")
    assert model.infer(["A cat."]).any()


def test_tags_stand_in_a_column(tmp_path):
    rows = 'id,review,stars\n7,"a cat\nand a dog",1\nx y,a dog,2\nnone,...,3\n,a lost cat,4\n'
    (tmp_path / "a.csv").write_text(rows)
    trainer = Doc2Vec(**{**SMALL, "min_count": 1, "epochs": 1})
    with pytest.warns(UserWarning, match=r"1 bad row was left out, line 6 .expected a tag in column 'id'"):
        named = trainer.train(tmp_path / "a.csv", tag_column="id")
    assert named.documents.vocabulary.words == ("7", "x y")
    assert len(named.vocabulary) == 4  # without the lost one
    with pytest.raises(InputError, match=r"expected a tag in column 'id'"):
        trainer.train(tmp_path / "a.csv", tag_column="id", reading=Reading(strict=True))
    frame = pa.table({"text": ["a cat", "a dog"], "n": [3.0, 1.0]})
    assert trainer.train(frame, tag_column="n").documents.vocabulary.words == ("3", "1")


@pytest.mark.parametrize(
    ("source", "options", "match"),
    [
        ([["a", "b"]], {"tag_column": "id"}, "tag_column names a column of tables"),
        (Texts(["a b"]), {"tag_column": "id"}, "tag_column is for a table"),
        (pa.table({"text": ["a b"]}), {"tag_column": "id"}, "no column 'id' for the tag"),
        (pa.table({"text": ["a b", "b a"], "n": ["x", "x"]}), {"tag_column": "n"}, "got 'x' 2 times"),
        (Texts(["a b"]), {"tag_column": "id", "tags": ["x"]}, "give one of them"),
        (Texts(["a b"]), {"tags": [""]}, "got none for number 1"),
    ],
)
def test_tags_that_are_not_there(source, options, match):
    with pytest.raises(InputError, match=match):
        Doc2Vec(**{**SMALL, "min_count": 1}).train(source, **options)


def test_sentences_are_numbered(tmp_path):
    texts = Texts(["A cat. A dog.", "...", "A cat and a dog."])
    trainer = Doc2Vec(**{**SMALL, "min_count": 1, "epochs": 1})
    found = trainer.train(texts, reading=Reading(documents="sentences"))
    assert found.documents.vocabulary.words == ("1", "2", "3")


def test_documents_of_rare_words_alone_are_zero():
    vectors = Doc2Vec(**SMALL).train([["a", "b"], ["b", "a"], ["rare"]]).documents.matrix
    assert vectors.any(axis=1).tolist() == [True, True, False]


def test_epochs_without_a_prediction_are_told():
    with pytest.warns(UserWarning, match="of 30 epochs made no prediction"):
        model = Doc2Vec(**{**SMALL, "sample": 0.02}).train([["a", "b", "a", "b"]])
    assert None in model.documents.metadata["losses"]


def test_a_document_over_several_shards_has_one_vector(tmp_path, monkeypatch):
    from embedkit.text.reading import blocks

    monkeypatch.setattr(blocks, "BLOCK", 64, raising=False)
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 64, raising=False)
    (tmp_path / "long.txt").write_text("a b c " * 200 + "\n" + "a b\n")
    corpus = Corpus.encode(tmp_path / "long.txt", tmp_path / "corpus")
    model = Doc2Vec(**{**SMALL, "epochs": 2}).train(corpus)
    assert model.documents.matrix.shape == (2, 20)
    assert np.isfinite(model.documents.matrix).all()


@pytest.mark.parametrize(
    ("changes", "source", "match"),
    [
        ({"model": "dm", "ngrams": 2}, [], r'ngrams=2 is for model="dbow"'),
        ({"model": "dm", "objective": "cosine"}, [], "objective='cosine' is for"),
        ({"objective": "cosine", "train_words": True}, [], 'needs objective="dot"'),
        ({"concatenate": True}, [], 'concatenate=True is for model="dm"'),
        ({"concatenate": True, "model": "dm", "window": 51}, [], "window must be at most 50 with"),
        ({"vector_size": 0}, [], "vector_size must be at least 1"),
        ({"learning_rate": 0}, [], "learning_rate must be more than 0"),
        ({}, [], "no text to read"),
        ({}, [[], []], "there is no word"),
        ({}, Texts(["", "..."]), "there is no word"),
        ({}, [["a", "b"]], "min_count=2 leaves 0 of 2"),
        (
            {"sample": 1e-9},
            [["a", "b"]] * 2,
            "with sample=1e-09 no word of a document was left; use sample=0",
        ),
        ({}, "nowhere.txt", "nowhere.txt"),
        ({"learning_rate": 99.0, "target_learning_rate": 99.0}, documents(), "diverged in epoch|overflow"),
    ],
)
def test_bad_input(changes, source, match):
    with pytest.raises(InputError, match=match):
        Doc2Vec(**{**SMALL, **changes}).train(source)


@pytest.mark.parametrize(
    ("tags", "match"),
    [
        (["a"], "a tag, a string, for each of 2 documents, got 1"),
        (["a", "a"], "all different"),
        ([1, 2], "a string"),
    ],
)
def test_tags_that_do_not_fit(tags, match):
    with pytest.raises(InputError, match=match):
        Doc2Vec(**{**SMALL, "min_count": 1}).train([["a", "b"], ["b", "a"]], tags=tags)


def test_bad_questions(model):
    with pytest.raises(InputError, match="no tokenizer is known"):
        model.infer(["a text"])
    with pytest.raises(InputError, match="put it in a list"):
        model.infer("a text")
    with pytest.raises(InputError, match="epochs"):
        model.infer([["a1"]], epochs=0)
