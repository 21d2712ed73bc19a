"""Files of ABC notation read as `Tune`s: titles, metres, keys and melodies, without chords and decorations.

Tuplets, broken rhythm (`>` and `<`) and the unit length are worked into the length of each note; of notes
that sound together the first is the melody. See the ABC standard 2.1, section 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from embedkit.music.tune import NOTE, Tune, metre_length, written_length

TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}  # notes in the time of so many; others of 2
NEAR = 4  # tokens between a note and what belongs to it, at most
HEADER = re.compile(r"([A-Za-z]):\s*(.*)")
IGNORED = re.compile(
    r'"[^"]{0,200}"|![^!]{0,40}!|\+[^+]{0,40}\+|\{[^{}]{0,100}\}|[~.HLMOPSTuvy`\\\s)]|\((?!\d)|\$|\*'
)
INLINE = re.compile(r"\[([A-Za-z]):([^\[\]]{0,100})\]")
BAR = re.compile(r"\[\||(?::*\|[\]|]*:*)|::")
ENDING = re.compile(r"\[?([12])(?=\D|$)")
TUPLET = re.compile(r"\(([2-9])(?::([1-9]\d?)?)?(?::([1-9]\d?)?)?")
CHORD = re.compile(r"\[([^\[\]]{1,100})\]")
SHORT = re.compile(r"([1-9]\d{0,2})?(/{0,6})([1-9]\d{0,2})?")


def read_abc(text: str) -> Iterator[Tune]:
    r"""The tunes of a file of ABC notation, each from its X: field to the next.

    Example:
        >>> from embedkit.music.abc_reader import read_abc
        >>> [tune] = read_abc('X:1\nT:A tune\nM:6/8\nK:G\n"G"GAB d>ed|(3gfe d3:|')
        >>> tune.line
        'M:6/8 K:G G A B d3/2 e/2 d | g2/3 f2/3 e2/3 d3 :|'
    """
    for part in re.split(r"(?m)^X:", text)[1:]:
        reader = _TuneReader()
        for line in part.splitlines()[1:]:
            reader.read(line.split("%")[0].rstrip())
        if reader.key:
            yield Tune(reader.metre, reader.key, reader.tokens(), reader.title)


@dataclass
class _TuneReader:
    """A tune as far as it was read."""

    title: str = ""
    metre: str = ""
    key: str = ""
    unit: Fraction | None = None  # in eighths
    now: dict[str, str] = field(default_factory=dict)  # metre and key as they have become
    found: list[str | tuple[str, Fraction, str]] = field(default_factory=list)  # notes: name, length, tie
    tuplet: tuple[Fraction, int] = (Fraction(1), 0)  # factor, and of how many notes more
    broken: Fraction = Fraction(1)  # factor of the next note

    def tokens(self) -> list[str]:
        """The melody."""
        return [
            item if isinstance(item, str) else item[0] + written_length(item[1]) + item[2]
            for item in self.found
        ]

    def read(self, line: str) -> None:
        """Read a field or a line of music."""
        if found := HEADER.match(line):
            self._field(found[1], found[2].strip())
        elif self.key:
            self._music(line)

    def _field(self, name: str, value: str) -> None:
        if name == "T":
            self.title = self.title or value
        elif name == "L" and (found := re.fullmatch(r"1/([1-9]\d{0,2})", value)):
            self.unit = Fraction(8, int(found[1]))
        elif name == "M" and metre_length(value) is not None:
            value = {"C": "4/4", "C|": "2/2"}.get(value, value)
            if not self.found:
                self.metre = value
            elif value != self.now.get("M"):
                self.found.append(f"[M:{value}]")
            self.now["M"] = value
        elif name == "K" and value:
            value = _key(value)
            if not self.found:
                self.key = value
            elif value != self.now["K"]:
                self.found.append(f"[K:{value}]")
            self.now["K"] = value

    def _music(self, line: str) -> None:
        at = 0
        while at < len(line):
            if found := IGNORED.match(line, at):
                at = found.end()
            elif found := INLINE.match(line, at):
                self._field(found[1], found[2].strip())
                at = found.end()
            elif found := BAR.match(line, at):
                at = self._bar(found[0], line, found.end())
            elif found := re.compile(r"\[[12]").match(line, at):
                self.found.append(found[0])
                at = found.end()
            elif found := TUPLET.match(line, at):
                notes = int(found[1])
                self.tuplet = Fraction(int(found[2] or TUPLETS.get(notes, 2)), notes), int(found[3] or notes)
                at = found.end()
            else:
                at = self._note(line, at)

    def _bar(self, line_found: str, line: str, at: int) -> int:
        begins, ends = line_found.endswith(":"), line_found.startswith(":")
        plain = "|" if line_found == "|" else "||"
        self.found.append("::" if begins and ends else "|:" if begins else ":|" if ends else plain)
        blank = len(line) - len(line[at:].lstrip())
        if found := ENDING.match(line, blank):
            self.found.append(f"[{found[1]}")
            return found.end()
        return at

    def _note(self, line: str, at: int) -> int:
        """Read a note, a rest or notes that sound together; anything else is passed over."""
        chord = CHORD.match(line, at)
        name = NOTE.search(chord[1]) if chord else NOTE.match(line, at) or re.compile("[zx]").match(line, at)
        if name is None:
            return self._between(line, at)
        length = SHORT.match(line, chord.end() if chord else name.end())
        assert length is not None  # noqa: S101 - it matches nothing, too
        value = Fraction(int(length[1] or 1), int(length[3] or 2 ** len(length[2]))) * (
            self.unit or self._usual()
        )
        if self.tuplet[1]:
            value *= self.tuplet[0]
            self.tuplet = self.tuplet[0], self.tuplet[1] - 1
        value, self.broken = value * self.broken, Fraction(1)
        self.found.append(("z" if name[0] == "x" else name[0], value, ""))
        return length.end()

    def _between(self, line: str, at: int) -> int:
        """Read a tie or broken rhythm, which belong to the note before."""
        sign = line[at]
        places = range(len(self.found) - 1, max(-1, len(self.found) - 1 - NEAR), -1)
        last = next((i for i in places if isinstance(self.found[i], tuple)), 0)
        if self.found and isinstance(before := self.found[last], tuple) and sign in "-<>":
            name, length, tie = before
            if sign == "-":
                self.found[last] = name, length, "-"
            else:
                more = Fraction(3, 2) if sign == ">" else Fraction(1, 2)
                self.found[last] = name, length * more, tie
                self.broken = 2 - more
        return at + 1

    def _usual(self) -> Fraction:
        """The unit without L: a sixteenth in metres below 3/4, else an eighth (section 3.1.7)."""
        return Fraction(1, 2) if (metre_length(self.now.get("M", "")) or Fraction(8)) < 6 else Fraction(1)


def _key(value: str) -> str:
    """A key in the form of `KEY`: the tonic and the mode, without what is said besides."""
    found = re.match(r"([A-G][#b]?)\s*([A-Za-z]*)", value)
    if not found:
        return "C"
    mode = found[2][:3].lower()
    short = {"": "", "maj": "", "ion": "", "m": "m", "min": "m", "aeo": "m"}.get(mode, mode)
    return found[1] + (short if short in ("", "m", "mix", "dor", "phr", "lyd", "loc") else "")
