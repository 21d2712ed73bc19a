"""Document vectors in rounds: one result for any number of threads, which is that of the numpy twin."""

import numpy as np
import pytest

from embedkit import Doc2Vec, InputError
from embedkit.text.corpus.shards import Shard
from embedkit.training.doc2vec.learners import BagLearner, DocumentShards, MemoryLearner
from embedkit.training.doc2vec.pieces import jobs_of, pieces_of
from embedkit.training.reference import document_vectors as reference
from embedkit.training.reference.negative_sampling import Draws, mix
from embedkit.training.reference.rounds import train_round
from embedkit.vectors.norms import frozen

CONCATENATED = {"model": "dm", "concatenate": True, "window": 2}
KINDS = [{}, {"objective": "cosine", "ngrams": 2}, {"train_words": True}, {"model": "dm"}, CONCATENATED]
SMALL = {"vector_size": 20, "min_count": 1, "sample": 0, "deterministic": True}
WORDS, DOCUMENTS = 30, 30
GOLDEN = 0x9E3779B97F4A7C15


def texts():
    """Documents of 1 to 29 words."""
    random = np.random.default_rng(0)
    return [[f"w{i}" for i in random.integers(0, WORDS, random.integers(1, 30))] for _ in range(DOCUMENTS)]


@pytest.mark.parametrize("settings", KINDS)
def test_any_number_of_threads_gives_the_same_file(settings, tmp_path):
    def written(threads, workers=3):
        parameters = {**SMALL, **settings, "epochs": 2, "round_words": 60, "round_workers": workers}
        Doc2Vec(**parameters, workers=threads).train(texts()).save(path := tmp_path / "m.safetensors")
        return path.read_bytes()

    one = written(1)
    assert {written(threads) for threads in (2, 3)} == {one}
    assert written(2, workers=4) != one


@pytest.mark.parametrize("settings", KINDS)
def test_rounds_of_one_piece_train_as_one_thread_does(settings):
    rounds = Doc2Vec(**SMALL, **settings, round_words=1 << 16, workers=2).train(texts()).documents
    plain = Doc2Vec(**{**SMALL, "deterministic": False}, **settings, workers=1).train(texts()).documents
    assert rounds.matrix.tobytes() == plain.matrix.tobytes()
    assert rounds.metadata["parameters"]["round_workers"] == 4
    assert rounds.metadata["parameters"]["workers"] is None


@pytest.mark.parametrize(("model", "kind"), [("dbow", BagLearner), ("dm", MemoryLearner)])
def test_rounds_and_twin_agree(model, kind):
    random = np.random.default_rng(1)
    lengths = random.integers(1, 20, DOCUMENTS)
    ids, offsets = random.integers(0, WORDS, lengths.sum()).astype(np.int32), np.cumsum([0, *lengths])
    shard = Shard(frozen(ids), frozen(offsets))  # as those of a corpus
    counts = np.bincount(shard.ids, minlength=WORDS)
    pieces = pieces_of([shard.offsets], [False], size=60)
    parameters = Doc2Vec(**SMALL, model=model, round_words=60, round_workers=3)
    shards = DocumentShards([shard], [shard], [0], [False], DOCUMENTS)
    learner = kind(parameters, shards, counts, counts, max(piece.size for piece in pieces))
    documents, targets = learner.documents.astype(float), learner.targets.astype(float)
    matrices = [targets] if model == "dbow" else [learner.rounds.pools[0].rows.astype(float), targets]
    dampings = [pool.damping for pool in learner.rounds.pools]
    if model == "dm":
        dampings[0] = np.concatenate([dampings[0], np.zeros(DOCUMENTS)])
    jobs = list(jobs_of(pieces, 0, 1, 1, 0.0))
    for start in range(0, len(jobs), 3):
        for worker, job in enumerate(jobs[start : start + 3]):
            learner.learn(job, worker)
        learner.rounds.merge(workers=len(jobs[start : start + 3]))
        some = [Twin(learner, job, shard, documents) for job in jobs[start : start + 3]]
        train_round(matrices, [own.train for own in some], [own.changed for own in some], dampings)
    if model == "dm":
        documents = matrices[0][WORDS:]
        np.testing.assert_allclose(learner.words, matrices[0][:WORDS], atol=2e-5)
    np.testing.assert_allclose(learner.documents, documents, atol=2e-5)
    np.testing.assert_allclose(learner.targets, targets, atol=2e-5)


class Twin:
    """A worker that trains on a piece, and which rows it changes."""

    def __init__(self, learner, job, shard, documents):
        self.p, self.chances, self.job, self.shard = learner.parameters, learner._chances, job, shard
        self.documents = documents
        self.changed = [np.zeros(WORDS, bool)]
        if self.p.model == "dm":
            self.changed.insert(0, np.zeros(WORDS + DOCUMENTS, bool))

    def train(self, own):
        [part] = self.job.piece.parts
        numbers = self.job.numbers(part).tolist()
        for i, number in enumerate(numbers):
            share = self.job.share + (self.job.last_share - self.job.share) * i / len(numbers)
            ids, offsets = self.shard
            words = ids[offsets[number] : offsets[number + 1]].tolist()
            (self.bag if self.p.model == "dbow" else self.memory)(own, number, words, share * self.p.rates[0])

    def bag(self, own, number, words, rate):
        draws = Draws(*self.chances, int(self.job.key))
        for tile in reference.tiles(words, draws, draws.stream(number), self.p.negative):
            reference.train_tile(self.documents[number], own[0], tile, reference.Rates(rate, rate))
            self.changed[0][tile.rows] = True

    def memory(self, own, number, words, rate):
        draws = Draws(*self.chances, mix(int(self.job.key) + GOLDEN * (number + 1)))
        reference.train_memory(*own, words, WORDS + number, draws, self.p.window, self.p.negative, rate)
        self.changed[0][[*words, WORDS + number]] = True
        for target, _, noise in draws.windows(words, [0, len(words)], self.p.window, self.p.negative):
            self.changed[1][[target, *noise]] = True


def test_the_size_of_a_round_needs_rounds():
    with pytest.raises(InputError, match="round_words needs deterministic training"):
        Doc2Vec(round_words=100)
