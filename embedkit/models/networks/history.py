"""`Epoch`: how a network learned, an entry an epoch, as estimators, files and tables have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

UNSAVED = ("seconds", "validation_seconds", "startup_seconds")  # as equal trainings give equal files
FIELDS_0_1 = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate")


class Epoch(NamedTuple):
    """How an epoch went; scores on texts that there were none of are None.

    A list of them is a table: `pandas.DataFrame(model.history_)` has these columns.

    Args:
        epoch: its number, from 1.
        loss: the mean of the epoch's batches, each before its step and with dropout.
        accuracy: the same of the share of right answers; of a model of numbers this and others are R².
        held_out_loss: on the texts that `validation_fraction` holds out, which choose the best epoch.
        held_out_accuracy: on the same.
        validation_loss: on `validation_data`, after the epoch.
        validation_accuracy: on the same.
        learning_rate: of the last step.
        seconds: of training, those for the texts held out among them; None of a model from a file.
        validation_seconds: for `validation_data`, beside those.
        startup_seconds: of the very first step, in which TensorFlow builds its graph, beside those.
    """

    epoch: int
    loss: float
    accuracy: float
    held_out_loss: float | None
    held_out_accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    seconds: float | None = None
    validation_seconds: float | None = None
    startup_seconds: float | None = None

    @property
    def choosing_loss(self) -> float | None:
        """What the best epoch has the lowest of: the loss on texts held out, or else on `validation_data`."""
        return self.validation_loss if self.held_out_loss is None else self.held_out_loss

    @property
    def summary(self) -> str:
        """The epoch in words: "loss 0.4210, accuracy 0.8012; validation 0.3925, 0.8300"."""
        parts = [f"loss {self.loss:.4f}, accuracy {self.accuracy:.4f}"]
        if self.held_out_loss is not None:
            parts.append(f"held out {self.held_out_loss:.4f}, {self.held_out_accuracy:.4f}")
        if self.validation_loss is not None:
            parts.append(f"validation {self.validation_loss:.4f}, {self.validation_accuracy:.4f}")
        return "; ".join(parts)


def saved_epochs(epochs: Iterable[Epoch]) -> list[dict[str, Any]]:
    """What a file keeps of epochs, ready for JSON."""
    return [
        {name: value for name, value in epoch._asdict().items() if value is not None and name not in UNSAVED}
        for epoch in epochs
    ]


def epochs_in(facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[Epoch]:
    """The epochs that a file keeps among the facts of a network of these parameters; none of other models.

    Files of 0.1.0 list six numbers an epoch, whose validation is that of the texts held out, if there were.
    """
    entries = facts.get("history", [])
    return [_epoch(entry, bool(parameters.get("validation_fraction"))) for entry in entries]


def _epoch(entry: Any, held_out: bool) -> Epoch:
    if isinstance(entry, list):
        entry = dict(zip(FIELDS_0_1, entry, strict=False))
        if held_out:
            entry = {name.replace("validation", "held_out"): value for name, value in entry.items()}
    return Epoch(**{name: entry.get(name) for name in Epoch._fields})
