"""embedkit transform."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

import embedkit
from embedkit import Embeddings
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit_cli.shared.common_options import COUNT, PATH, output_option, quiet_option
from embedkit_cli.shared.outputs import Target, check_not_read, dtype_option
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.spaces.steps import StepsCommand, step_option, steps_given

APPLY: dict[str, Callable[[Embeddings, Any], Embeddings]] = {
    "normalize": lambda vectors, _: vectors.normalize(),
    "center": lambda vectors, _: vectors.center(),
    "all_but_the_top": embedkit.all_but_the_top,
    "pca": embedkit.pca,
    "whiten": lambda vectors, _: embedkit.whiten(vectors),
    "whiten_partly": lambda vectors, strength: embedkit.whiten(vectors, strength=strength),
}
STRENGTH = click.FloatRange(min=0, max=1)


@click.command(cls=StepsCommand, epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@click.argument("source", type=PATH, metavar="VECTORS")
@output_option("FILE", "Vectors to write; the suffix decides the format.")
@step_option("--normalize", "Scale vectors to length 1.")
@step_option("--center", "Take away the mean of all vectors.")
@step_option(
    "--all-but-the-top",
    "Take away the mean and the N directions in which vectors vary most; N is often a hundredth of the "
    "dimensions.",
    "N",
    COUNT,
)
@step_option("--pca", "Keep the N principal components as dimensions.", "N", COUNT)
@step_option("--whiten", "Make dimensions uncorrelated, of variance 1.")
@step_option(
    "--whiten-partly",
    "Bring the variances of the principal components nearer to each other: 0 leaves them, 1 makes them 1; "
    "0.3 is often best.",
    "X",
    STRENGTH,
)
@dtype_option
@made_format_option
@quiet_option
@click.pass_context
def transform(
    ctx: click.Context,
    source: Path,
    output: Path,
    dtype: RowType | None,
    style: str,
    quiet: bool,
    **options: tuple[Any, ...],
) -> None:
    """Normalize, center or whiten vectors, or make their dimensions fewer.

    Steps are taken in the order of their options, and may be repeated: --normalize --center --normalize, or
    --all-but-the-top 3 --pca 100. The vectors written tell in their metadata how they were made.
    """
    begin = time.monotonic()
    steps = list(steps_given(ctx, options))
    if not steps:
        raise click.UsageError("expected at least one step, such as --center or --pca 100")
    check_not_read(output, source)
    target = Target.of(output, dtype)
    vectors = loaded = embedkit.load(source, verify=True)
    for name, value in steps:
        vectors = APPLY[name](vectors, value)
    summary = target.save(vectors, loaded)
    show_made(style, output, begin, summary=summary, quiet=quiet)
