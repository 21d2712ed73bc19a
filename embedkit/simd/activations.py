"""The hyperbolic tangent and the logistic function of vectors of floats.

tanh(x) = x * P(x^2) / Q(x^2) up to `LIMIT`, the best such P and Q for the relative error, highest power
first. Beyond the limit tanh is 1 in float32.
"""

from __future__ import annotations

from embedkit.simd.vectors import Vector

LIMIT = 9.0
P = (1.19686975e-8, 1.96668806e-5, 3.44131529e-3, 1.33364086e-1, 9.99999915e-1)
Q = (7.22555029e-7, 3.19470050e-4, 2.56738442e-2, 4.66697418e-1, 1.0)


def tanh_fraction(x: Vector) -> tuple[Vector, Vector]:
    """The hyperbolic tangent as a numerator and a positive denominator; NaN stays NaN."""
    x = x.within(LIMIT)
    square = x * x
    return x * square.polynomial(P), square.polynomial(Q)


def tanh(x: Vector) -> Vector:
    """The hyperbolic tangent, to a relative error of 5e-7."""
    over, under = tanh_fraction(x)
    return over / under


def sigmoid(x: Vector) -> Vector:
    """The logistic function: (1 + tanh(x / 2)) / 2, to an absolute error of 2e-7."""
    return tanh(x * 0.5) * 0.5 + 0.5
