"""`Trainer`: the training loop of a network, with learning rate schedule and early stopping."""

from __future__ import annotations

import math
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import DivergenceError
from embedkit.models.networks.averaging import WeightAverages
from embedkit.models.networks.backend import free_steps, has_bfloat16, has_gpu, memory_errors
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.examples import Examples
from embedkit.models.networks.history import Epoch
from embedkit.models.networks.keras_network import Network
from embedkit.models.networks.optimizers import row_optimizer
from embedkit.models.networks.saved_training import BestWeights, TrainedVariables
from embedkit.models.networks.train_step import training_step
from embedkit.models.networks.validation import loss_and_accuracy, right
from embedkit.models.targets import Task
from embedkit.neural.network_position import NetworkPosition, TrainingPart
from embedkit.parallel.blas import one_blas_thread
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver
from embedkit.simd.compiling import announced
from embedkit.text.sequences.buckets import length_buckets

GENTLY = 0.3  # part of the learning rate that vectors get which were frozen at first
PLATEAU = 1 / 3  # part of the learning rate that is left after an epoch that was no better


@dataclass
class NetworkTrainer:
    """A network in training.

    Args:
        network: what learns.
        task: what it learns.
        config: how.
        frozen: epochs for which the vectors stay as they are; None for all.
        seed: of the order of the texts.
        progress: where loss and speed are reported.
        saver: saves the training, and has what was saved.
    """

    network: Network
    task: Task
    config: TrainingConfig
    frozen: int | None
    seed: int
    progress: Progress
    saver: Saver = UNSAVED
    _begun: bool = False  # whether a step was taken

    @memory_errors()
    def run(
        self,
        training: Examples,
        held: Examples | None,
        validation: Examples | None = None,
        by_validation: bool = False,
    ) -> list[Epoch]:
        """Train, and judge each epoch by what is held out, and by examples of validation, if there are any.

        The network ends with the weights of its last epoch; or, if something is held out, or `by_validation`,
        with those of the epoch that was best by it, which may also end the training early.

        Raises:
            DivergenceError: training diverged.
        """
        network, config = self.network, self.config
        rows = row_optimizer(config, network.table)
        self._averages = WeightAverages(network, config.average) if config.average else None
        columns, width = training.targets.shape[1], training.weights.shape[1]
        self._step = training_step(
            network, rows, self._averages, self.task, config, columns, width, self.seed, self.frozen
        )
        try:
            with one_blas_thread():  # what is compiled has threads of its own
                if self.network.body.compiled:
                    with announced(self.progress.note):
                        self.network.body.compile()
                return self._epochs(training, held, validation, by_validation)
        finally:
            rows.release()
            if self._averages:
                self._averages.release()
            free_steps()

    def _shown(self) -> AbstractContextManager[None]:
        """Let the network have the weights that it is judged by: their averages, if it has any."""
        return self._averages.in_place() if self._averages else nullcontext()

    def _shown_weights(self) -> dict[str, NDArray[np.float32]]:
        """The weights that the network is judged by."""
        with self._shown():
            return self.network.weights()

    def _epochs(
        self, training: Examples, held: Examples | None, validation: Examples | None, by_validation: bool
    ) -> list[Epoch]:
        chosen = held is not None or (by_validation and validation is not None)
        self._best = best = BestWeights(self.network.weights())
        self._position = self._begin()
        for number in self._position.numbers:
            loss = self._epoch(number, training, held, validation).choosing_loss
            if not chosen:
                continue
            if loss is not None and loss < best.loss:
                best.loss, best.weights, best.waited = loss, self._shown_weights(), 0
                continue
            best.waited += 1
            if best.waited >= self.config.patience:
                break
            if self.config.decay == "plateau":
                best.factor *= PLATEAU
                self.network.set_weights(best.weights)
                if self._averages:
                    self._averages.restart()
        if chosen:
            self.network.set_weights(best.weights)
        elif self._averages:
            self.network.set_weights(self._shown_weights())
        epochs = self._position.epochs
        for name, weight in self.network.weights().items():  # no loss sees what the last step did
            self._check_finite(len(epochs), float(np.abs(weight).max(initial=0)), f"largest of {name}")
        return epochs

    def _begin(self) -> NetworkPosition[Epoch]:
        """Where training begins, or goes on."""
        network = self.network
        variables = [network.table, *network.body.variables, *self._step.variables]
        parts: dict[str, TrainingPart] = {"variables": TrainedVariables(variables), "best": self._best}
        return NetworkPosition(self.saver, {}, parts, None, Epoch, self.config.epochs)

    def _epoch(
        self, number: int, training: Examples, held: Examples | None, validation: Examples | None
    ) -> Epoch:
        """Train for an epoch and judge it."""
        begin, at, texts = time.monotonic(), self._position, len(training.rows)
        startup, skipped = 0.0, at.items  # seconds of the very first step; texts until the next one
        self.progress.start(f"epoch {number}", texts)
        self.progress.go_on(at.items)
        for batch in at.batches(
            lambda: length_buckets(training.lengths, self.config.batch_size, self.seed + number), texts
        ):
            ids, targets, weights = training.batch(batch)
            at.rate = self._learning_rate(number - 1 + at.items / texts)
            table_rate = at.rate * self._table_factor(number)
            outcome = self._step(ids, targets, weights, np.float32(at.rate), np.float32(table_rate))
            scores, loss, total = (part.numpy() for part in outcome)
            at.add(len(batch), float(loss), float(total), float(right(scores, targets, self.task).sum()))
            if not self._begun:
                self._begun, startup, skipped = True, time.monotonic() - begin, at.items
                continue
            speed = (at.items - skipped) / (time.monotonic() - begin - startup)
            self.progress.update(at.items, f"loss {at.loss / at.sums[1]:.4f}, {speed:,.0f} texts/s")
        self._check_finite(number, at.loss, "loss")
        loss, accuracy = at.loss / at.sums[1], at.sums[2] / texts
        held_out = self._judge(number, held, "loss on texts held out")
        trained = time.monotonic()
        judged = self._judge(number, validation, "validation loss")
        seconds = trained - begin - startup, time.monotonic() - trained, startup
        at.epochs.append(Epoch(number, loss, accuracy, *held_out, *judged, at.rate, *seconds))
        said = at.epochs[-1].summary
        self.progress.finish(said.replace("accuracy", "R²") if self.task == "regression" else said)
        return at.epochs[-1]

    def _judge(self, epoch: int, examples: Examples | None, name: str) -> tuple[float | None, float | None]:
        """The loss and the accuracy on examples, if there are any."""
        if examples is None:
            return None, None
        with self._shown():
            loss, accuracy = loss_and_accuracy(self.network, examples, self.task, self.config.loss)
        self._check_finite(epoch, loss, name)
        return loss, accuracy

    def _check_finite(self, epoch: int, value: float, name: str) -> None:
        if not np.isfinite(value):
            raise DivergenceError(
                f"training diverged in epoch {epoch}: the {name} is {value}; lower learning_rate, "
                f"which is {self.config.learning_rate:g}"
            )

    def _table_factor(self, epoch: int) -> float:
        """Which part of the learning rate the vectors get."""
        if self.frozen is None or epoch <= self.frozen:
            return 0.0
        return GENTLY if self.frozen else 1.0

    def _learning_rate(self, passed: float) -> float:
        """The learning rate after so many epochs."""
        first = self.config.learning_rate
        if self.config.decay == "cosine":
            return first * (1 + math.cos(math.pi * passed / self.config.epochs)) / 2
        return first * self._best.factor


def chosen_precision(precision: str) -> str:
    """The Keras policy that a setting stands for."""
    if precision != "auto":
        return precision
    if not has_gpu():
        return "float32"
    return "mixed_bfloat16" if has_bfloat16() else "mixed_float16"
