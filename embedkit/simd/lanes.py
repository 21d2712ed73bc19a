"""Vectors of 16 floats in LLVM IR: the vocabulary in which the row kernels are written.

numba compiles scalar loops and leaves it to LLVM to find the vectors in them. For the inner loops of
training that is not enough: sixteen sums that end in one register, or a sigmoid over them before they reach
memory, cannot be said in scalar Python. `Lanes` says them. LLVM lowers 16 floats to one AVX-512 register,
two of AVX2 or four of NEON. All of them give the same bits; an x86 processor from before 2013, which cannot
multiply and add with one rounding, gives others.

Arrays hold float32, or the bits of bfloat16 in integers of 16 bits: these become floats when they are
loaded, and are rounded when they are stored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from llvmlite import ir

from embedkit.errors import EmbedkitError
from embedkit.simd.compiling import can_compile
from embedkit.simd.target import has_fma

if not can_compile():
    raise EmbedkitError(
        "NUMBA_DISABLE_JIT is set, and this needs kernels that no interpreter can run; unset it"
    )

LANES = 16
_FLOAT = ir.FloatType()
_INT32 = ir.IntType(32)
_VECTOR = ir.VectorType(_FLOAT, LANES)
_INTEGERS = ir.VectorType(_INT32, LANES)
_SHORTS = ir.VectorType(ir.IntType(16), LANES)
_HASH = 0x9E3779B1  # 2^32 / golden ratio: multiplied by it, the upper bits depend on all bits below

# 1 / sqrt(x) is guessed from its bits, then improved as by Newton; constants by search for the least error.
_ROOT_BITS, _ROOT_STEP = 0x5F0B39DF, 1.891

# Minimax polynomials on the reduced ranges, highest power first; the errors stand in the methods' docstrings.
_EXP2 = (1.3276471e-3, 9.6755419e-3, 5.5507131e-2, 2.402212e-1, 6.9314694e-1, 1.0000001)
_LOG1P = (
    7.0376836e-2, -1.1514610e-1, 1.1676999e-1, -1.2420141e-1, 1.4249323e-1,
    -1.6668058e-1, 2.0000714e-1, -2.4999994e-1, 3.3333331e-1,
)  # fmt: skip


class Lanes:
    """Emits operations on 16 floats at the position of an LLVM IR builder."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.builder = builder

    def load(self, array: ir.Value, offset: ir.Value, align: int = 64) -> ir.Value:
        """`array[offset:offset + 16]`; must be aligned to so many bytes, or half as many of bfloat16."""
        if is_bfloat16(array):
            value = self.builder.load(self._pointer(array, offset, _SHORTS), typ=_SHORTS)
            value.align = align // 2
            return self._from_bfloat16(value)
        value = self.builder.load(self._pointer(array, offset, _VECTOR), typ=_VECTOR)
        value.align = align
        return value

    def store(self, value: ir.Value, array: ir.Value, offset: ir.Value, align: int = 64) -> None:
        """Write `array[offset:offset + 16]`, aligned as for `load`."""
        if is_bfloat16(array):
            short = self._to_bfloat16(value)
            self.builder.store(short, self._pointer(array, offset, _SHORTS)).align = align // 2
        else:
            self.builder.store(value, self._pointer(array, offset, _VECTOR)).align = align

    def constant(self, values: float | Sequence[float]) -> ir.Constant:
        """One float for all lanes, or one a lane."""
        each = [values] * LANES if isinstance(values, int | float) else values
        return ir.Constant(_VECTOR, [float(np.float32(v)) for v in each])

    def splat(self, scalar: ir.Value) -> ir.Value:
        """`scalar` in every lane."""
        undefined = ir.Constant(_VECTOR, ir.Undefined)
        return self._shuffle(
            self.builder.insert_element(undefined, scalar, _INT32(0)), undefined, [0] * LANES
        )

    def fma(self, x: ir.Value, y: ir.Value, z: ir.Value) -> ir.Value:
        """`x * y + z` with one rounding, or with two where the processor has no instruction for one."""
        if has_fma():
            return self._call("llvm.fma", x, y, z)
        return self.builder.fadd(self.builder.fmul(x, y), z)

    def clamp(self, x: ir.Value, low: float, high: float) -> ir.Value:
        """`x` limited to [low, high]."""
        at_least = self._call("llvm.maxnum", x, self.constant(low))
        return self._call("llvm.minnum", at_least, self.constant(high))

    def where(self, mask: Sequence[bool], x: ir.Value, y: ir.Value) -> ir.Value:
        """`x` in the lanes where `mask`, known at compile time, is true, else `y`."""
        return self._shuffle(x, y, [i if live else LANES + i for i, live in enumerate(mask)])

    def sums(self, vectors: Sequence[ir.Value]) -> ir.Value:
        """The sum of `vectors[i]` in lane i, for up to 16 vectors.

        A tree: at step s, lane l of a pair (x, y) takes x or y by bit s of l and adds the lane l ^ s to it.
        After four steps sixteen vectors have become one: 15 additions where one by one takes 64.
        """
        undefined = ir.Constant(_VECTOR, ir.Undefined)
        level = [*vectors, *[undefined] * (LANES - len(vectors))]
        for step in (1, 2, 4, 8):
            pairs = zip(level[::2], level[1::2], strict=True)
            level = [self._fold(x, y, step) for x, y in pairs]
        return level[0]

    def total(self, x: ir.Value) -> ir.Value:
        """The sum of all lanes, in every lane; always added in the same order."""
        for step in (8, 4, 2, 1):
            x = self.builder.fadd(x, self._shuffle(x, x, [i ^ step for i in range(LANES)]))
        return x

    def minus_over_root(self, x: ir.Value, y: ir.Value, z: ir.Value) -> ir.Value:
        """`x - y / sqrt(z)` for positive normal `z`, with a relative error of the quotient of 9e-4.

        Made of operations that are exact by IEEE 754, so that every processor finds the same bits.
        """
        b = self.builder
        half = b.lshr(b.bitcast(z, _INTEGERS), _integers(1))
        guess = b.bitcast(b.sub(_integers(_ROOT_BITS), half), _VECTOR)
        rest = self.fma(b.fmul(z, guess), guess, self.constant(-_ROOT_STEP))
        return self.fma(b.fmul(y, guess), rest, x)

    def root(self, x: ir.Value) -> ir.Value:
        """The square root of `x`, rounded as IEEE 754 says."""
        return self._call("llvm.sqrt", x)

    def within(self, x: ir.Value, limit: ir.Value) -> ir.Value:
        """`x` limited to [-limit, limit]; NaN becomes `limit`."""
        b, low = self.builder, self.builder.fneg(limit)
        at_most = b.select(b.fcmp_ordered("<", x, limit), x, limit)
        return b.select(b.fcmp_ordered(">", at_most, low), at_most, low)

    def exp(self, x: ir.Value) -> ir.Value:
        """The exponential of `x` in [-87, 87], to a relative error of 3e-7."""
        log2_e = float(np.float32(math.log2(math.e)))
        whole = self._call("llvm.rint", self.builder.fmul(x, self.constant(log2_e)))
        rest = self.fma(x, self.constant(log2_e), self.builder.fneg(whole))
        rest = self.fma(x, self.constant(math.log2(math.e) - log2_e), rest)  # what float32 lacks of log2(e)
        power = self._polynomial(_EXP2, rest)
        exponent = self.builder.add(self.builder.fptosi(whole, _INTEGERS), _integers(127))
        return self.builder.fmul(
            power, self.builder.bitcast(self.builder.shl(exponent, _integers(23)), _VECTOR)
        )

    def log(self, x: ir.Value) -> ir.Value:
        """The natural logarithm of a positive normal `x`, to an absolute error of 5e-6."""
        b = self.builder
        bits = b.bitcast(x, _INTEGERS)
        half_root = _integers(0x3F3504F3)  # sqrt(1/2): the mantissa lands in [sqrt(1/2), sqrt(2))
        exponent = b.ashr(b.sub(bits, half_root), _integers(23))
        mantissa = b.bitcast(b.sub(bits, b.shl(exponent, _integers(23))), _VECTOR)
        m = b.fsub(mantissa, self.constant(1))
        tail = self.fma(self._polynomial(_LOG1P, m), m, self.constant(-0.5))
        log_mantissa = self.fma(b.fmul(m, m), tail, m)
        return self.fma(b.sitofp(exponent, _VECTOR), self.constant(math.log(2)), log_mantissa)

    def _fold(self, x: ir.Value, y: ir.Value, step: int) -> ir.Value:
        own = [LANES + i if i & step else i for i in range(LANES)]
        other = [index ^ step for index in own]
        return self.builder.fadd(self._shuffle(x, y, own), self._shuffle(x, y, other))

    def _polynomial(self, coefficients: Sequence[float], x: ir.Value) -> ir.Value:
        value: ir.Value = self.constant(coefficients[0])
        for coefficient in coefficients[1:]:
            value = self.fma(value, x, self.constant(coefficient))
        return value

    def _shuffle(self, x: ir.Value, y: ir.Value, lanes: Sequence[int]) -> ir.Value:
        return self.builder.shuffle_vector(x, y, ir.Constant(_INTEGERS, list(lanes)))

    def _from_bfloat16(self, value: ir.Value) -> ir.Value:
        b = self.builder
        return b.bitcast(b.shl(b.zext(value, _INTEGERS), _integers(16)), _VECTOR)

    def _to_bfloat16(self, value: ir.Value) -> ir.Value:
        """Round up with the probability that makes the mean of many roundings exact.

        What is random is a hash of all bits, so that the same numbers are always rounded alike.
        """
        b = self.builder
        bits = b.bitcast(value, _INTEGERS)
        random = b.lshr(b.mul(b.xor(bits, b.lshr(bits, _integers(15))), _integers(_HASH)), _integers(16))
        return b.trunc(b.lshr(b.add(bits, random), _integers(16)), _SHORTS)

    def _pointer(self, array: ir.Value, offset: ir.Value, kind: ir.Type) -> ir.Value:
        return self.builder.bitcast(self.builder.gep(array, [offset]), kind.as_pointer())

    def _call(self, name: str, *arguments: ir.Value) -> ir.Value:
        signature = ir.FunctionType(_VECTOR, [_VECTOR] * len(arguments))
        function = declare(self.builder.module, f"{name}.v{LANES}f32", signature)
        return self.builder.call(function, arguments)


