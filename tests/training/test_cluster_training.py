"""`train(cluster=...)`: the file of one machine, what is asked of parameters, and machines that die."""

import os
import shutil
import signal
import socket

import numpy as np
import pytest

from embedkit import Checkpoint, Cluster, Corpus, Doc2Vec, FastText, InputError, Word2Vec
from embedkit.errors import EmbedkitError
from embedkit.text.corpus.tokenized_documents import encode_documents
from tests.training.rounds.one_process import OneProcess

SMALL = {"min_count": 1, "sample": 0.01, "epochs": 2, "deterministic": True, "round_words": 200, "seed": 3}
TRAINERS = [
    Word2Vec(**SMALL, vector_size=16, keep_output=True),
    FastText(**SMALL, vector_size=20, bucket=1000),
    Doc2Vec(**SMALL, vector_size=20, ngrams=2),
    Doc2Vec(**SMALL, vector_size=20, model="dm"),
]


def documents(count=100):
    random = np.random.default_rng(0)
    return [[f"w{i}" for i in random.zipf(1.3, 40) % 60] for _ in range(count)]


def saved(trained, tmp_path):
    trained.save(path := tmp_path / "saved.safetensors")
    return path.read_bytes()


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_cluster_gives_the_file_of_one_machine(trainer, tmp_path):
    one = saved(trainer.train(documents()), tmp_path)
    assert saved(trainer.train(documents(), cluster=OneProcess(3)), tmp_path) == one


def test_worker_processes_give_the_file_of_one_machine_also_if_one_is_killed(tmp_path):
    trainer = Word2Vec(**{**SMALL, "round_words": 20}, vector_size=16)
    with Cluster.connect("local:2") as cluster:
        made = []
        actor = cluster._engine.actor
        cluster._engine.actor = lambda *args: made.append(actor(*args)) or made[-1]
        rounds = []

        def kill(epoch, vectors):
            rounds.append(epoch)
            if epoch == 1:
                os.kill(made[0]._process.pid, signal.SIGKILL)

        trained = trainer.train(documents(), cluster=cluster, after_epoch=kill)
    assert (len(made), rounds) == (3, [1, 2])
    assert saved(trained, tmp_path) == saved(trainer.train(documents()), tmp_path)


@pytest.mark.parametrize("trainer", [TRAINERS[0], TRAINERS[2]])
def test_a_machine_with_another_corpus_at_the_place_is_refused(trainer, tmp_path, monkeypatch):
    """Each trainer opens it by a path that holds everywhere."""
    encode_documents(documents(), tmp_path / "corpus")
    encode_documents(documents()[:50], tmp_path / "other")
    monkeypatch.chdir(tmp_path)
    corpus, cluster = Corpus.open("corpus"), OneProcess(2)

    def elsewhere(made, *args):
        monkeypatch.chdir("/")
        if replaced:
            shutil.rmtree(tmp_path / "corpus")
            (tmp_path / "other").rename(tmp_path / "corpus")
        return type(cluster).actor(cluster, made, *args)

    monkeypatch.setattr(cluster, "actor", elsewhere)
    replaced = False
    trainer.train(corpus, cluster=cluster)
    replaced = True
    with pytest.raises(InputError, match=f"corpus on {socket.gethostname()} is another corpus"):
        trainer.train(Corpus.open(tmp_path / "corpus"), cluster=cluster)


def test_training_goes_on_after_all_workers_were_lost(tmp_path):
    """On one machine, from the checkpoint that a cluster left."""
    trainer, target = TRAINERS[0], tmp_path / "vectors.safetensors"
    lost = OneProcess(2, lambda place, method, calls: method == "merge" and calls == 8)
    with pytest.raises(EmbedkitError, match="all workers"), Checkpoint(target, minutes=1e-9) as checkpoint:
        trainer.train(documents(), cluster=lost, checkpoint=checkpoint)
    assert list(tmp_path.rglob("*.checkpoint"))
    with Checkpoint(target) as checkpoint:
        trained = trainer.train(documents(), checkpoint=checkpoint)
    assert saved(trained, tmp_path) == saved(trainer.train(documents()), tmp_path)


def test_vectors_to_start_from_and_frozen_words_go_to_the_machines(tmp_path):
    start = TRAINERS[0].train(documents())
    further = Word2Vec(**SMALL, start=start, frozen=["w1", "w2"])
    on_cluster = further.train(documents(80), cluster=OneProcess(2))
    assert saved(on_cluster, tmp_path) == saved(further.train(documents(80)), tmp_path)
    assert (on_cluster["w1"] == start["w1"]).all()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"deterministic": False, "round_words": None}, "a cluster needs deterministic training"),
        ({"round_workers": 1}, "round_workers of 2 or more"),
    ],
)
def test_what_a_cluster_needs(parameters, message):
    with pytest.raises(InputError, match=message):
        Word2Vec(**{**SMALL, **parameters}).train(documents(), cluster=OneProcess(2))


def test_a_wire_needs_a_cluster_and_numbers_to_round():
    with pytest.raises(InputError, match='wire="float16" needs a cluster'):
        Word2Vec(**SMALL, wire="float16").train(documents())
    with pytest.raises(InputError, match="travel as they are"):
        Word2Vec(**SMALL, wire="float16", precision="bfloat16")
