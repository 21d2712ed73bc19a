"""What `embedkit bias` and `embedkit debias` are asked: the topic, the method, the files to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import click

from embedkit.bias.debiasing import METHODS
from embedkit.bias.topics.topic import TOPICS
from embedkit.bias.topics.word_lists import LEAST
from embedkit.errors import InputError
from embedkit.plots.canvas import check_matplotlib
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.shared.outputs import check_file

PAGES = (".html", ".htm")

topic_option = click.option(
    "--topic",
    default="gender",
    show_default=True,
    metavar="|".join([*TOPICS, "FILE"]),
    help="What the bias is about; a FILE of your own is TOML or JSON.",
)
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of all that is drawn."
)
coverage_option = click.option(
    "--coverage",
    type=click.FloatRange(0, 1),
    default=LEAST,
    show_default=True,
    metavar="SHARE",
    help="How much of a list of words the vectors must know for it to be measured.",
)
style_option = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "tsv", "markdown"]),
    default="text",
    show_default=True,
    help="json: one object with every detail; tsv: one table.",
)
plot_option = click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw words along the bias, into a PNG file.",
)
report_option = click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page for people who decide: one HTML file that needs nothing else.",
)


def check_outputs(plot: Path | None, report: Path | None, *others: Path | None) -> None:
    """Raise unless the picture and the page can be drawn and written, and all files are different."""
    if plot:
        check_plot(plot, 1)
    if report:
        if report.suffix.lower() not in PAGES:
            raise InputError(f"expected the name of a .html file for the report, got {report}")
        check_matplotlib()
        check_file(report)
    named = [path.resolve() for path in (plot, report, *others) if path]
    if len(set(named)) < len(named):
        raise InputError(f"expected a file each for all that is written, got {named[0].name!r} twice")


def method_of(name: str, settings: Sequence[str], seed: int) -> Any:
    """The method `name` with its parameters as "components=2" says; `seed` is its seed, if it has one.

    Raises:
        InputError: a setting of another form, a parameter that the method has not, or a value out of range.
    """
    kind = METHODS[name]
    hints = get_type_hints(kind)
    known = {item.name for item in fields(kind)}
    values: dict[str, object] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        key = key.strip().replace("-", "_")
        if not equals or key not in known:
            raise InputError(f"the method {name} accepts {accepted(name)}; got {setting!r}")
        if key in values:
            raise InputError(f"{key} is set twice; give it once")
        values[key] = _value(text.strip(), hints[key])
    if "seed" in known:
        values.setdefault("seed", seed)
    return kind(**values)


def accepted(name: str) -> str:
    """The parameters of a method and their defaults: "components=1, keep=listed"."""
    return ", ".join(f"{item.name}={as_text(item.default)}" for item in fields(METHODS[name]))


def _value(text: str, hint: Any) -> object:
    """The text as a parameter of type `hint`; what is no number stays text, which the method refuses."""
    kinds = get_args(hint) or (hint,)
    if NoneType in kinds and text == "none":
        return None
    for kind in (int, float):
        if kind in kinds:
            try:
                return kind(text)
            except ValueError:
                continue
    return text


def as_text(value: object) -> str:
    """A parameter as it is given to --set."""
    return "none" if value is None else str(value)
