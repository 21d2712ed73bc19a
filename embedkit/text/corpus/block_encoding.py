"""`BlockEncoding`: how a block of text becomes a shard, in a worker that writes it, or that sends it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from embedkit.parallel.mapping import Map
from embedkit.text.corpus.encoding import write_shard
from embedkit.text.corpus.shard_records import ShardWords, block_key, finished_shard, load_record
from embedkit.text.corpus.slices import words_by_line
from embedkit.text.label_words import PREFIX
from embedkit.text.pipeline.pipeline import TextPipeline, is_compilable
from embedkit.text.pipeline.recipes import pipeline_from_recipe
from embedkit.text.reading.block_places import BlockPlace
from embedkit.text.reading.blocks import TextBlock
from embedkit.text.tokenization.numbered import NumberedWords, number_words

COMPILED_BYTES = 1 << 22  # from here on a block is worth the half second that compiled code takes to load


Numbered = tuple[NumberedWords, int]  # words, and how many places could not be decoded
NumberedBlocks = Iterable[tuple[int, TextBlock]]  # with the numbers of their shards
Travel = Callable[[TextBlock], TextBlock | BlockPlace]


@dataclass(frozen=True)
class BlockEncoding:
    """What workers do with each block.

    Attributes:
        job: how it is tokenized, as JSON.
        recorded: whether shards have records, by which an interrupted run goes on.
        keep_lines: whether it is kept which lines documents were.
    """

    job: str
    recorded: bool
    keep_lines: bool

    def made_there(
        self, on_workers: Map, folder: Path, blocks: NumberedBlocks, travel: Travel
    ) -> Iterator[ShardWords]:
        """The shards of workers that write them into the folder."""
        return on_workers(self.shard, ((folder, number, travel(block)) for number, block in blocks))

    def made_here(
        self, on_workers: Map, folder: Path, blocks: NumberedBlocks, travel: Travel
    ) -> Iterator[ShardWords]:
        """The shards, where workers do not see the folder: they tokenize, and what they send is written."""
        under_way: deque[tuple[int, str | None]] = deque()

        def texts() -> Iterator[TextBlock | BlockPlace | None]:
            for number, block in blocks:
                key = self._key(block)
                under_way.append((number, key))
                yield None if key and finished_shard(folder, number, key) else travel(block)

        for numbered in on_workers(self.numbered, texts()):
            number, key = under_way.popleft()
            if numbered is None:
                yield load_record(folder, number)
            else:
                yield self._write(folder, number, key, numbered)

    def shard(self, task: tuple[Path, int, TextBlock | BlockPlace]) -> ShardWords:
        """In a worker: make a shard in the folder, unless an earlier run has done so."""
        folder, number, block = task
        text = block.read() if isinstance(block, BlockPlace) else block
        key = self._key(text)
        done = finished_shard(folder, number, key) if key else None
        return done or self._write(folder, number, key, self._number(text))

    def numbered(self, block: TextBlock | BlockPlace | None) -> Numbered | None:
        """In a worker: tokenize a block, if there is one."""
        if block is None:
            return None
        return self._number(block.read() if isinstance(block, BlockPlace) else block)

    def _number(self, block: TextBlock) -> Numbered:
        how = json.loads(self.job)
        recipe, encoding_errors = json.dumps(how["tokenizer"]), how["encoding_errors"]
        pipeline, replaced_before = pipeline_of(recipe), 0
        if how.get("documents") == "sentences":
            block, replaced_before = block.with_sentences(encoding_errors)
        if is_compiled(pipeline, block):
            try:
                numbered, replaced = pipeline.compiled.number(block.data, block.line, encoding_errors)
            except UnicodeDecodeError as error:
                raise block.undecodable(error.start) from None
        else:
            lines, replaced = block.lines(encoding_errors)
            numbered = number_words(words_by_line(pipeline, lines, block.line))
        return numbered, replaced + replaced_before

    def _key(self, block: TextBlock) -> str | None:
        return block_key(self.job, block) if self.recorded else None

    def _write(self, folder: Path, number: int, key: str | None, numbered: Numbered) -> ShardWords:
        words, replaced = numbered
        return write_shard(words, folder, number, replaced, key, self.keep_lines)


def is_compiled(pipeline: TextPipeline, block: TextBlock) -> bool:
    """Whether compiled code tokenizes a block; it does not know labels."""
    worthwhile = len(block.data) >= COMPILED_BYTES and is_compilable(pipeline)
    return worthwhile and PREFIX.encode() not in block.data


@lru_cache(maxsize=2)
def pipeline_of(recipe: str) -> TextPipeline:
    """The pipeline of a recipe, given as JSON."""
    return pipeline_from_recipe(json.loads(recipe))
