"""embedkit plot-gradients."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.neural.gradient_reach import ReachParameters, compare_reach
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.common_options import NAME_OR_PATH, format_option, output_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under

CELLS = "rnn,lstm,gru"


@click.command("plot-gradients", cls=HeadedCommand)
@click.option(
    "--cells",
    default=CELLS,
    show_default=True,
    metavar="CELL,...",
    help="Cells to compare, with random or trained weights.",
    **under(INPUT),
)
@click.option(
    "-m",
    "--model",
    type=NAME_OR_PATH,
    metavar="FILE",
    help="Draw the recurrent layers of a model instead: a classifier, regressor, tagger, language model or "
    "translator.",
    **under(INPUT),
)
@options_of(ReachParameters, "parameters", "Cells")
@seed_option("Cells")
@output_option("FILE.png", "Picture to write.")
@format_option("All but text tell every step; json: one object.")
def plot_gradients(
    cells: str, model: str | None, parameters: ReachParameters, seed: int, output: Path, style: str
) -> None:
    """Plot how far gradients reach back in recurrent cells.

    The norm of the gradient of the last state with respect to the state of some steps before: it vanishes or
    explodes in a simple network, and less so where gates guard a memory. The numbers are printed.
    """
    check_plot(output, 1)
    from embedkit_cli.neural.tables import reach_lines

    if model is None:
        title = f"Gradients in cells of {parameters.units} units"
        reaches = compare_reach(parameters, cells.split(","), seed)
    else:
        from embedkit.model_cells import model_reach

        title = f"Gradients in {Path(model).name}"
        reaches = model_reach(model, parameters.distance, parameters.sequences, seed)
    from embedkit.plots.gradient_reach import write_gradient_reach

    write_gradient_reach(output, [(reach.label, reach.norms) for reach in reaches], title)
    click.echo(reach_lines(reaches, style))
