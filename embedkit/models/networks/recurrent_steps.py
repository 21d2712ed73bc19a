"""What the compiled recurrent layers share: how a step begins and ends, and the gradient of their weights.

A chunk of a batch is read step by step. Its texts stand in order of falling length, so that those with a
token at a step are always the first ones. What a token leaves behind for the way back is a row of *kept*
numbers; the rows stand in the order of reading, those of a step together. A row has parts of as many numbers
as units fill whole vectors: one a gate, those that its cell has besides, and last the state before, as
dropout left it. Numbers beyond the units are zero, or never looked at.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from embedkit.simd.products import FIRST, NEXT, add_product

SPAN = 256  # tokens whose gradients are multiplied with their states at once, while they are in the caches


@njit
def begin_step(
    rows: Any, places: Any, texts: Any, step: int, side: int, kernel: Any, bias: Any, masks: Any, state: Any,
    kept: Any, first: int, count: int,
) -> None:  # fmt: skip
    """Set the gates of `count` tokens, kept from row `first` on: what is given plus the states times kernel.

    If the cell has a recurrent bias, its last gate gets that alone, and what is given stands in the part
    after the gates; with dropout, the state that it was not applied to is the part before the last.
    """
    units, columns, stride = masks.shape[1], kernel.shape[1], kept.shape[1]
    part = state.shape[1]
    width = columns // part * units
    for i in range(count):
        text, mine = texts[i], kept[first + i]
        _give(rows[places[text, step]][side * width : (side + 1) * width], bias, units, part, mine)
        own, before = state[i], mine[stride - part :]
        for j in range(part):
            before[j] = own[j]
        if len(masks):
            mask = masks[text]
            for j in range(units):
                before[j] *= mask[j]
            if len(bias):
                undropped = mine[stride - 2 * part : stride - part]
                for j in range(part):
                    undropped[j] = own[j]
    flat, start = kept.reshape(-1), first * stride
    add_product(
        flat, start + stride - part, stride, NEXT, kernel.reshape(-1), FIRST, columns, count, units, columns,
        flat, start, stride,
    )  # fmt: skip


@njit
def _give(row: Any, bias: Any, units: int, part: int, mine: Any) -> None:
    """Set the gates of a token to what is given, and the recurrent bias: see `begin_step`."""
    gates = len(row) // units
    for gate in range(gates):
        given, to = row[gate * units : (gate + 1) * units], mine[gate * part : (gate + 1) * part]
        for j in range(units):
            to[j] = given[j]
        for j in range(units, part):
            to[j] = 0
        if len(bias):
            if gate == gates - 1:
                after = mine[gates * part : (gates + 1) * part]
                for j in range(part):
                    after[j] = to[j]
                    to[j] = 0
            added = bias[gate * units : (gate + 1) * units]
            for j in range(units):
                to[j] += added[j]


@njit
def write_states(states: Any, texts: Any, step: int, side: int, units: int, state: Any, count: int) -> None:
    """Copy the states of the first `count` texts to those of all, (n, T, any)."""
    for i in range(count):
        to, own = states[texts[i], step][side * units : (side + 1) * units], state[i]
        for j in range(units):
            to[j] = own[j]


@njit
def add_upstream(
    upstream: Any, texts: Any, step: int, side: int, units: int, of_state: Any, count: int
) -> None:
    """Add the gradients of the states of the first `count` texts."""
    for i in range(count):
        given, own = upstream[texts[i], step][side * units : (side + 1) * units], of_state[i]
        for j in range(units):
            own[j] += given[j]


@njit
def end_step(
    places: Any, texts: Any, step: int, side: int, transposed: Any, masks: Any, gradients: Any, filled: int,
    count: int, of_state: Any, of_rows: Any,
) -> None:  # fmt: skip
    """On the way back: hand the gradients of `count` tokens to their rows, and to the states before them.

    If there are more of them than gates, the last is that of the row's last gate.
    """
    units, part, columns = masks.shape[1], of_state.shape[1], gradients.shape[1]
    gates = len(transposed) // part
    width = gates * units
    for i in range(count):
        row = of_rows[places[texts[i], step]][side * width : (side + 1) * width]
        mine = gradients[filled + i]
        for gate in range(gates):
            at = columns - part if gate == gates - 1 else gate * part
            to, own = row[gate * units : (gate + 1) * units], mine[at : at + part]
            for j in range(units):
                to[j] += own[j]
    add_product(
        gradients.reshape(-1), filled * columns, columns, NEXT, transposed.reshape(-1), FIRST, part, count,
        gates * part, part, of_state.reshape(-1), FIRST, part,
    )  # fmt: skip
    if len(masks):
        for i in range(count):
            mask, own = masks[texts[i]], of_state[i]
            for j in range(units):
                own[j] *= mask[j]


@njit
def add_weights(
    kept: Any, gradients: Any, begin: int, first: int, count: int, of_kernel: Any, of_bias: Any
) -> None:
    """Add what the gradients of `count` tokens, from row `begin` on, say of the weights."""
    part, columns, width = of_kernel.shape[0], of_kernel.shape[1], gradients.shape[1]
    if count:
        add_product(
            kept.reshape(-1), (first + 1) * kept.shape[1] - part, NEXT, kept.shape[1],
            gradients.reshape(-1), begin * width, width, part, count, columns,
            of_kernel.reshape(-1), FIRST, columns,
        )  # fmt: skip
    if len(of_bias):
        for i in range(begin, begin + count):
            mine = gradients[i]
            for j in range(columns):
                of_bias[j] += mine[j]
