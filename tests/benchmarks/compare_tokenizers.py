"""Compiled and readable tokenizers on the same text, token for token: every character, and whole files.

`python -m tests.benchmarks.compare_tokenizers FILE...` prints how many characters and documents were compared
by each pipeline, and the first documents whose tokens differ; it fails if any do. Files are text, also
compressed, a document a line.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click

from embedkit.text.formats.sources import Source
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.blocks import read_blocks
from embedkit.text.tokenization.numbered import NumberedWords

PIPELINES = {
    "words": text_pipeline(),
    "words, cased, with punctuation": text_pipeline(lowercase=False, punctuation=True),
    "words, cleaned and masked": text_pipeline(
        html="strip", urls="mask", mentions="mask", hashtags="split", numbers="mask", strip_accents=True
    ),
    "whitespace": text_pipeline("whitespace"),
}
CONTEXTS = "a{0}b 1{0}2 _{0}.b.c {0}1-{0} Z{0}{0} @{0} #{0}a http://{0}.de :{0} a.{0} {0}"


def main() -> None:
    """Compare on all characters, then on each file."""
    differing = 0
    for name, pipeline in PIPELINES.items():
        differing += compare("all characters", name, pipeline, _all_characters())
        for path in sys.argv[1:]:
            differing += compare(Path(path).name, name, pipeline, _lines_of(Path(path)))
    sys.exit(1 if differing else 0)


def compare(what: str, name: str, pipeline: TextPipeline, texts: Iterator[str]) -> int:
    """Print how much of some texts was compared; how many documents differ."""
    compiled, begin = pipeline.compiled, time.perf_counter()
    characters = documents = tokens = differing = 0
    for text in texts:
        numbered, _ = compiled.number(text.encode())
        found = _documents(numbered)
        for line, right in enumerate(map(pipeline, text.split("\n"))):
            if found.get(line, []) != right:
                differing += 1
                click.echo(f"differs: {text.split(chr(10))[line][:200]!r}", err=True)
        characters += len(text)
        documents += len(found)
        tokens += len(numbered.ids)
    seconds = time.perf_counter() - begin
    click.echo(
        f"{what}, {name}: {characters:,} characters, {documents:,} documents, {tokens:,} tokens, "
        f"{differing} documents differ; {seconds:.0f} s",
    )
    return differing


def _all_characters() -> Iterator[str]:
    """Every character but surrogates, among others, a document each."""
    for start in range(0, 0x110000, 0x8000):
        codes = (code for code in range(start, start + 0x8000) if not 0xD800 <= code < 0xE000)
        yield "\n".join(CONTEXTS.format(chr(code)) for code in codes if chr(code) != "\n")


def _lines_of(path: Path) -> Iterator[str]:
    for block in read_blocks([Source(path)]):
        lines, _ = block.lines()
        yield "\n".join(lines)


def _documents(numbered: NumberedWords) -> dict[int, list[str]]:
    """{number of a line: its tokens}."""
    words, ids = list(numbered.words), numbered.ids.tolist()
    spans = pairwise(numbered.offsets.tolist())
    return {
        line: [words[number] for number in ids[begin:end]]
        for line, (begin, end) in zip(numbered.lines.tolist(), spans, strict=True)
    }


if __name__ == "__main__":
    main()
