"""fastText in rounds: one result for any number of threads, which is that of the numpy twin."""

from itertools import product

import numpy as np
import pytest

from embedkit import FastText
from embedkit.progress import SILENT
from embedkit.text.corpus.corpus import Corpus
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.fasttext.trainer import FastTextTrainer
from embedkit.training.meter import Meter
from embedkit.training.reference import subwords
from embedkit.training.reference.negative_sampling import Draws
from embedkit.training.reference.rounds import train_round, words_of

KINDS = [{"model": "skipgram"}, {"model": "cbow"}, {"model": "cbow", "position_weights": True}]
SMALL = {"vector_size": 20, "min_count": 1, "sample": 0, "epochs": 1, "bucket": 1000, "deterministic": True}
WORDS = [a + b + c for a, b, c in product("wtj", ("al", "um"), ("ks", "ked", "king"))]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    random = np.random.default_rng(0)
    documents = [[WORDS[i] for i in random.integers(0, len(WORDS), 12)] for _ in range(60)]
    return Corpus.from_documents(documents, tmp_path_factory.mktemp("subwords") / "corpus")


@pytest.mark.parametrize("settings", KINDS)
def test_any_number_of_threads_gives_the_same_bytes(corpus, settings):
    """Of vectors and of the rows of n-grams; but not any number of workers of a round."""

    def trained(threads, workers=3):
        parameters = {**SMALL, **settings, "round_words": 50, "round_workers": workers}
        vectors = FastText(**parameters, workers=threads).train(corpus)
        assert vectors.metadata["parameters"]["workers"] is None
        assert vectors.metadata["parameters"]["round_words"] == 50
        return vectors.rows([*WORDS, "talkings"]).tobytes()

    one = trained(1)
    assert {trained(threads) for threads in (2, 3)} == {one}
    assert trained(1, workers=4) != one


@pytest.mark.parametrize("settings", KINDS)
def test_rounds_of_one_piece_train_as_one_thread_does(corpus, settings):
    rounds = FastText(**SMALL, **settings, round_words=1 << 16).train(corpus)
    plain = FastText(**{**SMALL, "deterministic": False}, **settings, workers=1).train(corpus)
    assert rounds.matrix.tobytes() == plain.matrix.tobytes()


@pytest.mark.parametrize("cbow", [False, True])
def test_rounds_and_twin_agree(corpus, cbow):
    """In rounds of one window a worker, so that nothing lags behind."""
    model = "cbow" if cbow else "skipgram"
    parameters = FastText(
        **SMALL, model=model, shrink_windows=False, window=2, round_words=1, round_workers=3
    )
    trainer = FastTextTrainer(parameters, corpus, corpus.vocabulary)
    lists, row_of = expanded(trainer.ngrams)
    inputs, outputs = trainer.inputs[row_of].astype(float), trainer.outputs.astype(float)
    of_inputs, of_outputs = (pool.damping for pool in trainer.rounds.pools)
    dampings = of_inputs[row_of], of_outputs
    assert 0 < trainer.rounds.pools[1].dealt_from < len(WORDS)
    train_epoch(trainer, 0, 2, Meter(SILENT))
    [(ids, _)] = trainer.shards
    key = int(np.random.SeedSequence((1, 0, 0)).generate_state(1, np.uint64)[0])
    windows = [windows_of(trainer, place, key) for place in range(9)]
    count = len(ids)
    for start in range(0, count, 3):
        some = [windows[start % 9 + i][start + i] for i in range(min(3, count - start))]
        workers = [twin(lists, window, trainer.rate(start + i), cbow) for i, window in enumerate(some)]
        changed = []
        for window in some:
            of_words, of_outputs = words_of([window], len(WORDS))
            changed.append((np.zeros(len(inputs), bool), of_outputs))
            for word in np.flatnonzero(of_words):
                changed[-1][0][lists[word]] = True
        train_round([inputs, outputs], workers, changed, dampings)
    np.testing.assert_allclose(trainer.inputs[row_of], inputs, atol=1e-5)
    np.testing.assert_allclose(trainer.outputs, outputs, atol=1e-5)


def windows_of(trainer, place, key):
    """All windows, with the noise of worker place % 3 in round place // 3 and in each third one after it."""
    trainer.rounds.number = place // 3
    [(ids, offsets)] = trainer.shards
    draws = Draws(trainer.keep, *trainer.noise(place % 3)[:1], key, trainer.noise(place % 3)[1])
    return list(draws.windows(ids.tolist(), offsets.tolist(), 2, 5, shrink=False))


def expanded(ngrams):
    """The rows of each word, one for each n-gram that a row of the kernels stands for, and the latter."""
    members = np.zeros(ngrams.size, int)
    members[ngrams.rows] = ngrams.weights
    first = np.cumsum(members) - members
    lists = [
        [place for row in rows.tolist() for place in range(first[row], first[row] + members[row])]
        for rows in np.split(ngrams.rows, ngrams.offsets[1:-1])
    ]
    return lists, np.repeat(np.arange(ngrams.size), members)


def twin(lists, window, rate, cbow):
    """What a worker does with copies of the matrices."""

    def train(own):
        contexts = [lists[word] for word in window.contexts]
        subwords.train_window(*own, contexts, [window.target, *window.noise], rate, cbow)

    return train
