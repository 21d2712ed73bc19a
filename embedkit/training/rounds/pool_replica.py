"""`PoolReplica`: a matrix of which several machines hold the same rows, and merge a part each."""

from __future__ import annotations

import numpy as np

from embedkit.training.rounds.row_pool import RowPool
from embedkit.training.rounds.wire import TravelingRows, Wire, WireType


class PoolReplica:
    """A pool whose shared rows stay as they are while workers train, here and elsewhere, and rows are merged.

    Args:
        pool: rows, and those of all workers of a round.
        wire: the kind of numbers that travel.
    """

    def __init__(self, pool: RowPool, wire: WireType) -> None:
        from embedkit.training.kernels.private_rows import forget

        self.pool, self._place, self._places = pool, 0, 1
        self._wire, self._forget = Wire(wire, pool.vector_size), forget
        self._matrix = pool.flat.reshape(-1, pool.rows.shape[1])

    def take_place(self, place: int, places: int) -> None:
        """Be one of so many replicas, which owns the rows n with n mod `places` = `place`."""
        self.pool.leave_shared(place, places)
        self._place, self._places = place, places

    def part(self, leader: int, owner: int) -> TravelingRows:
        """What a group made of the rows of an owner; nothing for this one, where its rows stay."""
        numbers = self.pool.changed(leader)
        numbers = numbers[numbers % self._places == owner]
        places = self.pool.places[leader, numbers]
        rows = self._wire.packed(numbers, self._matrix, places, self._matrix, numbers)
        if owner == self._place:
            return TravelingRows(numbers[:0], rows.values[:0])
        return rows._replace(changers=self.pool.changers[places]) if len(self.pool.changers) else rows

    def receive(self, leader: int, rows: TravelingRows) -> None:
        """Take the rows that a group changed elsewhere for those that its leader has changed."""
        private, numbers = self.pool.private(leader), rows.numbers
        self._forget(private)
        own = private.first + np.arange(len(numbers), dtype=np.int32)
        self._wire.unpack(rows, self._matrix, numbers, self._matrix, own)
        private.places[numbers] = own
        private.changed[: len(numbers)] = numbers
        private.used[0] = len(numbers)
        if len(self.pool.changers):
            self.pool.changers[own] = rows.changers

    def before(self, leaders: range) -> TravelingRows:
        """The own rows that some groups have changed, as they are before these are merged."""
        is_changed = np.zeros(len(self.pool.damping), np.bool_)
        for leader in leaders:
            is_changed[self.pool.to_merge(leader)] = True
        numbers = np.flatnonzero(is_changed).astype(np.int32)
        return TravelingRows(numbers, self.pool.rows[numbers])

    def merged(self, before: TravelingRows) -> TravelingRows:
        """What became of these rows, which then are again what they were before."""
        numbers, values, _ = before
        rows = self._wire.packed(numbers, self.pool.rows, numbers, values, np.arange(len(numbers)))
        self.pool.rows[numbers] = values
        return rows

    def apply(self, rows: TravelingRows) -> None:
        """Write rows that were merged here or elsewhere."""
        self._wire.unpack(rows, self.pool.rows, rows.numbers, self.pool.rows, rows.numbers)
