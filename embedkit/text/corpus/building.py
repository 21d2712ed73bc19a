"""Building a corpus: from text files in parallel, or from documents already tokenized."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_folder, check_regular
from embedkit.parallel.cores import available_cores
from embedkit.parallel.inline import InlineExecutor
from embedkit.parallel.mapping import map_in_order
from embedkit.parallel.processes import ProcessPool
from embedkit.progress import SILENT, Progress
from embedkit.text.corpus.blocks import BLOCK, TextBlock, read_blocks
from embedkit.text.corpus.encoding import RANKS, Merger, ShardWords, finish_shard, write_shard
from embedkit.text.corpus.lines import check_encoding_errors, warn_of_replaced
from embedkit.text.corpus.manifest import MANIFEST, Manifest, ShardEntry, documents_in
from embedkit.text.corpus.shards import writing
from embedkit.text.corpus.slices import words_by_line
from embedkit.text.corpus.text_reader import TextReader, check_sources
from embedkit.text.corpus.texts_in_memory import Sources, open_sources
from embedkit.text.file_reading import Reading
from embedkit.text.label_words import PREFIX
from embedkit.text.sources import Source
from embedkit.text.tokenization.factory import (
    WITH_COMPILED_TWIN,
    Tokenizer,
    check_recipe,
    make_tokenizer,
    tokenizer_from_recipe,
)
from embedkit.text.tokenization.numbered import number_words
from embedkit.text.tokenization.unsegmented import warn_of_unsegmented
from embedkit.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from embedkit.text.tokenization.compiled import CompiledTokenizer

COMPILED_BYTES = 1 << 22  # from here on a block is worth the half second that compiled code takes to load
MAX_MEMBERS = 100  # names of files in an archive that the manifest keeps
SHARD_WORDS = 1 << 22  # about the words of a shard that is made from documents
VOCABULARY = "vocabulary.tsv"


def encode_text(
    sources: Sources,
    path: Path,
    *,
    tokenizer: Tokenizer | str = "words",
    encoding_errors: str = "strict",
    reading: Reading | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress = SILENT,
    block_bytes: int = BLOCK,
) -> None:
    """Make the corpus `path` of the text of `sources`; see `Corpus.encode`.

    `block_bytes` decides where shards end, and is a part of what the fingerprint identifies.
    """
    check_encoding_errors(encoding_errors)
    workers = available_cores() if workers is None else workers
    if workers < 1:
        raise InputError(f"workers must be at least 1, got {workers}")
    if executor is None:
        workers = min(workers, available_cores())  # more would only hold more blocks in memory
    recipe = _rebuildable(make_tokenizer(tokenizer) if isinstance(tokenizer, str) else tokenizer)
    files = open_sources(sources)
    reader = TextReader(reading, encoding_errors, progress)
    check_sources(files, reader)
    recipe_text = json.dumps(recipe)
    work = partial(_encode_block, recipe_text, encoding_errors)
    with atomic_folder(path, MANIFEST) as folder:
        blocks = (
            (folder, number, block) for number, block in enumerate(read_blocks(files, block_bytes, reader))
        )
        first = list(islice(blocks, 2))
        compiled = all(_is_compiled(_tokenizer(recipe_text), block) for _, _, block in first)
        if compiled and first:
            _compiled(recipe_text)  # makes the tables once, before threads ask for them
        with _executor_for(len(first), workers, compiled, executor) as pool:
            shards = map_in_order(pool, work, chain(first, blocks), workers + 1)
            merger, replaced = _merge(shards, folder, files, progress)
            how: dict[str, Any] = {"tokenizer": recipe, "sources": list(map(_provenance, files))}
            how |= {"encoding_errors": encoding_errors, "replaced": replaced}
            if reader.reading.encoding != "utf-8":
                how["encoding"] = reader.reading.encoding
            vocabulary = _finish(pool, workers, merger, how)
    warn_of_replaced(replaced)
    reader.warn_of_unused_column()
    warn_of_unsegmented(vocabulary)


def encode_documents(documents: Iterable[Sequence[str]], path: Path, shard_words: int = SHARD_WORDS) -> None:
    """Make the corpus `path` of tokenized documents; see `Corpus.from_documents`."""
    if isinstance(documents, str | bytes):
        raise InputError("documents must be lists of words, got one string; Corpus.encode reads text files")
    checked = enumerate(map(_checked_document, documents))
    with atomic_folder(path, MANIFEST) as folder:
        merger = Merger(folder)
        for number, first in enumerate(checked):
            shard = number_words(_up_to(shard_words, chain([first], checked)))
            merger.add(write_shard(shard, folder, number))
        _finish(InlineExecutor(), 1, merger, {"tokenizer": None, "sources": []})


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


def _encode_block(recipe: str, encoding_errors: str, task: tuple[Path, int, TextBlock]) -> ShardWords:
    """In a worker: tokenize a block and write its shard."""
    folder, number, block = task
    tokenizer = _tokenizer(recipe)
    if _is_compiled(tokenizer, block):
        try:
            numbered, replaced = _compiled(recipe).number(block.data, block.line, encoding_errors)
        except UnicodeDecodeError as error:
            raise block.undecodable(error.start) from None
    else:
        lines, replaced = block.lines(encoding_errors)
        numbered = number_words(words_by_line(tokenizer, lines, block.line))
    return write_shard(numbered, folder, number, replaced)


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


def _merge(
    shards: Iterable[ShardWords], folder: Path, files: Sequence[Source], progress: Progress
) -> tuple[Merger, int]:
    """Take in all shards as they come, and tell how fast."""
    merger, replaced, begin = Merger(folder), 0, time.monotonic()
    sizes = [file.size for file in files]
    progress.start("tokenizing", None if None in sizes else sum(filter(None, sizes)))
    for shard in shards:
        merger.add(shard)
        replaced += shard.replaced
        speed = merger.words / max(time.monotonic() - begin, 1e-9)
        progress.update(sum(file.bytes_read for file in files), f"{speed / 1e6:.1f} M words/s")
    progress.finish(f"{merger.words:,} words")
    return merger, replaced


def _finish(executor: Executor, workers: int, merger: Merger, recipe: dict[str, Any]) -> Vocabulary:
    """Sort the vocabulary, give the shards their final ids and write the manifest; returns the vocabulary."""
    if not merger.words:
        raise InputError("there is no word in the text, so there is nothing to encode")
    folder = merger.folder
    vocabulary = merger.vocabulary()
    with writing(folder):
        vocabulary.save(folder / VOCABULARY)
    tasks = [(folder, number) for number in range(len(merger.shards))]
    hashes = map_in_order(executor, finish_shard, tasks, workers + 1)
    entries = tuple(
        ShardEntry(size.words, size.documents, sha256, size.continues)
        for size, sha256 in zip(merger.shards, hashes, strict=True)
    )
    fingerprint = fingerprint_of(folder, entries)
    manifest = Manifest(merger.words, documents_in(entries), len(vocabulary), fingerprint, recipe, entries)
    with writing(folder):
        (folder / RANKS).unlink()
        manifest.save(folder)
    return vocabulary


def fingerprint_of(folder: Path, entries: Iterable[ShardEntry]) -> str:
    """The sha256 of the vocabulary and of all shards: equal for equal documents in equal shards."""
    check_regular(folder / VOCABULARY)
    digest = hashlib.sha256((folder / VOCABULARY).read_bytes())
    for entry in entries:
        digest.update(b"continues" if entry.continues else b"")
        digest.update(bytes.fromhex(entry.sha256))
    return digest.hexdigest()


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
