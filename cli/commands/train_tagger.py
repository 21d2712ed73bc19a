"""embedkit train-tagger."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from embedkit.progress import console_progress
from embedkit.vectors.rows import RowType
from embedkit_cli.options import given_options, options_of, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_model_file, check_not_read, dtype_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.shared.tables import text_table
from embedkit_cli.tagging.data import DATA, TaggedDataOptions, check_tagged_files
from embedkit_cli.tagging.parameters import LAYERS, TAGGER_OPTIONS, WITHOUT
from embedkit_cli.tagging.tables import assessment_content, assessment_tables


@click.command("train-tagger", cls=HeadedCommand)
@click.argument("data", type=PATH)
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "-v",
    "--vectors",
    type=NAME_OR_PATH,
    metavar="FILE|everyday|english|corpus|random",
    default="everyday",
    show_default=True,
    help="Initial word vectors: a file, everyday or english (bundled, of everyday text or of an "
    "encyclopaedia), corpus (word2vec on the sentences), or random. Words are looked up as they are "
    "spelled, else in lower case.",
    **under(LAYERS),
)
@click.option(
    "--validation",
    type=NAME_OR_PATH,
    metavar="FILE|FRACTION",
    default="0.1",
    show_default=True,
    help="Held-out sentences that choose the best epoch: a file as DATA, or a fraction of DATA; 0 for none.",
    **under(DATA),
)
@seed_option(LAYERS)
@given_options(TAGGER_OPTIONS, "parameters", without=WITHOUT)
@dtype_option
@options_of(TaggedDataOptions, "options", DATA)
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_tagger(
    ctx: click.Context,
    data: Path,
    output: Path,
    vectors: str,
    validation: str,
    seed: int,
    parameters: dict[str, Any],
    dtype: RowType | None,
    options: TaggedDataOptions,
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a tagger of tokens, for parts of speech or named entities.

    DATA is a file of columns with a token and its tag a line and a blank line behind each sentence, as in
    CoNLL's shared tasks, CoNLL-U, or JSON lines {"tokens": [...], "tags": [...]}, also as .gz, .bz2, .xz,
    .zst or .zip. Tags of spans may be BIO, BIOES or BILOU; the tagger learns them in BIOES, and predicts
    them as they were given.

    A BiLSTM reads the vector, the shape and the characters of each word; a conditional random field chooses
    the tags of a sentence together (Lample et al. 2016).
    """
    begin = time.monotonic()
    check_model_file(output)
    check_not_read(output, data, Path(validation), Path(vectors))
    check_tagged_files(data, validation)
    from embedkit import SequenceTagger, evaluate_tagger
    from embedkit.models.given_vectors import read_if_pipe

    tagger = SequenceTagger(
        **parameters, embeddings=read_if_pipe(vectors), validation_fraction=0.0, seed=seed
    )
    tagger.check_parameters()
    with console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        training, held = options.split(options.read(data, progress), validation, seed, progress)
        pairs = (held.sentences, held.tags) if held else None
        tagger.fit(
            training.sentences, training.tags, validation_data=pairs, progress=progress, checkpoint=checkpoint
        )
        made: dict[str, Any] = {"command": command_line(ctx), "data": training.describe()}
        assessment = evaluate_tagger(tagger, held) if held else None
        if held and assessment:
            made |= {"validation": held.describe(), "metrics": assessment_content(assessment)}
        tagger.save(output, made, dtype or "float32")
    text = "\n\n".join(map(text_table, assessment_tables(assessment))) if assessment else ""
    size, tags = output.stat().st_size / 1e6, len(tagger.classes_)
    summary = f"wrote {output}: {tags} tags, {size:,.2f} MB; {time.monotonic() - begin:.1f} s in all"
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet)