def is_bfloat16(array: ir.Value) -> bool:
    """Whether an array, given by the pointer to its data, holds bfloat16: numpy has them as uint16."""
    return bool(array.type.pointee == ir.IntType(16))


def declare(module: ir.Module, name: str, signature: ir.FunctionType) -> ir.Function:
    """The function `name` of `module`, declared on first use."""
    return module.globals.get(name) or ir.Function(module, signature, name)


def loop(
    builder: ir.IRBuilder, count: ir.Value, initial: Sequence[ir.Value], body: Callable[..., list[ir.Value]]
) -> list[ir.Value]:
    """Emit `for i in range(count): values = body(i, *values)` and return the last values; count >= 1."""
    before = builder.block
    head, after = builder.append_basic_block("loop"), builder.append_basic_block("loop.end")
    builder.branch(head)
    builder.position_at_end(head)
    index = builder.phi(count.type)
    carried = [builder.phi(value.type) for value in initial]
    results = body(index, *carried)
    following = builder.add(index, count.type(1))
    builder.cbranch(builder.icmp_signed("<", following, count), head, after)
    for phi, first, nxt in zip(
        [index, *carried], [count.type(0), *initial], [following, *results], strict=True
    ):
        phi.add_incoming(first, before)
        phi.add_incoming(nxt, builder.block)
    builder.position_at_end(after)
    return results


def _integers(value: int) -> ir.Constant:
    return ir.Constant(_INTEGERS, [value] * LANES)
