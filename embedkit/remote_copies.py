"""Copies of what stands at addresses, in the cache: fetched ones, and those that are made to be put there.

A path and an address may be named alike: `here` gives the file to read, `written` the one to write. Copies
that nobody used for `KEPT` days are removed when another one is made.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from os import utime
from pathlib import Path

from embedkit import remote_files
from embedkit.downloads.cache import cache_folder
from embedkit.errors import EmbedkitError, InputError
from embedkit.leftovers import temporary_folder

KEPT = 30  # days
FETCHED, MADE = "fetched", "made"  # folders in the cache
MANIFEST = "manifest.json"  # of a folder: put last and removed first, so that what has one is whole
CHUNK = 1 << 20


def here(path: str | Path) -> Path:
    """The file at a path or, fetched into the cache unless it is there, the one at an address.

    Raises:
        InputError: nothing is there, or a folder.
    """
    if not remote_files.is_address(path):
        return Path(path)
    address = str(path)
    if remote_files.names_in(address) != [address]:
        raise InputError(f"{address} is a folder or a glob; name one file")
    above, name = _parted(address)
    return kept(_version(address), lambda folder: remote_files.fetch(above, [name], folder)) / name


@contextmanager
def written(target: str | Path, there: Collection[str] = (), folder: bool = False) -> Iterator[Path]:
    """Where what is to stand at a path is written; of an address a path in the cache, always the same.

    What is there at the end of the block, a file or a `folder` with a manifest, is put at the address, whole.
    A folder, which its manifest tells from others, stays for `kept`; of a file nothing tells whether another
    machine has put its own since, so `here` fetches what is there. If the block fails, what is at the address
    stays as it is. Files of a folder that are `there` already are not put again.

    Raises:
        InputError: at the address is a folder without a manifest, or a folder where a file is to be, or a
            file where a folder is; what was made cannot be put there, and is kept on this machine.
    """
    if not remote_files.is_address(target):
        yield Path(target)
        return
    remote_files.check_address(str(target))
    address = str(target).rstrip("/")
    path = path_for(address)
    if not _replaceable(address, folder):
        raise InputError(f"cannot write {address}: it exists and holds something else; choose another name")
    remote_files.check_writable(address)
    path.parent.mkdir(exist_ok=True)  # it stays when it is empty: another run may be about to write there
    utime(path.parent)
    yield path
    try:
        _put(path, address, there)
        _keep(path)
    except (EmbedkitError, FileNotFoundError) as error:
        if not path.exists():
            raise InputError(
                f"another run on this machine wrote {address} at the same time; look at what is there, and "
                "run this again if it is not what you want"
            ) from None
        raise InputError(f"{error}; what was to be put there is {path}") from None


def _replaceable(address: str, folder: bool) -> bool:
    """Whether nothing is at an address, or what a folder with a manifest, or a file, may replace."""
    if remote_files.is_file(address):
        return not folder
    if folder and remote_files.exists(remote_files.join(address, MANIFEST)):
        return True
    return remote_files.names_in(address) in ([], [address])  # an empty folder, or nothing


def path_for(address: str) -> Path:
    """Where what is to be put at an address is written."""
    address = address.rstrip("/")
    return _root(MADE) / sha256(address.encode()).hexdigest()[:16] / _parted(address)[1]


def kept(key: str, make: Callable[[Path], None]) -> Path:
    """The folder in the cache that has this key; `make` fills it if there is none."""
    root = _root(FETCHED)
    folder = root / key
    if not folder.exists():
        with temporary_folder(root) as temporary:
            made = temporary / "made"
            made.mkdir()
            make(made)
            _become(made, folder)
    utime(folder)
    return folder


def manifest_key(manifest: bytes) -> str:
    """The key of a folder that has a manifest."""
    return sha256(manifest).hexdigest()


def _version(address: str) -> str:
    """The key of a file as it is now at an address."""
    return sha256(f"{address} {remote_files.version_of(address)}".encode()).hexdigest()


def _put(path: Path, address: str, there: Collection[str]) -> None:
    """Put a file behind those that belong to it, or a folder of files of which the manifest is the last."""
    if path.is_file():
        above, name = _parted(address)
        remote_files.put(path.parent, [file.name for file in _beside(path)], above)
        remote_files.put(path.parent, [name], above)
        return
    manifest = remote_files.join(address, MANIFEST)
    if remote_files.exists(manifest):
        remote_files.remove(manifest)
    names = sorted(file.name for file in path.iterdir())
    remote_files.put(path, [name for name in names if name not in (MANIFEST, *there)], address)
    remote_files.put(path, [MANIFEST], address)
    remote_files.keep_only(address, names)


def _beside(path: Path) -> list[Path]:
    """What was written beside a file, as the words of a matrix are."""
    files = sorted(path.parent.iterdir())
    return [file for file in files if file.is_file() and file != path and not file.name.startswith(".")]


def _parted(address: str) -> tuple[str, str]:
    """The folder of a file at an address, and the name in it."""
    above, _, name = address.rpartition("/")
    return above, name


def _keep(path: Path) -> None:
    """Let a folder that was put be what would be fetched; a file and what is beside it are removed."""
    if path.is_dir():
        _become(path, _root(FETCHED) / manifest_key((path / MANIFEST).read_bytes()))
        return
    for file in [*_beside(path), path]:
        file.unlink()


def _become(made: Path, folder: Path) -> None:
    """Rename a folder, unless another process was first; then it is removed."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.exists():
            raise
        shutil.rmtree(made)


def _root(name: str) -> Path:
    """A folder in the cache, without copies that nobody uses any more."""
    root = cache_folder() / name
    root.mkdir(parents=True, exist_ok=True)
    for old in root.iterdir():
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > KEPT * 24 * 3600:
                shutil.rmtree(old)
    return root
