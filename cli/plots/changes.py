"""`embedkit plot changes`: a word over several times."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

import embedkit
from embedkit.errors import InputError, UnknownWordError
from embedkit.progress import console_progress
from embedkit.vectors.lookup import WordLookup
from embedkit.vectors.spaces.changes import WordChanges, word_changes
from embedkit.vectors.spaces.plane import PlaneMethod
from embedkit_cli.plots.pictures import check_output, picture_option, plane_options, title_option
from embedkit_cli.shared.common_options import PATH, format_option, quiet_option, top_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.shared.outputs import check_not_read
from embedkit_cli.shared.results import show_result
from embedkit_cli.shared.tables import Column, Table, text_table, tsv_lines
from embedkit_cli.shared.text import DIGITS


@click.command("changes", cls=HeadedCommand)
@click.argument("word")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="VECTORS VECTORS...")
@click.option(
    "--names",
    metavar="NAME,...",
    help="Names of the files of vectors, such as years. Default: theirs without suffix.",
    **under(INPUT),
)
@plane_options
@top_option("Number of neighbors of the word in each file.", 8)
@picture_option
@title_option
@format_option("json: one object with the neighbors in each file; tsv: a line a neighbor.")
@quiet_option
def changes(
    word: str,
    files: tuple[Path, ...],
    names: str | None,
    method: PlaneMethod,
    seed: int,
    top: int,
    output: Path,
    title: str | None,
    style: str,
    quiet: bool,
) -> None:
    """Plot how the neighbors of WORD changed from one file of vectors to the next.

    VECTORS are of several times, in order. All are turned into the space of the last that has the word
    (Procrustes), and its neighbors stand where they are there. The cosine of its vector at each time with
    the last, and its neighbors, are printed.
    """
    check_output(output)
    check_not_read(output, *files)
    labels = names.split(",") if names else [path.stem for path in files]
    if len(labels) != len(files) or len({*labels}) < len(labels):
        raise InputError(
            f"expected a name of its own for each of {len(files)} files, got {', '.join(labels)}"
        )
    with console_progress(quiet) as progress:
        progress.start("align", len(files))
        spaces = {label: embedkit.load(path) for label, path in zip(labels, files, strict=True)}
        found = word_changes(_as_known(word, list(spaces.values())), spaces, top)
        progress.finish(f"{len(found.times)} files")
    found.scatter(method, seed=seed, title=title or f"Changes of {found.word}").write(output)
    rows = [
        (time.name, time.cosine, answer.word, answer.score)
        for time in found.times
        for answer in time.neighbors
    ]
    text = _as_text(found) if style == "text" else "\n".join(tsv_lines(TSV, rows))
    summary = f"wrote {output}: {len(found.times)} times, {len(found.words)} neighbors"
    show_result(style, _content(found, output), text=text, summary=summary, quiet=quiet)


TSV = ("vectors", "cosine", "neighbor", "score")


def _as_known(word: str, spaces: list[embedkit.Embeddings]) -> str:
    """The word as the last space spells it that has it; an error has the suggestions of the last."""
    for space in reversed(spaces):
        with suppress(UnknownWordError):
            return WordLookup(space).word(word)
    return WordLookup(spaces[-1]).word(word)


def _as_text(found: WordChanges) -> str:
    rows = [
        (time.name, f"{time.cosine:.4f}", ", ".join(answer.word for answer in time.neighbors))
        for time in found.times
    ]
    return text_table(Table([Column("vectors"), Column("cosine", True), Column("neighbors")], rows))


def _content(found: WordChanges, output: Path) -> dict[str, object]:
    times = [
        {
            "vectors": time.name,
            "cosine": round(time.cosine, DIGITS),
            "neighbors": [{"word": word, "score": round(score, DIGITS)} for word, score in time.neighbors],
        }
        for time in found.times
    ]
    return {"output": str(output), "word": found.word, "times": times}
