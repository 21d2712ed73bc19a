import json

import numpy as np
import pytest

from embedkit import Corpus, FormatError, InputError


@pytest.fixture
def folder(tmp_path):
    return Corpus.from_documents([["one", "two", "one"], ["two", "three"]], tmp_path / "corpus").path


def verify(folder):
    return list(Corpus.open(folder).checked_shards())


def test_a_corpus_is_what_it_was(folder):
    [(entry, shard)] = verify(folder)
    assert (entry.words, shard.ids.tolist()) == (5, [0, 1, 0, 1, 2])


@pytest.mark.parametrize(("kind", "place", "value"), [("ids", 1, 2), ("offsets", 1, 2)])
def test_another_number_that_could_be_is_found(folder, kind, place, value):
    path = folder / f"shard-00000.{kind}.npy"
    numbers = np.load(path)
    assert numbers[place] != value
    numbers[place] = value
    np.save(path, numbers)
    with pytest.raises(
        FormatError, match=r"shard-00000\.ids\.npy or shard-00000\.offsets\.npy is not what its"
    ):
        verify(folder)


def test_another_word_is_found(folder):
    path = folder / "vocabulary.tsv"
    path.write_text(path.read_text().replace("three", "seven"))
    with pytest.raises(
        FormatError, match=r"its vocabulary\.tsv or its manifest\.json is not what the fingerprint"
    ):
        verify(folder)


def test_another_fingerprint_is_found(folder):
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "fingerprint": "0" * 64}))
    with pytest.raises(FormatError, match="is not what the fingerprint says"):
        verify(folder)


def test_what_is_no_corpus(tmp_path):
    with pytest.raises(InputError, match=r"is no corpus: it has no manifest\.json"):
        verify(tmp_path)
