"""embedkit train-doc2vec."""

from __future__ import annotations

import time
from pathlib import Path

import click

from embedkit import Doc2Vec
from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit.training.doc2vec.tag_files import tags_in
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit_cli.options import options_of
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.clusters import cluster_option, connected, other_processors_option
from embedkit_cli.shared.common_options import PATH, output_option, quiet_option
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand, under
from embedkit_cli.shared.outputs import Target, check_model_file
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.training.raw_text import FILES, RAW_TEXT, TextOptions, check_inputs, reading_arguments
from embedkit_cli.training.run import INVARIANT, TRAINING


@click.command("train-doc2vec", cls=HeadedCommand, epilog=f"Suffixes of --export: {SUFFIX_HELP}.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "--export",
    type=PATH,
    metavar="FILE",
    help="Also write the vectors of documents as a file of vectors, with their tags as words; the suffix "
    "decides the format.",
    **under(OUTPUT),
)
@options_of(Doc2Vec, "trainer", TRAINING)
@options_of(Reading, "reading", FILES)
@click.option(
    "--tag-column",
    metavar="NAME|N",
    help="Column of tables that holds the tags of documents, by which they are found.",
    **under(FILES),
)
@click.option(
    "--tags",
    type=PATH,
    metavar="FILE",
    help="Tags of documents, one a line: of the lines of INPUT, a single file, or of the documents of a "
    "corpus.",
    **under(FILES),
)
@options_of(TextOptions, "text", RAW_TEXT)
@checkpoint_options
@cluster_option
@other_processors_option
@made_format_option
@quiet_option
@click.pass_context
def train_doc2vec(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: Path,
    export: Path | None,
    tag_column: str | None,
    tags: Path | None,
    trainer: Doc2Vec,
    reading: Reading,
    text: TextOptions,
    saving: Saving,
    address: str | None,
    other_processors: bool,
    style: str,
    quiet: bool,
) -> None:
    """Train document vectors on text or a corpus.

    INPUT is a corpus made by `embedkit tokenize`, or raw text, as that reads it: texts, tables by a column,
    archives, folders, globs in quotes, or - for stdin. Each line, or row of a table, is a document, and its
    number the tag by which it is found, behind the name of the file if there are several; a corpus tells no
    lines, only numbers of documents. --tag-column and --tags name documents otherwise, each differently.
    Memory holds a vector for each document.

    With --deterministic the same seed gives the same bytes for any number of workers; without it, for one. So
    it does on a --cluster, which needs it: its machines train together in rounds.
    """
    begin = time.monotonic()
    check_model_file(output)
    check_inputs(inputs, output)
    target = None if export is None else Target.of(export, None)
    if export is not None:
        check_inputs(inputs, export)
        if export.absolute() == output.absolute():
            raise InputError(f"{export} is to hold the model; name another file for --export")
    with (
        console_progress(quiet) as progress,
        saving.beside(output) as checkpoint,
        connected(address, progress, other_processors) as cluster,
    ):
        raw = {**text.arguments(), **reading_arguments(reading), "tag_column": tag_column}
        if tags is not None:
            raw["tags"] = tags_in(tags)
        command = command_line(ctx, INVARIANT if trainer.deterministic else ())
        model = trainer.train(inputs, **raw, progress=progress, checkpoint=checkpoint, cluster=cluster)
        model = model.with_metadata(command=command)
        told = [] if target is None else [target.save(model.documents)]
        model.save(output)
    size = output.stat().st_size / 1e6
    told.append(f"wrote {output}: {model}, {size:,.2f} MB; {time.monotonic() - begin:.1f} s in all")
    more = {} if export is None else {"export": str(export)}
    show_made(style, output, begin, summary="\n".join(told), quiet=quiet, **more)
