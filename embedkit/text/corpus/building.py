"""Building a corpus: from text files in parallel, or from documents already tokenized."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from itertools import chain, islice
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_folder
from embedkit.parallel.cores import available_cores
from embedkit.parallel.inline import InlineExecutor
from embedkit.parallel.mapping import map_in_order
from embedkit.parallel.processes import ProcessPool
from embedkit.progress import SILENT, Progress
from embedkit.text.compression import SUFFIXES
from embedkit.text.corpus.appending import check_same, check_unchanged, known_words, recipe_of_more
from embedkit.text.corpus.blocks import BLOCK, TextBlock, read_blocks
from embedkit.text.corpus.encoding import write_shard
from embedkit.text.corpus.finishing import finish
from embedkit.text.corpus.lines import check_encoding_errors, warn_of_replaced
from embedkit.text.corpus.manifest import MANIFEST, Manifest
from embedkit.text.corpus.merging import Merger
from embedkit.text.corpus.shard_records import (
    RECORDS,
    ShardWords,
    block_key,
    finished_shard,
    finished_shards,
)
from embedkit.text.corpus.slices import words_by_line
from embedkit.text.corpus.structured import check_sources
from embedkit.text.corpus.word_table import PythonWordTable, WordTable
from embedkit.text.label_words import PREFIX
from embedkit.text.sources import Source, expand
from embedkit.text.tokenization.factory import (
    WITH_COMPILED_TWIN,
    Tokenizer,
    check_recipe,
    make_tokenizer,
    tokenizer_from_recipe,
)
from embedkit.text.tokenization.numbered import number_words
from embedkit.text.tokenization.unsegmented import warn_of_unsegmented

if TYPE_CHECKING:
    from embedkit.text.tokenization.compiled import CompiledTokenizer

COMPILED_BYTES = 1 << 22  # from here on a block is worth the half second that compiled code takes to load
SHARD_WORDS = 1 << 22  # about the words of a shard that is made from documents


class _Work(NamedTuple):
    """Who encodes, in which pieces, and who is told of it."""

    workers: int | None
    executor: Executor | None
    progress: Progress
    block_bytes: int


def encode_text(
    sources: Sequence[str | Path] | str | Path,
    path: Path,
    *,
    tokenizer: Tokenizer | str = "words",
    encoding_errors: str = "strict",
    max_vocabulary: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress = SILENT,
    block_bytes: int = BLOCK,
) -> None:
    """Make the corpus `path` of the text of `sources`; see `Corpus.encode`.

    `block_bytes` decides where shards end, and is a part of what the fingerprint identifies.
    """
    check_encoding_errors(encoding_errors)
    if max_vocabulary is not None and max_vocabulary < 1:
        raise InputError(f"max_vocabulary must be at least 1, got {max_vocabulary}")
    recipe = _rebuildable(make_tokenizer(tokenizer) if isinstance(tokenizer, str) else tokenizer)
    how: dict[str, Any] = {"tokenizer": recipe, "encoding_errors": encoding_errors}
    if max_vocabulary is not None:
        how["max_vocabulary"] = max_vocabulary
    _encode(sources, path, how, None, _Work(workers, executor, progress, block_bytes))


def append_text(
    sources: Sequence[str | Path] | str | Path,
    path: Path,
    *,
    tokenizer: Tokenizer | str | None = None,
    encoding_errors: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress = SILENT,
    block_bytes: int = BLOCK,
) -> None:
    """Add the text of `sources` to the corpus `path`; see `Corpus.append`."""
    begun = Manifest.load(path)
    how = recipe_of_more(path, begun)
    tokenizer = make_tokenizer(tokenizer) if isinstance(tokenizer, str) else tokenizer
    check_same(path, how, {"tokenizer": tokenizer and tokenizer.recipe(), "encoding_errors": encoding_errors})
    _encode(sources, path, how, begun, _Work(workers, executor, progress, block_bytes))


def encode_documents(documents: Iterable[Sequence[str]], path: Path, shard_words: int = SHARD_WORDS) -> None:
    """Make the corpus `path` of tokenized documents; see `Corpus.from_documents`."""
    if isinstance(documents, str | bytes):
        raise InputError("documents must be lists of words, got one string; Corpus.encode reads text files")
    checked = enumerate(map(_checked_document, documents))
    with atomic_folder(path, MANIFEST) as folder:
        merger = Merger(folder, PythonWordTable())
        for number, first in enumerate(checked):
            shard = number_words(_up_to(shard_words, chain([first], checked)))
            merger.add(write_shard(shard, folder, number))
        finish(InlineExecutor(), 1, merger, {"tokenizer": None, "sources": []})


def _encode(
    sources: Sequence[str | Path] | str | Path,
    path: Path,
    how: dict[str, Any],
    begun: Manifest | None,
    work: _Work,
) -> None:
    """Make the corpus `path` as the recipe `how` says, or go on with what has `begun` there."""
    workers = available_cores() if work.workers is None else work.workers
    if workers < 1:
        raise InputError(f"workers must be at least 1, got {workers}")
    if work.executor is None:
        workers = min(workers, available_cores())  # more would only hold more blocks in memory
    files = expand(sources)
    check_sources(files)
    recipe, first_shard = json.dumps(how["tokenizer"]), len(begun.shards) if begun else 0
    repeatable = all(file.size is not None for file in files)
    with atomic_folder(path, MANIFEST, RECORDS if repeatable else None) as folder:
        job = {**how, "onto": begun and begun.fingerprint, "block_bytes": work.block_bytes}
        done = finished_shards(job | {"sources": [(file.name, file.size) for file in files]}, folder)
        if done:
            work.progress.note(f"continuing: {done:,}{_of_all(files, work.block_bytes)} blocks were done")
        numbered = enumerate(read_blocks(files, work.block_bytes), first_shard)
        blocks = ((folder, number, block) for number, block in numbered)
        first = list(islice(blocks, 2))
        compiled = all(_is_compiled(_tokenizer(recipe), block) for _, _, block in first)
        if compiled and first:
            _compiled(recipe)  # makes the tables once, before threads ask for them
        known = known_words(path, begun) if begun else None
        merger = Merger(folder, _word_table(compiled), known, how.get("max_vocabulary"))
        recorded = "max_vocabulary" in how or (repeatable and len(first) > 1)
        task = partial(_encode_block, recipe, how["encoding_errors"], recorded)
        with _executor_for(len(first), workers, compiled, work.executor) as pool:
            shards = map_in_order(pool, task, chain(first, blocks), workers + 1)
            replaced = _merge(shards, merger, files, work.progress)
            told = {**how, "sources": list(map(_provenance, files)), "replaced": replaced}
            frequent = finish(pool, workers, merger, told, (path, begun) if begun else None)
        if begun:
            check_unchanged(path, begun)
    warn_of_replaced(replaced)
    warn_of_unsegmented(frequent)


def _of_all(files: Sequence[Source], block_bytes: int) -> str:
    """What goes behind the number of blocks done: " of 12", or nothing where text is compressed."""
    if any(file.name.lower().endswith(SUFFIXES) for file in files):
        return ""
    return f" of {ceil(sum(file.size or 0 for file in files) / block_bytes):,}"


def _executor_for(
    blocks: int, workers: int, compiled: bool, given: Executor | None
) -> AbstractContextManager[Executor]:
    """The executor `given`, which stays open, else threads for compiled code, and processes for Python's.

    None of them for a single block or worker.
    """
    if given is not None:
        return nullcontext(given)
    if blocks < 2 or workers < 2:
        return InlineExecutor()
    return ThreadPoolExecutor(workers) if compiled else ProcessPool(workers)


def _encode_block(
    recipe: str, encoding_errors: str, recorded: bool, task: tuple[Path, int, TextBlock]
) -> ShardWords:
    """In a worker: tokenize a block and write its shard, with a record unless an earlier run has done so."""
    folder, number, block = task
    tokenizer = _tokenizer(recipe)
    key = block_key(f"{recipe} {encoding_errors}", block) if recorded else None
    if key and (done := finished_shard(folder, number, key)):
        return done
    if _is_compiled(tokenizer, block):
        try:
            numbered, replaced = _compiled(recipe).number(block.data, block.line, encoding_errors)
        except UnicodeDecodeError as error:
            raise block.undecodable(error.start) from None
    else:
        lines, replaced = block.lines(encoding_errors)
        numbered = number_words(words_by_line(tokenizer, lines, block.line))
    return write_shard(numbered, folder, number, replaced, key)


def _is_compiled(tokenizer: Tokenizer, block: TextBlock) -> bool:
    """Whether compiled code tokenizes a block; it does not know labels."""
    worthwhile = isinstance(tokenizer, WITH_COMPILED_TWIN) and len(block.data) >= COMPILED_BYTES
    return worthwhile and PREFIX.encode() not in block.data


@cache
def _tokenizer(recipe: str) -> Tokenizer:
    return tokenizer_from_recipe(json.loads(recipe))


@cache
def _compiled(recipe: str) -> CompiledTokenizer:
    from embedkit.text.tokenization.compiled import compiled_twin

    return compiled_twin(_tokenizer(recipe))


def _rebuildable(tokenizer: Tokenizer) -> dict[str, object]:
    """The recipe of a tokenizer, if every reader of the corpus can follow it."""
    recipe = tokenizer.recipe()
    try:
        check_recipe(recipe)
    except FormatError:
        raise InputError(
            f"{tokenizer.name!r} is not one of embedkit's tokenizers, so the corpus could not name it; "
            "tokenize the text yourself and pass the documents to Corpus.from_documents"
        ) from None
    return recipe


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
    name = source.path.name if source.path else "-"
    return {"name": name, "bytes": source.bytes_read, "sha256": source.sha256}


def _up_to(words: int, documents: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The first documents, each with its number, until they have as many words."""
    for number, document in documents:
        yield number, document
        words -= len(document)
        if words <= 0:
            return


def _checked_document(document: Sequence[str]) -> Sequence[str]:
    if isinstance(document, str | bytes):
        raise InputError(
            f"a document must be a list of words, got the string {document[:40]!r}, "
            "which would be taken letter by letter; split it first, e.g. with make_tokenizer().tokenize"
        )
    for word in document:
        if not isinstance(word, str):
            raise InputError(f"a word must be a string, got {word!r:.60} of type {type(word).__name__}")
    return document
