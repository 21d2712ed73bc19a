"""Training on a cluster: what it asks of parameters and machines, and the rounds of a trainer there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from embedkit.cluster.workers import refuse_workers
from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.simd.compiling import announced

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster
    from embedkit.text.corpus.corpus_place import CorpusPlace
    from embedkit.training.rounds.cluster_rounds import ClusterRounds
    from embedkit.training.rounds.replica import RoundTrainer


def check_cluster(parameters: Any, cluster: Cluster | None) -> None:
    """Raise `InputError` if parameters of a trainer do not go together with a cluster, or without one."""
    if cluster is None:
        if parameters.wire != "float32":
            raise InputError(f'wire="{parameters.wire}" needs a cluster, between whose machines rows travel')
        return
    refuse_workers(cluster, parameters.workers)
    if not parameters.deterministic:
        raise InputError(
            "a cluster needs deterministic training, as its machines work in rounds: set deterministic"
        )
    if parameters.round_workers == 1:
        raise InputError("a cluster needs round_workers of 2 or more, which it deals to its machines, got 1")


@contextmanager
def rounds_on(
    cluster: Cluster | None, build: Callable[[], RoundTrainer], trainer: RoundTrainer, place: CorpusPlace,
    wire: Any, progress: Progress,
) -> Iterator[ClusterRounds | None]:  # fmt: skip
    """The rounds of a trainer on a cluster, whose machines `build` it on the corpus at a place.

    Raises:
        InputError: machines that do not see the corpus, or that may round differently.
    """
    if cluster is None:
        yield None
        return
    from embedkit.training.rounds.cluster_rounds import ClusterRounds

    cluster.check_alike()
    place.check_on(cluster)
    with announced(progress.note):  # here, before each process of this machine would compile the same
        trainer.compile()
    rounds = ClusterRounds(cluster, build, trainer, wire, progress)
    try:
        yield rounds
    finally:
        rounds.close()
