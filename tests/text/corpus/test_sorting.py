"""A corpus by frequency: the same documents, in another numbering, and only where that is needed."""

import pytest

from embedkit import Corpus, FormatError
from embedkit.text.corpus.sorting import by_frequency


@pytest.fixture
def appended(tmp_path):
    (tmp_path / "a.txt").write_text("one two one\ntwo three\n")
    (tmp_path / "b.txt").write_text("new new new two\nrare\n")
    return Corpus.encode(tmp_path / "a.txt", tmp_path / "corpus").append(tmp_path / "b.txt")


def decoded(corpus):
    return [[corpus.vocabulary.words[number] for number in ids] for ids in corpus]


def test_the_same_documents_by_frequency(appended):
    assert appended.vocabulary.words == ("one", "two", "three", "new", "rare")
    with by_frequency(appended) as corpus:
        assert corpus.vocabulary.words == ("new", "two", "one", "rare", "three")
        assert corpus.vocabulary.counts.tolist() == [3, 3, 2, 1, 1]
        assert decoded(corpus) == decoded(appended)
        assert (corpus.words, corpus.documents) == (appended.words, appended.documents)
        assert len(list(corpus.checked_shards())) == 2
        assert corpus.recipe == {**appended.recipe, "sorted_from": appended.fingerprint}
        place = corpus.path
    assert not place.exists()


def test_a_sorted_one_is_not_copied(tmp_path):
    corpus = Corpus.from_documents([["one", "two", "one"]], tmp_path / "corpus")
    with by_frequency(corpus) as same:
        assert same is corpus


def test_damage_is_not_sorted_away(appended):
    path = appended.path / "shard-00001.ids.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\1")
    with pytest.raises(FormatError, match="damaged"), by_frequency(appended):
        pass
