"""Files read whole or not at all, and atomic writes: write beside the target, flush, rename."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

from embedkit.errors import FormatError, InputError
from embedkit.leftovers import temporary_file, temporary_folder, unfinished_folder, unfinished_path

FULL_DISK = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
LONGEST = 1 << 26  # bytes of a line, or of a benchmark, that have to be in memory at once
IN_USE = (5, 32, 1224)  # Windows: access denied, a sharing violation, a mapped section
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD; RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def read_whole(path: Path, size: int) -> Iterator[bytes]:
    """What a file holds, in chunks of so many bytes.

    Raises:
        FormatError: the file became shorter while it was read.
    """
    with path.open("rb") as stream:
        status, read = os.fstat(stream.fileno()), 0
        while chunk := stream.read(size):
            read += len(chunk)
            yield chunk
    if stat.S_ISREG(status.st_mode) and read < status.st_size:
        raise FormatError(f"{path} was cut off while it was read; make or fetch it again")


def check_writable(target: Path) -> None:
    """Raise `InputError` unless `target` can be created or replaced: ask before hours of work, not after.

    A temporary file is made and removed beside what `target` stands for, as permissions tell too little.
    """
    try:
        real = target.resolve()
        real.exists()  # raises for a name that is too long
        if not real.parent.is_dir():
            raise InputError(
                f"cannot write {target}: the folder {real.parent} does not exist; create it first"
            )
        with temporary_file(real.parent):
            pass
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot write {target}: {reason}; choose another name or folder") from None


def check_regular(path: Path) -> None:
    """Raise `InputError` for a pipe or a device, which nobody may ever write to; what is missing passes."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InputError(
            f"cannot read {path}: expected a regular file, got a pipe or a device; write what it gives to one"
        )


@contextmanager
def atomic_file(target: Path) -> Iterator[IO[bytes]]:
    """A binary file that becomes `target` when the block ends, and vanishes if the block fails.

    A symbolic link stays, and the file it points to is replaced; its mode and owner are kept.
    """
    check_writable(target)
    real = target.resolve()
    if real.exists() and not real.is_file():
        kind = "folder" if real.is_dir() else "device"
        raise InputError(f"cannot write {target}: it is a {kind}; name a file")
    with temporary_file(real.parent) as temporary, _naming(target, temporary):
        with temporary.open("w+b") as stream:  # it may be mapped
            yield stream
            stream.flush()
        replace_file(temporary, real)


def replace_file(finished: Path, target: Path) -> None:
    """Let a finished file on the same disk become `target`, as `atomic_file` does."""
    real = target.resolve()
    with finished.open("rb+") as stream:
        os.fsync(stream.fileno())
    _adopt(finished, real, 0o666)
    finished.replace(real)


@contextmanager
def atomic_folder(target: Path, marker: str, worthwhile: str | None = None) -> Iterator[Path]:
    """An empty folder that becomes `target` when the block ends, and vanishes if the block fails.

    With `worthwhile`, a glob, an interruption leaves the folder if it holds such files, and the next block
    for the same `target` finds it as it was left: see `unfinished_folder`.

    An existing `target` is replaced only if it holds the file `marker`, that is, if it was made by the same
    kind of writer; any other folder is somebody's work and raises `InputError`. A symbolic link stays, and
    the folder it points to is replaced; its mode and owner are kept.
    """
    check_writable(target)
    real = target.resolve()
    _restore(real)
    if real.is_dir() and real in (here := _current_folder(), *here.parents):
        raise InputError(f"cannot write {target}: it is the current folder or holds it; choose another name")
    _check_own(target, real, marker)
    with _working_folder(real, worthwhile) as temporary, _naming(target, temporary):
        yield temporary
        _check_own(target, real, marker)  # that may have been hours
        _adopt(temporary, real, 0o777)
        if real.is_dir():
            _exchange(temporary, real)
        else:
            temporary.replace(real)


def _check_own(target: Path, real: Path, marker: str) -> None:
    """Raise `InputError` if `real` is somebody's work: a file, or a full folder without `marker`."""
    if real.is_file() or (real.is_dir() and any(real.iterdir()) and not (real / marker).is_file()):
        raise InputError(f"cannot write {target}: it exists and holds something else; choose another name")


def _working_folder(real: Path, worthwhile: str | None) -> AbstractContextManager[Path]:
    """Where what becomes `real` is made."""
    if worthwhile is None:
        return temporary_folder(real.parent)
    return unfinished_folder(real.parent, real.name, worthwhile)


def is_unfinished(target: Path) -> bool:
    """Whether an interrupted run has left work on `target` from which the next one will go on."""
    try:
        real = target.resolve()
        return unfinished_path(real.parent, real.name).is_dir()
    except (OSError, RuntimeError):
        return False


@contextmanager
def _naming(target: Path, temporary: Path) -> Iterator[None]:
    """Let what the disk refuses name `target`: errors name something under `temporary` or, if full, nothing.

    Errors of other files and of networks, which have classes of their own, pass as they are. Windows refuses
    to rename over a file that a program has mapped.
    """
    try:
        yield
    except OSError as error:
        if error.filename2 and getattr(error, "winerror", None) in IN_USE:
            raise InputError(
                f"cannot replace {target}: it is in use, as by something that was loaded from it; write to "
                "another name, or let go of it first"
            ) from None
        nameless = error.filename is None and type(error) is OSError
        if not nameless and not str(error.filename).startswith(str(temporary)):
            raise
        raise OSError(error.errno, error.strerror or str(error), str(target)) from error


def _adopt(temporary: Path, target: Path, mode: int) -> None:
    """Give `temporary` the mode and the owner of `target`; if there is none, what new files have."""
    try:
        old = target.stat()
    except FileNotFoundError:
        temporary.chmod(mode & ~_umask())
        return
    temporary.chmod(stat.S_IMODE(old.st_mode))
    new = temporary.stat()
    if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):  # only root gives files away
            os.chown(temporary, old.st_uid, old.st_gid)


def _exchange(temporary: Path, target: Path) -> None:
    """Put `temporary` where `target` is; the old folder ends where `temporary` was.

    In one step where the system has one, so that at no moment the target is missing. Else the old folder
    stands aside for a moment; `_restore` finds it there if the process is killed just then.
    """
    if _swapped(temporary, target):
        return
    aside = _aside(target)
    try:
        target.replace(aside)
        temporary.replace(target)
    except BaseException:
        _restore(target)
        raise
    aside.replace(temporary)


def _swapped(one: Path, other: Path) -> bool:
    """Whether two paths could be exchanged in one step: Linux and macOS can, on most file systems."""
    libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if renameat2 := getattr(libc, "renameat2", None):
        return bool(renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
    if renamex_np := getattr(libc, "renamex_np", None):
        return bool(renamex_np(os.fsencode(one), os.fsencode(other), _EXCHANGE) == 0)
    return False


def _aside(target: Path) -> Path:
    """Where the old folder stands while a new one takes its place: always the same name for a target."""
    return target.with_name(f".embedkit-{sha256(os.fsencode(target.name)).hexdigest()[:16]}.old")


def _restore(target: Path) -> None:
    """Put a folder back that a run which was killed left aside, and remove it if it was replaced by then."""
    aside = _aside(target)
    if not aside.is_dir():
        return
    if target.exists():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.replace(target)


def _current_folder() -> Path:
    """The folder that this process works in; the root if it was removed in the meantime."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path("/")


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
