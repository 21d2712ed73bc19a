"""`Pictures`: the part of `Embeddings` that draws: words in a plane, neighbors and analogies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from embedkit.errors import InputError
from embedkit.plots.word_scatter import WordScatter
from embedkit.vectors.answers import Answer
from embedkit.vectors.checks import checked_words
from embedkit.vectors.queries import Queries
from embedkit.vectors.spaces.plane import Plane, PlaneMethod

if TYPE_CHECKING:
    from matplotlib.axes import Axes

AnalogyWords = Sequence[str]  # three words a, b, c, or four with the answer


class Pictures(Queries):
    """Pictures of words; each method returns axes of matplotlib.

    `words_scatter`, `neighbors_scatter` and `analogies_scatter` give what is drawn as a `WordScatter`, which
    also writes it to a file.
    """

    def plot(
        self,
        words: Iterable[str],
        groups: Sequence[str] = (),
        method: PlaneMethod = "pca",
        *,
        seed: int = 0,
        title: str = "",
        ax: Axes | None = None,
    ) -> Axes:
        """Draw words in a plane.

        Args:
            words: which words.
            groups: the group of each, which decides its color; none for one color.
            method: "pca" or "tsne".
            seed: of t-SNE.
            title: above the picture.
            ax: where to draw; None for new axes of pyplot.

        Raises:
            UnknownWordError: a word that is not in the vocabulary, and there are no subwords.
            InputError: no words, more than there is room for, or groups that do not fit them.
            DependencyError: matplotlib is not installed.

        Example:
            >>> import embedkit
            >>> embedkit.load().plot("man woman king queen".split(), title="Royalty").get_title()
            'Royalty'
        """
        return self.words_scatter(words, groups, method, seed=seed, title=title).plot(ax)

    def plot_neighbors(
        self,
        words: str | Iterable[str],
        top: int = 10,
        method: PlaneMethod = "pca",
        *,
        seed: int = 0,
        title: str = "",
        ax: Axes | None = None,
    ) -> Axes:
        """Draw a word, or several, with the `top` nearest of each; the rest is as for `plot`.

        Example:
            >>> import embedkit
            >>> embedkit.load().plot_neighbors("piano", title="Near piano").get_title()
            'Near piano'
        """
        return self.neighbors_scatter(words, top, method, seed=seed, title=title).plot(ax)

    def plot_analogies(
        self, questions: Sequence[AnalogyWords], *, title: str = "", ax: Axes | None = None
    ) -> Axes:
        """Draw the parallelograms of analogies a : b :: c : d.

        Upwards is the mean of all differences b - a and d - c, across the first principal component of what
        is left: a pair that differs as the others do is an arrow that points straight up.

        Args:
            questions: words (a, b, c), whose answer is found, or (a, b, c, d).
            title: above the picture.
            ax: where to draw; None for new axes of pyplot.

        Raises:
            UnknownWordError: a word that is not in the vocabulary, and there are no subwords.
            InputError: no questions, or what is none.
            DependencyError: matplotlib is not installed.

        Example:
            >>> import embedkit
            >>> embedkit.load().plot_analogies([("man", "woman", "king")], title="Royalty").get_title()
            'Royalty'
        """
        return self.analogies_scatter(questions, title=title).plot(ax)

    def words_scatter(
        self,
        words: Iterable[str],
        groups: Sequence[str] = (),
        method: PlaneMethod = "pca",
        *,
        seed: int = 0,
        title: str = "",
    ) -> WordScatter:
        """What `plot` draws."""
        listed = checked_words(words)
        if not listed:
            raise InputError("expected words to draw, got none")
        plane = Plane.of(self.rows(listed), method, seed)
        return WordScatter(listed, plane.positions, groups, axes=plane.axes, title=title)

    def neighbors_scatter(
        self,
        words: str | Iterable[str],
        top: int = 10,
        method: PlaneMethod = "pca",
        *,
        seed: int = 0,
        title: str = "",
    ) -> WordScatter:
        """What `plot_neighbors` draws: a word near several stands with the first of them."""
        queries = checked_words([words] if isinstance(words, str) else words)
        if not queries:
            raise InputError("expected words whose neighbors are drawn, got none")
        groups = {query: query for query in queries}
        for query, answers in zip(queries, self.neighbors_many(queries, top), strict=True):
            for answer in answers:
                groups.setdefault(answer.word, query)
        shown = list(groups)
        plane = Plane.of(self.rows(shown), method, seed)
        strong = range(len({*queries}))
        colors = list(groups.values())
        return WordScatter(shown, plane.positions, colors, strong, axes=plane.axes, title=title)

    def analogies_scatter(self, questions: Sequence[AnalogyWords], *, title: str = "") -> WordScatter:
        """What `plot_analogies` draws: arrows a to b and c to d, and lines that close the parallelogram."""
        wrong = [
            question for question in questions if isinstance(question, str) or len(question) not in (3, 4)
        ]
        if wrong or not questions:
            raise InputError(f"expected analogies of three or four words, got {(wrong or ['none'])[0]!r}")
        unanswered = [(a, b, c) for a, b, c, *d in questions if not d]
        found = iter(self.analogies(unanswered, top=1) if unanswered else [])
        fours = [(a, b, c, d[0] if d else _answer(next(found), (a, b, c))) for a, b, c, *d in questions]
        places = {word: place for place, word in enumerate(dict.fromkeys(chain.from_iterable(fours)))}
        answers = {
            places[d] for (_, _, _, d), question in zip(fours, questions, strict=True) if len(question) == 3
        }
        arrows = {
            (places[one], places[other]): None for a, b, c, d in fours for one, other in ((a, b), (c, d))
        }
        links = {
            (places[one], places[other]): None for a, b, c, d in fours for one, other in ((a, c), (b, d))
        }
        plane = Plane.of_differences(self.rows(places), [*arrows])
        return WordScatter([*places], plane.positions, (), answers, [*arrows], [*links], plane.axes, title)


def _answer(answers: Sequence[Answer], question: AnalogyWords) -> str:
    if not answers:
        raise InputError(f"no word is left to answer {' '.join(question)}")
    return answers[0].word
