"""`Transcript`: what was heard in a recording, word by word with times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from embedkit.speech.ctc import Spoken
from embedkit.speech.parameters import Units


class SpokenWord(NamedTuple):
    """A word that was heard.

    Args:
        word: as it is written.
        begin: seconds from the beginning of the recording.
        end: likewise.
        probability: of its least certain label.
    """

    word: str
    begin: float
    end: float
    probability: float


@dataclass(frozen=True)
class Transcript:
    """What was heard in a recording.

    Args:
        words: in order.
        seconds: how long the recording is.

    Example:
        >>> from embedkit.speech.transcript import SpokenWord, Transcript
        >>> Transcript((SpokenWord("one", 0.1, 0.4, 0.9), SpokenWord("two", 0.6, 1.0, 0.8)), 1.2).text
        'one two'
    """

    words: tuple[SpokenWord, ...]
    seconds: float

    @property
    def text(self) -> str:
        """The words with blanks between them."""
        return " ".join(word.word for word in self.words)


def spoken_words(
    spoken: Sequence[Spoken], labels: Sequence[str], units: Units, first: float, step: float
) -> list[SpokenWord]:
    """The words of labels that were recognized; characters are words between blanks.

    Args:
        spoken: the labels, in order.
        labels: how they are written; the first has the number 1.
        units: what they are.
        first: the seconds at which the first frame begins.
        step: seconds from frame to frame.
    """
    words: list[SpokenWord] = []
    goes_on = False
    for one in spoken:
        text = labels[one.label - 1]
        if units == "characters" and text.isspace():
            goes_on = False
            continue
        begin, end = first + one.begin * step, first + one.end * step
        if goes_on:
            last = words.pop()
            least = min(last.probability, one.probability)
            words.append(SpokenWord(last.word + text, last.begin, end, least))
        else:
            words.append(SpokenWord(text, begin, end, one.probability))
        goes_on = units == "characters"
    return words
