"""Kernels on a document and sixteen of its targets: dot products or cosines, and updates.

A *tile* is a document and 16 rows of targets with their weights: positive of a target that stands in the
document, negative of noise. Its scores stay in registers on the way from the products to the
factors by which `move_tile` changes all rows:

    target j = keep[j] * target j + add[j] * document
    document = keep_document * document + sum over j of turn[j] * target j

`factors` holds keep, add, turn and, sixteen times, keep_document: 64 floats. Rows are given by the offset of
their first float in flat, 64-byte aligned matrices whose rows are padded with zeros to `blocks` vectors.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.intrinsics import INDEX, emits, read
from embedkit.simd.lanes import LANES, Lanes, loop

FACTORS = 4 * LANES
KEEP, ADD, TURN, KEEP_DOCUMENT = (LANES * place for place in range(4))
LONGEST_STEP = 1.0  # on the sphere, relative to the length of the vector, orthogonal to it: 45 degrees
CORRECTIONS = 0.5, 1.5  # least and greatest factor of a length
_SCORE_LIMIT = 20.0  # 1 - sigmoid(20) = 2e-9: beyond it there is nothing to learn
_TINY = 1e-30  # of squared lengths, in place of 0


class _Scored(NamedTuple):
    """What the weighted losses of a tile say: the slopes, w (y - sigmoid(y score)), and -|w| loss."""

    slope: ir.Value
    log_likelihood: ir.Value


@intrinsic(prefer_literal=True)
def score_dots(
    typing: Any, documents: Any, own: Any, targets: Any, rows: Any, weights: Any, tile: Any,
    document_rate: Any, rate: Any, factors: Any, totals: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Write the factors of a tile by gradient descent on dot products, and add its likelihoods to `totals`.

    With s the dot product of a pair and y the sign of its weight w, its loss is -|w| log sigmoid(y s).
    """
    n = blocks.literal_value

    def emit(
        builder: ir.IRBuilder, documents, own, targets, rows, weights, tile, document_rate, rate,
        factors, totals, _,
    ) -> None:  # fmt: skip
        lanes = Lanes(builder)
        products = lanes.sums(_products(lanes, n, documents, own, targets, _tile_rows(builder, rows, tile)))
        weight = lanes.load(weights, tile)
        scored = _score(lanes, products, weight, _SCORE_LIMIT)
        one = lanes.constant(1)
        lanes.store(one, factors, INDEX(KEEP))
        lanes.store(builder.fmul(scored.slope, lanes.splat(rate)), factors, INDEX(ADD))
        lanes.store(builder.fmul(scored.slope, lanes.splat(document_rate)), factors, INDEX(TURN))
        lanes.store(one, factors, INDEX(KEEP_DOCUMENT))
        _add(lanes, totals, scored.log_likelihood)

    signature = types.void(
        documents, types.intp, targets, rows, weights, types.intp, types.float32, types.float32,
        factors, totals, blocks,
    )  # fmt: skip
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def score_cosines(
    typing: Any, documents: Any, own: Any, targets: Any, rows: Any, weights: Any, tile: Any, scale: Any,
    document_rate: Any, rate: Any, factors: Any, totals: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Write the factors of a tile by gradient descent on cosines, and add its likelihoods to `totals`.

    With c the cosine of a pair and y the sign of its weight w, its loss is -|w| log sigmoid(y scale c). Its
    gradient is at right angles to each vector. A target is turned along it, and its length brought nearer to
    1 by a sixteenth of what it lacks: no more, as it may stand in all places of the tile. A document is made
    of length 1, and moved by all pairs.
    """
    n = blocks.literal_value

    def emit(
        builder: ir.IRBuilder, documents, own, targets, rows, weights, tile, scale, document_rate, rate,
        factors, totals, _,
    ) -> None:  # fmt: skip
        lanes, b = Lanes(builder), builder
        places = _tile_rows(builder, rows, tile)
        dots = lanes.sums(_products(lanes, n, documents, own, targets, places))
        *squares, own_square = _squares(lanes, n, documents, own, targets, places)
        squares_of_rows = lanes.sums(squares)
        per_length = _inverse_root(lanes, squares_of_rows)
        per_own = _inverse_root(lanes, lanes.total(own_square))
        cosine = b.fmul(dots, b.fmul(per_length, per_own))
        scaled = lanes.splat(scale)
        weight = lanes.load(weights, tile)
        scored = _score(lanes, b.fmul(cosine, scaled), weight, 80.0)
        slope = b.fmul(scored.slope, scaled)
        turn = lanes.clamp(b.fmul(slope, lanes.splat(document_rate)), -LONGEST_STEP, LONGEST_STEP)
        step = lanes.clamp(b.fmul(slope, lanes.splat(rate)), -LONGEST_STEP, LONGEST_STEP)
        one = lanes.constant(1)
        across = lanes.clamp(b.fsub(one, b.fmul(cosine, cosine)), 0, 1)
        shrink = _inverse_root(lanes, lanes.fma(b.fmul(step, step), across, one))
        length = b.fmul(squares_of_rows, per_length)
        towards_one = lanes.fma(b.fsub(one, length), lanes.constant(1 / LANES), one)
        shrink = b.fmul(shrink, lanes.clamp(towards_one, *CORRECTIONS))
        lanes.store(b.fmul(b.fsub(one, b.fmul(step, cosine)), shrink), factors, INDEX(KEEP))
        lanes.store(b.fmul(b.fmul(step, shrink), b.fmul(length, per_own)), factors, INDEX(ADD))
        lanes.store(b.fmul(turn, per_length), factors, INDEX(TURN))
        along = lanes.total(b.fmul(turn, cosine))
        lanes.store(b.fmul(b.fsub(one, along), per_own), factors, INDEX(KEEP_DOCUMENT))
        _add(lanes, totals, scored.log_likelihood)

    signature = types.void(
        documents, types.intp, targets, rows, weights, types.intp, types.float32, types.float32,
        types.float32, factors, totals, blocks,
    )  # fmt: skip
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def move_tile(
    typing: Any, documents: Any, own: Any, targets: Any, rows: Any, tile: Any, factors: Any,
    frozen: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Move the document of a tile and, unless they are `frozen`, its targets by `factors`.

    Targets change one after the other, by the document as it was: one that stands twice in the tile changes
    twice, the second time from where it then is.
    """
    n, still = blocks.literal_value, frozen.literal_value

    def emit(builder: ir.IRBuilder, documents, own, targets, rows, tile, factors, *_) -> None:
        lanes = Lanes(builder)
        places = _tile_rows(builder, rows, tile)

        def factor(kind: int, lane: int) -> ir.Value:
            return lanes.splat(read(builder, factors, INDEX(kind + lane)))

        def block_body(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))
            here = builder.add(own, at)
            document = lanes.load(documents, here)
            moved = builder.fmul(document, factor(KEEP_DOCUMENT, 0))
            for lane, row in enumerate(places):
                place = builder.add(row, at)
                target = lanes.load(targets, place)
                moved = lanes.fma(target, factor(TURN, lane), moved)
                if not still:
                    kept = builder.fmul(target, factor(KEEP, lane))
                    lanes.store(lanes.fma(document, factor(ADD, lane), kept), targets, place)
            lanes.store(moved, documents, here)
            return []

        loop(builder, INDEX(n), [], block_body)

    signature = types.void(documents, types.intp, targets, rows, types.intp, factors, frozen, blocks)
    return emits(signature, emit)


