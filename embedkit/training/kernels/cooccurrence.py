"""Kernels that count co-occurrences, one row of the matrix at a time.

An index says at which positions each word stands. The row of a word is then a sum over its occurrences: the
weights of the words around each are added up in one array as long as the vocabulary, which stays in the
cache, and the row is read off in order of column through one bit a word. Nothing is sorted, and rows do not
depend on each other, so threads share nothing. What takes time is fetching the surroundings of occurrences
that lie far apart; they are asked for `_AHEAD` occurrences in advance.

Sums are integers. Adding them up in another order, or in parts, gives the same result.

A chunk of text is an int32 array of word ids, with SEPARATOR before, between and behind documents. The
*accumulator* of a thread is three arrays: `sums`, int64 (V,), and `seen`, uint64 (V / 64 or more,), which
are all zero between rows; and `touched`, int32 (V + 1,), the columns of the row in order of appearance.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from embedkit.simd.compiling import compiled
from embedkit.simd.lanes import declare
from embedkit.training.kernels.draws import document_at

SEPARATOR = -1
_AHEAD = 16  # occurrences between the request for their surroundings and its use
_NEAR = 10  # positions on either side that are asked for: with the word in the middle, all of two cache lines
_GROUP = 64  # columns whose bits share a word
_ONE = np.uint64(1)


@compiled(nogil=True)
def append_known(ids, offsets, start, size, continues, chunk, length) -> tuple[int, int]:
    """Append the words of a shard from position `start` on to `chunk[:length]`, leaving out ids >= `size`.

    SEPARATOR goes before each document, but not before the first of a shard that `continues` the document
    before, and never after another SEPARATOR. `length` is at least 1; the last place of `chunk` stays free.

    Returns:
        position, length: where to go on in the shard (its end, if there was room for all), and in `chunk`.
    """
    document = document_at(offsets, start)
    position = start
    while position < len(ids) and length < len(chunk) - 2:
        if position == offsets[document] and not (continues and document == 0) and chunk[length - 1] >= 0:
            chunk[length] = SEPARATOR
            length += 1
        stop = min(offsets[document + 1], position + len(chunk) - 1 - length)
        for i in range(position, stop):
            chunk[length] = ids[i]
            length += ids[i] < size
        position = stop
        if stop == offsets[document + 1]:
            document += 1
    return position, length


@compiled(nogil=True)
def count_words(chunk, begin, end, first, last, counts) -> None:
    """Add to `counts`, int64 (V,), how often each of the words [first, last) stands in `chunk[begin:end]`."""
    for i in range(begin, end):
        word = chunk[i]
        if first <= word < last:
            counts[np.uint32(word)] += 1


@compiled(nogil=True)
def place_words(chunk, begin, end, first, last, places, positions) -> None:
    """Write each position of `chunk[begin:end]` to `positions[places[word]]`, and move that place one on.

    Only those of the words [first, last).
    """
    for i in range(begin, end):
        word = chunk[i]
        if first <= word < last:
            place = places[np.uint32(word)]
            positions[np.uint64(place)] = i
            places[np.uint32(word)] = place + 1


@intrinsic
def _prefetch(typing, array, index):
    """Ask for the cache line of an entry, which may lie outside the array."""

    def emit(context, builder, signature, arguments):
        integer, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, integer, integer, integer])
        function = declare(builder.module, "llvm.prefetch.p0", kind)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        line = builder.bitcast(builder.gep(data, [arguments[1]]), pointer)
        builder.call(function, [line, integer(0), integer(3), integer(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), emit


@intrinsic
def _lowest(typing, bits):
    """The number of the lowest bit set in a uint64 other than 0."""

    def emit(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.uint64(types.uint64), emit


@njit(inline="always")
def _add(sums, touched, count, column, value):
    """Add to the sum of a column; one that was 0 joins `touched[:count]`. Returns the new count."""
    before = sums[column]
    sums[column] = before + value
    touched[count] = column
    return count + (before == 0)


@njit(inline="always")
def _take(sums, seen, touched, count, columns, values, length):
    """Append the row, in order of column, to `columns[:length]` and `values`. Returns the new length."""
    for i in range(count):
        column = np.uint64(np.uint32(touched[i]))
        seen[column // np.uint64(_GROUP)] |= _ONE << (column % np.uint64(_GROUP))
    for group in range(len(seen)):
        bits = seen[group]
        seen[group] = 0
        while bits:
            column = np.uint64(group * _GROUP) + _lowest(bits)
            bits &= bits - _ONE
            columns[length] = column
            values[length] = sums[column]
            sums[column] = 0
            length += 1
    return length


@compiled(nogil=True)
def count_rows(
    chunk, positions, starts, first, last, weights, symmetric, sums, seen, touched, columns, values, lengths
) -> int:
    """Count the rows [first, last): the words before each occurrence, if `symmetric` also those behind it.

    Word i of `chunk` stands at `positions[starts[i]:starts[i + 1]]`; at least 16 entries of any value follow.
    `weights`, int64 (window + 1,), is what a word counts at each distance: all but the first are positive.
    `sums`, `seen` and `touched` are the accumulator. The entries of all rows go to `columns`, int32, and
    `values`, int64, and the number of each row's to `lengths`, int64 (last - first,).

    Returns:
        The number of entries of all rows.
    """
    near = min(_NEAR, len(weights) - 1)
    length = 0
    for row in range(first, last):
        count = 0
        for i in range(starts[row], starts[row + 1]):
            ahead = np.int64(positions[i + _AHEAD])
            _prefetch(chunk, ahead - near)
            _prefetch(chunk, ahead + near)
            position = np.int64(positions[i])
            for distance in range(1, len(weights)):
                word = chunk[np.uint64(position - distance)]
                if word < 0:
                    break
                count = _add(sums, touched, count, np.uint32(word), weights[distance])
            if symmetric:
                for distance in range(1, len(weights)):
                    word = chunk[np.uint64(position + distance)]
                    if word < 0:
                        break
                    count = _add(sums, touched, count, np.uint32(word), weights[distance])
        before = length
        length = _take(sums, seen, touched, count, columns, values, length)
        lengths[row - first] = length - before
    return length


@compiled(nogil=True)
def divide(values, unit, quotients) -> None:
    """Write `values / unit`, int64 / int64, rounded to the float32 of `quotients`."""
    for i in range(len(values)):
        quotients[i] = values[i] / unit


@compiled(nogil=True)
def add_entries(columns, values, sums, touched, count) -> int:
    """Add the entries of a row to the accumulator, which holds `count` columns. Returns the new count."""
    for i in range(len(columns)):
        count = _add(sums, touched, count, np.uint32(columns[i]), values[i])
    added: int = count
    return added


@compiled(nogil=True)
def take_row(sums, seen, touched, count, columns, values) -> int:
    """Write the row that the accumulator holds, in order of column. Returns its number of entries."""
    length: int = _take(sums, seen, touched, count, columns, values, 0)
    return length


@compiled(nogil=True)
def merge_rows(run_columns, run_values, bounds, sums, seen, touched, columns, values, lengths) -> int:
    """Add up the same rows of several runs.

    `run_columns`, int32, and `run_values`, int64, hold the entries of all runs: `bounds[r, i]` to
    `bounds[r, i + 1]`, int64 (runs, rows + 1), are those of row i in run r. All else is as in `count_rows`.

    Returns:
        The number of entries of all rows.
    """
    length = 0
    for row in range(len(lengths)):
        count = 0
        for run in range(len(bounds)):
            for i in range(bounds[run, row], bounds[run, row + 1]):
                count = _add(sums, touched, count, np.uint32(run_columns[i]), run_values[i])
        before = length
        length = _take(sums, seen, touched, count, columns, values, length)
        lengths[row] = length - before
    return length
