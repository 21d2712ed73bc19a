"""`PPMISVD`: vectors by truncated SVD of the positive pointwise mutual information (Levy et al. 2015).

Levy, Goldberg and Dagan 2015, "Improving Distributional Similarity with Lessons Learned from Word
Embeddings": PPMI in section 2.1, the shift by log k in eq. 2, context distribution smoothing in eq. 3,
eigenvalue weighting in section 3.3. Left out are subsampling and dynamic windows, which change the counts;
those of `Cooccurrences` are weighted by distance.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_WORKERS, check, hyperparameter, seed_field
from embedkit.progress import SILENT, Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.opening import Documents, RawText
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.counts.memory import parse_memory
from embedkit.training.counts.trainer_base import CountsTrainer
from embedkit.training.metadata import library_versions
from embedkit.training.truncated_svd import truncated_svd
from embedkit.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_BLOCK = 1 << 22  # counts whose mutual information is computed at once


@dataclass(frozen=True, kw_only=True)
class PPMISVD(CountsTrainer):
    """The hyper-parameters of PPMI-SVD, the classic baseline of counts; `train` makes vectors with them.

    Where `window`, `min_count` and `max_vocabulary` are None, words are counted with a window of 10 and a
    min_count of 5, or the counts of a file are taken as they are.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> from embedkit import PPMISVD
        >>> documents = [["king", "queen", "crown"], ["cat", "dog", "pet"]] * 5
        >>> vectors = PPMISVD(vector_size=2, min_count=1).train(documents)
        >>> round(vectors.similarity("king", "queen"), 2)
        1.0
        >>> abs(round(vectors.similarity("king", "dog"), 2))
        0.0
    """

    smoothing: float = hyperparameter(
        0.75, "context distribution smoothing: exponent of the counts of context words", minimum=0, maximum=1
    )
    shift: float = hyperparameter(
        1.0, "shifted PPMI: subtract log(shift) from the pointwise mutual information", above=0
    )
    eigenvalue_weight: float = hyperparameter(
        0.5,
        "eigenvalue weighting: exponent of the singular values that scale the columns",
        minimum=0,
        maximum=1,
    )
    workers: int | None = hyperparameter(
        None,
        "number of threads; default: one per core; the result does not depend on it",
        minimum=1,
        maximum=MAX_WORKERS,
    )
    memory: str | int = hyperparameter("4GB", "memory limit of counting; more data goes to temporary files")
    seed: int = seed_field()

    def __post_init__(self) -> None:
        check(self)
        parse_memory(self.memory)

    def train(
        self,
        source: Cooccurrences | Corpus | Sources | Documents,
        *,
        tokenizer: TextPipeline | str | None = None,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
    ) -> Embeddings:
        """Make vectors of co-occurrence counts.

        Args:
            source: `Cooccurrences`, or the path of a file of them; or what `Word2Vec.train` takes, which is
                counted first.
            tokenizer: of raw text, as in `Corpus.encode`; "words" by default.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: of raw text, as in `Corpus.encode`: the column of tables, the encoding.
            progress: where progress is reported.

        Returns:
            U * S ** eigenvalue_weight, float32 (V, vector_size), of the PPMI matrix, the largest singular
            value first. The entry of largest magnitude in each column is positive, which fixes the signs. A
            column for a singular value of 0 is 0. The metadata hold every hyper-parameter, the recipe of the
            counts and the singular values.

        Raises:
            InputError: the source cannot be read or counted, has not more words than `vector_size`, or no
                pair has a positive mutual information.
        """
        counts = self.counts_of(
            source, RawText(tokenizer, encoding_errors, reading), self.memory, self.workers, progress
        )
        if self.vector_size >= len(counts.vocabulary):
            raise InputError(
                f"vector_size must be less than the number of words, {len(counts.vocabulary):,}, "
                f"got {self.vector_size}"
            )
        progress.start("factorizing")
        matrix = positive_mutual_information(counts, self.smoothing, self.shift)
        if not matrix.nnz:
            raise InputError(
                f"no two words stand together more often than by chance; shift={self.shift} may be too much"
            )
        left, singular = truncated_svd(matrix, self.vector_size, self.seed, self.workers)
        vectors = left * np.where(singular > 0, singular, 1) ** self.eigenvalue_weight
        progress.finish(f"{matrix.nnz:,} positive of {counts.nonzeros:,} counts")
        return Embeddings(vectors.astype(np.float32), counts.vocabulary, self._metadata(counts, singular))

    def _metadata(self, counts: Cooccurrences, singular: Doubles1d) -> dict[str, object]:
        recipe = dict(counts.recipe)
        corpus_metadata = {name: recipe.pop(name, None) for name in ("corpus", "tokenizer")}
        return {
            "trainer": "ppmi-svd",
            "parameters": {**asdict(self), **recipe},
            "singular_values": singular.tolist(),
            **corpus_metadata,
            "nonzeros": counts.nonzeros,
            "versions": library_versions("scipy"),
        }


def positive_mutual_information(counts: Cooccurrences, smoothing: float, shift: float) -> csr_array:
    """max(PMI - log(shift), 0), float64 (V, V), without its zeros.

    PMI(w, c) = log(P(w, c) / (P(w) P'(c))), with P'(c) the share of #(c) ** smoothing in the sum of all.
    """
    from scipy.sparse import csr_array

    rows, contexts, total = _sums(counts)
    if rows[np.diff(counts.offsets) > 0].min(initial=total) <= total * np.finfo(np.float64).eps:
        raise InputError(
            f"the counts of one word are nothing beside the sum of all, {total:g}, so that their logarithms "
            "cannot be told; count the text again"
        )
    expected = contexts**smoothing
    with np.errstate(divide="ignore"):  # a word that has no neighbors has no entry either
        row_part = np.log(total / rows) - np.log(shift)
        context_part = np.log(expected.sum() / expected) - np.log(total)
    words = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(counts.offsets))
    parts: list[tuple[Any, ...]] = []
    for start in range(0, counts.nonzeros, _BLOCK):
        block = slice(start, start + _BLOCK)
        word, context = words[block], counts.columns[block]
        information = np.log(counts.counts[block], dtype=np.float64) + row_part[word] + context_part[context]
        kept = information > 0
        parts.append((information[kept], word[kept], context[kept]))
    values, word, context = (np.concatenate(part) for part in zip(*parts, strict=True))
    offsets = np.searchsorted(word, np.arange(len(rows) + 1))
    if len(values) <= np.iinfo(np.int32).max:  # half the memory to go through in every product
        offsets = offsets.astype(np.int32)
    return csr_array((values, context, offsets), (len(rows), len(rows)))


def _sums(counts: Cooccurrences) -> tuple[Doubles1d, Doubles1d, float]:
    """The sums of all rows, of all columns, and of everything."""
    size = len(counts.vocabulary)
    ends = np.zeros(counts.nonzeros + 1)
    np.cumsum(counts.counts, out=ends[1:], dtype=np.float64)
    rows = np.diff(ends[counts.offsets])
    columns: Doubles1d = np.bincount(counts.columns, counts.counts, size).astype(np.float64)
    return rows, columns, float(ends[-1])
