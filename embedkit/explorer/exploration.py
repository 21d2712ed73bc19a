"""`explore`: a page about vectors, an `Exploration`, to be kept as a file, shown in a notebook or served."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.explorer.categories import as_fact, categories_of_file
from embedkit.explorer.classified_texts import TextLabels
from embedkit.explorer.comparison import SpacePair, space_pair
from embedkit.explorer.emoji_font import emoji_parts
from embedkit.explorer.page import page
from embedkit.explorer.parts import PageParts
from embedkit.explorer.shown_texts import ShownTexts
from embedkit.explorer.space_parts import MOST_WORDS, ShownSpace
from embedkit.explorer.topics import topic_facts
from embedkit.files import atomic_file
from embedkit.maps.neighbor_map import neighbor_map
from embedkit.maps.plane import framed
from embedkit.maps.tsne import TSNE, Watch
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings

LARGEST = 15_000_000  # bytes of an exported page
POINT_BYTES = 2 * 8 + 4  # of a point on two maps, and of the factor of its row
SPARE_BYTES = 4000  # of facts that come later
FRAME_HEIGHT = 720  # pixels in a notebook


@dataclass(frozen=True, eq=False)
class Exploration:
    """A page about vectors or texts, which `explore` and `explore_texts` make.

    Attributes:
        spaces: what it shows, one or two.
        parts: of the page.
        files: the files of the spaces, beside which maps are kept; None for vectors of no file.
        labels: those of texts.

    Example:
        >>> import embedkit, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "page.html")
        ...     embedkit.explore(embedkit.load(), most_frequent=100).save(path)
        ...     "Content-Security-Policy" in path.read_text()
        True
    """

    spaces: tuple[ShownSpace | ShownTexts, ...]
    parts: PageParts
    files: tuple[Path | None, ...] = field(default=(None, None))
    labels: TextLabels | None = None

    def html(self) -> str:
        """The page as one text that needs nothing else."""
        return page(self.parts, embedded=True)

    def save(self, path: str | Path) -> None:
        """Write the page as one file, which opens in a browser without a server.

        Raises:
            InputError: the file cannot be written.
        """
        with atomic_file(Path(path)) as stream:
            stream.write(self.html().encode())

    def _repr_html_(self) -> str:
        source = escape(self.html(), quote=True)
        return (
            f'<iframe title="embedkit" width="100%" height="{FRAME_HEIGHT}" sandbox="allow-scripts '
            f'allow-downloads" srcdoc="{source}"></iframe>'
        )

    def with_parts(self, more: PageParts) -> Exploration:
        """The same page with more parts."""
        return replace(self, parts=self.parts.merged(more))

    def improved(self, seed: int = 1, progress: Progress = SILENT) -> Exploration:
        """The same page with clusters, and with maps on which neighbors stay near."""
        made = self.with_parts(self.clusters(seed))
        for place in range(len(self.spaces)):
            made = made.with_parts(made.neighbor_map(place, seed, progress))
        return made

    def explained(self) -> Exploration:
        """The same page with the words that decided the labels of texts, as far as time allows."""
        shown = self.spaces[0]
        if self.labels is None or not isinstance(shown, ShownTexts):
            return self
        return self.with_parts(PageParts({}, {"explanations": self.labels.explanations(shown.excerpts)}))

    def explanation(self, row: int) -> list[list[float]]:
        """The words that decided the label of a text, see `TextLabels.explanation`."""
        shown = self.spaces[0]
        if self.labels is None or not isinstance(shown, ShownTexts) or not 0 <= row < len(shown.texts):
            return []
        return self.labels.explanation(shown.excerpts[row], row)

    def clusters(self, seed: int = 1) -> PageParts:
        """The clusters of what the first space shows."""
        found = self.spaces[0].clusters(seed)
        return PageParts({"clusters": as_fact(found)}, {"clusters": found.of_words})

    def neighbor_map(
        self, place: int, seed: int = 1, progress: Progress = SILENT, watch: Watch | None = None
    ) -> PageParts:
        """The map of a space by t-SNE; that of a second one begins with that of the first."""
        prefix = "ab"[place]
        start = self.parts.arrays.get("a.tsne") if place else None
        made = neighbor_map(
            self.spaces[place].rows,
            TSNE(seed=seed),
            start=start if isinstance(start, np.ndarray) else None,
            beside=self.files[place],
            progress=progress,
            watch=watch,
        )
        return PageParts({f"{prefix}.kept": made.neighbors_kept}, {f"{prefix}.tsne": framed(made.points)})


def explore(
    vectors: Embeddings,
    other: Embeddings | None = None,
    *,
    names: tuple[str, str] = ("vectors", "other vectors"),
    files: tuple[Path | None, Path | None] = (None, None),
    most_frequent: int = MOST_WORDS,
    categories: Path | None = None,
    largest: int | None = None,
) -> Exploration:
    """A page about vectors, or about two spaces on the words that both have.

    Args:
        vectors: whose words are shown.
        other: vectors to compare with; of another training, corpus or time, or after debiasing.
        names: what the page calls them.
        files: the files that they are from, beside which maps are kept.
        most_frequent: how many words are shown.
        categories: a file with a word and its category a line, by which words are colored.
        largest: how many bytes the page may have with all within; None for any number. If it has more, the
            vectors have fewer dimensions, and the page says so.

    Raises:
        InputError: no words in common, categories of none of the words, or too little room for the words.

    Example:
        >>> import embedkit
        >>> shown = embedkit.explore(embedkit.load(), most_frequent=100)
        >>> shown.spaces[0].words[:3], "script-src" in shown.html()
        (('the', 'of', 'in'), True)
    """
    if other is None:
        spaces: tuple[ShownSpace, ...] = (ShownSpace.of(vectors, names[0], most_frequent),)
        parts = PageParts({"title": names[0]})
    else:
        pair = space_pair(vectors, other, names, most_frequent)
        spaces = (pair.before, pair.after)
        parts = _pair_parts(pair)
    words = spaces[0].words
    parts = parts.merged(_word_parts(spaces[0]))
    if categories is not None:
        found = categories_of_file(categories, words)
        parts = parts.merged(PageParts({"categories": as_fact(found)}, {"categories": found.of_words}))
    dimensions = None if largest is None else fitting_dimensions(largest, parts, len(words), len(spaces))
    for prefix, space in zip("ab", spaces, strict=False):
        parts = parts.merged(space.parts(prefix, dimensions, None if space is spaces[0] else spaces[0]))
    return Exploration(spaces, parts, files)


def fitting_dimensions(largest: int, parts: PageParts, count: int, spaces: int = 1, later: int = 0) -> int:
    """The number of dimensions with which a page has at most `largest` bytes.

    Args:
        largest: bytes of the page.
        parts: what it shows beside rows and maps.
        count: of words or texts.
        spaces: in each of which they have a row.
        later: bytes of what is added later, beside clusters and maps.

    Raises:
        InputError: there is no room for two dimensions.
    """
    fixed = len(page(parts, embedded=True).encode()) + SPARE_BYTES
    room = (largest - fixed) * 3 / 4 - later - count * (1 + spaces * POINT_BYTES)  # base64: 3 bytes in 4
    dimensions = int(room / (count * spaces))
    if dimensions < 2:
        raise InputError(f"{count:,} do not fit into a page of {largest:,} bytes; show fewer")
    return dimensions


def _word_parts(space: ShownSpace) -> PageParts:
    facts: dict[str, Any] = {
        "kind": "words",
        "topics": topic_facts(space.vectors, space.words),
        "metadata": space.vectors.metadata,
    }
    arrays: dict[str, Any] = {"words": list(space.words)}
    if (counts := space.counts) is not None:
        arrays["counts"] = counts
    return PageParts(facts, arrays).merged(emoji_parts(space.words))


def _pair_parts(pair: SpacePair) -> PageParts:
    facts = {
        "title": f"{pair.before.name} and {pair.after.name}",
        "comparison": {"aligned": pair.aligned, "cosine": pair.cosine},
    }
    return PageParts(facts, {"moved": pair.moved})
