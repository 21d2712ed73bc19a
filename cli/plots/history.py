"""`embedkit plot history`: learning curves of models."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from embedkit_cli.plots.pictures import check_output, picture_option, title_option
from embedkit_cli.shared.common_options import PATH, format_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.outputs import check_not_read
from embedkit_cli.shared.results import show_result
from embedkit_cli.shared.tables import tsv_lines


@click.command("history", cls=HeadedCommand)
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@picture_option
@title_option
@format_option("json: one object with the numbers of each epoch; tsv: a line an epoch.")
@quiet_option
def history(files: tuple[Path, ...], output: Path, title: str | None, style: str, quiet: bool) -> None:
    """Plot the learning curves of models.

    FILE is a .csv, .tsv or .json that --history wrote, a model that learned in epochs, or vectors that keep
    their losses. Several are plotted together.
    """
    check_output(output)
    check_not_read(output, *files)
    from embedkit.plots.history import columns_of, write_histories
    from embedkit.saved_histories import saved_histories

    found = [(path, name, epochs) for path in files for name, epochs in saved_histories(path).items()]
    names_used = Counter(name for _, name, _ in found)
    epochs = {name if names_used[name] == 1 else f"{path} {name}": epochs for path, name, epochs in found}
    columns = {name: columns_of(history) for name, history in epochs.items()}
    write_histories(output, columns, title or f"Learning curves of {', '.join(path.name for path in files)}")
    names = list(dict.fromkeys(name for history in epochs.values() for epoch in history for name in epoch))
    rows = [(model, *map(epoch.get, names)) for model, history in epochs.items() for epoch in history]
    text = "\n".join(tsv_lines(("model", *names), rows)) if style == "tsv" else ""
    told = [{"model": model, "epochs": history} for model, history in epochs.items()]
    summary = f"wrote {output}: {len(epochs)} model{'s'[: len(epochs) - 1]}"
    show_result(style, {"output": str(output), "models": told}, text=text, summary=summary, quiet=quiet)
