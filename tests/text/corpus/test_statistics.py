"""Statistics of a corpus against what plain Python counts."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.tokenized_documents import encode_documents

DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=9), min_size=1, max_size=30).filter(any)


@settings(max_examples=50)
@given(documents=DOCUMENTS, shard=st.integers(1, 40))
def test_small_corpora(documents, shard, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus") / "corpus"
    encode_documents(documents, folder, shard_words=shard)
    told = Corpus.open(folder).statistics(top=3)
    words = [word for document in documents for word in document]
    counts = Counter(words)
    assert (told.documents, told.tokens, told.types) == (sum(map(bool, documents)), len(words), len(counts))
    assert told.hapaxes == list(counts.values()).count(1)
    assert told.counts.tolist() == sorted(counts.values(), reverse=True)
    assert told.frequent == tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3])
    tokens, types = (numbers.tolist() for numbers in told.curve)
    assert types == [len(set(words[:number])) for number in tokens]
    assert (tokens[0], tokens[-1], types[-1]) == (1, len(words), len(counts))
    lengths = sorted(map(len, filter(None, documents)))
    expected = [lengths[max(0, -(-len(lengths) * percent // 100) - 1)] for percent, _ in told.lengths]
    assert [length for _, length in told.lengths] == expected
    for least, kept, number in told.kept:
        left = [count for count in counts.values() if count >= least]
        assert (kept, number) == (len(left), sum(left))


def test_documents_in_several_shards_are_whole(tmp_path):
    (tmp_path / "text.txt").write_text("one\n" + "two " * 300 + "\nthree four\n")
    encode_text(tmp_path / "text.txt", tmp_path / "corpus", workers=1, block_bytes=100)
    told = Corpus.open(tmp_path / "corpus").statistics()
    assert len(Corpus.open(tmp_path / "corpus").shards()) > 5
    assert told.documents == 3
    assert dict(told.lengths) == {0: 1, 5: 1, 25: 1, 50: 2, 75: 300, 95: 300, 99: 300, 100: 300}


def test_the_laws_of_a_text_that_is_drawn_by_zipfs(tmp_path):
    """Its vocabulary grows with the power 1 / s, too, for s > 1."""
    random = np.random.default_rng(5)
    ranks = random.zipf(1.5, 60_000).tolist()
    documents = [list(map(str, ranks[begin : begin + 20])) for begin in range(0, len(ranks), 20)]
    told = Corpus.from_documents(documents, tmp_path / "corpus").statistics()
    assert told.zipf.exponent == pytest.approx(1.5, abs=3 * told.zipf.error)
    assert told.heaps.exponent == pytest.approx(1 / 1.5, abs=0.03)


def test_appended_text_is_counted_too(tmp_path):
    for name, text in ("a.txt", "a b\n"), ("b.txt", "c c c\n"):
        (tmp_path / name).write_text(text)
    told = Corpus.encode(tmp_path / "a.txt", tmp_path / "corpus").append(tmp_path / "b.txt").statistics()
    assert told.frequent == (("c", 3), ("a", 1), ("b", 1))
    assert (told.zipf, told.heaps) == (None, None)
    assert told.counts.tolist() == [3, 1, 1]
