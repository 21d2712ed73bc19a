"""The base of trainers on co-occurrence counts: of counts, a file of them, or text that is counted first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_DIMENSIONS, hyperparameter
from embedkit.progress import Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.opening import Documents, RawText, named_paths
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.counts.file_reading import is_counts

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster

_BROUGHT_ALONG = ("window", "min_count", "max_vocabulary")  # settings of counting that counts tell


@dataclass(frozen=True, kw_only=True)
class CountsTrainer:
    """The hyper-parameters that trainers on counts have in common.

    Where `window`, `min_count` and `max_vocabulary` are None, counts in a file are taken as they are, and
    text is counted with the defaults of `Counting`.
    """

    vector_size: int = hyperparameter(100, "vector dimensions", minimum=1, maximum=MAX_DIMENSIONS)
    window: int | None = hyperparameter(
        None,
        "context window: maximum distance of context words; default: 10, or as in the counts",
        minimum=1,
        maximum=10_000,
    )
    min_count: int | None = hyperparameter(
        None, "ignore words that occur less often than this; default: 5, or as in the counts", minimum=1
    )
    max_vocabulary: int | None = hyperparameter(
        None, "maximum vocabulary size; keeps the most frequent words", minimum=2
    )

    def counts_of(
        self,
        source: Cooccurrences | Corpus | Sources | Documents,
        text: RawText,
        memory: str | int,
        workers: int | None,
        progress: Progress,
        cluster: Cluster | None = None,
    ) -> Cooccurrences:
        """The counts that `source` is, or those made of it.

        Raises:
            InputError: counts were made with other settings than the trainer's, or cannot be made.
        """
        wanted = {name: value for name in _BROUGHT_ALONG if (value := getattr(self, name)) is not None}
        names = named_paths(source)
        if files := [name for name in names if is_counts(name)]:
            text.check_alone(files[0], names, "holds counts", "of tokenized text")
            source = Cooccurrences.open(files[0])
        if not isinstance(source, Cooccurrences):
            how: dict[str, Any] = {**text._asdict(), **wanted, "memory": memory, "workers": workers}
            return Cooccurrences.count(source, progress=progress, cluster=cluster, **how)
        text.check_unused("counts are of tokenized text", "them")
        for name, value in wanted.items():
            if source.recipe[name] != value:
                raise InputError(
                    f"{name}={value} cannot apply to counts made with {name}={source.recipe[name]}; "
                    f"leave {name} out, or count again"
                )
        return source
