"""Temporary files and folders that leave nothing for long: those of a killed run are removed by the next.

Each is locked while its owner lives: the system lets go of the lock when a process ends, whatever ends it.
Its name tells the machine, as some network folders know a lock on one machine only. What cannot be locked,
such as a folder on a network, or anything on Windows, is never taken for a leftover.

Long work may ask for a folder that outlives an interruption, so that the next run goes on from what is in it.
If nobody comes back, it is removed a week later by whoever writes in that place.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

MACHINE = sha256((os.uname().nodename if fcntl else "").encode()).hexdigest()[:8]
PREFIX, SUFFIX = f".embedkit-{MACHINE}-", ".tmp"  # short whatever the length of the target's name
UNFINISHED = ".part"  # instead of SUFFIX: what is kept for a run that goes on
KEPT = 7 * 24 * 3600  # seconds for which it is


@contextmanager
def temporary_file(folder: Path) -> Iterator[Path]:
    """An empty file in `folder`, removed at the end unless it was renamed by then."""

    def make() -> Path:
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=folder)
        os.close(handle)
        return Path(name)

    with _owned(folder, make, lambda path: path.unlink(missing_ok=True)) as path:
        yield path


@contextmanager
def temporary_folder(folder: Path | None = None) -> Iterator[Path]:
    """An empty folder in `folder`, by default that for temporary files; removed at the end if it is there."""
    parent = Path(tempfile.gettempdir()) if folder is None else folder

    def make() -> Path:
        return Path(tempfile.mkdtemp(prefix=PREFIX, suffix=SUFFIX, dir=parent))

    with _owned(parent, make, lambda path: shutil.rmtree(path, ignore_errors=True)) as path:
        yield path


@contextmanager
def unfinished_folder(
    folder: Path,
    name: str,
    worthwhile: str,
    interruptions: tuple[type[BaseException], ...] = (KeyboardInterrupt,),
) -> Iterator[Path]:
    """A folder in `folder` for work on the file `name`, with what an interrupted run on `name` left in it.

    It is removed at the end if it is there, but for an interruption (Ctrl-C, SIGTERM, or a kill; or one of
    other `interruptions`), after which it stays if it holds anything that matches the glob `worthwhile`.
    Where nothing can be locked, or while another run works on `name`, it is an ordinary `temporary_folder`.
    """
    path = unfinished_path(folder, name)
    if (lock := _locked_folder(path)) is None:
        with temporary_folder(folder) as other:
            yield other
        return
    _remove_leftovers(folder)
    kept = False
    try:
        yield path
    except interruptions:
        kept = any(path.glob(worthwhile))
        raise
    finally:
        if not kept:
            shutil.rmtree(path, ignore_errors=True)
        _unlock(lock)


def unfinished_path(folder: Path, name: str) -> Path:
    """Where the unfinished work on the file `name` in `folder` is kept, if there is any."""
    return folder / f"{PREFIX}{sha256(os.fsencode(name)).hexdigest()[:16]}{UNFINISHED}"


def _locked_folder(path: Path) -> int | None:
    """The lock of the folder `path`, which is made if need be; None if it cannot be this user's alone."""
    while True:
        path.mkdir(mode=0o700, exist_ok=True)
        try:
            lock = _lock(path)
        except FileNotFoundError:  # another run has ended just now
            continue
        except BlockingIOError:
            return None
        if lock is None:
            with suppress(OSError):
                path.rmdir()  # if it is empty, as one just made is
            return None
        status = os.fstat(lock)
        with suppress(FileNotFoundError):
            if os.path.samestat(status, path.lstat()):
                if status.st_uid == os.geteuid():
                    return lock
                _unlock(lock)
                return None
        _unlock(lock)


@contextmanager
def _owned(folder: Path, make: Callable[[], Path], remove: Callable[[Path], None]) -> Iterator[Path]:
    """What `make` makes in `folder`, locked; what others left there is removed before, and it at the end."""
    _remove_leftovers(folder)
    path, lock = _locked(make)
    try:
        yield path
    finally:
        try:
            remove(path)
        except KeyboardInterrupt:
            remove(path)
            raise
        finally:
            _unlock(lock)


def _locked(make: Callable[[], Path]) -> tuple[Path, int | None]:
    """What `make` makes, once it is locked: before, another run may take it for a leftover."""
    while True:
        path = make()
        with suppress(BlockingIOError, FileNotFoundError):
            lock = _lock(path)
            if lock is None or path.exists():
                return path, lock
            _unlock(lock)


def _remove_leftovers(folder: Path) -> None:
    """Remove what runs of this user on this machine that have ended left in `folder`."""
    with suppress(OSError), os.scandir(folder) as entries:
        found = [Path(entry) for entry in entries if entry.name.startswith(PREFIX)]
        for path in found:
            with suppress(OSError):  # its owner lives, or another run removes it just now
                _remove_leftover(path)


def _remove_leftover(path: Path) -> None:
    if path.is_symlink() or (lock := _lock(path)) is None:
        return
    try:
        status = path.lstat()
        waits = path.suffix == UNFINISHED and time.time() - status.st_mtime < KEPT
        if waits or status.st_uid != os.geteuid():
            return
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    finally:
        _unlock(lock)


def _lock(path: Path) -> int | None:
    """Lock `path` until `_unlock`; None where nothing can be locked.

    Raises:
        BlockingIOError: another process has locked it.
        FileNotFoundError: it is gone.
    """
    if fcntl is None:
        return None
    handle = None
    try:
        handle = os.open(path, os.O_NOFOLLOW | (os.O_RDONLY if path.is_dir() else os.O_RDWR))
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        _unlock(handle)
        if isinstance(error, BlockingIOError | FileNotFoundError):
            raise
        return None
    return handle


def _unlock(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
