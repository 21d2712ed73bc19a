"""`Word2Vec`: word vectors by skip-gram and CBOW (Mikolov et al. 2013a) with negative sampling (2013b)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from embedkit.checkpoints import Checkpoint
from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_DIMENSIONS, hyperparameter
from embedkit.parallel.cores import available_cores
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.opening import Documents, RawText, opened
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.cluster_training import check_cluster
from embedkit.training.epoch_state import EpochState, Losses, epoch_hook
from embedkit.training.metadata import training_metadata
from embedkit.training.rounds.round_size import settled_rounds
from embedkit.training.training_corpus import corpus_metadata, training_vocabulary
from embedkit.training.word2vec import gensim_engine, trainer
from embedkit.training.word2vec.parameters import VECTOR_SIZE, Word2VecParameters
from embedkit.training.word2vec.start import Start, StartParameters, start_settings, start_vectors, told
from embedkit.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster

_LIBRARIES = {"embedkit": "numba", "gensim": "gensim"}  # what each engine computes with


@dataclass(frozen=True, kw_only=True)
class Word2Vec(StartParameters, Word2VecParameters):
    """The hyper-parameters of word2vec, named as in gensim; `train` makes vectors with them.

    The learning rate is twice gensim's default. With the decay to zero that is also used here, 0.025 leaves
    the vectors of a corpus of some million words short of what they reach in as many epochs; see
    docs/benchmarks.md.

    With `precision="bfloat16"` numbers of the matrices have 8 bits of mantissa, and a step moves them up or
    down with the probability that makes the mean exact; vectors and steps are float32 as ever.

    With a `start`, words that these vectors know go on from there, and words that the text lacks are kept; a
    start that holds its output vectors too (`keep_output`) is changed least. The metadata tell, as "start",
    how far words moved.

    Raises:
        InputError: a value of the wrong type or out of range, or settings that do not go together.

    Example:
        >>> from embedkit import Word2Vec
        >>> documents = [["a", "cat", "purrs"], ["a", "dog", "barks"]] * 50
        >>> vectors = Word2Vec(vector_size=8, min_count=1, sample=0).train(documents)
        >>> len(vectors), vectors.vector_size
        (5, 8)
        >>> losses = vectors.metadata["losses"]
        >>> losses[-1] < losses[0]
        True

        Training goes on from vectors:

        >>> more = [["a", "bird", "sings"], ["a", "dog", "barks"]] * 50
        >>> further = Word2Vec(min_count=1, sample=0, start=vectors).train(more)
        >>> len(further), (further["cat"] == vectors["cat"]).all().item()  # the text has no cat
        (7, True)
    """

    vector_size: int | None = hyperparameter(  # type: ignore[assignment]
        None,
        "vector dimensions; multiples of 16 use memory best; default: that of the vectors to start from, or "
        f"{VECTOR_SIZE}",
        minimum=1,
        maximum=MAX_DIMENSIONS,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.start is not None and self.engine == "gensim":
            raise InputError('start needs engine="embedkit"')
        if self.frozen is not None and self.start is None:
            raise InputError("frozen needs start, the vectors whose words are frozen")

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
            checkpoint: where training is saved, and goes on after an interruption; not with gensim.
            cluster: where to train, in rounds, with the same bytes; its machines must see the corpus, or, of
                other text, the folder of temporary files, where its workers tokenize it first.

        Returns:
            The input vectors, float32 (V, vector_size), of the words in order of frequency. The metadata
            hold every hyper-parameter, the corpus and the true mean loss of each epoch.

        Raises:
            InputError: the source cannot be read, has fewer than two words of `min_count`, or is so small
                that subsampling leaves nothing to learn from; the start cannot be read, has another vector
                size or none of the words; training diverged; or a cluster without `deterministic`, or whose
                machines do not see the corpus or round differently.
            EmbedkitError: all workers of the cluster were lost.
            DependencyError: `engine="gensim"` without gensim.
        """
        check_cluster(self, cluster)
        if self.engine == "gensim":
            gensim_engine.check_installed()
        given = start_vectors(self, self.vector_size)
        text = RawText(tokenizer, encoding_errors, reading)
        with opened(source, text, self.workers, progress, cluster) as corpus:
            vocabulary = training_vocabulary(corpus, self.min_count, self.max_vocabulary)
            workers = self.workers or available_cores()
            size = given.vector_size if given else self.vector_size or VECTOR_SIZE
            settled = settled_rounds(replace(self, vector_size=size), corpus.words)
            start = Start.of(given, self, vocabulary) if given else None
            engine: Any = gensim_engine if self.engine == "gensim" else trainer

            def made(state: EpochState) -> Embeddings:
                metadata = settled._metadata(corpus, state.losses, workers)
                if start is None:
                    return Embeddings(state.vectors, vocabulary, metadata, output_vectors=state.outputs)
                facts = start.facts(state.vectors)
                return start.merged(state.vectors, state.outputs).with_metadata(**metadata, start=facts)

            hook = epoch_hook(after_epoch, made)
            job = settled._metadata(corpus, None, workers)
            if start:
                job["begin"] = start.checksum
            with Saver(checkpoint if self.engine == "embedkit" else None, job, progress) as saver:
                state = engine.train(
                    settled, corpus, vocabulary, workers, progress, hook, start, saver, cluster
                )
            trained = made(state)
            if start:
                progress.note(told(trained.metadata["start"]))
            return trained

    def _metadata(self, corpus: Corpus, losses: Losses, workers: int) -> dict[str, object]:
        told_workers = None if self.deterministic else workers  # the vectors do not depend on them
        parameters = {**asdict(self), "workers": told_workers, **start_settings(self)}
        library = _LIBRARIES[self.engine]
        return training_metadata("word2vec", parameters, losses, corpus_metadata(corpus), library)
