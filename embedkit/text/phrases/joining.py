"""`PhraseTrie`: phrases as arrays, for the compiled joining of numbered words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.text.tokenization.numbered import NumberedWords


class PhraseTrie:
    """Joins phrases in the ids of a text; see `joining_kernels` for the arrays.

    Args:
        phrases: the P phrases, each the words of one.
    """

    def __init__(self, phrases: Sequence[Sequence[str]]) -> None:
        from embedkit.text.phrases.joining_kernels import NONE, make_edges

        self._words: dict[str, int] = {}
        nodes: dict[tuple[int, int], int] = {}
        ends: list[int] = []
        numbers, nodes_so_far = count(), count()
        for phrase in phrases:
            node = NONE
            for word in phrase:
                number = self._words.get(word)
                if number is None:
                    number = self._words[word] = next(numbers)
                following = nodes.get((node, number))
                if following is None:
                    following = nodes[node, number] = next(nodes_so_far)
                node = following
            ends.append(node)
        steps = np.array([(*step, node) for step, node in nodes.items()], np.int64).reshape(-1, 3)
        first = steps[:, 0] == NONE
        self._roots = np.full(len(self._words), NONE, np.int32)
        self._roots[steps[first, 1]] = steps[first, 2]
        inner = steps[~first]
        rows = 1 << max(1, (2 * len(inner)).bit_length())
        self._edges = make_edges(inner[:, 0].copy(), inner[:, 1].copy(), inner[:, 2].copy(), rows)
        self._phrase_at = np.full(len(nodes), NONE, np.int32)
        self._phrase_at[ends] = np.arange(len(phrases))

    def joiner(self, words: Iterable[str], outputs: Ints1d) -> Callable[[Ints1d, Longs1d], _Text]:
        """What joins the phrases in texts that hold `words`.

        Args:
            words: in the order of their ids.
            outputs: (P,): the ids that stand for the phrases.

        Returns:
            A function of ids and of offsets, where documents begin among them and the last one ends, that
            gives both anew.
        """
        from embedkit.text.phrases.joining_kernels import NONE, join_phrases

        found = (self._words.get(word, NONE) for word in words)
        numbers = np.fromiter(found, np.int32)

        def join(ids: Ints1d, offsets: Longs1d) -> _Text:
            joined, starts = np.empty(len(ids), np.int32), np.empty(len(offsets), np.int64)
            length = join_phrases(
                ids, offsets, numbers, self._roots, self._edges, self._phrase_at, outputs, joined, starts
            )
            return joined[:length], starts

        return join


_Text = tuple[Ints1d, Longs1d]


def join_numbered(trie: PhraseTrie, tokens: Sequence[str], text: NumberedWords) -> NumberedWords:
    """The text with the phrases joined: what `number_words` would make of the joined documents.

    Args:
        trie: of the phrases.
        tokens: what each phrase becomes.
        text: the words.
    """
    from embedkit.text.phrases.joining_kernels import NONE, renumber

    size = len(text.words)
    outputs = np.arange(size, size + len(tokens), dtype=np.int32)
    places = dict(zip(tokens, range(len(tokens)), strict=True))
    for number, word in enumerate(text.words):
        if word in places:  # stands in the text as it is
            outputs[places[word]] = number
    ids, offsets = trie.joiner(text.words, outputs)(text.ids, text.offsets)
    numbers = np.full(size + len(tokens), NONE, np.int32)
    room = min(len(ids), len(numbers))
    order, counts = np.empty(room, np.int32), np.empty(room, np.int64)
    used = renumber(ids, numbers, order, counts)
    words = [text.words[old] if old < size else tokens[old - size] for old in order[:used].tolist()]
    return NumberedWords(ids, offsets, text.lines, words, counts[:used])
