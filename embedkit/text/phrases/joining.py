"""`PhraseTrie`: phrases as arrays, for the compiled joining of numbered words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count, repeat

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.text.phrases.phrase import DELIMITER
from embedkit.text.tokenization.numbered import NumberedWords, numbering

JoinedIds = tuple[Ints1d, Longs1d]  # and their offsets


class PhraseTrie:
    """Joins phrases in the ids of a text; see `joining_kernels` for the arrays.

    Args:
        phrases: the P phrases, each the words of one.
    """

    def __init__(self, phrases: Sequence[Sequence[str]]) -> None:
        from embedkit.text.phrases.joining_kernels import NONE, make_edges

        self._words: defaultdict[str, int] = numbering()
        nodes: defaultdict[tuple[int, int], int] = defaultdict(count().__next__)
        ends = []
        for phrase in phrases:
            node = NONE
            for word in phrase:
                node = nodes[node, self._words[word]]
            ends.append(node)
        steps = np.array([(*step, node) for step, node in nodes.items()], np.int64).reshape(-1, 3)
        first = steps[:, 0] == NONE
        self._roots = np.full(len(self._words) + 1, NONE, np.int32)  # the last is for words it does not have
        self._roots[steps[first, 1]] = steps[first, 2]
        before, words, following = steps[~first].T.copy()
        self._edges = make_edges(before, words, following, 1 << (2 * len(words)).bit_length())
        self._phrase_at = np.full(len(nodes), NONE, np.int32)
        self._phrase_at[ends] = np.arange(len(phrases))

    def joiner(self, words: Iterable[str], outputs: Ints1d) -> Callable[[Ints1d, Longs1d], JoinedIds]:
        """What joins the phrases in texts that hold `words`.

        Args:
            words: in the order of their ids.
            outputs: (P,): the ids that stand for the phrases.

        Returns:
            A function of ids and of offsets, where documents begin among them and the last one ends, that
            gives both anew.
        """
        from embedkit.text.phrases.joining_kernels import NONE, join_phrases

        numbers = np.fromiter(map(self._words.get, words, repeat(NONE)), np.int32)
        first = self._roots[numbers]

        def join(ids: Ints1d, offsets: Longs1d) -> JoinedIds:
            joined, starts = np.empty(len(ids), np.int32), np.empty(len(offsets), np.int64)
            length = join_phrases(
                ids, offsets, numbers, first, self._edges, self._phrase_at, outputs, joined, starts
            )
            return joined[:length], starts

        return join


def join_numbered(trie: PhraseTrie, tokens: Sequence[str], text: NumberedWords) -> NumberedWords:
    """The text with the phrases joined: what `number_words` would make of the joined documents.

    Args:
        trie: of the phrases.
        tokens: what each phrase becomes.
        text: the words.
    """
    from embedkit.text.phrases.joining_kernels import NONE, renumber

    size = len(text.words)
    words = [*text.words, *tokens]
    numbered = {word: number for number, word in enumerate(text.words) if DELIMITER in word}
    outputs = np.arange(size, len(words), dtype=np.int32)
    if numbered or len(set(tokens)) < len(tokens):  # phrases that are spelled like words, or like one another
        for phrase, token in enumerate(tokens):
            outputs[phrase] = numbered.setdefault(token, size + phrase)
    ids, offsets = trie.joiner(text.words, outputs)(text.ids, text.offsets)
    numbers = np.full(len(words), NONE, np.int32)
    order, counts = np.empty(len(words), np.int32), np.empty(len(words), np.int64)
    used = renumber(ids, numbers, order, counts)
    found = list(map(words.__getitem__, order[:used].tolist()))
    return NumberedWords(ids, offsets, text.lines, found, counts[:used].copy())
