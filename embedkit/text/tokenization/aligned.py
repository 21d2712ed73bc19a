"""`AlignedText`: text that was changed, and where each of its characters comes from in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embedkit.text.tokenization.span import Span


@dataclass(frozen=True)
class AlignedText:
    """A text, and the begins and ends in the original of what each character was made of.

    Example:
        >>> from embedkit.text.tokenization.aligned import AlignedText
        >>> text = AlignedText.of("see <b>this</b>").replaced(re.compile("<[^>]*>"), lambda match: "")
        >>> text.text, text.span(4, 8)
        ('see this', Span(token='this', begin=7, end=11))
    """

    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> AlignedText:
        """A text as it is."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def span(self, begin: int, end: int) -> Span:
        """The part `text[begin:end]`, which is not empty, as a token with its place in the original."""
        return Span(self.text[begin:end], self.begins[begin], self.ends[end - 1])

    def replaced(self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> AlignedText:
        """The text with each match replaced, as `pattern.sub` does."""
        return self._with_pieces(
            [(*match.span(), replacement(match)) for match in pattern.finditer(self.text)]
        )

    def normalized(self, change: Callable[[str], str]) -> AlignedText:
        """The text after a change that leaves most characters alone, such as lowering their case.

        Where it does more, what a piece of text between two unchanged characters became comes from all of it.
        """
        changed = change(self.text)
        if changed == self.text:
            return self
        pieces = []
        for begin, end in _clusters(self.text):
            pieces.append((begin, end, change(self.text[begin:end])))
        made = self._with_pieces(pieces, letter_by_letter=True)
        return made if made.text == changed else self._matched(changed)

    def _with_pieces(
        self, pieces: Sequence[tuple[int, int, str]], letter_by_letter: bool = False
    ) -> AlignedText:
        """The text with something else in the place of parts of it, (begin, end, what).

        What replaces a part comes from all of it or, `letter_by_letter`, where it is as long as the part,
        each character from the one in its place.
        """
        parts: list[str] = []
        begins: list[int] = []
        ends: list[int] = []
        place = 0
        for begin, end, new in [*pieces, (len(self.text), len(self.text), "")]:
            parts += self.text[place:begin], new
            begins += self.begins[place:begin]
            ends += self.ends[place:begin]
            if letter_by_letter and len(new) == end - begin:
                begins += self.begins[begin:end]
                ends += self.ends[begin:end]
            elif new:
                begins += [self.begins[begin]] * len(new)
                ends += [self.ends[end - 1]] * len(new)
            place = end
        return AlignedText("".join(parts), begins, ends)

    def _matched(self, changed: str) -> AlignedText:
        """`changed` aligned with the text by what both have in common."""
        from difflib import SequenceMatcher

        blocks = SequenceMatcher(None, self.text, changed, autojunk=False).get_opcodes()
        pieces = [(a, b, changed[c:d]) for kind, a, b, c, d in blocks if kind != "equal"]
        return self._with_pieces(pieces)


def _clusters(text: str) -> list[tuple[int, int]]:
    """(begin, end) of characters with what composes with them: marks, and vowels and finals of Hangul."""
    begins = [
        place
        for place, character in enumerate(text)
        if not place or character < "\u0300" or not _follows(character)
    ]
    return list(zip(begins, [*begins[1:], len(text)], strict=True))


def _follows(character: str) -> bool:
    """Whether a character may compose with what precedes it."""
    return (
        unicodedata.category(character)[0] == "M"
        or "\u1161" <= character <= "\u11ff"
        or "\uff9e" <= character <= "\uff9f"
    )
