"""Named pipes where files are read more than once: refused at once, as nobody may ever write to them."""

import os
from pathlib import Path

import pytest

from embedkit import Corpus, Vocabulary, read_labeled
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.file import read_file
from embedkit.file_facts import verify_file
from embedkit.text.datasets.unlabeled import read_texts
from embedkit_cli.classifiers.configs import read_config

if not hasattr(os, "mkfifo"):
    pytest.skip("this system has no named pipes", allow_module_level=True)

READERS = {
    "vocabulary.tsv": Vocabulary.load,
    "t.csv": read_labeled,
    "t.jsonl": read_labeled,
    "t.parquet": read_labeled,
    "t.txt": lambda path: list(read_texts(path)),
    "benchmark": read_file,
    "config.toml": read_config,
}


@pytest.mark.parametrize("name", READERS)
def test_a_pipe_is_no_file(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(InputError, match="expected a regular file, got a pipe or a device"):
        READERS[name](tmp_path / name)


@pytest.mark.parametrize("name", ["shard-00000.ids.npy", "shard-00000.offsets.npy", "vocabulary.tsv"])
def test_a_corpus_with_a_pipe_in_it(tmp_path, name):
    corpus = Corpus.from_documents([["a", "b"]], tmp_path / "c").path
    Path(corpus, name).unlink()
    os.mkfifo(corpus / name)
    with pytest.raises(InputError, match="expected a regular file, got a pipe or a device"):
        verify_file(corpus)


def test_text_may_come_through_a_pipe(tmp_path):
    read, write = os.pipe()
    os.write(write, b"one fine film\n")
    os.close(write)
    try:
        assert Corpus.encode(f"/dev/fd/{read}", tmp_path / "c").words == 3
    finally:
        os.close(read)
