"""embedkit next."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit_cli.language_models.files import model_option
from embedkit_cli.shared.common_options import format_option, top_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.inputs import given
from embedkit_cli.shared.text import DIGITS, json_line, plain


@click.command(cls=HeadedCommand)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@model_option("ask")
@top_option("Number of tokens to show for each text.")
@format_option("json: one object per text; tsv: text, token and probability a line.")
def next(texts: tuple[str, ...], model: Path, top: int, style: str) -> None:  # noqa: A001
    r"""Print the tokens that may come next behind each TEXT, and their probabilities.

    The end of the line is shown as \n. Without texts, or with -, every line of stdin is a text.
    """
    from embedkit import LanguageModel

    trained = LanguageModel.load(model)
    several = len(texts) > 1
    for batch in given(texts, "texts", blank=True):
        for item in batch:
            answers = trained.next(item.text, top)
            if style == "json":
                told = [
                    {"token": one.token, "probability": round(one.probability, DIGITS)} for one in answers
                ]
                click.echo(json_line({"text": item.text, "next": told}))
                continue
            if several and style == "text":
                click.echo(f"{plain(item.text)}:")
            for token, probability in answers:
                named = f"{plain(item.text)}\t{plain(token)}\t{probability:.{DIGITS}f}"
                click.echo(named if style == "tsv" else f"{probability:8.4f}  {plain(token)}")
