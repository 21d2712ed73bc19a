"""The training loop over a corpus: pieces of work, threads and epochs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from embedkit.arrays import Doubles1d, Floats2d, Ints1d, Longs1d
from embedkit.container.half_floats import all_finite, floats_of
from embedkit.errors import NothingLearnedError
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver, Tensors
from embedkit.simd.compiling import announced
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.corpus_place import CorpusPlace
from embedkit.text.corpus.shards import Shard
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.epoch_state import EpochHook, EpochState
from embedkit.training.epochs import EpochLoop, diverged
from embedkit.training.idle_epochs import check_learned
from embedkit.training.meter import Done, Meter
from embedkit.training.position import TrainingPosition
from embedkit.training.rounds.dealing import DealtNoise, NoiseShare
from embedkit.training.rounds.round_size import settled_rounds
from embedkit.training.rounds.rounds import Rounds
from embedkit.training.rounds.row_pool import PrivateRows, RowPool
from embedkit.training.training_corpus import training_vocabulary
from embedkit.training.word2vec.parameters import WindowParameters
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds

if TYPE_CHECKING:
    from embedkit.training.rounds.cluster_rounds import ClusterRounds

PIECE = 1 << 16  # positions a thread trains on before it reports: some ten milliseconds


class CorpusPiece(NamedTuple):
    """The positions [start, stop) of a shard, of which `before` others were trained on in earlier pieces."""

    shard: int
    start: int
    stop: int
    before: int


def train_epochs(
    trainer: CorpusTrainer,
    workers: int,
    progress: Progress,
    after_epoch: EpochHook | None = None,
    saver: Saver = UNSAVED,
    cluster: ClusterRounds | None = None,
) -> EpochState:
    """All epochs of a trainer, or those that are left where its saver goes on; here, or on a cluster."""
    parameters, corpus, words = trainer.parameters, trainer.corpus, len(trainer.keep)
    if cluster:
        workers = cluster.threads
    else:
        with announced(progress.note):
            trainer.compile()

    def check(epochs: int, losses: list[float | None]) -> None:
        trainer.check_finite(epochs)
        if after_epoch:
            after_epoch(trainer.state(epochs, losses))

    loop = EpochLoop(parameters.epochs, corpus.words, workers, f"vocabulary {words:,}", rate=trainer.rate)

    def train(epoch: int, meter: Meter, position: TrainingPosition) -> None:
        train_epoch(trainer, epoch, workers, meter, position, cluster)

    losses = loop.run(train, progress, check, trainer.tensors(), saver)
    if losses.count(None) == len(losses) and not _has_neighbors(corpus, words):
        raise NothingLearnedError(
            "nothing was learned: no two words of the vocabulary stand in the same document; give documents "
            "of several words, each of which occurs min_count times in all"
        )
    check_learned(losses, parameters.sample, "no two words of a document were left side by side")
    return trainer.state(parameters.epochs, losses)


def _has_neighbors(corpus: Corpus, words: int) -> bool:
    """Whether two of the first `words` of a corpus's vocabulary stand in the same document anywhere."""
    for ids, offsets in corpus.shards():
        known = np.concatenate([[0], np.cumsum(ids < words)])
        if (np.diff(known[offsets]) > 1).any():
            return True
    return False


def train_epoch(
    trainer: CorpusTrainer,
    epoch: int,
    workers: int,
    meter: Meter,
    position: TrainingPosition | None = None,
    cluster: ClusterRounds | None = None,
) -> None:
    """One pass over the corpus, or over what is left of it."""
    work, pieces, rounds = trainer.worker(epoch), trainer.pieces(), trainer.rounds
    together = rounds.workers if rounds else 1
    done: Iterator[tuple[CorpusPiece, tuple[int, float]]]
    with threads(trainer.most_threads(workers)) as pool:
        for first, part in position.parts(pieces, together) if position else [(0, pieces)]:
            number = epoch + first // together
            if cluster:
                done = cluster.train(epoch, part, number)
            elif rounds:
                done = rounds.train(pool, workers, work, part, trainer.marker(epoch), number)
            else:
                done = map_as_completed(pool, work, part, 2 * workers)
            for piece, (predictions, loss) in done:
                meter.add(Done(piece.stop - piece.start, predictions, loss))


