"""Training on the command line: warnings once, files that models name, provenance."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.progress import Progress
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.unlabeled import NamedTexts
from embedkit_cli.classifiers.data import DataOptions
from embedkit_cli.classifiers.tables import scores_of
from embedkit_cli.shared.text import plain

if TYPE_CHECKING:
    from embedkit.models.comparison import TrainedModel
    from embedkit.models.estimator import TextEstimator
    from embedkit.models.text_model import TextModel
    from embedkit.vectors.embeddings import Embeddings

NAMED = 8  # classes that the last line names


@contextmanager
def warned_once() -> Iterator[None]:
    """Show a warning only once, though several models raise it of the same data."""
    show, shown = warnings.showwarning, set()

    def show_new(message: Warning | str, *rest: Any) -> None:
        if str(message) not in shown:
            shown.add(str(message))
            show(message, *rest)

    with warnings.catch_warnings():
        warnings.showwarning = show_new
        yield


def read_unlabeled_files(models: Iterable[TextModel[Any]], options: DataOptions, progress: Progress) -> None:
    """Read each file of unlabeled texts that models, or models in them, name, and hand them its texts."""
    texts: dict[Path, NamedTexts] = {}
    for model in models:
        for name, given in model.get_params().items():
            if name.rpartition("__")[2] == "unlabeled" and isinstance(given, str | Path):
                path = Path(given)
                if path not in texts:
                    texts[path] = options.read_unlabeled(path, progress)
                model.set_params(**{name: texts[path]})


def read_vectors_files(models: Iterable[TextEstimator[Any]], progress: Progress) -> None:
    """Read each file of vectors that models, or models in them, name, whole, and hand them its vectors."""
    from embedkit.models.given_vectors import CORPUS, ENGLISH, RANDOM
    from embedkit.vectors.shipped import load

    read: dict[str, Embeddings] = {}
    for model in models:
        for name, given in model.get_params().items():
            named = name.rpartition("__")[2] == "embeddings" and isinstance(given, str | Path)
            if named and given not in (CORPUS, ENGLISH, RANDOM):
                if str(given) not in read:
                    progress.start(f"read {Path(given).name}")
                    read[str(given)] = load(given, verify=True)
                    progress.finish(str(read[str(given)]))
                model.set_params(**{name: read[str(given)]})


def written(path: Path, name: str, model: TextEstimator[Any], begin: float) -> str:
    """The line that says which model was written where, and the seconds since `begin`."""
    classes = list(map(plain, map(str, model.classes_)))
    named = ", ".join(classes[:NAMED]) + (", ..." if len(classes) > NAMED else "")
    size = path.stat().st_size / 1e6
    seconds = time.monotonic() - begin
    return f"wrote {path}: {name}, {len(classes)} classes ({named}), {size:,.2f} MB; {seconds:.1f} s in all"


def training_provenance(
    command: str,
    data: Labeled,
    held_out: Labeled | None,
    models: Sequence[TrainedModel],
    others: str,
) -> dict[str, Any]:
    """What a model file says of its training: the command, the texts, the scores on held-out texts.

    The time is not in it, so that equal trainings give equal files.

    Args:
        command: as it was typed.
        data: the texts of training.
        held_out: the texts that were, if any.
        models: those scored on them, the one that is saved first; empty if there were none.
        others: under which name the scores of the others stand.
    """
    made: dict[str, Any] = {"command": command, "data": data.describe()}
    if held_out:
        made |= {"validation": held_out.describe(), "metrics": scores_of(models[0])}
    if models[1:]:
        made[others] = {trained.name: scores_of(trained) for trained in models[1:]}
    return made
