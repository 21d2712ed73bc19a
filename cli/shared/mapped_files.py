"""Mapped files: any number of them, and a sentence instead of a bus error if one is cut off meanwhile."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

MAX_FILES = 10_240  # of a process that macOS says has no limit
_telling = Lock()  # held by the thread that tells
MAPS = Path("/proc/self/maps")  # Linux: a line a mapping: addresses, rights, offset, device, inode, path
LOST = "a file that is mapped can no longer be read: it was cut off meanwhile, or its disk fails"


def guard_mapped_files() -> None:
    """Let a read beyond the end that a mapped file has lost end the program with a sentence.

    The system answers such a read by the signal SIGBUS. A handler of the module `signal` would never run: it
    waits for the instruction to end, which never does. One that ctypes makes runs at once. There is no way
    back into the interrupted code, so it ends the program; temporary files stay until the next run.

    Windows lets nobody cut a file that is mapped.
    """
    if os.name == "posix":
        libc = ctypes.CDLL(None)
        libc.signal.argtypes, libc.signal.restype = (ctypes.c_int, ctypes.c_void_p), ctypes.c_void_p
        libc.signal(signal.SIGBUS, ctypes.cast(_handler, ctypes.c_void_p))


def allow_many_files() -> None:
    """Raise the limit of open files as far as the user may: a mapped shard of a corpus takes up two.

    It is often 1024, which is as many as 8 GB of text make.
    """
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = MAX_FILES if hard == resource.RLIM_INFINITY else hard
        if soft != resource.RLIM_INFINITY and soft < most:
            with suppress(ValueError, OSError):  # the system may allow less than it says
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def cut_files() -> Iterator[Path]:
    """The mapped files that end before the mapping does, where the system tells."""
    with suppress(OSError):
        for line in MAPS.read_text(errors="surrogateescape").splitlines():
            addresses, rights, offset, _, _, *path = line.split(maxsplit=5)
            if rights.endswith("s") and path:  # shared, as programs and their libraries are not
                begin, end = (int(address, 16) for address in addresses.split("-"))
                with suppress(OSError):
                    size = Path(path[0]).stat().st_size
                    if int(offset, 16) + end - begin >= size + os.sysconf("SC_PAGE_SIZE"):
                        yield Path(path[0])


@ctypes.CFUNCTYPE(None, ctypes.c_int)
def _handler(number: int) -> None:
    _telling.acquire()  # other threads, which soon come here too, wait for the end of the program
    try:
        cut = next(cut_files(), None)
        told = f"{cut} was cut off while it was read; make or fetch it again" if cut else LOST
        os.write(2, f"Error: {told}\n".encode(errors="surrogateescape"))
    finally:
        os._exit(2)
