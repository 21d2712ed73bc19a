"""embedkit generate."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.language_models.language_model import LENGTH
from embedkit.neural.sampling import Sampling
from embedkit_cli.language_models.files import model_option
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.common_options import COUNT, NAME_OR_PATH, format_option
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand, under
from embedkit_cli.shared.text import json_line, plain

DRAWING = "Drawing"


@click.command(cls=HeadedCommand)
@model_option("write with")
@options_of(Sampling, "sampling", DRAWING)
@click.option(
    "--beam",
    type=COUNT,
    metavar="N",
    help="Find the likeliest lines instead, by beam search with so many hypotheses, not less than --count.",
    **under(DRAWING),
)
@seed_option(DRAWING)
@click.option("--prefix", metavar="TEXT", default="", help="How each text begins.", **under(OUTPUT))
@click.option(
    "--stop",
    metavar="TEXT",
    help='Where texts end, which is left out; "" for nowhere. Default: the end of the line.',
    **under(OUTPUT),
)
@click.option(
    "--length",
    type=COUNT,
    metavar="N",
    default=LENGTH,
    show_default=True,
    help="Most tokens of a text behind the prefix.",
    **under(OUTPUT),
)
@click.option(
    "-n",
    "--count",
    type=COUNT,
    metavar="N",
    default=10,
    show_default=True,
    help="Number of texts.",
    **under(OUTPUT),
)
@click.option(
    "--exclude",
    type=NAME_OR_PATH,
    metavar="FILE",
    help="Leave out texts that are lines of this file, such as the INPUT of train-lm, and texts twice.",
    **under(OUTPUT),
)
@format_option("json: one object per text.", ("text", "json"))
def generate(
    model: Path,
    sampling: Sampling,
    beam: int | None,
    seed: int,
    prefix: str,
    stop: str | None,
    length: int,
    count: int,
    exclude: str | None,
    style: str,
) -> None:
    """Write texts by a language model.

    Tokens are drawn one by one by their probabilities. The same seed gives the same texts.
    """
    from embedkit import LanguageModel
    from embedkit.language_models.data import excluded_lines

    if beam is not None:
        _check_beam(beam, count, stop, exclude, sampling)
    trained = LanguageModel.load(model)
    if beam is None:
        excluded = excluded_lines(exclude) if exclude is not None else None
        texts = trained.generate(
            count, prefix=prefix, sampling=sampling, length=length, stop=stop, seed=seed, excluded=excluded
        )
        found = [(text, None) for text in texts]
    else:
        from embedkit.neural.beam_search import BeamSearch

        search = BeamSearch(width=beam, n_best=count)
        found = trained.likeliest(search, prefix=prefix, length=length)
    for text, logarithm in found:
        if style == "json":
            told = {} if logarithm is None else {"log_probability": round(logarithm, 6)}
            click.echo(json_line({"text": text, **told}))
        else:
            click.echo(plain(text, kept="\n\t"))


def _check_beam(beam: int, count: int, stop: str | None, exclude: str | None, sampling: Sampling) -> None:
    """Raise an error for what does not go with a search for the likeliest lines."""
    if count > beam:
        raise click.UsageError(
            f"--beam {beam} finds {beam} texts; lower --count, which is {count}, or raise it"
        )
    if stop is not None or exclude is not None:
        raise click.UsageError("--beam finds whole lines; leave --stop and --exclude out")
    if sampling != Sampling():
        raise click.UsageError("--beam draws nothing; leave --temperature, --top-k and --top-p out")
