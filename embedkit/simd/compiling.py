"""Compiled functions: numba, with the machine code kept on disk wherever there is a place for it."""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, TypeVar, cast

from embedkit.errors import InputError

Function = TypeVar("Function", bound=Callable[..., Any])

COMPILING = (
    "compiling the training kernels for these sizes, once; this takes seconds, on a busy machine a minute"
)


@contextmanager
def announced(tell: Callable[[str], object], notice: str = COMPILING) -> Iterator[None]:
    """Call `tell(notice)` when something is compiled in the block, at its beginning and only once.

    What numba finds on disk it does not compile. `tell` is called in the thread that compiles.
    """
    from numba.core.event import Event, Listener, install_listener

    class Announcement(Listener):
        """Tells of the first compilation; those of the functions it calls begin and end within it."""

        told = False

        def on_start(self, event: Event) -> None:
            if not self.told:
                self.told = True
                tell(notice)

        def on_end(self, event: Event) -> None:
            pass

    with install_listener("numba:compile", Announcement()):
        yield


def check_compiler() -> None:
    """Raise `InputError` if numba is told not to compile: kernels with instructions of LLVM cannot run so."""
    if not can_compile():
        raise InputError(
            "NUMBA_DISABLE_JIT is set, and this needs kernels that run only if they are compiled; unset it"
        )


class Compilation:
    """The seconds for which a block compiled; 0 if it compiled nothing."""

    seconds = 0.0


@contextmanager
def timed_compilation() -> Iterator[Compilation]:
    """Tell for how long the block compiles, which only the first to use a kernel has to wait for."""
    from numba.core.event import TimingListener, install_listener

    listener, compilation = TimingListener(), Compilation()
    with install_listener("numba:compile", listener):
        yield compilation
    if listener.done:
        compilation.seconds = listener.duration


def can_compile() -> bool:
    """Whether numba may compile: NUMBA_DISABLE_JIT, which is for debugging, forbids it."""
    from numba import config

    return not getattr(config, "DISABLE_JIT")  # noqa: B009 - numba sets it without declaring it


def compiled(**options: Any) -> Callable[[Function], Function]:
    """`numba.njit(cache=True, **options)`; without a cache where neither package nor home can be written to.

    A damaged cache is made anew.

    numba is imported here, so that only modules with kernels, which load late, import it.
    """
    from numba import njit

    def decorate(function: Function) -> Function:
        try:
            kernel = njit(cache=True, **options)(function)
        except RuntimeError:  # numba found no folder for its cache
            kernel = njit(**options)(function)
        else:
            _mend(kernel)
        return cast(Function, kernel)

    return decorate


def _mend(kernel: Any) -> None:
    """Let a kernel whose files on disk are damaged be compiled anew, and be written where there is room.

    With NUMBA_DISABLE_JIT a kernel is the function itself, and has no files.
    """
    if (cache := getattr(kernel, "_cache", None)) is None:
        return
    load, save = cache.load_overload, cache.save_overload

    def load_or_empty(signature: Any, target: Any) -> Any:
        try:
            return load(signature, target)
        except Exception:  # whatever a cut or foreign file makes of unpickling
            with suppress(OSError):
                cache.flush()
            return None

    def save_or_not(signature: Any, data: Any) -> None:
        with suppress(OSError):  # a full disk: the kernel is there, and is compiled again the next time
            save(signature, data)

    cache.load_overload, cache.save_overload = load_or_empty, save_or_not


def code_version(*modules: ModuleType) -> int:
    """A number that changes with the source of `modules`.

    numba's cache sees changes of the file a function stands in alone. A function that captures this number
    is compiled again when what it calls in `modules` has changed.
    """
    return zlib.crc32("".join(map(inspect.getsource, modules)).encode())
