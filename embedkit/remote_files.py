"""Files at addresses such as s3://bucket/text.txt, which fsspec reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from embedkit.errors import DependencyError, EmbedkitError, InputError

PROTOCOLS = ("file", "gs", "hdfs", "memory", "s3")
_SPECIAL = "*?["  # in a glob


def is_address(name: object) -> bool:
    """Whether a name is the address of a file or folder elsewhere."""
    return isinstance(name, str) and name.partition("://")[0] in PROTOCOLS and "://" in name


def join(address: str, name: str) -> str:
    """The address of something in a folder."""
    return f"{address.rstrip('/')}/{name}"


def exists(address: str) -> bool:
    """Whether there is anything at an address."""
    with _reaching(address) as (files, path):
        return bool(files.exists(path))


def size_of(address: str) -> int:
    """The bytes of a file."""
    with _reaching(address) as (files, path):
        return int(files.size(path))


def names_in(address: str) -> list[str]:
    """The addresses of all files in a folder, at any depth, or that match a glob, sorted; or of one file."""
    with _reaching(address) as (files, path):
        if any(sign in path for sign in _SPECIAL):
            found = files.glob(path)
        elif files.isdir(path):
            found = files.find(path)
        else:
            return [address]
        return [str(files.unstrip_protocol(name)) for name in sorted(found) if files.isfile(name)]


def read(address: str, size: int) -> Iterator[bytes]:
    """What a file holds, in chunks of so many bytes."""
    with _reaching(address) as (files, path), files.open(path, "rb") as stream:
        while chunk := stream.read(size):
            yield chunk


def fetch(address: str, names: Sequence[str], folder: Path) -> None:
    """Copy files of a folder elsewhere to a folder here."""
    with _reaching(address) as (files, path):
        files.get([join(path, name) for name in names], [str(folder / name) for name in names])


def put(folder: Path, names: Sequence[str], address: str) -> None:
    """Copy files of a folder here to a folder elsewhere."""
    with _reaching(address) as (files, path):
        files.makedirs(path, exist_ok=True)
        files.put([str(folder / name) for name in names], [join(path, name) for name in names])


def remove(address: str) -> None:
    """Remove a file."""
    with _reaching(address) as (files, path):
        files.rm_file(path)


@contextmanager
def _reaching(address: str) -> Iterator[tuple[Any, str]]:
    """The file system of an address and the path in it; what goes wrong there is an error of ours."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise DependencyError(f"{address} needs fsspec: pip install 'embedkit[remote]'") from error
    try:
        yield url_to_fs(address, use_listings_cache=False)
    except (EmbedkitError, GeneratorExit):
        raise
    except FileNotFoundError:
        raise InputError(f"no such file or folder: {address}") from None
    except ImportError as error:  # fsspec says which package
        raise DependencyError(f"{address}: {error}") from error
    except Exception as error:  # each library has exceptions of its own
        raise InputError(f"cannot reach {address}: {type(error).__name__}: {error}") from error
