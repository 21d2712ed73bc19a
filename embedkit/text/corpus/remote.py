"""Corpora at addresses: fetched into the cache of this machine, where they are mapped.

In the cache a corpus stands under the sha256 of its manifest; what was fetched is checked by what that says
before it appears there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from embedkit import remote_files
from embedkit.errors import InputError
from embedkit.remote_copies import CHUNK, kept, manifest_key
from embedkit.text.corpus.finishing import VOCABULARY
from embedkit.text.corpus.manifest import MANIFEST, Manifest
from embedkit.text.corpus.shards import shard_file


def fetched(address: str, check: Callable[[Path], None]) -> Path:
    """The folder in the cache with the corpus of an address, which is fetched unless it is there."""
    place = remote_files.join(address, MANIFEST)
    if not remote_files.exists(place):
        raise InputError(f"{address} is no corpus: it has no {MANIFEST}; `embedkit tokenize` makes one")
    manifest = b"".join(remote_files.read(place, CHUNK))

    def fetch(folder: Path) -> None:
        (folder / MANIFEST).write_bytes(manifest)
        remote_files.fetch(address, [VOCABULARY, *shard_names(Manifest.load(folder))], folder)
        check(folder)

    return kept(manifest_key(manifest), fetch)


def shard_names(manifest: Manifest) -> list[str]:
    """The files of the shards of a corpus."""
    numbers = range(len(manifest.shards))
    return [shard_file(Path(), number, kind).name for number in numbers for kind in ("ids", "offsets")]
