"""Targets of documents: words and frequent n-grams, in the order of the places where they begin."""

import numpy as np
import pytest

from embedkit.text.corpus.shards import Shard
from embedkit.text.ngrams.keys import ngram_names
from embedkit.training.doc2vec import targets as module
from embedkit.training.doc2vec.targets import ngram_targets, symbols_of, targets_in

UNKNOWN = 9


def shard(*documents):
    ids = np.array([word for document in documents for word in document], np.int32)
    return Shard(ids, np.cumsum([0, *map(len, documents)]))


@pytest.fixture
def shards():
    return [shard([0, 1, 2], [], [0, 1, UNKNOWN, 0]), shard([2, 0, 1, 2, 0, 1])]


def names(keys):
    return ngram_names("abc", keys, "")


@pytest.mark.parametrize("at_once", [1 << 24, 4])
def test_ngrams_that_occur_often_enough_in_all_shards(shards, tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    found = ngram_targets(shards, 3, 3, 2, tmp_path)
    counts = dict(zip(names(found.keys), found.counts.tolist(), strict=True))
    assert counts == {"a": 5, "b": 4, "c": 3, "ab": 4, "bc": 2, "ca": 2, "abc": 2, "cab": 2}
    spelled = [[names(found.keys)[number] for number in own.ids] for own in found.shards]
    assert spelled == [
        ["a", "ab", "abc", "b", "bc", "c", "a", "ab", "b", "a"],
        ["c", "ca", "cab", "a", "ab", "abc", "b", "bc", "c", "ca", "cab", "a", "ab", "b"],
    ]
    assert [own.offsets.tolist() for own in found.shards] == [[0, 6, 6, 10], [0, 14]]


def test_rare_ngrams_are_none(shards, tmp_path):
    assert names(ngram_targets(shards, 3, 2, 5, tmp_path).keys) == ["a", "b", "c"]


def test_targets_of_no_documents(tmp_path):
    keys = ngram_targets([shard([0, 1], [0, 1])], 3, 2, 2, tmp_path).keys
    found = targets_in(symbols_of(shard(), 3), np.zeros(1, np.int64), keys)
    assert (len(found.ids), found.offsets.tolist()) == (0, [0])
