"""embedkit plot-gates."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.shared.common_options import NAME_OR_PATH, format_option, output_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under


@click.command("plot-gates", cls=HeadedCommand)
@click.argument("text")
@click.option(
    "-m",
    "--model",
    type=NAME_OR_PATH,
    metavar="FILE|sentiment",
    help="Classifier, regressor, tagger, language model or translator with an LSTM or a GRU. Default: the "
    "bundled classifier of English sentiment.",
    **under(INPUT),
)
@output_option("FILE.png", "Picture to write.")
@format_option("json: one object with the gates of all units; tsv: token, layer, gate and mean.")
def plot_gates(text: str, model: str | None, output: Path, style: str) -> None:
    """Plot the gates of a model at each token of TEXT.

    The mean of each gate over its units is printed.
    """
    check_plot(output, 1)
    from embedkit.model_cells import text_gates
    from embedkit.model_files import SENTIMENT
    from embedkit.plots.gates import write_gates
    from embedkit_cli.neural.tables import gate_lines

    found = text_gates(model, text)
    gates = [(f"{gate.layer} {gate.gate} gate", gate.values) for gate in found.gates]
    write_gates(output, found.tokens, gates, f"Gates of {Path(model or SENTIMENT).name}")
    click.echo(gate_lines(found, style))
