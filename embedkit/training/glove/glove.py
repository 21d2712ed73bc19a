"""`GloVe`: word vectors by weighted least squares on co-occurrence counts (Pennington et al. 2014)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from embedkit.checkpoints import Checkpoint
from embedkit.cluster.workers import refuse_workers
from embedkit.parallel.cores import available_cores
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.opening import Documents, RawText
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.epoch_state import EpochState, Losses, epoch_hook
from embedkit.training.glove.parameters import RESULT_INVARIANT, GloVeParameters
from embedkit.training.glove.trainer import train
from embedkit.training.metadata import training_metadata
from embedkit.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster


@dataclass(frozen=True, kw_only=True)
class GloVe(GloVeParameters):
    """The hyper-parameters of GloVe, named as in its paper; `train` makes vectors with them.

    AdaGrad is that of Stanford's program: its sums of squares start at 1, gradients are clipped at 100, and
    biases learn at a rate of 1. Where `window`, `min_count` and `max_vocabulary` are None, words
    are counted with a window of 10 and a min_count of 5, or the counts of a file are taken as they are.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> from embedkit import GloVe
        >>> documents = [["a", "cat", "purrs"], ["a", "dog", "barks"]] * 50
        >>> vectors = GloVe(vector_size=8, min_count=1, epochs=5).train(documents)
        >>> len(vectors), vectors.vector_size
        (5, 8)
        >>> losses = vectors.metadata["losses"]
        >>> losses[-1] < losses[0]
        True
    """

    def train(
        self,
        source: Cooccurrences | Corpus | Sources | Documents,
        *,
        tokenizer: TextPipeline | str | None = None,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
        after_epoch: Callable[[int, Embeddings], None] | None = None,
        checkpoint: Checkpoint | None = None,
        cluster: Cluster | None = None,
    ) -> Embeddings:
        """Train vectors on co-occurrence counts.

        Args:
            source: `Cooccurrences`, or the path of a file of them; or what `Word2Vec.train` takes, which is
                counted first.
            tokenizer: of raw text, as in `Corpus.encode`; "words" by default.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: of raw text, as in `Corpus.encode`: the column of tables, the encoding.
            progress: where nonzeros a second and mean cost are reported.
            after_epoch: called with the number of each epoch, from 1, and the vectors as they are after it.
            checkpoint: where training is saved, and goes on after an interruption.
            cluster: whose workers tokenize text, count a corpus and train, instead of this machine's threads.
                Counts are sorted and dealt out here.

        Returns:
            The vectors, float32 (V, vector_size), or (V, 2 * vector_size) if `combine` is "both", of the
            words in order of frequency: the same bytes for any number of workers. The metadata hold every
            hyper-parameter but workers and memory, the recipe of the counts, and as losses the mean cost of
            each epoch: half the weighted square of the error, met before each step. If training diverged
            after the first epoch, these are the vectors of the last good one, with a warning, and
            `stopped_early` in the metadata.

        Raises:
            InputError: the source cannot be read or counted, or was counted with other settings than these;
                the memory is too little; training diverged in the first epoch; or machines of a cluster do
                not see the corpus or round differently.
            WorkerDiedError: workers of the cluster died again and again.
        """
        refuse_workers(cluster, self.workers)
        if cluster:
            cluster.check_alike()
        workers = self.workers or available_cores()
        text = RawText(tokenizer, encoding_errors, reading)
        counts = self.counts_of(source, text, self.memory, self.workers, progress, cluster)

        def made(state: EpochState, **more: object) -> Embeddings:
            metadata = {**self._metadata(counts, state.losses), **more}
            return Embeddings(state.vectors, counts.vocabulary, metadata)

        with Saver(checkpoint, self._metadata(counts, None), progress) as saver:
            last = train(self, counts, workers, progress, epoch_hook(after_epoch, made), saver, cluster)
        if last.epoch < self.epochs:
            return made(last, stopped_early=f"diverged in epoch {last.epoch + 1}")
        return made(last)

    def _metadata(self, counts: Cooccurrences, losses: Losses) -> dict[str, object]:
        parameters = {**asdict(self), **counts.recipe}
        facts = {name: parameters.pop(name, None) for name in ("corpus", "tokenizer")}
        facts["nonzeros"] = counts.nonzeros
        for name in RESULT_INVARIANT:
            parameters.pop(name)
        return training_metadata("glove", parameters, losses, facts, "numba")
