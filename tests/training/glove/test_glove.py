"""The trainer as a user meets it: quality, the same bytes for any number of workers, bad input."""

import errno
import hashlib
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from embedkit import Corpus, GloVe, InputError, Vocabulary
from embedkit.progress import Progress
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.glove import trainer as glove_trainer
from embedkit.training.glove.trainer import GloVeTrainer
from embedkit_corpora import atlas

SMALL = {"vector_size": 16, "epochs": 3, "x_max": 10, "workers": 1}


@pytest.fixture(scope="session")
def atlas_counts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    atlas.write_corpus(folder / "atlas.txt", words=1_000_000)
    corpus = Corpus.encode(folder / "atlas.txt", folder / "corpus")
    return Cooccurrences.count(corpus, folder / "atlas.counts")


@pytest.fixture
def documents():
    random = np.random.default_rng(0)
    return [[f"w{i}" for i in random.zipf(1.3, 40) % 90] for _ in range(300)]


def dense(counts):
    """The `Cooccurrences` of a matrix without zeros."""
    size = len(counts)
    vocabulary = Vocabulary([f"w{i}" for i in range(size)], np.full(size, 9))
    offsets, columns = np.arange(size + 1) * size, np.tile(np.arange(size, dtype=np.int32), size)
    arrays = offsets, columns, counts.ravel().astype(np.float32)
    for array in arrays:
        array.flags.writeable = False  # as those of a file are: kernels are compiled for these alone
    return Cooccurrences(vocabulary, *arrays, {})


def solved(vectors):
    questions = atlas.questions()
    answers = vectors.analogies([(q.a, q.b, q.c) for q in questions], top=1)
    return sum(found[0].word == q.d for q, found in zip(questions, answers, strict=True)) / len(questions)


def test_training_learns_analogies_of_the_atlas(atlas_counts):
    vectors = GloVe(vector_size=64, x_max=10, epochs=15).train(atlas_counts)
    assert solved(vectors) >= 0.15  # by chance 1 / 2621
    costs = vectors.metadata["losses"]
    assert costs == sorted(costs, reverse=True)


def test_the_file_is_the_same_for_any_number_of_workers(atlas_counts, tmp_path):
    settings = {"vector_size": 16, "epochs": 2, "x_max": 10}
    found = set()
    for workers in (1, 2, 3, 4):
        path = tmp_path / f"{workers}.safetensors"
        GloVe(**settings, workers=workers).train(atlas_counts).save(path)
        found.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(found) == 1
    other = GloVe(**settings, seed=2).train(atlas_counts)
    other.save(tmp_path / "other.safetensors")
    assert hashlib.sha256((tmp_path / "other.safetensors").read_bytes()).hexdigest() not in found


def test_blocks_that_do_not_fit_into_memory_change_nothing(atlas_counts, monkeypatch):
    rooms = []
    room = glove_trainer.Blocks.build

    def spy(*arguments):
        rooms.append(arguments[3])
        return room(*arguments)

    monkeypatch.setattr(glove_trainer.Blocks, "build", spy)
    small, large = (GloVe(**SMALL, memory=memory).train(atlas_counts) for memory in ("4MB", "4GB"))
    assert rooms == [True, False]
    np.testing.assert_array_equal(small.matrix, large.matrix)
    with pytest.raises(InputError, match=r'memory=100000 is too little for the matrices, which take "3MB"'):
        GloVe(**SMALL, memory=100_000).train(atlas_counts)


