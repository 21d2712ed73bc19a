"""Training in rounds: one result for any number of threads, which is that of the numpy twin."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit import Corpus, InputError, Word2Vec
from embedkit.hyperparameters import MAX_WORKERS
from embedkit.progress import SILENT
from embedkit.text.corpus.tokenized_documents import encode_documents
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.huffman import HuffmanTree
from embedkit.training.meter import Meter
from embedkit.training.reference import hierarchical_softmax, negative_sampling
from embedkit.training.reference.rounds import train_round, words_of
from embedkit.training.rounds.round_size import MAX_ROUND, MIN_ROUND, ROUNDS, RoundSize
from embedkit.training.word2vec.expected_updates import (
    expected_targets,
    mean_contexts,
    node_updates,
    sample_updates,
)
from embedkit.training.word2vec.trainer import Word2VecTrainer

SMALL = {"vector_size": 16, "min_count": 1, "epochs": 2, "sample": 0.01}
KINDS = [
    {"model": model, "hierarchical_softmax": tree} for model in ("skipgram", "cbow") for tree in (False, True)
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """60 words in 200 documents, in three shards."""
    random = np.random.default_rng(0)
    documents = [[f"w{i}" for i in random.zipf(1.3, 40) % 60] for _ in range(200)]
    encode_documents(documents, path := tmp_path_factory.mktemp("rounds") / "corpus", shard_words=3000)
    corpus = Corpus.open(path)
    assert [len(ids) for ids, _ in corpus.shards()] == [3000, 3000, 2000]
    return corpus


def digest(corpus, **parameters):
    vectors = Word2Vec(**{**SMALL, **parameters}).train(corpus)
    return hashlib.sha256(vectors.matrix.tobytes()).hexdigest()


@pytest.mark.parametrize("words", [130, 5000])
@pytest.mark.parametrize("settings", KINDS)
def test_any_number_of_threads_gives_the_same_bytes(corpus, settings, words):
    """Also where the corpus is smaller than a round, and in its last round, which is short."""
    parameters = {**settings, "deterministic": True, "round_words": words}
    assert len({digest(corpus, workers=threads, **parameters) for threads in (1, 2, 3, 8)}) == 1


@pytest.mark.parametrize("settings", KINDS)
@pytest.mark.parametrize("workers", [1, 4])
def test_rounds_of_one_piece_train_as_one_thread_does(corpus, settings, workers, tmp_path):
    """Be it of one worker, or of more than the corpus has pieces."""
    documents = [[corpus.vocabulary.words[i] for i in ids] for ids in corpus]
    corpus = Corpus.from_documents(documents, tmp_path / "one shard")
    size = {"round_workers": workers, "round_words": 1 << 16}
    rounds = digest(corpus, **settings, deterministic=True, workers=3, **size)
    assert rounds == digest(corpus, **settings, workers=1)


def test_the_number_of_workers_of_a_round_matters(corpus):
    two, three = (digest(corpus, deterministic=True, round_words=300, round_workers=n) for n in (2, 3))
    assert two != three


@pytest.mark.parametrize("settings", KINDS)
def test_rounds_and_twin_agree(corpus, settings):
    parameters = Word2Vec(**SMALL, **settings, deterministic=True, round_workers=3, round_words=20)
    trainer = Word2VecTrainer(parameters, corpus, corpus.vocabulary)
    assert settings["hierarchical_softmax"] or 0 < trainer.rounds.pools[1].dealt_from < 60
    matrices = [rows.astype(float) for rows in (trainer.inputs, trainer.outputs)]
    pieces = list(trainer.pieces())
    drawn, known = [], {}
    for place, piece in enumerate(pieces):
        trainer.rounds.number = place // 3
        drawn.append(windows(trainer, *piece[:3], worker=place % 3, known=known))
    trainer.rounds.number = 0
    train_epoch(trainer, 0, 2, meter := Meter(SILENT))
    predictions = 0
    for start in range(0, len(pieces), 3):
        some = drawn[start : start + 3]
        rates = [trainer.rate(piece.before) for piece in pieces[start : start + 3]]
        workers = [twin(trainer, own, rate) for own, rate in zip(some, rates, strict=True)]
        changed = [changed_rows(trainer, own) for own in some]
        train_round(matrices, workers, changed, [pool.damping for pool in trainer.rounds.pools])
        predictions += sum(made(own, settings["model"]) for own in some)
    assert meter.done.predictions == predictions
    for found, expected in zip((trainer.inputs, trainer.outputs), matrices, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)


def twin(trainer, windows, rate):
    """What a worker does with copies of the matrices."""
    cbow = trainer.parameters.model == "cbow"
    if trainer.parameters.hierarchical_softmax:
        return lambda own: hierarchical_softmax.train_shard(
            *own, iter(windows), trainer._layer.paths, rate, cbow
        )
    return lambda own: negative_sampling.train_shard(*own, iter(windows), lambda: rate, cbow)


def changed_rows(trainer, windows):
    """The rows of words, and those of samples, or of the nodes on the paths of targets."""
    of_inputs, of_outputs = words_of(windows, 60)
    if trainer.parameters.hierarchical_softmax:
        of_outputs[:] = False
        for target, contexts, _ in windows:
            if contexts:
                of_outputs[hierarchical_softmax.path_of(target, trainer._layer.paths)[0]] = True
    return of_inputs, of_outputs


def made(windows, model):
    """Predictions of windows."""
    return sum(bool(contexts) if model == "cbow" else len(contexts) for _, contexts, _ in windows)


def windows(trainer, shard, start, stop, worker=0, known=None):
    """The windows of the words kept at positions [start, stop) of a shard, in the first epoch.

    `known` keeps those of whole shards, by shard and share of the words.
    """
    tree = trainer.parameters.hierarchical_softmax
    table, share = (np.zeros((0, 2)), None) if tree else trainer.noise(worker)
    known = {} if known is None else known
    if (shard, share) not in known:
        known[shard, share] = shard_windows(trainer, shard, table, share)
    return [window for position, window in known[shard, share] if start <= position < stop]


def shard_windows(trainer, shard, table, share):
    """All windows of a shard, with their positions."""
    p, (ids, offsets) = trainer.parameters, trainer.shards[shard]
    key = int(np.random.SeedSequence((p.seed, 0, shard)).generate_state(1, np.uint64)[0])
    draws = negative_sampling.Draws(trainer.keep, table, key, share)
    kept = [
        position
        for position in range(len(ids))
        if next(draws.stream(position)) >> 32 <= trainer.keep[ids[position]]
    ]
    negative = 0 if p.hierarchical_softmax else p.negative
    found = draws.windows(ids.tolist(), offsets.tolist(), p.window, negative)
    return list(zip(kept, found, strict=True))


def test_expected_updates_are_those_of_the_windows(corpus):
    """Over a whole corpus, up to the windows that documents cut off."""
    parameters = Word2Vec(**{**SMALL, "window": 2})
    trainer = Word2VecTrainer(parameters, corpus, corpus.vocabulary)
    of_inputs, of_outputs = (np.zeros(60) for _ in range(2))
    for shard, (ids, _) in enumerate(trainer.shards):
        for target, contexts, noise in windows(trainer, shard, 0, len(ids)):
            np.add.at(of_inputs, contexts, 1)
            np.add.at(of_outputs, [target, *noise], 1)
    counts = corpus.vocabulary.counts
    targets = expected_targets(parameters, counts, corpus.words, corpus.words)
    outputs = sample_updates(targets, counts, parameters.negative, parameters.ns_exponent)
    for found, right in zip(
        (of_inputs, of_outputs), (mean_contexts(parameters) * targets, outputs), strict=True
    ):
        assert found.sum() == pytest.approx(right.sum(), rel=0.1)
        assert np.corrcoef(found, right)[0, 1] > 0.99


def test_nodes_are_expected_to_change_with_all_the_words_below_them():
    paths = HuffmanTree(np.array([4, 2, 1, 1])).paths
    assert node_updates(np.array([8.0, 4.0, 2.0, 1.0]), paths).tolist() == [15, 7, 3, 0]


@pytest.mark.parametrize("settings", KINDS[::3])
def test_frozen_words_stay_in_rounds(corpus, settings):
    start = Word2Vec(**SMALL).train(corpus)
    going_on = {**settings, "start": start, "frozen": ["w1", "w5"], "workers": 2}
    trained = Word2Vec(**SMALL, **going_on, deterministic=True, round_words=100).train(corpus)
    for word in corpus.vocabulary.words:
        assert (trained[word] == start[word]).all() == (word in {"w1", "w5"})
    again = Word2Vec(**SMALL, **{**going_on, "workers": 1}, deterministic=True, round_words=100).train(corpus)
    assert again.matrix.tobytes() == trained.matrix.tobytes()


def test_metadata_tell_the_round_but_not_the_threads(corpus):
    parameters = Word2Vec(**SMALL, deterministic=True, workers=2).train(corpus).metadata["parameters"]
    assert (parameters["round_workers"], parameters["round_words"]) == RoundSize.for_corpus(corpus.words)
    assert parameters["workers"] is None


@given(st.integers(1, 10**12), st.integers(1, MAX_WORKERS))
@settings(max_examples=50)
def test_rounds_are_many_and_pieces_bounded(words, workers):
    size = RoundSize.for_corpus(words, workers)
    assert size.words >= 1
    assert workers * size.words <= max(MIN_ROUND, min(words / ROUNDS, MAX_ROUND))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"round_workers": 2}, "round_workers needs deterministic training"),
        ({"round_words": 100}, "round_words needs deterministic training"),
        ({"deterministic": True, "engine": "gensim"}, 'deterministic needs engine="embedkit"'),
        ({"deterministic": True, "round_workers": 0}, "round_workers must be at least 1"),
        ({"deterministic": 1}, "deterministic must be"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        Word2Vec(**parameters)