class CorpusTrainer(ABC):
    """A model in training on the windows of a corpus.

    Attributes:
        parameters: what it is trained with.
        shards: the ids and offsets of the corpus.
        keep: how likely each word is kept by subsampling, as `thresholds` has it.
        inputs: the matrix whose rows make the vectors.
        piece_words: positions of a piece at most; of deterministic parameters, what a worker of a round
            trains on.
        rounds: None if all threads change the same rows: also where a round has one worker, which trains
            in place, on one thread.
    """

    inputs: Floats2d
    rounds: Rounds | None = None

    def __init__(self, parameters: WindowParameters, corpus: Corpus, vocabulary: Vocabulary) -> None:
        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        self.parameters = parameters = settled_rounds(parameters, corpus.words)
        self.piece_words = parameters.round_words or PIECE
        self.corpus = corpus
        self.shards = [
            Shard(np.asarray(ids), np.asarray(offsets)) for _, (ids, offsets) in corpus.checked_shards()
        ]
        total = corpus.words if parameters.subsampling == "fasttext" else None
        self.keep = thresholds(keep_probability(vocabulary.counts, parameters.sample, total))

    @classmethod
    def on(cls, place: CorpusPlace, parameters: Any, *more: Any) -> Self:
        """A model in training on the corpus at a place, as it is made on each machine of a cluster."""
        corpus = place.open()
        vocabulary = training_vocabulary(corpus, parameters.min_count, parameters.max_vocabulary)
        return cls(parameters, corpus, vocabulary, *more)

    @abstractmethod
    def train_range(
        self, worker: int, shard: Shard, start: int, stop: int, rate: float, last: float, key: np.uint64
    ) -> Any:
        """Train on positions [start, stop) of a shard, with a learning rate that goes from `rate` to `last`.

        In rounds, what is changed are rows that are private to this worker. The random draws depend on `key`
        and the positions. Returns the predictions made and their summed loss.
        """

    @abstractmethod
    def vectors(self) -> Floats2d:
        """The vectors of the words as they are now, without padding, float32 (V, D), read-only."""

    @abstractmethod
    def tensors(self) -> Tensors:
        """All that changes in training, from which it can go on."""

    def output_vectors(self) -> Floats2d | None:
        """The output vectors of the words, float32 (V, D), if they are to be kept."""
        return None

    def unpadded(self, matrix: Floats2d) -> Floats2d:
        """A copy of a matrix without the padding of its rows, (rows, D), read-only."""
        vectors = floats_of(matrix[:, : self.parameters.vector_size])
        vectors.flags.writeable = False
        return vectors

    own_matrix = None  # of rows that a piece alone changes (see `training.rounds.replica.RoundTrainer`)

    def own_rows(self, piece: CorpusPiece) -> Ints1d:
        """The rows of the own matrix that a piece changes: there is none."""
        return np.zeros(0, np.int32)

    def compile(self) -> None:
        """Have the kernels ready, from disk or compiled now."""
        self.train_range(0, self.shards[0], 0, 0, 0.0, 0.0, np.uint64(0))
        if self.rounds:
            self.marker(0)(CorpusPiece(0, 0, 0, 0), 0)
            self.rounds.foresee()
            self.rounds.merge(workers=1)

    def matrix(self, rows: int, capacity: int, dtype: DTypeLike = np.float32) -> RowPool:
        """A matrix of zeros; a worker of a round changes at most `capacity` of its rows."""
        p = self.parameters
        return RowPool(rows, p.vector_size, p.round_workers or 1, capacity, dtype=dtype)

    def set_up_rounds(self, pools: list[RowPool], updates: Sequence[Doubles1d]) -> None:
        """Train in rounds if that is asked for, see `Rounds.of`."""
        self.rounds = Rounds.of(self.parameters, pools, updates)

    def set_up_noise(self, outputs: RowPool, counts: Longs1d, targets: Doubles1d) -> None:
        """Draw noise words from all words or, in rounds, from those that are dealt to a worker."""
        probability = noise_probability(counts, self.parameters.ns_exponent)
        self._noise = alias_table(probability)
        if (workers := self.parameters.round_workers or 1) > 1:
            self._dealt = DealtNoise(probability, targets, workers)
            outputs.foresee(self._dealt.first)

    def noise(self, worker: int) -> tuple[NDArray[np.uint32], NoiseShare | None]:
        """The alias table that a worker draws noise from, and its share of the words."""
        return self._dealt.share(worker, self.rounds.number) if self.rounds else (self._noise, None)

    def private(self, worker: int) -> tuple[PrivateRows, ...] | None:
        """The rows of each matrix that are a worker's own at the beginning of a round."""
        return self.rounds.begin(worker) if self.rounds else None

    def most_threads(self, workers: int) -> int:
        """How many of so many threads there is use for."""
        return 1 if self.parameters.round_workers == 1 else workers

    def pieces(self) -> Iterator[CorpusPiece]:
        """The corpus, cut into pieces of at most `piece_words` positions."""
        before = 0
        for shard, (ids, _) in enumerate(self.shards):
            for start in range(0, len(ids), self.piece_words):
                stop = min(start + self.piece_words, len(ids))
                yield CorpusPiece(shard, start, stop, before)
                before += stop - start

    def rate(self, words: int) -> float:
        """The learning rate after `words` positions in all epochs: linear, down to `min_learning_rate`."""
        p = self.parameters
        share = words / (p.epochs * self.corpus.words)
        return p.learning_rate + (p.min_learning_rate - p.learning_rate) * share

    def worker(self, epoch: int) -> Callable[..., tuple[int, float]]:
        """What trains on a piece in this epoch, as the given worker of a round.

        It returns the predictions made and their summed loss.
        """
        done = epoch * self.corpus.words

        def work(piece: CorpusPiece, worker: int = 0) -> tuple[int, float]:
            shard, start, stop, before = piece
            rates = self.rate(done + before), self.rate(done + before + stop - start)
            key = self._key(epoch, shard)
            made, lost = self.train_range(worker, self.shards[shard], start, stop, *rates, key)
            return int(made), float(lost)

        return work

    def marker(self, epoch: int) -> Callable[[CorpusPiece, int], None]:
        """What marks the words that a worker of a round is going to touch in a piece of this epoch."""
        from embedkit.training.kernels.touched_rows import mark_windows

        p, nothing = self.parameters, np.zeros(0, np.uint8)
        pools = self.rounds.pools if self.rounds else []

        def mark(piece: CorpusPiece, worker: int) -> None:
            inputs, outputs = (nothing if pool.marks is None else pool.marks[worker] for pool in pools[:2])
            mark_windows(
                *self.shards[piece.shard], piece.start, piece.stop, self.keep, p.window,
                self._key(epoch, piece.shard), p.shrink_windows, inputs, outputs,
            )  # fmt: skip

        return mark

    def _key(self, epoch: int, shard: int) -> np.uint64:
        """The key of the random draws in a shard."""
        sequence = np.random.SeedSequence((self.parameters.seed, epoch, shard))
        key: np.uint64 = sequence.generate_state(1, np.uint64)[0]
        return key

    def check_finite(self, epochs: int) -> None:
        """Raise `DivergenceError` if the vectors have left the range of numbers in so many epochs."""
        if not all_finite(self.inputs):
            raise diverged(epochs, self.parameters.learning_rate)

    def state(self, epochs: int, losses: list[float | None]) -> EpochState:
        """What so many epochs have made."""
        return EpochState(epochs, self.vectors(), losses, self.output_vectors())
