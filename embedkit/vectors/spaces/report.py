"""`alignment_report`: an alignment, how well it translates, and which words moved."""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.spaces.alignment import Alignment, Procrustes
from embedkit.vectors.spaces.movement import MOST_FREQUENT, MovedWord, Movement, words_moved
from embedkit.vectors.spaces.translation import TranslationScore, translation_scores
from embedkit.vectors.spaces.word_lists import Dictionary


@dataclass(frozen=True, eq=False)
class AlignmentReport:
    """What `alignment_report` finds.

    Attributes:
        aligned: the vectors of the source in the space of the target.
        alignment: the map, and the pairs it was fitted to.
        translations: the scores on the test dictionary; none without one.
        moved: the words that moved most; none if they were not asked for.
    """

    aligned: Embeddings
    alignment: Alignment
    translations: list[TranslationScore]
    moved: list[MovedWord]


def alignment_report(
    source: Embeddings,
    target: Embeddings,
    dictionary: Dictionary | None = None,
    method: Procrustes | None = None,
    *,
    test: Dictionary | None = None,
    moved: int | None = None,
    moved_by: Movement = "distance",
    moved_among: int | None = MOST_FREQUENT,
    progress: Progress = SILENT,
) -> AlignmentReport:
    """Align a space with another, and measure what came of it; see `align`.

    Args:
        source: the vectors that are turned.
        target: vectors of the same dimensions.
        dictionary: pairs of words with the same meaning; None for the words in common.
        method: settings of the alignment.
        test: pairs of words of which each first word is translated, see `translation_scores`.
        moved: how many of the words that moved most are told, see `words_moved`; None for none.
        moved_by: by which measure they moved.
        moved_among: how many frequent words in common are looked at; None for all.
        progress: where to report progress.

    Raises:
        InputError: different dimensions, no words in common, or a dictionary of which no pair is known.
        FormatError: a line of a dictionary that is no pair.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(5000)
        >>> report = embedkit.alignment_report(vectors, vectors.center(), test={"cat": "cat"}, moved=3)
        >>> [(score.method, score.top, score.right, score.covered) for score in report.translations]
        [('cosine', 1, 1, 1), ('cosine', 5, 1, 1), ('csls', 1, 1, 1), ('csls', 5, 1, 1)]
        >>> len(report.moved)
        3
    """
    alignment = (method or Procrustes()).fit(source, target, dictionary, progress)
    aligned = alignment.apply(source)
    neighbors = alignment.method.neighbors
    scores = (
        []
        if test is None
        else translation_scores(aligned, target, test, neighbors=neighbors, progress=progress)
    )
    words = [] if moved is None else words_moved(aligned, target, moved, moved_by, moved_among)
    return AlignmentReport(aligned, alignment, scores, words)
