"""`search_texts`: the texts most similar to a query, of any number of them, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from embedkit.arrays import Floats1d
from embedkit.errors import InputError
from embedkit.hyperparameters import check, check_count
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.texts.encoder import EncodedBlock, TextEncoder, encoder_of_words
from embedkit.vectors.texts.parameters import EncodingParameters, TextWeighting
from embedkit.vectors.texts.text_words import read_text_words
from embedkit.vectors.word_vectors import WordVectors

Item = TypeVar("Item")


class TextMatch(NamedTuple):
    """A text that was found, its place among those searched from 0 on, and its cosine with the query.

    Example:
        >>> number, text, score = TextMatch(3, "A fine movie!", 0.75)
        >>> text
        'A fine movie!'
    """

    number: int
    text: str
    score: float


@dataclass(frozen=True)
class RankedItems(Generic[Item]):
    """The items most similar to a query, best first, with their cosines.

    `searched` counts all items, `unknown` those whose texts have no known word.
    """

    best: list[tuple[float, Item]]
    searched: int
    unknown: int


def search_texts(
    vectors: WordVectors,
    query: str,
    texts: Iterable[str],
    top: int = 10,
    *,
    weights: TextWeighting = "sif",
    components: int = 0,
    smoothing: float = 1e-3,
) -> list[TextMatch]:
    """The `top` texts of largest cosine with a query, best first; of equal ones the first.

    Memory holds the best and some megabytes of texts, whatever their number. Texts without a known word are
    never found.

    Args:
        vectors: of the words.
        query: a text.
        texts: what is searched; read one by one.
        top: how many to find.
        weights: see `embedkit.text_encoder`. What is to be learned, is learned from the first 4 million
            characters of the texts.
        components: how many common components of these are taken out.
        smoothing: the a of "sif".

    Raises:
        InputError: a query without a known word, or a parameter out of range.

    Example:
        >>> import embedkit
        >>> texts = ["The train is late.", "A fine movie!", "It will rain."]
        >>> [match.text for match in search_texts(embedkit.load(), "a good film", texts, top=1)]
        ['A fine movie!']
    """
    parameters = EncodingParameters(weights=weights, components=components, smoothing=smoothing)
    ranked = rank_items(vectors, query, enumerate(texts), lambda item: item[1], top, parameters)
    return [TextMatch(number, text, score) for score, (number, text) in ranked.best]


def rank_items(
    vectors: WordVectors,
    query: str,
    items: Iterable[Item],
    text_of: Callable[[Item], str],
    top: int,
    parameters: EncodingParameters,
) -> RankedItems[Item]:
    """`search_texts` of items of any kind that have a text each."""
    check(parameters)
    check_count("top", top)
    waiting: deque[Item] = deque()
    searched = unknown = 0
    best: list[tuple[float, Item]] = []
    target: Floats1d | None = None
    for encoder, block in _encoded(vectors, _kept(items, text_of, waiting), parameters):
        if target is None:
            target = _target(encoder, query)
        scores = np.where(block.known > 0, unit_vectors(block.vectors) @ target, -np.inf)
        found = [waiting.popleft() for _ in scores]
        best = _merged(best, scores, found, top)
        searched += len(found)
        unknown += int(np.count_nonzero(block.known == 0))
    return RankedItems(best, searched, unknown)


def _kept(items: Iterable[Item], text_of: Callable[[Item], str], waiting: deque[Item]) -> Iterator[str]:
    """The texts of items, which are put into `waiting` until they are answered."""
    for item in items:
        waiting.append(item)
        yield text_of(item)


def _encoded(
    vectors: WordVectors, texts: Iterator[str], parameters: EncodingParameters
) -> Iterator[tuple[TextEncoder, EncodedBlock]]:
    """Texts encoded block by block, by an encoder that is learned from the first batch of them."""
    batches = read_text_words(vectors, texts)
    first = next(batches, None)
    if first is None:
        return
    encoder = encoder_of_words(vectors, parameters, [first])
    for batch in chain([first], batches):
        for block in encoder.encode_words(batch):
            yield encoder, block


def _target(encoder: TextEncoder, query: str) -> Floats1d:
    """The unit vector of the query, (D,)."""
    (block,) = encoder.blocks([query])
    if not block.known[0]:
        raise InputError(f"no word of the query {query!r:.80} has a vector")
    target: Floats1d = unit_vectors(block.vectors)[0]
    return target


def _merged(
    best: list[tuple[float, Item]], scores: Floats1d, items: list[Item], top: int
) -> list[tuple[float, Item]]:
    """The best of those held and of new ones, in order; among equals, those that came first."""
    floor = best[-1][0] if len(best) == top else -np.inf
    places = np.flatnonzero(scores > floor)
    places = places[np.argsort(-scores[places], kind="stable")[:top]]
    offered = [(min(float(scores[place]), 1.0), items[place]) for place in places.tolist()]
    return sorted([*best, *offered], key=lambda scored: -scored[0])[:top]
