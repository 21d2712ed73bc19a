"""How often training is expected to change each row, known from counts, subsampling and noise."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles1d, Longs1d
from embedkit.training.huffman import Paths
from embedkit.training.word2vec.parameters import WindowParameters
from embedkit.training.word2vec.sampling import keep_probability, noise_probability


def expected_targets(
    parameters: WindowParameters, counts: Longs1d, corpus_words: int, words: int
) -> Doubles1d:
    """How often each word is expected to be the target of a window over `words` of the corpus.

    It is kept, and then is one, with the probability of its share of the corpus times that of surviving
    subsampling.
    """
    p = parameters
    total = corpus_words if p.subsampling == "fasttext" else None
    targets: Doubles1d = words * counts / corpus_words * keep_probability(counts, p.sample, total)
    return targets


def mean_contexts(parameters: WindowParameters) -> int:
    """The words around a target, those that documents cut off not counted: each changes its input row."""
    return parameters.window + 1 if parameters.shrink_windows else 2 * parameters.window


def sample_updates(targets: Doubles1d, counts: Longs1d, negative: float, ns_exponent: float) -> Doubles1d:
    """The expected changes of output rows: those of targets and, `negative` for each of them, of noise."""
    updates: Doubles1d = targets + targets.sum() * negative * noise_probability(counts, ns_exponent)
    return updates


def node_updates(targets: Doubles1d, paths: Paths) -> Doubles1d:
    """The expected changes of the nodes on the paths of targets, and of the row of zeros behind them."""
    nodes = np.where(paths.nodes < 0, ~paths.nodes, paths.nodes)
    often = np.repeat(targets, np.diff(paths.offsets))
    updates: Doubles1d = np.bincount(nodes, often, len(targets)).astype(np.float64)
    return updates
