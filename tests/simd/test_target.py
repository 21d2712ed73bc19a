"""What kernels are compiled for is numba's target, which need not be this processor."""

import os
import subprocess
import sys

import pytest
from numba.core import config

from embedkit.simd import target


@pytest.mark.parametrize(
    ("features", "wide", "fma"),
    [("+avx512f,+fma", True, True), ("-avx512f,+avx2,+fma", False, True), ("", False, False)],
)
def test_features_that_somebody_chose(monkeypatch, features, wide, fma):
    monkeypatch.setattr(config, "CPU_FEATURES", features)
    monkeypatch.setattr(target.platform, "machine", lambda: "x86_64")
    assert (target.has_wide_registers(), target.has_fma()) == (wide, fma)


def test_without_a_choice_the_processor_is_asked(monkeypatch):
    monkeypatch.setattr(config, "CPU_FEATURES", None)
    monkeypatch.setattr(target.codegen, "get_host_cpu_features", lambda: "+sse2,+avx512f")
    assert target.has_wide_registers()


def test_every_arm_multiplies_and_adds_at_once(monkeypatch):
    monkeypatch.setattr(config, "CPU_FEATURES", "+neon")
    monkeypatch.setattr(target.platform, "machine", lambda: "arm64")
    assert target.has_fma()
    assert not target.has_wide_registers()


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
