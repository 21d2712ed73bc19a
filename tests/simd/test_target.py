"""What kernels are compiled for is numba's target, which need not be this processor."""

import os
import subprocess
import sys

import pytest
from llvmlite import ir
from numba.core import config

from embedkit.simd import lanes, target
from embedkit.training.kernels.window_tiles import best_tile_rows


@pytest.mark.parametrize(
    ("features", "wide", "fma", "half"),
    [
        ("+avx512f,+fma,+f16c", True, True, True),
        ("-avx512f,+avx2,+fma", False, True, False),
        ("", False, False, False),
    ],
)
def test_features_that_somebody_chose(monkeypatch, features, wide, fma, half):
    monkeypatch.setattr(config, "CPU_FEATURES", features)
    monkeypatch.setattr(target.platform, "machine", lambda: "x86_64")
    assert (target.has_avx512(), target.has_fma(), target.has_half_floats()) == (wide, fma, half)


def test_without_a_choice_the_processor_is_asked(monkeypatch):
    monkeypatch.setattr(config, "CPU_FEATURES", None)
    monkeypatch.setattr(target.codegen, "get_host_cpu_features", lambda: "+sse2,+avx512f")
    assert target.has_avx512()


def test_every_arm_multiplies_and_adds_at_once(monkeypatch):
    monkeypatch.setattr(config, "CPU_FEATURES", "+neon")
    monkeypatch.setattr(target.platform, "machine", lambda: "arm64")
    assert target.has_fma()
    assert target.has_half_floats()
    assert not target.has_avx512()


@pytest.mark.parametrize(
    ("features", "rows"),
    [("+avx512f,+avx2", [2, 2, 1]), ("-avx512f,+avx2", [2, 1, 1]), ("+sse2", [1, 1, 1])],
)
def test_tiles_have_the_rows_that_are_fastest(monkeypatch, features, rows):
    monkeypatch.setattr(config, "CPU_FEATURES", features)
    assert [best_tile_rows(samples) for samples in (8, 12, 13)] == rows


CODE = """
import numpy as np
from embedkit.training.kernels.window_tiles import best_tile_rows
from embedkit.simd.target import has_fma
print(best_tile_rows(6), has_fma())
"""


def test_kernels_for_a_generic_processor():
    env = {**os.environ, "NUMBA_CPU_NAME": "generic"}
    done = subprocess.run([sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == ("1 True\n" if target.platform.machine() == "aarch64" else "1 False\n")


@pytest.mark.parametrize(("fused", "expected"), [(True, "llvm.fma.v16f32"), (False, "fmul <16 x float>")])
def test_without_the_instruction_no_function_is_called(monkeypatch, fused, expected):
    """`fma` of the C library, once a float, takes ten times as long as multiplying and adding."""
    monkeypatch.setattr(lanes, "has_fma", lambda: fused)
    vector = ir.VectorType(ir.FloatType(), lanes.LANES)
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(vector, [vector] * 3), "f")
    builder = ir.IRBuilder(function.append_basic_block())
    builder.ret(lanes.Lanes(builder).fma(*function.args))
    assert expected in str(module)
    assert ("llvm.fma" in str(module)) == fused
