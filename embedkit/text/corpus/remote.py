"""Corpora elsewhere: put there whole, and fetched into the cache of this machine, where they are mapped.

The manifest is put last and removed first, so that what has one is whole. In the cache a corpus stands under
the sha256 of its manifest; what was fetched is checked by what that says before it appears there.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from embedkit import remote_files
from embedkit.downloads.cache import cache_folder
from embedkit.errors import InputError
from embedkit.files import atomic_folder
from embedkit.leftovers import temporary_folder
from embedkit.text.corpus.finishing import VOCABULARY
from embedkit.text.corpus.manifest import MANIFEST, Manifest
from embedkit.text.corpus.shards import shard_file


def make_at(address: str, make: Callable[[Path], None]) -> None:
    """Have `make` write a corpus into a folder of the cache, and put it at an address.

    Raises:
        InputError: there is something else than a corpus.
    """
    manifest = remote_files.join(address, MANIFEST)
    replaced = remote_files.exists(manifest)
    if not replaced and remote_files.exists(address) and remote_files.names_in(address):
        raise InputError(f"cannot write {address}: it exists and holds something else; choose another name")
    cache = _cache()
    with temporary_folder(cache) as folder:
        made = folder / "corpus"
        make(made)
        if replaced:
            remote_files.remove(manifest)
        loaded = Manifest.load(made)
        remote_files.put(made, _names(loaded), address)
        remote_files.put(made, [MANIFEST], address)
        if not (kept := _kept(cache, made)).exists():
            made.rename(kept)


def fetched(address: str, check: Callable[[Path], None]) -> Path:
    """The folder in the cache with the corpus of an address, which is fetched unless it is there."""
    cache = _cache()
    with temporary_folder(cache) as folder:
        if not remote_files.exists(remote_files.join(address, MANIFEST)):
            raise InputError(f"{address} is no corpus: it has no {MANIFEST}; `embedkit tokenize` makes one")
        remote_files.fetch(address, [MANIFEST], folder)
        manifest, kept = Manifest.load(folder), _kept(cache, folder)
    if not kept.exists():
        with atomic_folder(kept, MANIFEST) as folder:
            remote_files.fetch(address, [*_names(manifest), MANIFEST], folder)
            check(folder)
    return kept


def _names(manifest: Manifest) -> list[str]:
    """The files of a corpus, but for the manifest."""
    numbers = range(len(manifest.shards))
    shards = [shard_file(Path(), number, kind).name for number in numbers for kind in ("ids", "offsets")]
    return [VOCABULARY, *shards]


def _kept(cache: Path, folder: Path) -> Path:
    """Where a corpus is kept."""
    return cache / sha256((folder / MANIFEST).read_bytes()).hexdigest()


def _cache() -> Path:
    folder = cache_folder() / "corpora"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
