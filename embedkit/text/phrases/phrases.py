"""`Phrases`: phrases with their scores, which join the words of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.immutable import Immutable
from embedkit.text.phrases.phrase import DELIMITER, Phrase
from embedkit.text.phrases.settings import PhraseSettings
from embedkit.text.tokenization.span import Span

if TYPE_CHECKING:
    from embedkit.text.phrases.joining import PhraseTrie
    from embedkit.text.tokenization.numbered import NumberedWords


@dataclass(frozen=True, repr=False)
class Phrases(Immutable):
    """The phrases of a language or a field, best first, and the settings that found them.

    `find_phrases` and `Phrases.load` give one. `tokenizer` is the recipe of the pipeline that made the tokens
    in which they were found, None if nobody knows it; `TextPipeline` warns if its tokens are others.

    Example:
        >>> from embedkit import find_phrases
        >>> documents = [["new", "york", "is", "big"], ["she", "likes", "new", "york"], ["a", "new", "house"]]
        >>> phrases = find_phrases(documents, min_count=2, passes=1)
        >>> [(phrase.token, round(phrase.score, 3), phrase.frequency) for phrase in phrases]
        [('new_york', 0.762, 2)]
        >>> phrases.apply(["i", "left", "new", "york"])
        ['i', 'left', 'new_york']
    """

    phrases: tuple[Phrase, ...]
    settings: PhraseSettings
    tokenizer: Mapping[str, Any] | None = field(default=None, compare=False)

    def apply(self, tokens: Sequence[str]) -> list[str]:
        """The tokens with phrases joined by "_": from left to right, at each place the longest."""
        joined: list[str] = []
        done = 0
        for begin, end in self._matches(tokens):
            joined += tokens[done:begin]
            joined.append(DELIMITER.join(tokens[begin:end]))
            done = end
        joined += tokens[done:]
        return joined

    def spans(self, spans: Sequence[Span]) -> list[Span]:
        """The spans with phrases joined, each from where its first word begins to where its last one ends."""
        joined: list[Span] = []
        done = 0
        for begin, end in self._matches([span.token for span in spans]):
            joined += spans[done:begin]
            token = DELIMITER.join(span.token for span in spans[begin:end])
            joined.append(Span(token, spans[begin].begin, spans[end - 1].end))
            done = end
        joined += spans[done:]
        return joined

    def join(self, text: NumberedWords) -> NumberedWords:
        """What `apply` gives of each line of a text, numbered; compiled."""
        from embedkit.text.phrases.joining import join_numbered

        return join_numbered(self.trie, [phrase.token for phrase in self.phrases], text)

    @cached_property
    def trie(self) -> PhraseTrie:
        """The phrases as arrays, for compiled code."""
        from embedkit.text.phrases.joining import PhraseTrie

        return PhraseTrie([phrase.words for phrase in self.phrases])

    def save(self, path: str | Path) -> None:
        """Write a text file: a line of settings as JSON; then of each phrase its score, count and words."""
        from embedkit.text.phrases.phrase_files import write_phrases

        write_phrases(self.phrases, self.settings, self.tokenizer, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Phrases:
        """Read what `save` wrote.

        Raises:
            InputError: there is no such file.
            FormatError: it is no file of phrases, of another version or damaged; the line is named.
        """
        from embedkit.text.phrases.phrase_files import read_phrases

        return cls(*read_phrases(Path(path)))

    def to_json(self) -> dict[str, Any]:
        """The phrases and the settings, ready for JSON; `from_json` reads it.

        The tokenizer is left out: whatever holds phrases as a step has one itself.
        """
        from embedkit.text.phrases.phrase_files import as_json

        return as_json(self.phrases, self.settings)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Phrases:
        """The phrases of what `to_json` gave; `FormatError` for anything else."""
        from embedkit.text.phrases.phrase_files import from_json

        return cls(*from_json(content))

    def __len__(self) -> int:
        return len(self.phrases)

    def __iter__(self) -> Iterator[Phrase]:
        return iter(self.phrases)

    def __repr__(self) -> str:
        return f"<Phrases: {len(self):,} by {self.settings.score} > {self.settings.threshold:g}>"

    @cached_property
    def _beginnings(self) -> dict[str, dict[str | None, Any]]:
        """A trie of dictionaries: word -> next word -> ... -> None, where a phrase ends."""
        trie: dict[str, dict[str | None, Any]] = {}
        for phrase in self.phrases:
            node: dict[Any, Any] = trie
            for word in phrase.words:
                node = node.setdefault(word, {})
            node[None] = True
        return trie

    def _matches(self, tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where the phrases that are joined begin and end."""
        beginning = self._beginnings.get
        free = 0
        for begin, (token, following) in enumerate(pairwise(tokens)):
            if (node := beginning(token)) is None or begin < free or following not in node:
                continue
            for end in range(begin + 1, len(tokens)):
                node = node.get(tokens[end])
                if node is None:
                    break
                if None in node:
                    free = end + 1
            if free > begin:
                yield begin, free
