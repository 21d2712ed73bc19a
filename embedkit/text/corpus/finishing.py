"""Finishing a corpus whose shards are written: its vocabulary, the ids of words, and the manifest."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.files import check_regular
from embedkit.parallel.mapping import Map
from embedkit.text.corpus.encoding import FinishedShard, finish_shard
from embedkit.text.corpus.manifest import Manifest, ShardEntry, documents_in
from embedkit.text.corpus.merging import Merger
from embedkit.text.corpus.shards import LOCAL_IDS, LOCAL_OFFSETS, shard_file, writing
from embedkit.text.vocabulary import Vocabulary

VOCABULARY = "vocabulary.tsv"
FREQUENT = 20_000  # words, enough to tell the language of a text


def finish(
    on_workers: Map,
    merger: Merger,
    recipe: dict[str, Any],
    begun: tuple[Path, Manifest] | None = None,
) -> Vocabulary:
    """Write the vocabulary, give the words of the shards their ids, and write the manifest.

    Args:
        on_workers: by which workers renumber the shards.
        merger: what knows all shards.
        recipe: how they were made.
        begun: the folder and the manifest of the corpus that they are added to.

    Returns:
        The first `FREQUENT` words of the vocabulary.
    """
    if not merger.words:
        raise InputError("there is no word in the text, so there is nothing to encode")
    folder = merger.folder
    words, counts = merger.save_vocabulary(folder / VOCABULARY)
    entries = _entries(_renumbered(on_workers, merger))
    if merger.dropped:
        recipe = {**recipe, "dropped": merger.dropped._asdict()}
    if begun:
        recipe, entries = _joined(begun, folder, recipe, entries)
    total = sum(entry.words for entry in entries)
    fingerprint = fingerprint_of(folder, entries)
    manifest = Manifest(total, documents_in(entries), len(words), fingerprint, recipe, entries)
    with writing(folder):
        _remove_others(folder, len(entries))
        manifest.save(folder)
    return Vocabulary(words[:FREQUENT], counts[:FREQUENT])


def fingerprint_of(folder: Path, entries: Iterable[ShardEntry]) -> str:
    """The sha256 of the vocabulary and of all shards: equal for equal documents in equal shards."""
    check_regular(folder / VOCABULARY)
    digest = hashlib.sha256((folder / VOCABULARY).read_bytes())
    for entry in entries:
        digest.update(b"continues" if entry.continues else b"")
        digest.update(bytes.fromhex(entry.sha256))
    return digest.hexdigest()


def _renumbered(on_workers: Map, merger: Merger) -> Iterator[FinishedShard]:
    """The shards with their final ids, each without what it was made of."""
    folder = merger.folder
    tasks = [(folder, number, lines) for number, lines in enumerate(merger.lines, merger.first)]
    for (_, number, _), shard in zip(tasks, on_workers(finish_shard, tasks), strict=True):
        for kind in (LOCAL_IDS, LOCAL_OFFSETS):
            shard_file(folder, number, kind).unlink(missing_ok=True)
        yield shard


def _entries(shards: Iterable[FinishedShard]) -> tuple[ShardEntry, ...]:
    """What the manifest says of the shards: one that begins with the last line before it continues that."""
    entries = []
    last: tuple[int, ...] = (-1,)
    for shard in shards:
        entries.append(
            ShardEntry(shard.words, shard.documents, shard.sha256, continues=shard.lines[:1] == last)
        )
        last = shard.lines[1:] or last
    return tuple(entries)


def _joined(
    begun: tuple[Path, Manifest], folder: Path, recipe: dict[str, Any], entries: tuple[ShardEntry, ...]
) -> tuple[dict[str, Any], tuple[ShardEntry, ...]]:
    """The recipe and the shards of a corpus and of what is added to it; its shards appear in `folder`."""
    path, manifest = begun
    for number in range(len(manifest.shards)):
        for kind in ("ids", "offsets"):
            with writing(folder):
                _link(shard_file(path, number, kind), shard_file(folder, number, kind))
    old = manifest.recipe
    sources, replaced = old["sources"] + recipe["sources"], old.get("replaced", 0) + recipe["replaced"]
    return {**recipe, "sources": sources, "replaced": replaced}, manifest.shards + entries


def _remove_others(folder: Path, shards: int) -> None:
    """Remove what was needed on the way only, in this run or in one that was interrupted."""
    needed = {shard_file(folder, number, kind) for number in range(shards) for kind in ("ids", "offsets")}
    for path in folder.iterdir():
        if path not in needed and path.name != VOCABULARY:
            path.unlink()


def link_files(folder: Path, other: Path) -> None:
    """Let another folder, and what may be in it, be what a folder without folders is."""
    shutil.rmtree(other, ignore_errors=True)
    other.mkdir()
    for file in folder.iterdir():
        _link(file, other / file.name)


def _link(file: Path, link: Path) -> None:
    """Let `link` be what `file` is: the same on the disk where that can be, for shards never change."""
    link.unlink(missing_ok=True)
    try:
        os.link(file, link)
    except OSError:
        shutil.copyfile(file, link)
