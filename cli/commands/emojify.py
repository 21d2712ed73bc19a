"""embedkit emojify."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from embedkit_cli.emoji.output import RENDERERS, doubt, open_emojifier
from embedkit_cli.options import PATH
from embedkit_cli.shared.inputs import given


@click.command(
    epilog="A text without words stays as it is. Emoji that are in a text already, or their names such as "
    ":red_heart:, are kept and not read, and none is added twice."
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "-m",
    "--model",
    type=PATH,
    metavar="FILE",
    help="A model made by train-emojify, not the one that ships.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Print the N likeliest emoji, with probabilities; the likeliest is the one that is added.",
)
@click.option(
    "--insert",
    "place",
    type=click.Choice(["end", "inline"]),
    default="end",
    show_default=True,
    help="Where the emoji goes; inline: after the word that speaks most for it, unless there are over 2,000.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="P",
    help="Add no emoji that is less likely.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(list(RENDERERS)),
    default="text",
    show_default=True,
    help="json: an object a text; tsv: text, text with emoji, emoji, probability.",
)
def emojify(
    texts: tuple[str, ...],
    model: Path | None,
    top: int,
    place: Literal["end", "inline"],
    threshold: float,
    style: str,
) -> None:
    """Print each TEXT with the emoji that it asks for.

    Without texts, or with -, every line of stdin is a text, and is answered as soon as it is there.
    """
    from embedkit import emojify as emojified

    predictor = open_emojifier(model)
    for batch in given(texts, "texts to put emoji to", blank=True):
        for text in emojified(predictor, [item.text for item in batch], top, place, threshold):
            if warning := doubt(text):
                click.echo(f"Warning: {warning}", err=True)
            click.echo(RENDERERS[style](text, top > 1))
