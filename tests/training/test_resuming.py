"""A training that was interrupted anywhere and goes on gives the same bytes as one that was not."""

import numpy as np
import pytest

from embedkit import Corpus, Doc2Vec, Embeddings, FastText, GloVe, Word2Vec
from embedkit.training import corpus_trainer
from embedkit.training.glove.trainer import GloVeTrainer
from embedkit.training.word2vec.start import Start
from tests.marks import NEEDS_LOCKS

pytestmark = NEEDS_LOCKS
ROUNDS = {"deterministic": True, "workers": 2, "round_words": 300}
WINDOWS = {"vector_size": 16, "min_count": 1, "epochs": 2, "sample": 0.01}
DOCUMENTS = {"vector_size": 20, "min_count": 2, "sample": 0.0, "epochs": 2}
TRAINERS = {
    "one worker": Word2Vec(**WINDOWS, workers=1),
    "bfloat16": Word2Vec(**WINDOWS, workers=1, precision="bfloat16"),
    "rounds": Word2Vec(**WINDOWS, **ROUNDS, keep_output=True),
    "fasttext": FastText(**{**WINDOWS, "vector_size": 20}, workers=1, bucket=1000),
    "rounds of fasttext": FastText(**{**WINDOWS, "vector_size": 20}, **ROUNDS, bucket=1000),
    "doc2vec": Doc2Vec(**DOCUMENTS, workers=1, train_words=True),
    "rounds of doc2vec": Doc2Vec(**DOCUMENTS, **{**ROUNDS, "round_words": 100}, model="dm"),
    "glove": GloVe(vector_size=16, epochs=2, x_max=10, workers=2, min_count=1),
}


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """8,000 words, in pieces so small that an epoch has many."""
    monkeypatch.setattr(corpus_trainer, "PIECE", 1000)
    random = np.random.default_rng(0)
    documents = [[f"w{i}" for i in random.zipf(1.3, 40) % 60] for _ in range(200)]
    return Corpus.from_documents(documents, tmp_path / "corpus")


@pytest.mark.parametrize("kind", TRAINERS)
def test_the_bytes_are_those_of_a_training_that_was_not_interrupted(corpus, resumed, kind):
    def make(target, **watched):
        TRAINERS[kind].train(corpus, **watched).save(target)

    whole, found, (told,) = resumed(make)
    assert told.startswith("continuing: epoch 2 of 2, ")
    assert found == whole


def test_threads_that_race_go_on_with_whole_pieces(corpus, resumed):
    trainer, losses = Word2Vec(**{**WINDOWS, "epochs": 6}, workers=2), []

    def make(target, **watched):
        vectors = trainer.train(corpus, **watched)
        vectors.save(target)
        losses.append(vectors.metadata["losses"])

    _, _, (told,) = resumed(make)
    assert told.startswith("continuing: epoch 5 of 6, ")
    np.testing.assert_allclose(*losses, rtol=0.02)


def test_divergence_after_an_interruption_hands_back_the_last_good_epoch(corpus, resumed, monkeypatch):
    def make(target, **watched):
        with pytest.warns(UserWarning, match="diverged in epoch 2"):
            TRAINERS["glove"].train(corpus, **watched).save(target)

    monkeypatch.setattr(GloVeTrainer, "is_sound", lambda self, cost: cost > 0.05)
    whole, found, _ = resumed(make)
    assert found == whole


def test_the_vectors_that_training_begins_with_are_part_of_the_job(corpus):
    begin = TRAINERS["one worker"].train(corpus)
    other = Embeddings(-begin.matrix, begin.vocabulary)
    sums = {Start.of(each, Word2Vec(start=each), begin.vocabulary).checksum for each in (begin, other)}
    assert len(sums) == 2