def test_a_full_disk_is_told(atlas_counts, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("embedkit.training.glove.blocks.reserve", full)
    with pytest.raises(InputError, match=r"No space left on device; training needs .* or more memory"):
        GloVe(**SMALL, memory="4MB").train(atlas_counts)


def test_counts_of_low_rank_are_fitted():
    random = np.random.default_rng(4)
    rows, columns = random.normal(size=(2, 80, 3))
    logs = rows @ columns.T + random.normal(size=(80, 1)) + random.normal(size=80)
    vectors = GloVe(vector_size=16, x_max=1e-9, epochs=200).train(dense(np.exp(logs)))
    costs = vectors.metadata["losses"]
    assert costs[0] > 0.5
    assert costs[-1] < 1e-3


def test_what_is_kept_of_the_two_vectors(documents):
    total, word, both = (GloVe(**SMALL, combine=how).train(documents) for how in ("sum", "word", "both"))
    assert both.matrix.shape == (len(total), 32)
    np.testing.assert_array_equal(both.matrix[:, :16], word.matrix)
    np.testing.assert_array_equal(both.matrix[:, :16] + both.matrix[:, 16:], total.matrix)


def test_all_sources_give_the_same(documents, tmp_path):
    corpus = Corpus.from_documents(documents, tmp_path / "corpus")
    counts = Cooccurrences.count(corpus, tmp_path / "file.counts")
    expected = GloVe(**SMALL).train(counts).matrix
    for source in (corpus, tmp_path / "corpus", tmp_path / "file.counts", documents, iter(documents)):
        np.testing.assert_array_equal(GloVe(**SMALL).train(source).matrix, expected)


def test_metadata_tell_how_the_vectors_were_made(documents, tmp_path):
    corpus = Corpus.from_documents(documents, tmp_path / "corpus")
    metadata = GloVe(**SMALL, window=3).train(corpus).metadata
    assert metadata["trainer"] == "glove"
    assert metadata["parameters"]["window"] == 3
    assert metadata["parameters"]["min_count"] == 5
    assert metadata["parameters"]["weighting"] == "harmonic"
    assert metadata["corpus"]["fingerprint"] == corpus.fingerprint
    assert len(metadata["losses"]) == 3


def test_the_vectors_can_be_looked_at_after_each_epoch(documents):
    seen = []
    trained = GloVe(**SMALL).train(documents, after_epoch=lambda *state: seen.append(state))
    assert [epoch for epoch, _ in seen] == [1, 2, 3]
    assert not np.array_equal(seen[0][1].matrix, seen[1][1].matrix)
    np.testing.assert_array_equal(seen[2][1].matrix, trained.matrix)
    assert [len(vectors.metadata["losses"]) for _, vectors in seen] == [1, 2, 3]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vector_size": 0}, "vector_size must be at least 1"),
        ({"x_max": 0}, "x_max must be more than 0"),
        ({"alpha": float("nan")}, "alpha must be a finite number"),
        ({"combine": "product"}, "combine must be one of 'sum', 'word', 'both'"),
        ({"memory": "much"}, "memory must be like"),
        ({"window": 0}, "window must be at least 1"),
    ],
)
def test_wrong_settings_are_refused_at_construction(settings, message):
    with pytest.raises(InputError, match=message):
        GloVe(**settings)


@pytest.mark.parametrize(("name", "value"), [("window", 4), ("min_count", 6), ("max_vocabulary", 50)])
def test_settings_other_than_those_of_the_counts_are_refused(documents, tmp_path, name, value):
    counts = Cooccurrences.count(Corpus.from_documents(documents, tmp_path / "corpus"))
    with pytest.raises(InputError, match=f"{name}={value} cannot apply to counts made with {name}="):
        GloVe(**SMALL, **{name: value}).train(counts)
    fitting = GloVe(**SMALL, **{name: counts.recipe[name]}).train(counts)
    np.testing.assert_array_equal(fitting.matrix, GloVe(**SMALL).train(counts).matrix)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([], "no text"),
        ([["a"] * 9], "min_count=5 leaves 1 of 1 different words"),
        ([["a"], ["b"]] * 9, "no two of the 2 words stand in the same document"),
        ("no such file.txt", "no such file"),
        (5, "expected a Corpus, paths, texts, or documents"),
    ],
)
def test_a_source_that_is_none_is_explained(source, message):
    with pytest.raises(InputError, match=message):
        GloVe(**SMALL).train(source)


@pytest.mark.parametrize("rate", [50.0, 1e10])
def test_divergence_in_the_first_epoch_is_an_error(documents, rate):
    with pytest.raises(InputError, match=r"diverged in epoch 1 .*; learning_rate must be lower than"):
        GloVe(**{**SMALL, "epochs": 5}, learning_rate=rate).train(documents)


@pytest.mark.parametrize("poison", [np.nan, np.inf, 1e18])
def test_divergence_later_hands_back_the_last_good_epoch(documents, monkeypatch, poison):
    train_epoch = GloVeTrainer.train_epoch

    def spoilt(self, epoch, *others):
        if epoch == 2:
            self.words[:, :, 0] = poison
        return train_epoch(self, epoch, *others)

    expected = GloVe(**{**SMALL, "epochs": 2}).train(documents)
    monkeypatch.setattr(GloVeTrainer, "train_epoch", spoilt)
    with pytest.warns(UserWarning, match=r"diverged in epoch 3 .* lower than 0.05; .* after epoch 2"):
        found = GloVe(**{**SMALL, "epochs": 9}).train(documents)
    np.testing.assert_array_equal(found.matrix, expected.matrix)
    assert found.metadata["losses"] == expected.metadata["losses"]
    assert found.metadata["stopped_early"] == "diverged in epoch 3"
    assert "stopped_early" not in expected.metadata


def test_counts_of_one_cost_nothing_and_are_no_divergence():
    vectors = GloVe(vector_size=16, epochs=3).train(dense(np.ones((20, 20))))
    assert len(vectors.metadata["losses"]) == 3
    assert vectors.metadata["losses"][2] < 1e-3


def test_an_interrupt_stops_the_threads_and_leaves_nothing(atlas_counts, tmp_path, monkeypatch):
    class Interrupt(Progress):
        def update(self, completed, figures=""):
            if "cost" in figures:
                raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        GloVe(epochs=500, vector_size=64, memory="7MB").train(atlas_counts, progress=Interrupt())
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]
    assert not list(Path(tmp_path).iterdir())
