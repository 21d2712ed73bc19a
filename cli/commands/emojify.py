"""embedkit emojify."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from embedkit_cli.emoji.output import RENDERERS, doubt, open_emojifier
from embedkit_cli.options import NumberRange
from embedkit_cli.shared.common_options import PATH, format_option, top_option
from embedkit_cli.shared.inputs import given


@click.command(
    epilog="Texts without words are printed unchanged. Emoji and their names, such as :red_heart:, stay in a "
    "text without being read, and no emoji is added twice."
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "-m",
    "--model",
    type=PATH,
    metavar="FILE",
    help="Model made by train-emojify. Default: the bundled one.",
)
@top_option("Number of emoji per text to list with their probabilities; the first is added to the text.", 1)
@click.option(
    "--insert",
    type=click.Choice(["end", "inline"]),
    default="end",
    show_default=True,
    help="Where to add the emoji; inline: after the word that speaks most for it, in texts of up to 2,000 "
    "words.",
)
@click.option(
    "--threshold",
    type=NumberRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="P",
    help="Minimum probability of an emoji to be added.",
)
@format_option(
    "json: one object per text; tsv: text, text with emoji, emoji and probability.", list(RENDERERS)
)
def emojify(
    texts: tuple[str, ...],
    model: Path | None,
    top: int,
    insert: Literal["end", "inline"],
    threshold: float,
    style: str,
) -> None:
    """Add a fitting emoji to each TEXT.

    Without texts, or with -, every line of stdin is a text, and is answered as soon as it is there.
    """
    from embedkit import emojify as emojified

    predictor = open_emojifier(model)
    for batch in given(texts, "texts to put emoji to", blank=True):
        lines = [item.text for item in batch]
        for text in emojified(predictor, lines, top=top, insert=insert, threshold=threshold):
            if warning := doubt(text):
                click.echo(f"Warning: {warning}", err=True)
            click.echo(RENDERERS[style](text, top > 1))
