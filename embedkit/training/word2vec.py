"""`Word2Vec`: word vectors by skip-gram and CBOW (Mikolov et al. 2013a) with negative sampling (2013b)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Literal

from embedkit.errors import InputError
from embedkit.progress import SILENT, Progress
from embedkit.text.corpus import Corpus
from embedkit.text.pool import available_cores
from embedkit.training import gensim_engine, negative_sampling
from embedkit.training.hyperparameters import check, hyperparameter
from embedkit.training.source import Documents, Paths, described, opened, words_to_train
from embedkit.training.state import Losses, State
from embedkit.vectors.embeddings import Embeddings

_LIBRARIES = {"embedkit": "numba", "gensim": "gensim"}  # what each engine computes with


@dataclass(frozen=True, kw_only=True)
class Word2Vec:
    """The hyper-parameters of word2vec, named as in gensim; `train` makes vectors with them.

    The learning rate is twice gensim's default. With the decay to zero that is also used here, 0.025 leaves
    the vectors of a corpus of some million words short of what they reach in as many epochs; see
    docs/benchmarks.md.

    Raises:
        InputError: a value of the wrong type or out of range.
    """

    model: Literal["skipgram", "cbow"] = hyperparameter(
        "skipgram", "predict a word from each word around it, or from their mean"
    )
    vector_size: int = hyperparameter(
        100, "dimensions of the vectors; multiples of 16 use memory best", minimum=1
    )
    window: int = hyperparameter(5, "most words on either side of the predicted word", minimum=1)
    min_count: int = hyperparameter(5, "leave out words that occur less often", minimum=1)
    max_vocabulary: int | None = hyperparameter(
        None, "keep only so many of the most frequent words", minimum=2
    )
    negative: int = hyperparameter(5, "noise words a prediction is made against", minimum=1)
    sample: float = hyperparameter(
        1e-3, "thin out words of a relative frequency above this; 0 for none", minimum=0, maximum=1
    )
    ns_exponent: float = hyperparameter(
        0.75, "noise words are drawn by their count to this power", minimum=-2, maximum=2
    )
    epochs: int = hyperparameter(5, "passes over the corpus", minimum=1)
    learning_rate: float = hyperparameter(0.05, "first learning rate", above=0)
    min_learning_rate: float = hyperparameter(5e-6, "last learning rate, reached in equal steps", minimum=0)
    workers: int | None = hyperparameter(
        None, "threads, by default one a core; only 1 gives the same bytes every time", minimum=1
    )
    seed: int = hyperparameter(1, "seed of everything drawn at random", minimum=0)
    engine: Literal["embedkit", "gensim"] = hyperparameter("embedkit", "who trains")
    hierarchical_softmax: bool = hyperparameter(
        False, "predict along a Huffman tree instead of against noise words; engine gensim only"
    )

    def __post_init__(self) -> None:
        check(self)
        if self.min_learning_rate > self.learning_rate:
            raise InputError(
                f"min_learning_rate must be at most learning_rate ({self.learning_rate}), "
                f"got {self.min_learning_rate}"
            )
        if self.hierarchical_softmax and self.engine != "gensim":
            raise InputError(
                'hierarchical_softmax needs engine="gensim"; embedkit trains by negative sampling'
            )

    def train(
        self,
        source: Corpus | Paths | Documents,
        *,
        progress: Progress = SILENT,
        after_epoch: Callable[[int, Embeddings], None] | None = None,
    ) -> Embeddings:
        """Train vectors on a corpus.

        Args:
            source: a `Corpus`; or the path of one; or paths of raw text, tokenized by "words" into a
                temporary corpus; or documents, each a list of words.
            progress: where words a second, mean loss and learning rate are reported.
            after_epoch: called with the number of each epoch, from 1, and the vectors as they are after it.

        Returns:
            The input vectors, float32 (V, vector_size), of the words in order of frequency. The metadata
            hold every hyper-parameter, the corpus and the true mean loss of each epoch.

        Raises:
            InputError: the source cannot be read, has fewer than two words of `min_count`, or is so small
                that subsampling leaves nothing to learn from; or training diverged.
            DependencyError: `engine="gensim"` without gensim.
        """
        if self.engine == "gensim":
            gensim_engine.check_installed()
        with opened(source, progress) as corpus:
            vocabulary = words_to_train(corpus, self.min_count, self.max_vocabulary)
            workers = self.workers or available_cores()
            engine = gensim_engine if self.engine == "gensim" else negative_sampling

            def made(state: State) -> Embeddings:
                metadata = self._metadata(corpus, state.losses, workers)
                return Embeddings(state.vectors, vocabulary, metadata)

            def report(state: State) -> None:
                if after_epoch:
                    after_epoch(state.epoch, made(state))

            hook = report if after_epoch else None
            return made(engine.train(self, corpus, vocabulary, workers, progress, hook))

    def _metadata(self, corpus: Corpus, losses: Losses, workers: int) -> dict[str, object]:
        return {
            "trainer": "word2vec",
            "parameters": {**asdict(self), "workers": workers},
            "losses": losses,
            **described(corpus),
            "versions": {name: version(name) for name in ("embedkit", "numpy", _LIBRARIES[self.engine])},
        }
