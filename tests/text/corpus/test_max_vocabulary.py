"""A largest vocabulary: what is kept is exact, what is lost is bounded, whatever the workers."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.errors import InputError
from embedkit.text.corpus import block_encoding
from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.corpus import Corpus

LETTERS = "abcdefghijklmnopqrst"
DOCUMENTS = st.lists(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=9), min_size=1, max_size=40)


def encode(folder, documents, size, **options):
    (folder / "text.txt").write_text("\n".join(map(" ".join, documents)))
    options = {"workers": 1, "block_bytes": 20} | options
    encode_text(
        folder / "text.txt", folder / "corpus", tokenizer="whitespace", max_vocabulary=size, **options
    )
    return Corpus.open(folder / "corpus")


def decoded(corpus):
    return [[corpus.vocabulary.words[number] for number in ids] for ids in corpus]


@settings(max_examples=25)
@given(documents=DOCUMENTS, size=st.integers(1, 17), block=st.integers(1, 200))
def test_kept_words_are_exact_and_lost_ones_are_bounded(documents, size, block, tmp_path_factory):
    corpus = encode(tmp_path_factory.mktemp("corpus"), documents, size, block_bytes=block)
    truth = Counter(word for document in documents for word in document)
    kept = dict(zip(corpus.vocabulary, corpus.vocabulary.counts.tolist(), strict=True))
    assert len(kept) == min(size, len(truth))
    assert kept == {word: truth[word] for word in kept}
    expected = [[word for word in document if word in kept] for document in documents]
    assert decoded(corpus) == [document for document in expected if document]
    assert len(corpus) == len(decoded(corpus))
    assert len(list(corpus.checked_shards())) == len(corpus.shards())
    lost = {word: count for word, count in truth.items() if word not in kept}
    if not lost:
        assert "dropped" not in corpus.recipe
        return
    dropped = corpus.recipe["dropped"]
    assert dropped["tokens"] == sum(lost.values())
    assert dropped["types"] == len(lost)
    assert max(lost.values()) <= dropped["highest_count"]


@settings(max_examples=25)
@given(
    words=st.lists(st.sampled_from("abcdefghijklmnopqrst"), min_size=1, max_size=300), size=st.integers(1, 4)
)
def test_the_bound_is_at_most_the_tokens_over_the_size(words, size, tmp_path_factory):
    corpus = encode(tmp_path_factory.mktemp("corpus"), [words], size, block_bytes=8)
    assert ("dropped" in corpus.recipe) == (len(set(words)) > size)
    if "dropped" in corpus.recipe:
        assert corpus.recipe["dropped"]["highest_count"] <= len(words) / (size + 1)


def test_a_size_that_holds_all_words_changes_no_byte_but_the_recipe(tmp_path):
    documents = [["a", "b", "a"], ["c"]]
    (tmp_path / "x").mkdir()
    limited, free = encode(tmp_path, documents, 3), encode(tmp_path / "x", documents, None)
    assert limited.fingerprint == free.fingerprint
    assert limited.recipe["max_vocabulary"] == 3
    assert "dropped" not in limited.recipe


def test_the_bytes_do_not_depend_on_workers_or_compiled_code(tmp_path, monkeypatch):
    random = np.random.default_rng(3)
    documents = [[f"w{word}" for word in random.zipf(1.3, 8).tolist()] for _ in range(500)]
    made = []
    for workers, compiled_bytes in (1, 0), (2, 0), (1, 1 << 22), (2, 1 << 22):
        monkeypatch.setattr(block_encoding, "COMPILED_BYTES", compiled_bytes)
        corpus = encode(tmp_path, documents, 40, workers=workers, block_bytes=1000)
        made.append((corpus.fingerprint, dict(corpus.recipe)))
    assert made[1:] == made[:-1]
    assert made[0][1]["dropped"]["types"] > 300


def test_long_lines_whose_words_are_dropped(tmp_path):
    line = ["a", *(f"rare{number}" for number in range(200)), "a"]
    corpus = encode(tmp_path, [["a", "b", "b"], line, ["b", "b"], ["rare"], ["a"]], 2)
    assert decoded(corpus) == [["a", "b", "b"], ["a", "a"], ["b", "b"], ["a"]]
    assert corpus.documents == 4


def test_no_vocabulary_at_all_is_refused(tmp_path):
    with pytest.raises(InputError, match="max_vocabulary must be at least 1, got 0"):
        encode(tmp_path, [["a"]], 0)
