"""A training that was interrupted anywhere and goes on gives the same bytes as one that was not."""

import numpy as np
import pytest

from embedkit import Checkpoint, Corpus, Doc2Vec, Embeddings, FastText, GloVe, Word2Vec, leftovers
from embedkit.progress import Progress
from embedkit.training import corpus_trainer

pytestmark = pytest.mark.skipif(leftovers.fcntl is None, reason="nothing can be locked")
ROUNDS = {"deterministic": True, "workers": 2, "round_words": 300}
WINDOWS = {"vector_size": 16, "min_count": 1, "epochs": 2, "sample": 0.01}
DOCUMENTS = {"vector_size": 16, "min_count": 2, "sample": 0.0, "epochs": 2}
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


class Stop:
    """Asks for a stop once so many steps are done, and counts them."""

    def __init__(self, steps=None):
        self.done, self.steps = 0, steps

    def __call__(self):
        self.done += 1
        return KeyboardInterrupt() if self.steps and self.done >= self.steps else None


class Notes(Progress):
    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """8,000 words, in pieces so small that an epoch has many."""
    monkeypatch.setattr(corpus_trainer, "PIECE", 1000)
    random = np.random.default_rng(0)
    documents = [[f"w{i}" for i in random.zipf(1.3, 40) % 60] for _ in range(200)]
    return Corpus.from_documents(documents, tmp_path / "corpus")


def made(trainer, corpus, target, stop):
    """The file that a training writes, with what it said."""
    notes = Notes()
    with Checkpoint(target, minutes=0, stop=stop) as checkpoint:
        trainer.train(corpus, checkpoint=checkpoint, progress=notes).save(target)
    return target.read_bytes(), notes.notes


def interrupted(trainer, corpus, target, steps):
    """Train for so many steps."""
    with pytest.raises(KeyboardInterrupt):
        made(trainer, corpus, target, Stop(steps))


@pytest.mark.parametrize("kind", TRAINERS)
def test_the_bytes_are_those_of_a_training_that_was_not_interrupted(corpus, tmp_path, kind):
    trainer, target = TRAINERS[kind], tmp_path / "made.safetensors"
    expected, notes = made(trainer, corpus, target, stop := Stop())
    assert not any(note.startswith("continuing") for note in notes)
    for share in (0.25, 0.5):
        interrupted(trainer, corpus, target, int(share * stop.done))
    found, notes = made(trainer, corpus, target, Stop())
    (told,) = [note for note in notes if note.startswith("continuing")]
    assert told.startswith("continuing: epoch 2 of 2, ")
    assert found == expected
    assert {path.name for path in tmp_path.iterdir()} == {"corpus", target.name}


def test_threads_that_race_go_on_with_whole_pieces(corpus, tmp_path):
    trainer, target = Word2Vec(**{**WINDOWS, "epochs": 6}, workers=2), tmp_path / "made.safetensors"
    interrupted(trainer, corpus, target, 20)
    _, notes = made(trainer, corpus, target, Stop())
    assert any(note.startswith("continuing: epoch 3 of 6, ") for note in notes)
    losses = Embeddings.load(target).metadata["losses"]
    np.testing.assert_allclose(losses, trainer.train(corpus).metadata["losses"], rtol=0.02)


def test_divergence_after_an_interruption_hands_back_the_last_good_epoch(corpus, tmp_path, monkeypatch):
    from embedkit.training.glove.trainer import GloVeTrainer

    trainer, target = TRAINERS["glove"], tmp_path / "made.safetensors"
    monkeypatch.setattr(GloVeTrainer, "is_sound", lambda self, cost: cost > 0.05)
    with pytest.warns(UserWarning, match="diverged in epoch 2"):
        expected, _ = made(trainer, corpus, target, stop := Stop())
    interrupted(trainer, corpus, target, stop.done - 2)
    with pytest.warns(UserWarning, match="diverged in epoch 2"):
        assert made(trainer, corpus, target, Stop())[0] == expected


def test_the_vectors_that_training_begins_with_are_part_of_the_job(corpus, tmp_path):
    target = tmp_path / "made.safetensors"
    begin = Word2Vec(**WINDOWS, workers=1).train(corpus)
    trainer = Word2Vec(**WINDOWS, workers=1, start=begin)
    interrupted(trainer, corpus, target, 3)
    other = Embeddings(-begin.matrix, begin.vocabulary)
    _, notes = made(Word2Vec(**WINDOWS, workers=1, start=other), corpus, target, Stop())
    assert any("of another run: begin " in note for note in notes)
