"""What trainers take: corpora, raw text read by a tokenizer of choice, documents, counts."""

from functools import partial

import numpy as np
import pytest

from embedkit import PPMISVD, Cooccurrences, Corpus, GloVe, InputError, Word2Vec
from embedkit.text.pipeline.parameters import text_pipeline

LINES = ["The hen, the fox and the cow.", "A hen and a fox!", "The cow sees the hen."] * 20
TRAINERS = {
    "word2vec": Word2Vec(vector_size=16, min_count=1, epochs=1, workers=1, sample=0).train,
    "glove": GloVe(vector_size=16, min_count=1, epochs=1, workers=1).train,
    "svd": PPMISVD(vector_size=2, min_count=1, workers=1).train,
    "counts": partial(Cooccurrences.count, min_count=1, workers=1),
}


@pytest.fixture(params=TRAINERS)
def train(request):
    return TRAINERS[request.param]


@pytest.fixture(params=["glove", "svd"])
def train_on_counts(request):
    return TRAINERS[request.param]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES))
    return path


@pytest.fixture
def corpus(text, tmp_path):
    return Corpus.encode(text, tmp_path / "corpus")


@pytest.mark.parametrize("tokenizer", ["whitespace", text_pipeline(lowercase=False, punctuation=True)])
def test_raw_text_is_read_by_the_tokenizer_of_choice(text, train, tokenizer):
    vocabulary = train([text], tokenizer=tokenizer).vocabulary
    tokenize = text_pipeline(tokenizer)
    assert set(vocabulary) == {token for line in LINES for token in tokenize(line)}


def test_words_are_the_default(text, train):
    assert set(train(str(text)).vocabulary) == {"the", "hen", "fox", "and", "cow", "a", "sees"}


def test_undecodable_bytes_are_replaced_on_request(text, train):
    text.write_bytes(text.read_bytes() + b"\ncaf\xe9 hen")
    with pytest.raises(InputError, match="is not UTF-8"):
        train(text)
    with pytest.warns(UserWarning, match="1 undecodable"):
        assert "caf" in train(text, encoding_errors="replace").vocabulary


def test_every_way_to_name_a_corpus_gives_the_same(corpus, text):
    train = TRAINERS["word2vec"]
    documents = [text_pipeline()(line) for line in LINES]
    sources = [corpus, corpus.path, str(corpus.path), [corpus.path], text, [text], documents, iter(documents)]
    first, *others = (train(source) for source in sources)
    for other in others:
        assert other.vocabulary.words == first.vocabulary.words
        np.testing.assert_array_equal(other.matrix, first.matrix)


@pytest.mark.parametrize("options", [{"tokenizer": "whitespace"}, {"encoding_errors": "replace"}])
def test_what_is_tokenized_is_not_read_again(corpus, train, options):
    unfit = "so the options for raw text cannot apply to"
    for source in (corpus, corpus.path, [corpus.path]):
        with pytest.raises(InputError, match=rf"corpus is a corpus and already tokenized, {unfit} it"):
            train(source, **options)
    with pytest.raises(
        InputError, match=rf"documents are lists of words and already tokenized, {unfit} them"
    ):
        train([["a", "b"], ["b", "a"]], **options)


def test_a_corpus_stands_alone(corpus, text, train):
    with pytest.raises(InputError, match="corpus is a corpus, which must be the only INPUT, got 2"):
        train([text, corpus.path])


def test_counts_stand_alone_and_are_not_read_again(corpus, text, tmp_path, train_on_counts):
    counts = Cooccurrences.count(corpus, tmp_path / "counts", min_count=1)
    whole = train_on_counts(counts)
    np.testing.assert_array_equal(train_on_counts([tmp_path / "counts"]).matrix, whole.matrix)
    with pytest.raises(InputError, match="counts holds counts, which must be the only INPUT, got 2"):
        train_on_counts([tmp_path / "counts", text])
    with pytest.raises(InputError, match="counts holds counts of tokenized text, so the options"):
        train_on_counts(tmp_path / "counts", tokenizer="words")
    with pytest.raises(InputError, match="counts are of tokenized text, so the options"):
        train_on_counts(counts, tokenizer="words")
    with pytest.raises(InputError, match="counts holds counts already; give it to train-glove or train-svd"):
        Cooccurrences.count(tmp_path / "counts")


@pytest.mark.parametrize("source", [3, None])
def test_what_is_no_source(train, source):
    with pytest.raises(
        InputError, match="expected a Corpus, paths, texts, or documents as lists of words, got"
    ):
        train(source)


def test_appended_text_is_trained_on_by_frequency(corpus, tmp_path):
    """Words that come often in the new text only have high ids there, and yet get vectors."""
    (tmp_path / "more.txt").write_text("The ducks. The ducks and a lonely goose!\n" * 40)
    whole = Corpus.encode([tmp_path / "text.txt", tmp_path / "more.txt"], tmp_path / "whole")
    appended = corpus.append(tmp_path / "more.txt")
    assert appended.vocabulary.words != whole.vocabulary.words
    one, other = (Cooccurrences.count(each, max_vocabulary=5, workers=1) for each in (whole, appended))
    assert one.vocabulary.words == other.vocabulary.words == ("the", "a", "and", "ducks", "hen")
    for name in ("offsets", "columns", "counts"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert other.recipe["corpus"]["fingerprint"] == appended.fingerprint
    vectors = Word2Vec(vector_size=16, min_count=1, epochs=1, max_vocabulary=5, sample=0).train(appended.path)
    assert vectors.vocabulary.words == one.vocabulary.words
    assert vectors.metadata["corpus"]["fingerprint"] == appended.fingerprint
