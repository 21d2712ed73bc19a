"""Options of `embedkit bias` and `embedkit debias`: the topic, the method, the files to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

import click

from embedkit.bias.debiasing import METHODS
from embedkit.bias.topics.topic import TOPICS
from embedkit.bias.topics.word_lists import MIN_COVERAGE
from embedkit.errors import InputError
from embedkit.hyperparameters import name_and_value
from embedkit.plots.canvas import check_matplotlib
from embedkit_cli.evaluation.report_plot import check_drawable, check_plot
from embedkit_cli.options import NumberRange
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, format_option, plot_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, under
from embedkit_cli.shared.outputs import check_file

PAGES = (".html", ".htm")

Report = TypeVar("Report")
Write = Callable[[Report, Path], object]

topic_option = click.option(
    "--topic",
    default="gender",
    show_default=True,
    type=NAME_OR_PATH,
    metavar="|".join([*TOPICS, "FILE"]),
    help="Topic of the bias; FILE: your own word lists in TOML or JSON.",
    **under(INPUT),
)
coverage_option = click.option(
    "--min-coverage",
    type=NumberRange(0, 1),
    default=MIN_COVERAGE,
    show_default=True,
    metavar="FRACTION",
    help="Minimum fraction of a word list that must be in the vocabulary.",
    **under(INPUT),
)
style_option = format_option(
    "json: one object with all details; tsv: one table.", ("text", "json", "tsv", "markdown")
)


@dataclass(frozen=True)
class Outputs:
    """The picture and the page that a command shall write; true if there is any."""

    plot: Path | None
    page: Path | None

    def __bool__(self) -> bool:
        return bool(self.plot or self.page)

    def check(self, *others: Path | None, spaces: int = 1) -> None:
        """Raise unless both can be drawn of so many spaces, and all files, `others` too, are different."""
        if self.plot:
            check_plot(self.plot, spaces)
        if self.page:
            check_drawable(spaces)
            if self.page.suffix.lower() not in PAGES:
                raise InputError(f"expected the name of a .html file for the report, got {self.page}")
            check_matplotlib()
            check_file(self.page)
        named = [path.resolve() for path in (self.plot, self.page, *others) if path]
        if len(set(named)) < len(named):
            raise InputError(f"expected a file each for all that is written, got {named[0].name!r} twice")

    def write(self, report: Report, draw: Write[Report], write_page: Write[Report]) -> None:
        """Write what was asked for of a report."""
        if self.plot:
            draw(report, self.plot)
        if self.page:
            write_page(report, self.page)


def outputs_options(plotted: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command --plot, a picture of what is `plotted`, and --report; it receives them as `outputs`."""
    page_option = click.option(
        "--report",
        "page",
        type=PATH,
        metavar="FILE",
        help="Write a self-contained HTML report for decision makers.",
        **under(OUTPUT),
    )

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @plot_option(plotted)
        @page_option
        @wraps(function)
        def command(*args: Any, plot: Path | None, page: Path | None, **values: Any) -> Any:
            return function(*args, outputs=Outputs(plot, page), **values)

        return command

    return decorate


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
        key, text = name_and_value(setting) or ("", "")
        key = key.replace("-", "_")
        if key not in known:
            raise InputError(f"the method {name} accepts {accepted(name)}; got {setting!r}")
        if key in values:
            raise InputError(f"{key} is set twice; give it once")
        values[key] = _value(text, hints[key])
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
