"""The command train-glove."""

import hashlib

import numpy as np
import pytest

import embedkit
from embedkit import Corpus
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.glove.trainer import GloVeTrainer

SMALL = "--vector-size 16 --epochs 2 --x-max 10"


@pytest.fixture
def counts(run, text):
    """file.counts: the counts of text.txt, whose corpus is the folder corpus."""
    run("tokenize text.txt -o corpus -q")
    return Cooccurrences.count(Corpus.open("corpus"), "file.counts", window=3)


def test_training_tells_what_it_does_and_records_it(run, text):
    options = f"{SMALL} --keep 3 --dtype int8"
    result = run(f"train-glove text.txt -o v.safetensors --workers 2 {options} --memory=1GB")
    assert (result.stdout, result.exit_code) == ("", 0)
    vectors = embedkit.load("v.safetensors")
    assert f"\nepoch 2 of 2: cost {vectors.metadata['losses'][1]:.4f}\n" in result.stderr
    assert " nonzeros/s with 2 workers" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("wrote v.safetensors: 3 words x 16, 0.00 MB; ")
    assert list(vectors) == ["the", "and", "one"]
    assert vectors.metadata["command"] == f"embedkit train-glove text.txt -o v.safetensors {options}"
    assert "x_max           10" in run("info v.safetensors").stdout


def test_files_are_the_same_for_any_number_of_workers(run, text, tmp_path):
    found = set()
    for workers in (1, 2, 3, 4):
        folder = tmp_path / str(workers)
        folder.mkdir()
        run(f"train-glove text.txt -o {folder}/v.safetensors {SMALL} --workers {workers} -q")
        found.add(hashlib.sha256((folder / "v.safetensors").read_bytes()).hexdigest())
    assert len(found) == 1


def test_text_corpus_and_counts_give_the_same(run, text, counts):
    for number, source in enumerate(
        ("text.txt --window 3", "corpus --window 3", "file.counts", "- --window 3")
    ):
        result = run(f"train-glove {source} -o {number}.bin {SMALL} -q", text.read_text())
        assert (result.stderr, result.exit_code) == ("", 0)
    first, *others = (embedkit.load(f"{number}.bin").matrix for number in range(4))
    for other in others:
        np.testing.assert_array_equal(other, first)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("file.counts --window 5", "window=5 cannot apply to counts made with window=3; leave window out, "),
        ("file.counts text.txt", "file.counts holds counts, which must be the only INPUT, got 2"),
        (
            "file.counts --no-lowercase",
            "file.counts holds counts of tokenized text, so the options for raw text cannot apply",
        ),
        ("corpus --no-lowercase", "corpus is a corpus and already tokenized"),
        ("none.txt", "no such file or folder: none.txt"),
        ("empty.txt", "there is no word in the text"),
        ("alone.txt", "no two of the 2 words stand in the same document"),
        ("text.txt --vector-size 16 --learning-rate 1e9", "training diverged in epoch 1 "),
        ("text.txt --memory 1KB", "memory='1KB' is too little for 9 words"),
        ("text.txt --best-epoch", "--best-epoch needs --evaluate"),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_written(run, counts, tmp_path, line, message):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "alone.txt").write_text("hen\nfox\n" * 9)
    (tmp_path / "v.bin").write_bytes(b"old")
    before = sorted(tmp_path.iterdir())
    result = run(f"train-glove {line} -o v.bin")
    assert result.exit_code == 2
    assert f"Error: {message}" in result.stderr
    assert (tmp_path / "v.bin").read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == before


def test_counts_are_not_overwritten(run, counts):
    result = run("train-glove file.counts -o file.counts")
    assert result.exit_code == 2


def test_divergence_later_writes_the_last_good_epoch_and_exits_with_2(run, text, monkeypatch):
    train_epoch = GloVeTrainer.train_epoch

    def spoilt(self, epoch, *others):
        if epoch == 1:
            self.words[:] = np.nan
        return train_epoch(self, epoch, *others)

    monkeypatch.setattr(GloVeTrainer, "train_epoch", spoilt)
    result = run(f"train-glove text.txt -o v.safetensors {SMALL}")
    assert result.exit_code == 2
    assert "learning_rate must be lower than 0.05; these are the vectors after epoch 1\n" in result.stderr
    assert "wrote v.safetensors" in result.stderr
    vectors = embedkit.load("v.safetensors")
    assert vectors.metadata["stopped_early"] == "diverged in epoch 2"
    assert np.isfinite(vectors.matrix).all()


def test_epochs_are_evaluated(run, text, tmp_path):
    (tmp_path / "pairs.txt").write_text("cat dog 9\ncat hen 2\ncow fox 3\nhen fox 8\ndog cow 7\n")
    result = run(f"train-glove text.txt -o v.safetensors {SMALL} --evaluate pairs.txt --best-epoch")
    assert "epoch 2: pairs spearman" in result.stderr
    metadata = embedkit.load("v.safetensors").metadata
    assert len(metadata["losses"]) == metadata["best_epoch"]


def test_an_interrupt_keeps_the_old_file(run, text, monkeypatch):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(GloVeTrainer, "train_epoch", interrupt)
    text.with_name("v.bin").write_bytes(b"old")
    result = run(f"train-glove text.txt -o v.bin {SMALL}")
    assert result.exit_code == 130
    assert result.stderr.endswith("\nInterrupted before the end: v.bin is as it was, nothing else was kept\n")
    assert text.with_name("v.bin").read_bytes() == b"old"
