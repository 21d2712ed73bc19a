"""Compiled functions: numba, with the machine code kept on disk wherever there is a place for it."""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from types import ModuleType
from typing import Any, TypeVar

from embedkit.progress import Progress

Function = TypeVar("Function", bound=Callable[..., Any])

COMPILING = "compiling the training kernels for these sizes, once; this takes a few seconds"


@contextmanager
def announced(progress: Progress) -> Iterator[None]:
    """Say that kernels are being compiled if what is done inside takes longer than reading them from disk."""
    announcement = Timer(0.5, progress.note, [COMPILING])
    announcement.start()
    try:
        yield
    finally:
        announcement.cancel()


def compiled(**options: Any) -> Callable[[Function], Function]:
    """`numba.njit(cache=True, **options)`; without a cache where neither package nor home can be written to.

    numba is imported here, so that only modules with kernels, which load late, import it.
    """
    from numba import njit

    def decorate(function: Function) -> Function:
        try:
            kernel: Function = njit(cache=True, **options)(function)
        except RuntimeError:  # numba found no folder for its cache
            kernel = njit(**options)(function)
        return kernel

    return decorate


def code_version(*modules: ModuleType) -> int:
    """A number that changes with the source of `modules`.

    numba's cache sees changes of the file a function stands in alone. A function that captures this number
    is compiled again when what it calls in `modules` has changed.
    """
    return zlib.crc32("".join(map(inspect.getsource, modules)).encode())
