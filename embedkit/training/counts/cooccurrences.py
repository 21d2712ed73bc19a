"""`Cooccurrences`: co-occurrence counts, as GloVe (Pennington et al. 2014, 2) defines them.

For each word of a text, each of the up to `window` words before it in the same document adds to the count
X[word, context]: 1 / distance, or 1 if the weighting is uniform. If counts are symmetric, it adds the same to
X[context, word]. Words outside the vocabulary are taken out first and leave no gap, as in Stanford's
`cooccur`; a document is a line of the text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from embedkit.arrays import Floats1d, Ints1d, Longs1d
from embedkit.checkpoints import Checkpoint
from embedkit.cluster.workers import refuse_workers
from embedkit.errors import InputError
from embedkit.files import FULL_DISK, atomic_file
from embedkit.hyperparameters import MAX_WORKERS, check, hyperparameter
from embedkit.parallel.cores import available_cores
from embedkit.progress import SILENT, Progress
from embedkit.remote_copies import here, written
from embedkit.saver import Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.opening import Documents, RawText, named_paths, opened
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.counts.file_reading import is_counts, read_counts
from embedkit.training.counts.memory import Plan, parse_memory
from embedkit.training.training_corpus import corpus_metadata, training_vocabulary

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster
    from embedkit.training.counts.row_workers import CountRows
    from embedkit.training.counts.weighting import Weighting

COMPILING = "compiling the counting kernels, once; this takes a few seconds"


@dataclass(frozen=True, kw_only=True)
class Counting:
    """How co-occurrences are counted.

    Raises:
        InputError: a value of the wrong type or out of range.
    """

    window: int = hyperparameter(
        10, "context window: maximum distance of context words", minimum=1, maximum=10_000
    )
    symmetric: bool = hyperparameter(True, "count context words on both sides, not only those before")
    weighting: Literal["harmonic", "uniform"] = hyperparameter(
        "harmonic", "weight of a context word: 1 / distance, or 1"
    )
    min_count: int = hyperparameter(5, "ignore words that occur less often than this", minimum=1)
    max_vocabulary: int | None = hyperparameter(
        None, "maximum vocabulary size; keeps the most frequent words", minimum=2
    )
    memory: str | int = hyperparameter(
        "4GB", "memory limit of counting; more data goes to temporary files beside the result"
    )
    workers: int | None = hyperparameter(
        None,
        "number of threads; default: one per core; the result does not depend on it",
        minimum=1,
        maximum=MAX_WORKERS,
    )

    def __post_init__(self) -> None:
        check(self)
        parse_memory(self.memory)


@dataclass(frozen=True, eq=False)
class Cooccurrences:
    """A matrix X of co-occurrence counts in compressed sparse rows, memory-mapped; `count` or `open` give it.

    Row i has the counts `counts[offsets[i]:offsets[i + 1]]`, of context words `columns[...]` in rising order.

    Attributes:
        vocabulary: the V words counted, the most frequent first; their ids are those of the corpus, unless
            text was appended to it.
        offsets: int64 (V + 1,).
        columns: int32 (N,).
        counts: float32 (N,), positive.
        recipe: how they were counted, and from what.

    Example:
        >>> from embedkit import Cooccurrences
        >>> documents = [["the", "cat", "sat"], ["the", "dog", "sat"]]
        >>> counts = Cooccurrences.count(documents, window=2, min_count=1)
        >>> counts.vocabulary.words
        ('sat', 'the', 'cat', 'dog')
        >>> row = slice(counts.offsets[0], counts.offsets[1])  # of "sat"
        >>> [(counts.vocabulary.words[c], float(n)) for c, n in zip(counts.columns[row], counts.counts[row])]
        [('the', 1.0), ('cat', 1.0), ('dog', 1.0)]
    """

    vocabulary: Vocabulary
    offsets: Longs1d
    columns: Ints1d
    counts: Floats1d
    recipe: dict[str, Any]

    @property
    def nonzeros(self) -> int:
        """The number N of counts."""
        return len(self.columns)

    def __repr__(self) -> str:
        return f"<Cooccurrences: {self.nonzeros:,} counts of {len(self.vocabulary):,} words>"

    @classmethod
    def count(
        cls,
        source: Corpus | Sources | Documents,
        path: str | Path | None = None,
        *,
        tokenizer: TextPipeline | str | None = None,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
        cluster: Cluster | None = None,
        checkpoint: Checkpoint | None = None,
        **settings: Any,
    ) -> Cooccurrences:
        """Count the words of a corpus near each other.

        The sums are exact: they are kept as whole numbers of 1 / lcm(1, ..., window), of a power of 1/2 where
        that needs more than 64 bits (a window of 25 and 50 million words), and rounded to float32 at the end.
        So the bytes of the result depend on the text, not on the number of workers or the memory allowed.

        Args:
            source: what `Word2Vec.train` takes.
            path: the file to write, or the address (s3://bucket/file) to put it at; None for a temporary one,
                which takes up room in the folder for temporary files until the counts are no longer used.
            tokenizer: of raw text, as in `Corpus.encode`; "words" by default.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: of raw text, as in `Corpus.encode`: the column of tables, the encoding.
            progress: where progress is reported.
            cluster: whose workers count instead of this machine's threads; they must see the corpus. The
                memory is that of each machine.
            checkpoint: where what is counted is kept, so that an interrupted count goes on: of threads each
                chunk of the text that fits the memory, so that a text of one chunk is counted anew; of a
                cluster each range of rows.
            settings: fields of `Counting`: window, symmetric, weighting, min_count, max_vocabulary, memory,
                workers. The memory is that for the arrays of counting, beside the vocabulary and the mapped
                corpus.

        Raises:
            InputError: settings that are out of range, or allow too little memory (the message says the
                least that would do); a source that cannot be read, or where no two words are near each other;
                a disk that is full.
        """
        chosen = Counting(**settings)
        if files := [name for name in named_paths(source) if is_counts(name)]:
            raise InputError(f"{files[0]} holds counts already; give it to train-glove or train-svd")
        text = RawText(tokenizer, encoding_errors, reading)
        refuse_workers(cluster, chosen.workers)
        with (
            nullcontext() if path is None else written(path) as target,
            opened(source, text, chosen.workers, progress, cluster) as corpus,
            _file(target) as (stream, folder),
        ):
            return cls._counted(corpus, chosen, stream, folder, progress, cluster, checkpoint)

    @classmethod
    def _counted(
        cls,
        corpus: Corpus,
        chosen: Counting,
        stream: IO[bytes],
        folder: Path,
        progress: Progress,
        cluster: Cluster | None,
        checkpoint: Checkpoint | None,
    ) -> Cooccurrences:
        from embedkit.simd.compiling import announced, check_compiler
        from embedkit.training.counts.file_writing import write_counts
        from embedkit.training.counts.weighting import Weighting

        check_compiler()
        vocabulary = training_vocabulary(corpus, chosen.min_count, chosen.max_vocabulary)
        weighting = Weighting.of(chosen.weighting, chosen.window, chosen.symmetric, corpus.words)
        recipe = {name: value for name, value in asdict(chosen).items() if name not in ("memory", "workers")}
        recipe |= corpus_metadata(corpus)
        parts = {"memory": chosen.memory, "workers": chosen.workers or available_cores()}
        saver = Saver(checkpoint, {**recipe, **({"parts": "rows"} if cluster else parts)}, progress)
        with (
            announced(progress.note, COMPILING),
            _rows(corpus, len(vocabulary), chosen, weighting, folder, progress, cluster, saver) as rows,
        ):
            layout = write_counts(stream, folder, vocabulary, recipe, rows, weighting.unit)
        offsets, columns, counts = (layout.map(stream, name) for name in ("offsets", "columns", "counts"))
        counted = cls(vocabulary, offsets, columns, counts, recipe)
        if not counted.nonzeros:
            lower = "lower min_count, or " if len(vocabulary) < len(corpus.vocabulary) else ""
            raise InputError(
                f"no two of the {len(vocabulary):,} words stand in the same document: every document has "
                f"one word at most; {lower}check that a line of the text holds a whole document"
            )
        progress.finish(f"{counted.nonzeros:,} counts of {len(vocabulary):,} words")
        return counted

    @classmethod
    def open(cls, path: str | Path) -> Cooccurrences:
        """The counts in a file, or at an address; their checksums are verified.

        Raises:
            InputError: there is no such file.
            FormatError: it is no file of counts, of another version, cut off or damaged.
        """
        return cls(*read_counts(here(path)))


@contextmanager
def _rows(
    corpus: Corpus,
    size: int,
    chosen: Counting,
    weighting: Weighting,
    folder: Path,
    progress: Progress,
    cluster: Cluster | None,
    saver: Saver,
) -> Iterator[Iterable[CountRows]]:
    """The rows of the matrix of the first `size` words, counted by threads or by a cluster."""
    if cluster is not None:
        from embedkit.training.counts.cluster_counting import count_on_cluster

        counted = count_on_cluster(corpus, size, weighting, chosen.memory, cluster, progress, folder, saver)
        with closing(counted) as rows:
            yield rows
        return
    from embedkit.training.counts.counting import count_corpus
    from embedkit.training.counts.row_workers import RowWorkers

    plan = Plan.of(chosen.memory, size, chosen.window, chosen.workers or available_cores())
    with (
        RowWorkers(size, plan) as workers,
        closing(count_corpus(corpus, weighting, workers, folder, progress, saver=saver)) as rows,
    ):
        yield rows


@contextmanager
def _file(target: Path | None) -> Iterator[tuple[IO[bytes], Path]]:
    """The file to write, and the folder for what is temporary; a full disk becomes an `InputError`."""
    folder = Path(tempfile.gettempdir()) if target is None else target.resolve().parent
    place = folder if target is None else target
    try:
        with tempfile.TemporaryFile() if target is None else atomic_file(target) as stream:
            yield stream, folder
    except OSError as error:
        if error.errno not in FULL_DISK:
            raise
        raise InputError(
            f"cannot write {place}: {error.strerror}; counting needs room for the result and half as much "
            f"again in {folder}, and more if the memory is too small for the text"
        ) from None