def _tile_rows(builder: ir.IRBuilder, rows: ir.Value, tile: ir.Value) -> list[ir.Value]:
    return [read(builder, rows, builder.add(tile, INDEX(lane))) for lane in range(LANES)]


def _products(
    lanes: Lanes, blocks: int, documents: ir.Value, own: ir.Value, targets: ir.Value, rows: list[ir.Value]
) -> list[ir.Value]:
    """Sixteen partial sums of each dot product of the document with a row of a tile."""
    builder = lanes.builder

    def add_block(block: ir.Value, *sums: ir.Value) -> list[ir.Value]:
        at = builder.mul(block, INDEX(LANES))
        document = lanes.load(documents, builder.add(own, at))
        return [
            lanes.fma(document, lanes.load(targets, builder.add(row, at)), partial)
            for row, partial in zip(rows, sums, strict=True)
        ]

    return loop(builder, INDEX(blocks), [lanes.constant(0)] * LANES, add_block)


def _squares(
    lanes: Lanes, blocks: int, documents: ir.Value, own: ir.Value, targets: ir.Value, rows: list[ir.Value]
) -> list[ir.Value]:
    """Sixteen partial sums of the squared length of each row of a tile, and of the document."""
    builder = lanes.builder
    read_from = [*((targets, row) for row in rows), (documents, own)]

    def add_block(block: ir.Value, *sums: ir.Value) -> list[ir.Value]:
        at = builder.mul(block, INDEX(LANES))
        vectors = [lanes.load(matrix, builder.add(row, at)) for matrix, row in read_from]
        return [lanes.fma(vector, vector, partial) for vector, partial in zip(vectors, sums, strict=True)]

    return loop(builder, INDEX(blocks), [lanes.constant(0)] * len(read_from), add_block)


def _score(lanes: Lanes, scores: ir.Value, weight: ir.Value, limit: float) -> _Scored:
    builder = lanes.builder
    one, zero = lanes.constant(1), lanes.constant(0)
    positive = builder.fcmp_ordered(">", weight, zero)
    sign = builder.select(positive, one, lanes.constant(-1))
    margin = lanes.clamp(builder.fmul(scores, sign), -limit, limit)
    odds = lanes.exp(builder.fneg(margin))
    likelihood = builder.fdiv(one, builder.fadd(one, odds))
    slope = builder.fmul(weight, builder.fmul(odds, likelihood))
    size = builder.fmul(weight, sign)
    return _Scored(slope, builder.fmul(size, lanes.log(likelihood)))


def _inverse_root(lanes: Lanes, squares: ir.Value) -> ir.Value:
    """1 / sqrt(squares), by operations that every processor rounds alike."""
    builder = lanes.builder
    return builder.fdiv(lanes.constant(1), lanes.root(lanes.clamp(squares, _TINY, 1e30)))


def _add(lanes: Lanes, totals: ir.Value, more: ir.Value) -> None:
    zero = INDEX(0)
    lanes.store(lanes.builder.fadd(lanes.load(totals, zero), more), totals, zero)
