"""Kernels on the path of a word in a Huffman tree, which has more or fewer nodes: eight of them at a time.

Two context rows against `PART` nodes fill a vector of sixteen scores. A path is padded to whole parts with a
row of zeros, whose sign is 0: from it nothing is learned, and its likelihood is 1. Rows, blocks and tiles are
those of `embedkit.training.kernels.window_tiles`; a tile takes up 16 floats, with one context row too.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.intrinsics import INDEX, emits, read
from embedkit.simd.lanes import LANES, Lanes, loop
from embedkit.training.kernels.window_tiles import dot_products, sigmoid

PART = 8  # nodes


@intrinsic(prefer_literal=True)
def predict_part(
    typing: Any, contexts: Any, context_rows: Any, first: Any, nodes: Any, path_rows: Any, part: Any,
    signs: Any, rate: Any, steps: Any, likelihoods: Any, tile: Any, tile_rows: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Score `tile_rows` contexts from row `first` on against a part of a path, as `window_tiles.predict`.

    `signs` holds 16 floats a part, those of its nodes twice: 1 where the path turns left, which is likely if
    the score is high, -1 where it turns right, and 0 for padding.
    """
    r, n = tile_rows.literal_value, blocks.literal_value

    def emit(
        builder: ir.IRBuilder,
        contexts,
        context_rows,
        first,
        nodes,
        path_rows,
        part,
        signs,
        rate,
        steps,
        likelihoods,
        tile,
        *_,
    ) -> None:
        lanes = Lanes(builder)
        own = [read(builder, context_rows, builder.add(first, INDEX(i))) for i in range(r)]
        sampled = _path_rows(builder, path_rows, part)
        scores = lanes.sums(dot_products(lanes, contexts, own, nodes, sampled, n))
        sign = lanes.load(signs, builder.mul(part, INDEX(LANES)))
        likelihood, step = sigmoid(lanes, scores, sign)
        lanes.store(builder.fmul(step, lanes.splat(rate)), steps, tile)
        one = lanes.constant(1)
        likelihood = builder.select(builder.fcmp_ordered("!=", sign, lanes.constant(0)), likelihood, one)
        real = [i < r * PART for i in range(LANES)]
        lanes.store(lanes.where(real, likelihood, one), likelihoods, tile)

    signature = types.void(
        contexts, context_rows, types.intp, nodes, path_rows, types.intp,
        signs, types.float32, steps, likelihoods, types.intp, tile_rows, blocks,
    )  # fmt: skip
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def learn_path(
    typing: Any, contexts: Any, context_rows: Any, count: Any, nodes: Any, path_rows: Any, parts: Any,
    steps: Any, originals: Any, tile_rows: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Move `count` context rows and the rows of a path of `parts` parts by the steps of `predict_part`.

    All rows change at once: each context row by the nodes as they were, each node by the context rows as
    they were, of which `originals`, 16 floats a row, keeps one block. A context row that occurs twice is
    moved twice. The tiles of a part stand together.
    """
    r, n = tile_rows.literal_value, blocks.literal_value

    def emit(
        builder: ir.IRBuilder,
        contexts,
        context_rows,
        count,
        nodes,
        path_rows,
        parts,
        steps,
        originals,
        *_,
    ) -> None:
        lanes = Lanes(builder)
        tiles = builder.udiv(builder.add(count, INDEX(r - 1)), INDEX(r))
        part_size = builder.mul(tiles, INDEX(LANES))

        def learn_block(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))

            def keep(row: ir.Value) -> list[ir.Value]:
                context = lanes.load(contexts, builder.add(read(builder, context_rows, row), at))
                lanes.store(context, originals, builder.mul(row, INDEX(LANES)))
                return []

            def learn_part(part: ir.Value) -> list[ir.Value]:
                offsets = [builder.add(row, at) for row in _path_rows(builder, path_rows, part)]
                before = [lanes.load(nodes, offset) for offset in offsets]
                tile = builder.mul(part, part_size)

                def move(row: ir.Value, *after: ir.Value) -> list[ir.Value]:
                    own_tile = builder.mul(builder.udiv(row, INDEX(r)), INDEX(LANES))
                    pair = builder.add(own_tile, builder.mul(builder.urem(row, INDEX(r)), INDEX(PART)))
                    pair = builder.add(tile, pair)
                    offset = builder.add(read(builder, context_rows, row), at)
                    context = lanes.load(originals, builder.mul(row, INDEX(LANES)))
                    moved = lanes.load(contexts, offset)
                    results = []
                    for j in range(PART):
                        step = lanes.splat(read(builder, steps, builder.add(pair, INDEX(j))))
                        moved = lanes.fma(step, before[j], moved)
                        results.append(lanes.fma(step, context, after[j]))
                    lanes.store(moved, contexts, offset)
                    return results

                after = loop(builder, count, before, move)
                for offset, moved in zip(offsets, after, strict=True):
                    lanes.store(moved, nodes, offset)
                return []

            loop(builder, count, [], keep)
            loop(builder, parts, [], learn_part)
            return []

        loop(builder, INDEX(n), [], learn_block)

    signature = types.void(
        contexts, context_rows, types.intp, nodes, path_rows, types.intp,
        steps, originals, tile_rows, blocks,
    )  # fmt: skip
    return emits(signature, emit)


def _path_rows(builder: ir.IRBuilder, path_rows: ir.Value, part: ir.Value) -> list[ir.Value]:
    """The rows of the nodes of a part."""
    first = builder.mul(part, INDEX(PART))
    return [read(builder, path_rows, builder.add(first, INDEX(j))) for j in range(PART)]
