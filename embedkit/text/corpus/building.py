"""Building a corpus from text, in parallel."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, islice
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from embedkit.cluster.workers import refuse_workers
from embedkit.errors import InputError
from embedkit.files import atomic_folder
from embedkit.parallel.cores import available_cores
from embedkit.parallel.inline import InlineExecutor
from embedkit.parallel.mapping import Map, map_in_order
from embedkit.parallel.processes import ProcessPool
from embedkit.progress import SILENT, Progress
from embedkit.text.corpus.appending import check_same, check_unchanged, known_words, recipe_of_more
from embedkit.text.corpus.block_encoding import BlockEncoding, Travel, is_compiled, pipeline_of
from embedkit.text.corpus.document_lines import DocumentLines
from embedkit.text.corpus.finishing import finish
from embedkit.text.corpus.manifest import MANIFEST, Manifest, is_corpus
from embedkit.text.corpus.merging import Merger
from embedkit.text.corpus.shard_records import (
    RECORDS,
    ShardWords,
    finished_shards,
)
from embedkit.text.corpus.word_table import PythonWordTable, WordTable
from embedkit.text.formats.compression import SUFFIXES
from embedkit.text.formats.sources import Source
from embedkit.text.pipeline.custom import has_functions
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline, is_compilable
from embedkit.text.pipeline.recipes import savable_recipe
from embedkit.text.reading.block_places import place_of
from embedkit.text.reading.blocks import BLOCK, read_blocks
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.lines import check_encoding_errors, warn_of_replaced
from embedkit.text.reading.text_reader import TextReader, check_sources
from embedkit.text.reading.texts_in_memory import Sources, open_sources
from embedkit.text.tokenization.unsegmented import warn_of_unsegmented

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster

COMPILING = "compiling the kernels that tokenize text, once; this takes a few seconds"
SMALL_BLOCK = 1 << 21  # bytes of text that are tokenized at once by what is not compiled
MAX_MEMBERS = 100  # names of files in an archive that the manifest keeps


Item = TypeVar("Item")
Result = TypeVar("Result")


class _Work(NamedTuple):
    """How files are read, who encodes, in which pieces, who is told of it, and whether lines are kept."""

    reading: Reading | None
    workers: int | None
    cluster: Cluster | None
    progress: Progress
    block_bytes: int | None
    lines: DocumentLines | None = None


def encode_text(
    sources: Sources,
    path: Path,
    *,
    tokenizer: TextPipeline | str = "words",
    encoding_errors: str = "strict",
    max_vocabulary: int | None = None,
    reading: Reading | None = None,
    workers: int | None = None,
    cluster: Cluster | None = None,
    progress: Progress = SILENT,
    block_bytes: int | None = None,
    lines: DocumentLines | None = None,
) -> None:
    """Make the corpus `path` of the text of `sources`; see `Corpus.encode`.

    `block_bytes` decides where shards end, and is a part of what the fingerprint identifies; by default it is
    such that all cores have work for some time. `lines` is told which line each document was.
    """
    check_encoding_errors(encoding_errors)
    if max_vocabulary is not None and max_vocabulary < 1:
        raise InputError(f"max_vocabulary must be at least 1, got {max_vocabulary}")
    how: dict[str, Any] = {
        "tokenizer": savable_recipe(text_pipeline(tokenizer)),
        "encoding_errors": encoding_errors,
    }
    if reading is not None and reading.documents == "sentences":
        how["documents"] = reading.documents
    if max_vocabulary is not None:
        how["max_vocabulary"] = max_vocabulary
    work = _Work(reading, workers, cluster, progress, block_bytes, lines)
    _encode(sources, path, how, None, work)


def append_text(
    sources: Sources,
    path: Path,
    *,
    tokenizer: TextPipeline | str | None = None,
    encoding_errors: str | None = None,
    reading: Reading | None = None,
    workers: int | None = None,
    cluster: Cluster | None = None,
    progress: Progress = SILENT,
    block_bytes: int | None = None,
) -> None:
    """Add the text of `sources` to the corpus `path`; see `Corpus.append`."""
    begun = Manifest.load(path)
    how = recipe_of_more(path, begun)
    asked = {
        "tokenizer": None if tokenizer is None else text_pipeline(tokenizer).recipe(),
        "encoding_errors": encoding_errors,
        "documents": None if reading is None else reading.documents,
    }
    check_same(path, how, asked)
    work = _Work(reading, workers, cluster, progress, block_bytes)
    _encode(sources, path, how, begun, work)


def _encode(
    sources: Sources,
    path: Path,
    how: dict[str, Any],
    begun: Manifest | None,
    work: _Work,
) -> None:
    """Make the corpus `path` as the recipe `how` says, or go on with what has `begun` there."""
    recipe, first_shard = json.dumps(how["tokenizer"]), len(begun.shards) if begun else 0
    custom = has_functions(pipeline_of(recipe).steps)
    workers = _number_of_workers(work, custom)
    _check_no_corpus(sources)
    files = open_sources(sources)
    reader = TextReader(work.reading, how["encoding_errors"], work.progress)
    check_sources(files, reader)
    block_bytes = work.block_bytes or (BLOCK if is_compilable(pipeline_of(recipe)) else SMALL_BLOCK)
    # the same name may stand for another function when the command is run again
    repeatable = not custom and not work.lines and all(file.size is not None for file in files)
    with atomic_folder(path, MANIFEST, RECORDS if repeatable else None) as folder:
        job = {**how, "onto": begun and begun.fingerprint, "block_bytes": block_bytes}
        done = finished_shards(job | {"sources": [(file.name, file.size) for file in files]}, folder)
        if done:
            work.progress.note(f"continuing: {done:,}{_of_all(files, block_bytes)} blocks were done")
        read = read_blocks(files, block_bytes, reader)
        blocks = enumerate(work.lines.noted(read) if work.lines else read, first_shard)
        first = list(islice(blocks, 2))
        compiled = all(is_compiled(pipeline_of(recipe), block) for _, block in first)
        if compiled and first:
            pipeline_of(recipe).compiled.prepare()  # once, before threads ask for the tables
        known = known_words(path, begun) if begun else None
        merger = Merger(folder, _word_table(compiled), known, how.get("max_vocabulary"))
        recorded = "max_vocabulary" in how or (repeatable and len(first) > 1)
        encoding = BlockEncoding(json.dumps(how), recorded, bool(work.lines))
        shared = work.cluster is None or _all_see(work.cluster, folder, work.progress)
        with (
            _map_on(len(first), workers, compiled, work.cluster) as on_workers,
            _announcing(work.progress) if compiled else nullcontext(),
        ):
            make = encoding.made_there if shared else encoding.made_here
            shards = make(on_workers, folder, chain(first, blocks), _travel(work, files))
            replaced = _merge(shards, merger, files, work.progress)
            if work.lines:
                work.lines.take(folder)
            told = {**how, "sources": list(map(_provenance, files)), "replaced": replaced}
            if reader.reading.encoding != "utf-8":
                told["encoding"] = reader.reading.encoding
            renumber = on_workers if shared else map
            frequent = finish(renumber, merger, told, (path, begun) if begun else None)
        if begun:
            check_unchanged(path, begun)
    warn_of_replaced(replaced)
    reader.warn_of_unused_column()
    warn_of_unsegmented(frequent)


def _number_of_workers(work: _Work, custom: bool) -> int:
    """How many blocks are tokenized at once."""
    if work.workers is not None and work.workers < 1:
        raise InputError(f"workers must be at least 1, got {work.workers}")
    if work.cluster is None:  # more workers than cores would only hold more blocks in memory
        return 1 if custom else min(work.workers or available_cores(), available_cores())
    refuse_workers(work.cluster, work.workers)
    if custom:
        raise InputError("a tokenizer with functions of your own cannot travel to a cluster; leave that out")
    return work.cluster.workers


def _all_see(cluster: Cluster, folder: Path, progress: Progress) -> bool:
    """Whether workers can write shards into a folder; it is told if they cannot."""
    if unseen := cluster.told_unseen([folder]):
        progress.note(f"{unseen}, so all shards are sent here")
    return not unseen


def _travel(work: _Work, files: Sequence[Source]) -> Travel:
    """How a block gets to its worker: on machines that see the files as its place in them."""
    if work.cluster is None:
        return lambda block: block
    if unseen := work.cluster.told_unseen([place for file in files if (place := file.place)]):
        work.progress.note(f"{unseen}, so all text is sent to the workers")
        return lambda block: block
    return place_of


def _of_all(files: Sequence[Source], block_bytes: int) -> str:
    """What goes behind the number of blocks done: " of 12", or nothing where text is compressed."""
    if any(file.name.lower().endswith(SUFFIXES) for file in files):
        return ""
    return f" of {ceil(sum(file.size or 0 for file in files) / block_bytes):,}"


def _check_no_corpus(sources: Sources) -> None:
    """Raise `InputError` if a corpus is named as text."""
    names = sources if isinstance(sources, list | tuple) else [sources]
    for name in names:
        if isinstance(name, str | Path) and is_corpus(name):
            raise InputError(
                f"{name} is a corpus, which is tokenized already; name the text that it was made of"
            )


def _announcing(progress: Progress) -> AbstractContextManager[None]:
    """Tell it if the kernels must be compiled, which takes longer than tokenizing some megabytes."""
    from embedkit.simd.compiling import announced

    return announced(progress.note, COMPILING)


@contextmanager
def _map_on(blocks: int, workers: int, compiled: bool, cluster: Cluster | None) -> Iterator[Map]:
    """The map of a cluster, which stays open, else of threads for compiled code, and processes for Python's.

    None of them for a single block or worker.
    """
    if cluster is not None:
        yield cluster.map
        return
    alone = blocks < 2 or workers < 2
    with InlineExecutor() if alone else (ThreadPoolExecutor if compiled else ProcessPool)(workers) as pool:

        def on_workers(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
            return map_in_order(pool, function, items, workers + 1)

        yield on_workers


def _word_table(compiled: bool) -> WordTable:
    """Numbers for the words of all blocks: by compiled code where that is loaded anyway."""
    if not compiled:
        return PythonWordTable()
    from embedkit.text.corpus.compiled_word_table import CompiledWordTable

    return CompiledWordTable()


def _merge(shards: Iterable[ShardWords], merger: Merger, files: Sequence[Source], progress: Progress) -> int:
    """Take in all shards as they come, and tell how fast; returns how many places could not be decoded."""
    replaced, begin = 0, time.monotonic()
    sizes = [file.size for file in files]
    progress.start("tokenizing", None if None in sizes else sum(filter(None, sizes)))
    for shard in shards:
        merger.add(shard)
        replaced += shard.replaced
        speed = merger.words / max(time.monotonic() - begin, 1e-9)
        progress.update(sum(file.bytes_read for file in files), f"{speed / 1e6:.1f} M words/s")
    progress.finish(f"{merger.words:,} words")
    return replaced


def _provenance(source: Source) -> dict[str, object]:
    """Which text it was; no path, which would tell of the machine."""
    told: dict[str, object] = {
        "name": source.stored_name,
        "bytes": source.bytes_read,
        "sha256": source.sha256,
    }
    if source.columns:
        told["text_columns"] = source.columns
    if source.members:
        told |= {"members": source.members[:MAX_MEMBERS], "member_count": len(source.members)}
    return told
