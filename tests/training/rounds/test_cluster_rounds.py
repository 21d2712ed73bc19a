"""Rounds on several replicas: the bytes of one machine, also where replicas die."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Corpus, Doc2Vec, FastText, Word2Vec
from embedkit.errors import EmbedkitError
from embedkit.progress import SILENT
from embedkit.text.corpus.shards import Shard
from embedkit.text.corpus.tokenized_documents import encode_documents
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.doc2vec.learners import DocumentShards
from embedkit.training.doc2vec.trainer import DocumentTrainer
from embedkit.training.fasttext.trainer import FastTextTrainer
from embedkit.training.meter import Meter
from embedkit.training.rounds import cluster_rounds
from embedkit.training.rounds.cluster_rounds import ClusterRounds, shares_of
from embedkit.training.word2vec.trainer import Word2VecTrainer
from embedkit.vectors.norms import frozen
from tests.training.rounds.one_process import OneProcess

EPOCHS = 2
SMALL = {"min_count": 1, "sample": 0.01, "deterministic": True, "epochs": EPOCHS}
WORDS = {**SMALL, "vector_size": 16, "round_words": 130, "round_workers": 5}
WORD_KINDS = [
    {}, {"model": "cbow"}, {"hierarchical_softmax": True}, {"precision": "bfloat16"},
    {"model": "cbow", "hierarchical_softmax": True},
]  # fmt: skip
DOCUMENT_KINDS = [{}, {"objective": "cosine"}, {"train_words": True}, {"model": "dm"}]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """60 words in 100 documents, in two shards."""
    random = np.random.default_rng(0)
    documents = [[f"w{i}" for i in random.zipf(1.3, 40) % 60] for _ in range(100)]
    encode_documents(documents, path := tmp_path_factory.mktemp("replicas") / "corpus", shard_words=3000)
    return Corpus.open(path)


def word_trainer(corpus, kind, **settings):
    return Word2VecTrainer(Word2Vec(**{**WORDS, **kind, **settings}), corpus, corpus.vocabulary)


def in_threads(trainer):
    """The bytes of all matrices after all epochs, and the losses of these."""
    trainer.compile()
    losses = []
    for epoch in range(EPOCHS):
        train_epoch(trainer, epoch, 2, meter := Meter(SILENT))
        losses.append(meter.done.loss)
    return [tensor.tobytes() for tensor in trainer.tensors().values()], losses


def on_cluster(build, cluster, wire="float32"):
    """The same, in replicas."""
    trainer, losses = build(), []
    rounds = ClusterRounds(cluster, build, trainer, wire, SILENT)
    for epoch in range(EPOCHS):
        pieces = trainer.jobs(epoch) if isinstance(trainer, DocumentTrainer) else trainer.pieces()
        losses.append(sum(loss for _, (_, loss) in rounds.train(epoch, pieces, epoch)))
    return [tensor.tobytes() for tensor in trainer.tensors().values()], losses


@pytest.mark.parametrize("kind", WORD_KINDS)
def test_replicas_train_words_as_threads_do(corpus, kind):
    """Fewer than the workers of a round, as many, and more."""
    build = partial(word_trainer, corpus, kind)
    bytes_, losses = in_threads(build())
    for replicas in (1, 2, 5, 6):
        found = on_cluster(build, OneProcess(replicas))
        assert found[0] == bytes_
        assert found[1] == pytest.approx(losses)


@pytest.mark.parametrize("wire", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", [*WORD_KINDS[:2], WORD_KINDS[3]])
def test_replicas_train_groups_as_threads_do(corpus, kind, wire):
    """Six workers in three groups, the last round of an epoch with a part of a group: less travels."""
    build = partial(word_trainer, corpus, kind, round_workers=6, round_groups=3, round_words=150)
    expected = in_threads(build()) if wire == "float32" else on_cluster(build, OneProcess(1), wire)
    for replicas in (1, 2, 3, 4):
        assert on_cluster(build, OneProcess(replicas), wire)[0] == expected[0]
    assert len(list(build().pieces())) % 6 % 2 == 1


@pytest.mark.parametrize("kind", [{}, {"model": "cbow", "position_weights": True}])
def test_replicas_train_subwords_as_threads_do(corpus, kind):
    def build():
        settings = {**SMALL, **kind, "vector_size": 20, "round_words": 130, "round_workers": 3}
        return FastTextTrainer(FastText(**settings, bucket=1000), corpus, corpus.vocabulary)

    bytes_, _ = in_threads(build())
    assert all(on_cluster(build, OneProcess(replicas))[0] == bytes_ for replicas in (1, 2, 4))


@pytest.mark.parametrize("kind", DOCUMENT_KINDS)
def test_replicas_train_documents_as_threads_do(kind):
    build = partial(document_trainer, kind)
    plain = build()
    plain.compile()
    for epoch in range(EPOCHS):
        from embedkit.parallel.threads import threads

        with threads(2) as pool:
            list(plain.rounds.train(pool, 2, plain.learner.learn, plain.jobs(epoch)))
    bytes_ = [tensor.tobytes() for tensor in plain.tensors().values()]
    assert all(on_cluster(build, OneProcess(replicas))[0] == bytes_ for replicas in (1, 2, 4))


def document_trainer(kind):
    """Of 30 documents in two shards; the last one of the first goes on in the second."""
    random = np.random.default_rng(1)
    shards = []
    for _ in range(2):
        lengths = random.integers(1, 20, 15)
        ids = random.integers(0, 30, lengths.sum()).astype(np.int32)
        shards.append(Shard(frozen(ids), frozen(np.cumsum([0, *lengths]))))  # as those of a corpus
    counts = np.bincount(np.concatenate([shard.ids for shard in shards]), minlength=30)
    parameters = Doc2Vec(**{**SMALL, **kind, "vector_size": 20, "round_words": 40, "round_workers": 3})
    return DocumentTrainer(
        parameters, DocumentShards(shards, shards, [0, 14], [False, True], 29), counts, counts
    )


@pytest.mark.parametrize("wire", ["float16", "bfloat16"])
def test_a_wire_of_16_bits_gives_the_same_bytes_in_any_number_of_replicas(corpus, wire):
    build = partial(word_trainer, corpus, {})
    (one, _), (exact, _) = on_cluster(build, OneProcess(1), wire), in_threads(build())
    assert all(on_cluster(build, OneProcess(replicas), wire)[0] == one for replicas in (2, 5))
    assert one != exact
    for own, other in zip(one, exact, strict=True):
        np.testing.assert_allclose(*(np.frombuffer(matrix, np.float32) for matrix in (own, other)), atol=0.05)


@pytest.mark.parametrize("wire", ["float32", "bfloat16"])
@pytest.mark.parametrize("method", ["train", "merge", "apply", "state", "done"])
@pytest.mark.parametrize("call", [1, 2, 7])
def test_a_replica_that_dies_changes_no_byte(corpus, wire, method, call):
    """At any step; `state` and `done` are asked for when another has died, so here two die."""
    build = partial(word_trainer, corpus, {})
    one = on_cluster(build, OneProcess(1), wire)
    first = call if method in ("train", "merge", "apply") else 3

    def dies(place, asked, calls):
        if place == 1 and cluster.deaths == 0:
            return asked == (method if first == call else "train") and calls == first
        return place == 0 and method in ("state", "done") and asked == method and cluster.deaths == 1

    cluster = OneProcess(3, dies)
    assert on_cluster(build, cluster, wire) == one
    assert cluster.deaths == 2 - (method in ("train", "merge", "apply"))


def test_a_replica_may_die_before_it_has_a_state(corpus):
    build = partial(word_trainer, corpus, {})
    cluster = OneProcess(2, lambda place, method, calls: method == "restore" and cluster.deaths == 0)
    assert on_cluster(build, cluster) == on_cluster(build, OneProcess(1))
    assert cluster.deaths == 1


def test_the_others_go_on_where_no_machine_takes_the_place_of_a_lost_one(corpus, monkeypatch):
    monkeypatch.setattr(cluster_rounds, "PATIENCE", 0.01)
    build = partial(word_trainer, corpus, {})
    cluster = OneProcess(3, lambda place, method, calls: place == 1 and method == "merge" and calls == 3)
    cluster.full = True
    assert on_cluster(build, cluster) == on_cluster(build, OneProcess(1))
    assert cluster.deaths == 1


def test_all_replicas_lost_is_an_error(corpus):
    cluster = OneProcess(2, lambda place, method, calls: method == "merge" and calls == 3)
    with pytest.raises(EmbedkitError, match="all workers of the cluster were lost"):
        on_cluster(partial(word_trainer, corpus, {}), cluster)


@given(st.integers(0, 40), st.lists(st.floats(0.1, 10), min_size=1, max_size=8))
def test_shares_end_at_about_the_same_time(workers, speeds):
    """No worker that another machine would have done before the slowest one is done."""
    shares = shares_of(workers, speeds)
    assert [worker for share in shares for worker in share] == list(range(workers))
    slowest = max(len(share) / speed for share, speed in zip(shares, speeds, strict=True))
    for share, speed in zip(shares, speeds, strict=True):
        assert (len(share) + 1) / speed >= slowest * (1 - 1e-9)
