"""Training on the command line: warnings once, and unlabelled texts in files."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.progress import Progress
from embedkit.text.datasets.unlabelled import NamedTexts
from embedkit_cli.classifiers.data import LabelledDataOptions

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator


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


def read_unlabelled_files(
    models: Iterable[TextEstimator[Any]], options: LabelledDataOptions, progress: Progress
) -> None:
    """Read each file of unlabelled texts that models, or models in them, name, and hand them its texts."""
    texts: dict[Path, NamedTexts] = {}
    for model in models:
        for name, given in model.get_params().items():
            if name.rpartition("__")[2] == "unlabelled" and isinstance(given, str | Path):
                path = Path(given)
                if path not in texts:
                    texts[path] = options.read_unlabelled(path, progress)
                model.set_params(**{name: texts[path]})
