"""Files at addresses such as s3://bucket/text.txt, which fsspec reads and writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from embedkit.errors import DependencyError, EmbedkitError, InputError

PROTOCOLS = ("file", "gs", "hdfs", "memory", "s3")
BUCKETS = ("gs", "s3")
OBJECT_STORES = (*BUCKETS, "memory")
SETTINGS = {  # what the libraries read from the environment, or from their own files
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for a store that is not Amazon's, AWS_ENDPOINT_URL",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "hdfs": "HADOOP_HOME, JAVA_HOME and CLASSPATH",
}
_GLOB = re.compile(r"[*?[]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # a single letter is a drive of Windows


def is_address(name: object) -> bool:
    """Whether a name is the address of a file or folder elsewhere, also one that cannot be reached."""
    return isinstance(name, str) and _SCHEME.match(name) is not None


def check_address(address: str) -> None:
    """Raise `InputError` for an address of another protocol, or of nothing."""
    protocol, _, named = address.partition("://")
    if protocol not in PROTOCOLS:
        known = ", ".join(f"{name}://" for name in PROTOCOLS)
        raise InputError(f"cannot reach {protocol}:// addresses; expected one that begins with {known}")
    if not named.strip("/"):
        raise InputError(f"{address} names nothing; name a file or a folder, as {protocol}://folder/name")


def join(address: str, name: str) -> str:
    """The address of something in a folder."""
    return f"{address.rstrip('/')}/{name}"


def exists(address: str) -> bool:
    """Whether there is anything at an address."""
    with _reaching(address) as (files, path):
        return bool(files.exists(path))


def is_file(address: str) -> bool:
    """Whether a file is at an address; in a store of objects a folder of the same name may be there, too."""
    with _reaching(address) as (files, path):
        return bool(files.isfile(path))


def size_of(address: str) -> int:
    """The bytes of a file."""
    with _reaching(address) as (files, path):
        return int(files.size(path))


def names_in(address: str, hidden: bool = True) -> list[str]:
    """The addresses of all files in a folder, at any depth, or that match a glob, sorted; or of one file.

    What is neither is taken for a file, of which nothing is known; a file or a folder may also have the name
    of a glob. Those that are `hidden`, whose names begin with a dot, may be left out.
    """
    with _reaching(address) as (files, path):
        if files.isfile(path):
            return [address]
        if files.isdir(path):
            base, found = address.rstrip("/"), files.find(path)
        elif first := _GLOB.search(address):
            base, found = address[: first.start()].rpartition("/")[0], files.glob(path)
        else:
            return [address]
        root = len(files._strip_protocol(base))
        inside = sorted(name[root:] for name in found if files.isfile(name))
        return [base + name for name in inside if hidden or "/." not in name]


def read(address: str, size: int) -> Iterator[bytes]:
    """What a file holds, in chunks of so many bytes."""
    with _reaching(address) as (files, path), files.open(path, "rb") as stream:
        while chunk := stream.read(size):
            yield chunk


def read_part(address: str, offset: int, size: int) -> bytes:
    """So many bytes of a file, fewer at its end."""
    with _reaching(address) as (files, path):
        return bytes(files.cat_file(path, start=offset, end=offset + size))


def version_of(address: str) -> str:
    """What tells a file from others that stood or will stand at its address."""
    with _reaching(address) as (files, path):
        return str(files.ukey(path))


def fetch(address: str, names: Sequence[str], folder: Path) -> None:
    """Copy files of a folder elsewhere to a folder here."""
    with _reaching(address) as (files, path):
        files.get([join(path, name) for name in names], [str(folder / name) for name in names])


def check_writable(address: str) -> None:
    """Raise `InputError` unless a file can be put at an address: one beside it is made and removed."""
    protocol, _, named = address.partition("://")
    if protocol in BUCKETS and "/" not in named.strip("/"):
        raise InputError(f"cannot write {address}: it is a bucket; name a file in it, as {address}/name")
    with _reaching(address) as (files, path):
        beside = f"{path}.{uuid4().hex}"
        if not _is_object_store(address):
            files.makedirs(files._parent(path), exist_ok=True)
        try:
            files.pipe_file(beside, b"")
        except FileNotFoundError:
            raise InputError(f"cannot write {address}: there is no such bucket; make it first") from None
        with suppress(OSError):
            files.rm_file(beside)


def put(folder: Path, names: Sequence[str], address: str) -> None:
    """Copy files of a folder here to a folder elsewhere, where each appears whole.

    Object stores do so; elsewhere files are renamed.
    """
    with _reaching(address) as (files, path):
        here, there = [str(folder / name) for name in names], [join(path, name) for name in names]
        if _is_object_store(address):
            files.put(here, there)
            return
        files.makedirs(path, exist_ok=True)
        beside = [f"{name}.{uuid4().hex}" for name in there]
        files.put(here, beside)
        for unfinished, name in zip(beside, there, strict=True):
            files.mv(unfinished, name)


def remove(address: str) -> None:
    """Remove a file."""
    with _reaching(address) as (files, path):
        files.rm_file(path)


def keep_only(address: str, names: Sequence[str]) -> None:
    """Remove all other files of a folder."""
    with _reaching(address) as (files, path):
        known = {join(path, name) for name in names}
        for file in files.find(path):
            if file not in known:
                files.rm_file(file)


def _is_object_store(address: str) -> bool:
    """Whether a file appears whole and needs no folder."""
    return address.partition("://")[0] in OBJECT_STORES


@contextmanager
def _reaching(address: str) -> Iterator[tuple[Any, str]]:
    """The file system of an address and the path in it; what goes wrong there is an error of ours."""
    check_address(address)
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
    except PermissionError as error:
        raise InputError(f"cannot reach {address}: {error.strerror or error}{_settings(address)}") from None
    except ImportError as error:  # fsspec says which package
        raise DependencyError(f"{address}: {error}") from error
    except Exception as error:  # each library has exceptions of its own
        what = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        raise InputError(f"cannot reach {address}: {what}{_settings(address)}") from error


def _settings(address: str) -> str:
    """What is said of the settings of a store that cannot be reached."""
    names = SETTINGS.get(address.partition("://")[0])
    return f"; are {names} set as it needs?" if names else ""
