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
from embedkit.training.meter import Meter
from embedkit.training.reference import negative_sampling
from embedkit.training.reference.rounds import train_round
from embedkit.training.rounds.merging import damping
from embedkit.training.rounds.round_size import MAX_WORDS, MIN_ROUND, ROUNDS, RoundSize
from embedkit.training.word2vec.expected_updates import expected_updates
from embedkit.training.word2vec.trainer import Word2VecTrainer

SMALL = {"vector_size": 16, "min_count": 1, "epochs": 2, "sample": 0.01}
MODELS = ("skipgram", "cbow")


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


@pytest.mark.parametrize("model", MODELS)
def test_any_number_of_threads_gives_the_same_bytes(corpus, model):
    """Also where the corpus is smaller than a round, and in its last round, which is short."""
    for words in (300, 5000):
        parameters = {"model": model, "deterministic": True, "round_words": words}
        assert len({digest(corpus, workers=threads, **parameters) for threads in range(1, 9)}) == 1


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("workers", [1, 4])
def test_rounds_of_one_piece_train_as_one_thread_does(corpus, model, workers, tmp_path):
    """Be it of one worker, or of more than the corpus has pieces."""
    documents = [[corpus.vocabulary.words[i] for i in ids] for ids in corpus]
    corpus = Corpus.from_documents(documents, tmp_path / "one shard")
    size = {"round_workers": workers, "round_words": 1 << 16}
    rounds = digest(corpus, model=model, deterministic=True, workers=3, **size)
    assert rounds == digest(corpus, model=model, workers=1)


def test_the_number_of_workers_of_a_round_matters(corpus):
    two, three = (digest(corpus, deterministic=True, round_words=300, round_workers=n) for n in (2, 3))
    assert two != three


@pytest.mark.parametrize("model", MODELS)
def test_rounds_and_twin_agree(corpus, model):
    parameters = Word2Vec(**SMALL, model=model, deterministic=True, round_workers=3, round_words=900)
    trainer = Word2VecTrainer(parameters, corpus, corpus.vocabulary)
    inputs, outputs = (rows.astype(float) for rows in (trainer.inputs, trainer.outputs))
    done = train_epoch(trainer, 0, 2, Meter(SILENT))
    counts = corpus.vocabulary.counts
    dampings = tuple(damping(u, 3) for u in expected_updates(parameters, counts, corpus.words, 900))
    pieces = list(trainer.pieces())
    predictions = 0
    for start in range(0, len(pieces), 3):
        some = pieces[start : start + 3]
        made = train_round(
            inputs, outputs, [windows(trainer, *piece[:3]) for piece in some],
            [trainer.rate(piece.before) for piece in some], dampings, model == "cbow",
        )  # fmt: skip
        predictions += sum(number for number, _ in made)
    assert done.predictions == predictions
    np.testing.assert_allclose(trainer.inputs, inputs, atol=1e-5)
    np.testing.assert_allclose(trainer.outputs, outputs, atol=1e-5)


def windows(trainer, shard, start, stop):
    """The windows of the words kept at positions [start, stop) of a shard, in the first epoch."""
    p, (ids, offsets) = trainer.parameters, trainer.shards[shard]
    key = int(np.random.SeedSequence((p.seed, 0, shard)).generate_state(1, np.uint64)[0])
    draws = negative_sampling.Draws(trainer.keep, trainer.targets, key)
    kept = [
        position
        for position in range(len(ids))
        if next(draws.stream(position)) >> 32 <= trainer.keep[ids[position]]
    ]
    found = draws.windows(ids.tolist(), offsets.tolist(), p.window, p.negative)
    return [window for position, window in zip(kept, found, strict=True) if start <= position < stop]


def test_expected_updates_are_those_of_the_windows(corpus):
    """Over a whole corpus, up to the windows that documents cut off."""
    parameters = Word2Vec(**{**SMALL, "window": 2})
    trainer = Word2VecTrainer(parameters, corpus, corpus.vocabulary)
    of_inputs, of_outputs = (np.zeros(60) for _ in range(2))
    for shard, (ids, _) in enumerate(trainer.shards):
        for target, contexts, noise in windows(trainer, shard, 0, len(ids)):
            np.add.at(of_inputs, contexts, 1)
            np.add.at(of_outputs, [target, *noise], 1)
    expected = expected_updates(parameters, corpus.vocabulary.counts, corpus.words, corpus.words)
    for found, right in zip((of_inputs, of_outputs), expected, strict=True):
        assert found.sum() == pytest.approx(right.sum(), rel=0.1)
        assert np.corrcoef(found, right)[0, 1] > 0.99


def test_metadata_tell_the_round_but_not_the_threads(corpus):
    parameters = Word2Vec(**SMALL, deterministic=True, workers=2).train(corpus).metadata["parameters"]
    assert (parameters["round_workers"], parameters["round_words"]) == RoundSize.for_corpus(corpus.words)
    assert parameters["workers"] is None


@given(st.integers(1, 10**12), st.integers(1, MAX_WORKERS))
@settings(max_examples=50)
def test_rounds_are_many_and_pieces_bounded(words, workers):
    size = RoundSize.for_corpus(words, workers)
    assert 1 <= size.words <= MAX_WORDS
    assert workers * size.words <= max(MIN_ROUND, words / ROUNDS)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"round_workers": 2}, "round_workers needs deterministic=True"),
        ({"round_words": 100}, "round_words needs deterministic=True"),
        ({"deterministic": True, "engine": "gensim"}, 'deterministic needs engine="embedkit"'),
        ({"deterministic": True, "round_workers": 0}, "round_workers must be at least 1"),
        ({"deterministic": 1}, "deterministic must be"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        Word2Vec(**parameters)
