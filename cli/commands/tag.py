"""embedkit tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from embedkit.errors import InputError
from embedkit_cli.classifiers.text_files import TextFileOptions
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, format_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.shared.inputs import batches, given
from embedkit_cli.tagging.output import render_tagged

COLUMNS = {".conll", ".conllu"}  # suffixes of files with a token a line


@click.command(
    cls=HeadedCommand,
    epilog="The probability of a tag is the sum of those of all ways to tag the text that give it.",
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "-m",
    "--model",
    type=PATH,
    required=True,
    metavar="FILE",
    help="Tagger made by train-tagger.",
    **under(INPUT),
)
@click.option(
    "-i",
    "--input",
    "files",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Tag the lines of a .txt file, the texts of a .csv, .tsv, .jsonl or .parquet file, or with "
    "--token-column sentences of tokens; repeatable.",
    **under(INPUT),
)
@click.option(
    "--tokenized",
    is_flag=True,
    help="Texts are tokens already, with blanks between them.",
    **under(INPUT),
)
@click.option(
    "--token-column",
    metavar="COLUMN",
    help="Files have a token a line, or are JSON lines of lists of tokens, as train-tagger reads them; the "
    "column of tokens, by its number from 1 or its name.",
    **under(INPUT),
)
@options_of(TextFileOptions, "reading", INPUT, without=("label_first",))
@format_option(
    "json: one object per text; tsv: token, tag and probability a line; conll: token and tag, as "
    "train-tagger reads them.",
    ("text", "json", "tsv", "conll"),
)
def tag(
    texts: tuple[str, ...],
    model: Path,
    files: tuple[Path, ...],
    tokenized: bool,
    token_column: str | None,
    reading: TextFileOptions,
    style: str,
) -> None:
    """Print the tags of the tokens of each TEXT.

    Without texts, or with -, every line of stdin is a text.
    """
    if files and texts:
        raise click.UsageError(f"expected texts or files to tag, got {len(texts)} and {len(files)}")
    if token_column and not files:
        raise click.UsageError("--token-column is for files (-i); leave it out")
    if token_column and tokenized:
        raise click.UsageError("with --token-column texts are lists of tokens; leave --tokenized out")
    for path in files:
        if not path.exists():
            raise InputError(f"cannot read {path}: there is no such file")
        if not token_column and not COLUMNS.isdisjoint(path.suffixes):
            raise InputError(f"{path} has a token a line; name their column, such as --token-column 1")
    from embedkit import load_predictor
    from embedkit import tag as tagged
    from embedkit.tagging.assessment import tag_predictor

    predictor = tag_predictor(load_predictor(model))
    spans = predictor.tags.given is not None
    for batch in _inputs(texts, files, token_column, reading):
        for answer in tagged(predictor, [text.split() for text in batch] if tokenized else batch):
            click.echo(render_tagged(answer, style, spans))


def _inputs(
    texts: tuple[str, ...], files: tuple[Path, ...], token_column: str | None, reading: TextFileOptions
) -> Iterator[Sequence[str] | Sequence[Sequence[str]]]:
    """Texts, or sentences of tokens, of files, of the command line or of stdin, in batches."""
    if not files:
        for batch in given(texts, "texts to tag", encoding=reading.encoding):
            yield [item.text for item in batch]
    for path in files:
        if token_column is None:
            yield from batches(reading.texts(path))
        else:
            from embedkit import read_tagged

            data = read_tagged(path, token_column=token_column, encoding=reading.encoding, tagged=False)
            yield from batches(data.sentences)
