"""How often training is expected to change each row, known from counts, subsampling and noise."""

from __future__ import annotations

from embedkit.arrays import Doubles1d, Longs1d
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.sampling import keep_probability, noise_probability


def expected_updates(
    parameters: Word2VecParameters, counts: Longs1d, corpus_words: int, words: int
) -> tuple[Doubles1d, Doubles1d]:
    """The expected changes of each input row and each output row over `words` of the corpus.

    A word is kept, and then is the target of a window, with the probability of its share of the corpus times
    that of surviving subsampling. A window changes the output rows of its target and its noise words, and
    the input rows of its context words, of which there are `window + 1` in the mean, or twice `window` if
    windows do not shrink.
    """
    p = parameters
    contexts = p.window + 1 if p.shrink_windows else 2 * p.window
    total = corpus_words if p.subsampling == "fasttext" else None
    targets = words * counts / corpus_words * keep_probability(counts, p.sample, total)
    noise = targets.sum() * p.negative * noise_probability(counts, p.ns_exponent)
    return contexts * targets, targets + noise
