"""What a network learns of a batch: its loss, that of texts whose vectors are moved, and the L2 penalty.

Miyato, Dai and Goodfellow (2017) normalize vectors so that no network escapes adversarial steps by making
them long, and move every text as far, by 5. Here a step is a part of the length that the vectors of as many
tokens have at the standard deviation of the batch: vectors stay as they were given, and one value fits texts
of ten words and of hundreds. Theirs is 0.016 for 400 words in 256 dimensions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from embedkit.models.networks.adversarial import most_changing, unit
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.body.base import Steps
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.keras_network import Network, lengths_of, words_of
from embedkit.models.networks.losses import losses_of, probabilities
from embedkit.models.targets import Task

Gradients = list[Any]  # of the vectors of a batch's words, then of the weights of the layers


@dataclass(frozen=True)
class Batch:
    """Texts as a network reads them, with the vectors of their tokens moved or not.

    Args:
        network: what reads them.
        words: int32 (m,), each once.
        places: of the tokens among the words, int32 (n, T).
        lengths: the tokens of each text, int32 (n,).
        vectors: of the words, float32 (m, D).
    """

    network: Network
    words: Any
    places: Any
    lengths: Any
    vectors: Any

    @classmethod
    def of(cls, network: Network, ids: Any) -> Batch:
        """The texts of ids int32 (n, T)."""
        tf, _ = load_backend()
        words, places = words_of(ids)
        return cls(network, words, places, lengths_of(ids), tf.gather(network.table, words))

    def scores(self, shifts: Any = None, training: bool = True) -> Any:
        """The scores (n, columns) of the texts, whose tokens are moved by `shifts` (n, T, D) if given."""
        steps = Steps(self.vectors, self.places, self.lengths)
        if shifts is not None:
            steps = Steps.of(steps.hidden + shifts, self.lengths)
        return self.network.body(*steps, training=training)

    @property
    def shape(self) -> Any:
        """The shape of shifts, (n, T, D)."""
        tf, _ = load_backend()
        return [*tf.unstack(tf.shape(self.places)), self.vectors.shape[1]]

    def drawn(self, generator: Any) -> Any:
        """Random shifts (n, T, D) of the tokens that are there."""
        tf, _ = load_backend()
        mask = tf.sequence_mask(self.lengths, tf.shape(self.places)[1])
        return tf.where(mask[..., None], generator.normal(self.shape), 0.0)

    def length(self, epsilon: float) -> Any:
        """How far each text is moved, (n, 1, 1): this part of the length that its vectors typically have."""
        tf, _ = load_backend()
        numbers = tf.cast(self.lengths * self.vectors.shape[1], tf.float32)[:, None, None]
        return epsilon * tf.math.reduce_std(self.vectors) * tf.sqrt(numbers)


class Objective:
    """What is learned of batches.

    Args:
        network: what learns.
        task: what it learns.
        config: how.
        scale: by which losses are scaled before gradients are taken of them.
        seed: of the directions in which virtual adversarial training begins.
    """

    def __init__(
        self, network: Network, task: Task, config: TrainingConfig, scale: Callable[[Any], Any], seed: int
    ) -> None:
        self._tf, _ = load_backend()
        self._network, self._task, self._config, self._scale = network, task, config, scale
        self._losses = losses_of(task, config.loss, config.label_smoothing)
        self._of_probabilities = losses_of(task)
        self._generator = self._tf.random.Generator.from_seed(seed)

    @property
    def drawn(self) -> Any:
        """The variable that holds the state of what is drawn."""
        return self._generator.state

    def gradients(self, batch: Batch, targets: Any, weights: Any) -> tuple[Any, Any, Gradients]:
        """The scores (n, columns), the sum of the losses and the scaled gradients of all that is learned.

        Args:
            batch: the texts.
            targets: float32 (n, columns).
            weights: of the losses, float32 (n, width).
        """
        tf, config = self._tf, self._config

        def loss_of(scores: Any) -> Any:
            return tf.reduce_sum(self._losses(targets, scores) * weights)

        total, sources = tf.reduce_sum(weights), [batch.vectors, *self._network.body.weights]
        unmoved = tf.zeros(batch.shape) if config.adversarial else None
        with tf.GradientTape() as tape:
            tape.watch([batch.vectors, unmoved] if config.adversarial else batch.vectors)
            scores = batch.scores(unmoved)
            loss = loss_of(scores)
            scaled = self._scale(loss / total + self._penalty())
        found = tape.gradient(scaled, [*sources, unmoved] if config.adversarial else sources)
        parts = [found[: len(sources)]]
        if config.adversarial:
            moved = batch.length(config.adversarial) * unit(found[-1])
            parts.append(self._taken(batch, lambda: loss_of(batch.scores(moved)) / total))
        if config.virtual_adversarial:
            parts.append(self._virtual(batch))
        summed = [tf.add_n(list(map(tf.convert_to_tensor, each))) for each in zip(*parts, strict=True)]
        return scores, loss, summed

    def _virtual(self, batch: Batch) -> Gradients:
        """The gradients of how much the probabilities change where they change most."""
        likely = self._tf.stop_gradient(probabilities(self._task, batch.scores(training=False)))

        def change(shifts: Any, training: bool) -> Any:  # but for a constant
            return self._tf.reduce_mean(self._of_probabilities(likely, batch.scores(shifts, training)))

        length = batch.length(self._config.virtual_adversarial)
        moved = most_changing(lambda shifts: change(shifts, False), batch.drawn(self._generator), length)
        return self._taken(batch, lambda: change(moved, True))

    def _taken(self, batch: Batch, loss: Callable[[], Any]) -> Gradients:
        """The gradients of a loss."""
        with self._tf.GradientTape() as tape:
            tape.watch(batch.vectors)
            scaled = self._scale(loss())
        gradients: Gradients = tape.gradient(scaled, [batch.vectors, *self._network.body.weights])
        return gradients

    def _penalty(self) -> Any:
        """The L2 penalty of all kernels but recurrent ones, as `kernel_regularizer` of Keras has it."""
        if not self._config.l2:
            return 0.0
        weights = self._network.body.named_weights.items()
        kernels = [weight for name, weight in weights if name.rpartition("/")[2] == "kernel"]
        return self._config.l2 * self._tf.add_n([self._tf.reduce_sum(kernel**2) for kernel in kernels])
