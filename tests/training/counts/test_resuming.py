"""Counting that was interrupted goes on with the chunks that are done, to the same bytes."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embedkit import Checkpoint, Cluster, Cooccurrences, Corpus
from embedkit.leftovers import unfinished_path
from embedkit.progress import Progress
from tests.marks import NEEDS_LOCKS

pytestmark = NEEDS_LOCKS


class Interrupting(Progress):
    """Interrupts when so many words are counted, and keeps what it is told."""

    def __init__(self, words=None):
        self.words, self.notes = words, []

    def update(self, completed, figures=""):
        if self.words and completed >= self.words:
            raise KeyboardInterrupt

    def note(self, message):
        self.notes.append(message)


@pytest.fixture
def corpus(tmp_path):
    ids = np.minimum(np.random.default_rng(1).zipf(1.5, 30_000) - 1, 60)
    documents = [[f"w{word}" for word in ids[start : start + 20]] for start in range(0, len(ids), 20)]
    return Corpus.from_documents(documents, tmp_path / "corpus")


def counted(corpus, target, words=None, **by):
    progress, by = Interrupting(words), by or {"workers": 1, "memory": "60KB"}
    with Checkpoint(target) as checkpoint:
        Cooccurrences.count(corpus, target, **by, progress=progress, checkpoint=checkpoint)
    return target.read_bytes(), progress.notes


@pytest.fixture
def cluster():
    with ThreadPoolExecutor(3) as pool:
        yield Cluster.over(pool, 3)


@pytest.mark.parametrize("workers", [1, 3])
def test_a_cluster_goes_on_with_the_rows_that_are_there_also_with_other_workers(
    corpus, tmp_path, cluster, workers
):
    target = tmp_path / "counts"
    expected, _ = counted(corpus, tmp_path / "alone")
    for words in (8_000, 20_000):
        with pytest.raises(KeyboardInterrupt):
            counted(corpus, target, words, cluster=cluster)
    with ThreadPoolExecutor(workers) as pool:
        found, notes = counted(corpus, target, cluster=Cluster.over(pool, workers))
    assert notes[0].startswith("continuing: row ")
    assert found == expected
    assert {path.name for path in tmp_path.iterdir()} == {"corpus", "counts", "alone"}


def test_rows_that_are_damaged_are_counted_anew(corpus, tmp_path, cluster):
    target = tmp_path / "counts"
    expected, _ = counted(corpus, tmp_path / "alone")
    with pytest.raises(KeyboardInterrupt):
        counted(corpus, target, 20_000, cluster=cluster)
    (sums,) = unfinished_path(tmp_path, "counts").glob("*.sums")
    sums.write_bytes(sums.read_bytes()[:-8])
    found, notes = counted(corpus, target, cluster=cluster)
    assert "so this begins anew: the counts are not those that were written" in notes[1]
    assert found == expected


def test_the_bytes_are_those_of_a_count_that_was_not_interrupted(corpus, tmp_path):
    target = tmp_path / "counts"
    expected, notes = counted(corpus, target)
    assert any(note.startswith("merging") for note in notes)
    target.unlink()
    for words in (12_000, 22_000):
        with pytest.raises(KeyboardInterrupt):
            counted(corpus, target, words)
    found, notes = counted(corpus, target)
    assert notes[0].startswith("continuing: run ")
    assert found == expected
    assert {path.name for path in tmp_path.iterdir()} == {"corpus", "counts"}


@pytest.mark.parametrize("damage", [lambda data: data[:-4], lambda data: b"x" + data[1:]])
def test_counts_that_are_damaged_are_not_believed(corpus, tmp_path, damage):
    target = tmp_path / "counts"
    expected, _ = counted(corpus, target)
    target.unlink()
    with pytest.raises(KeyboardInterrupt):
        counted(corpus, target, words=20_000)
    (columns,) = unfinished_path(tmp_path, "counts").glob("*.columns")
    saved = columns.read_bytes()
    columns.write_bytes(damage(saved[: len(saved) // 2 // 4 * 4]))
    found, notes = counted(corpus, target)
    assert "Warning: what was saved is not believed, so this begins anew: the counts are not" in notes[1]
    assert found == expected
