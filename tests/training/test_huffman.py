"""Huffman trees: gensim's are as good and none is better."""

import heapq

import gensim.models
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError
from embedkit.training.huffman import HuffmanTree

COUNTS = st.lists(st.integers(0, 10**6), min_size=2, max_size=60).map(np.array)


def least_cost(counts):
    """The least sum of count times depth: that of all sums that a heap merges."""
    heap, cost = counts.tolist(), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        cost += merged
        heapq.heappush(heap, merged)
    return cost


def codes(tree):
    """The turns on the path to each word, as text."""
    paths = tree.paths
    for word in range(tree.words):
        turns = paths.nodes[paths.offsets[word] : paths.offsets[word + 1]]
        yield "".join("R" if turn < 0 else "L" for turn in turns)


@given(COUNTS)
def test_no_tree_has_shorter_paths_to_frequent_words(counts):
    assert (counts * HuffmanTree(counts).depths).sum() == least_cost(counts)


@given(COUNTS)
def test_paths_lead_from_the_root_to_one_word_each(counts):
    tree = HuffmanTree(counts)
    found = list(codes(tree))
    assert sum(2.0 ** -len(code) for code in found) == 1  # Kraft: a full binary tree
    assert len(set(found)) == len(counts)
    assert not any(a != b and b.startswith(a) for a in found for b in found)
    assert [len(code) for code in found] == tree.depths.tolist()
    prefixes = {}
    for word, code in enumerate(found):
        turns = tree.paths.nodes[tree.paths.offsets[word] : tree.paths.offsets[word + 1]]
        for depth, turn in enumerate(turns.tolist()):
            node = turn if turn >= 0 else ~turn
            assert prefixes.setdefault(node, code[:depth]) == code[:depth]  # one place in the tree
    assert sorted(prefixes) == list(range(len(counts) - 1))
    assert prefixes[0] == ""


def test_gensim_has_codes_of_the_same_length():
    counts = np.random.default_rng(0).permutation(np.arange(1, 400) ** 2)
    model = gensim.models.Word2Vec(hs=1, negative=0, vector_size=2, min_count=1)
    model.build_vocab_from_freq({str(word): int(count) for word, count in enumerate(counts)})
    theirs = [len(model.wv.get_vecattr(str(word), "code")) for word in range(len(counts))]
    ours = HuffmanTree(counts).depths
    assert (ours * counts).sum() == (np.array(theirs) * counts).sum()
    assert np.abs(ours - theirs).max() <= 1  # where sums are equal
    assert ours[np.argmax(counts)] == theirs[np.argmax(counts)]


@pytest.mark.parametrize("counts", [[3], [], [3, -1]])
def test_counts_that_make_no_tree_are_refused(counts):
    with pytest.raises(InputError, match="counts of two words or more"):
        HuffmanTree(np.array(counts, np.int64))
