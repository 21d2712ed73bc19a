"""Pieces hold whole documents, each once, in an order of their own in each epoch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embedkit.training.doc2vec import pieces as module
from embedkit.training.doc2vec.pieces import jobs_of, pieces_of

LENGTHS = st.lists(st.integers(0, 3000), min_size=1, max_size=12)


@given(st.lists(LENGTHS, min_size=1, max_size=3))
def test_every_document_is_in_one_piece(shards):
    offsets = [np.cumsum([0, *lengths]) for lengths in shards]
    pieces = pieces_of(offsets, [False] * len(offsets))
    found = [(part.shard, number) for piece in pieces for part in piece.parts for number in range(*part[1:])]
    assert found == [(shard, number) for shard, own in enumerate(shards) for number in range(len(own))]
    assert sum(piece.size for piece in pieces) == sum(map(sum, shards))
    large = [piece for piece in pieces if piece.size > module.SMALLEST]
    assert all(part.end - part.begin == 1 for piece in large for part in piece.parts)


def test_a_document_that_goes_on_in_the_next_shard_is_of_one_piece():
    offsets = [np.array([0, 900, 2000]), np.array([0, 1500]), np.array([0, 10, 700])]
    pieces = pieces_of(offsets, [False, True, True])
    assert [piece.parts for piece in pieces] == [[(0, 0, 1)], [(0, 1, 2), (1, 0, 1), (2, 0, 2)]]


def test_jobs_are_all_pieces_in_another_order_each_epoch_while_rates_fall():
    pieces = pieces_of([np.arange(0, 100_001, 100)], [False])
    epochs = [list(jobs_of(pieces, epoch, 2, 7, 0.1)) for epoch in range(2)]
    orders = [[job.piece.parts[0].begin for job in jobs] for jobs in epochs]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])
    shares = [share for jobs in epochs for job in jobs for share in (job.share, job.last_share)]
    assert shares == sorted(shares, reverse=True)
    np.testing.assert_allclose([shares[0], shares[-1]], [1, 0.1])
    assert len({job.key for jobs in epochs for job in jobs}) == 2
    first = epochs[0][0]
    part = first.piece.parts[0]
    assert sorted(first.numbers(part).tolist()) == list(range(part.begin, part.end))
