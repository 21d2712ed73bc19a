"""`FastText`: word vectors with subwords (Bojanowski et al. 2017), by skip-gram and CBOW."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

from embedkit.checkpoints import Checkpoint
from embedkit.parallel.cores import available_cores
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.corpus_place import CorpusPlace
from embedkit.text.corpus.opening import Documents, RawText, opened
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.cluster_training import check_cluster, rounds_on
from embedkit.training.epoch_state import EpochState, Losses, epoch_hook
from embedkit.training.fasttext.parameters import FastTextParameters
from embedkit.training.metadata import training_metadata
from embedkit.training.training_corpus import corpus_metadata, training_vocabulary
from embedkit.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster


@dataclass(frozen=True, kw_only=True)
class FastText(FastTextParameters):
    """The hyper-parameters of fastText, named as in gensim; `train` makes vectors with them.

    A word's vector is the mean of its own row and of the rows of its character n-grams, "<word>" cut into
    pieces of `min_n` to `max_n` characters (Bojanowski, Grave, Joulin and Mikolov, "Enriching word vectors
    with subword information", 2017, eq. 2 with negative sampling). So words outside the vocabulary have
    vectors too, and rare words better ones.

    Memory is bounded by the n-grams of the vocabulary, whatever `bucket` is. As in `Word2Vec`, the words of
    a window share its noise words; in skip-gram each of them predicts the word in the middle.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> from embedkit import FastText
        >>> documents = [["a", "cat", "purrs"], ["a", "dog", "barks"]] * 50
        >>> vectors = FastText(vector_size=20, min_count=1, sample=0).train(documents)
        >>> len(vectors), "cats" in vectors, vectors["cats"].shape
        (5, False, (20,))
        >>> losses = vectors.metadata["losses"]
        >>> losses[-1] < losses[0]
        True
    """

    def train(
        self,
        source: Corpus | Sources | Documents,
        *,
        tokenizer: TextPipeline | str | None = None,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
        after_epoch: Callable[[int, Embeddings], None] | None = None,
        checkpoint: Checkpoint | None = None,
        cluster: Cluster | None = None,
    ) -> Embeddings:
        """Train vectors on a corpus.

        Args:
            source: a `Corpus`; or the path of one; or what `Corpus.encode` takes, paths of raw text and texts
                in memory, of which a temporary corpus is made; or documents, each a list of words.
            tokenizer: of raw text, as in `Corpus.encode`; "words" by default.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: of raw text, as in `Corpus.encode`: the column of tables, the encoding.
            progress: where words a second, mean loss and learning rate are reported.
            after_epoch: called with the number of each epoch, from 1, and the vectors as they are after it.
            checkpoint: where training is saved, and goes on after an interruption.
            cluster: where to train, in rounds, with the same bytes; its machines must see the corpus, or, of
                other text, the folder of temporary files, where its workers tokenize it first.

        Returns:
            The vectors of the words in order of frequency, float32 (V, vector_size), with `subwords`, which
            give all other words theirs, unless `max_n` is 0. The metadata hold every hyper-parameter, the
            corpus, the true mean loss of each epoch and, with `position_weights`, the mean weight of each
            position, from the farthest before to the farthest behind. `save("wiki.bin", format="fasttext")`
            writes a model that the fastText program and gensim read.

        Raises:
            InputError: the source cannot be read, has fewer than two words of `min_count`, or is so small
                that subsampling leaves nothing to learn from; training diverged; or a cluster without
                `deterministic`, or whose machines do not see the corpus or round differently.
            EmbedkitError: all workers of the cluster were lost.
        """
        from embedkit.training.corpus_trainer import train_epochs
        from embedkit.training.fasttext.trainer import FastTextTrainer

        check_cluster(self, cluster)
        text = RawText(tokenizer, encoding_errors, reading)
        with opened(source, text, self.workers, progress, cluster) as corpus:
            vocabulary = training_vocabulary(corpus, self.min_count, self.max_vocabulary)
            workers = self.workers or available_cores()
            trainer = FastTextTrainer(self, corpus, vocabulary)
            told_workers = None if self.deterministic else workers  # the vectors do not depend on them
            parameters = {**asdict(trainer.parameters), "workers": told_workers}

            def told(losses: Losses) -> dict[str, object]:
                return training_metadata("fasttext", parameters, losses, corpus_metadata(corpus), "numba")

            def made(state: EpochState) -> Embeddings:
                metadata = told(state.losses)
                if trainer.positions is not None:
                    means = trainer.positions[:, : self.vector_size].mean(axis=1)
                    metadata["position_weights"] = means.tolist()
                return Embeddings(
                    state.vectors, vocabulary, metadata, trainer.subwords(state.epoch), state.outputs
                )

            place = CorpusPlace.of(corpus)
            build = partial(FastTextTrainer.on, place, trainer.parameters)
            with (
                Saver(checkpoint, told(None), progress) as saver,
                rounds_on(cluster, build, trainer, place, self.wire, progress) as rounds,
            ):
                hook = epoch_hook(after_epoch, made)
                state = train_epochs(trainer, workers, progress, hook, saver, rounds)
            return made(state)
