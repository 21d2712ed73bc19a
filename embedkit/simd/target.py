"""The processor that numba compiles for: this one, or what NUMBA_CPU_NAME and NUMBA_CPU_FEATURES name."""

from __future__ import annotations

import platform

from numba.core import codegen, config


def is_x86() -> bool:
    """Whether it is a 64-bit x86."""
    return platform.machine().lower() in ("x86_64", "amd64")


def has_avx512() -> bool:
    """Whether a register holds 16 floats, and there are 32 of them: AVX-512."""
    return "+avx512f" in _features()


def has_avx2() -> bool:
    """Whether a register holds 8 floats: AVX2."""
    return "+avx2" in _features()


def has_fma() -> bool:
    """Whether it multiplies and adds at once: every 64-bit ARM does, and x86 since 2013 (AVX2)."""
    return not is_x86() or "+fma" in _features()


def has_half_floats() -> bool:
    """Whether it makes floats of float16: every 64-bit ARM does, and x86 since 2012 (F16C)."""
    return not is_x86() or "+f16c" in _features()


def _features() -> list[str]:
    """What the processor can do, as LLVM calls it: ["+avx2", "-avx512f", ...]."""
    chosen: str | None = getattr(config, "CPU_FEATURES")  # noqa: B009 - numba sets it without declaring it
    features: str = codegen.get_host_cpu_features() if chosen is None else chosen
    return features.split(",")
