"""t-SNE (van der Maaten and Hinton 2008) by openTSNE, with neighbors that are found exactly.

Gradients are interpolated on a grid (Linderman et al. 2019), and the map begins with the principal plane, so
that the large distances mean something, too (Kobak and Berens 2019). Each of 15 neighbors attracts alike:
that gives the map of a perplexity of 30, which needs 90 neighbors, in less time (Boehm, Berens and Kobak
2022). The same seed gives the same map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import DependencyError
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.maps.neighborhoods import Neighborhoods
from embedkit.parallel.cores import available_cores
from embedkit.progress import SILENT, Progress
from embedkit.random_state import untouched_random_state

START = 1e-4  # standard deviation of the points that the map begins with
EVERY = 5  # iterations between reports
FEW = 2000  # rows, whose steps are too short for several threads to share
SMALLEST = 7  # rows; fewer have no neighborhoods, and the principal plane is the map

Watch = Callable[[Floats2d], None]


@dataclass(frozen=True, kw_only=True)
class TSNE:
    """t-SNE with its parameters; `fit` makes a map.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> from embedkit.maps.tsne import TSNE
        >>> TSNE(neighbors=10).iterations
        300
    """

    neighbors: int = hyperparameter(15, "how many nearest points attract each", minimum=1)
    iterations: int = hyperparameter(300, "steps after the exaggerated ones", minimum=1)
    exaggerated: int = hyperparameter(
        100, "first steps, in which neighbors attract 12 times as much", minimum=0
    )
    seed: int = seed_field("random seed")

    def __post_init__(self) -> None:
        check(self)

    @untouched_random_state()
    def fit(
        self,
        near: Neighborhoods,
        start: Floats2d,
        progress: Progress = SILENT,
        watch: Watch | None = None,
    ) -> Floats2d:
        """A map, float32 (V, 2), of V rows of which `SMALLEST` at least are needed.

        Args:
            near: the neighbors of each row.
            start: the points that it begins with, (V, 2).
            progress: told how many of all steps are done.
            watch: given the points while they move.

        Raises:
            DependencyError: openTSNE is not installed.
        """
        try:
            from openTSNE import TSNEEmbedding
            from openTSNE.affinity import Uniform
            from openTSNE.nearest_neighbors import PrecomputedNeighbors
        except ImportError:
            raise DependencyError("maps by t-SNE need openTSNE: pip install 'embedkit[explore]'") from None
        index = PrecomputedNeighbors(near.rows.astype(np.int32), near.distances.astype(np.float64))
        cores = available_cores() if len(start) > FEW else 1
        affinities = Uniform(None, k_neighbors=near.rows.shape[1], knn_index=index, n_jobs=cores)
        spread = float(start[:, 0].std()) or 1.0
        embedding: Any = TSNEEmbedding(
            start.astype(np.float64) / spread * START, affinities, n_jobs=cores, random_state=self.seed
        )
        done = 0

        def report(iteration: int, error: float, points: Any) -> None:
            progress.update(done + iteration)
            if watch:
                watch(np.array(points, np.float32))

        told = {"callbacks": report, "callbacks_every_iters": EVERY, "inplace": True}
        if self.exaggerated:
            embedding.optimize(self.exaggerated, exaggeration=12, momentum=0.5, **told)
        done = self.exaggerated
        embedding.optimize(self.iterations, momentum=0.8, **told)
        return np.array(embedding, np.float32)
