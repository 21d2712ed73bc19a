"""Names of invented creatures, from syllable rules: `python -m embedkit_corpora.creatures -o creatures.txt`.

A name is one, two or three syllables and an ending. A syllable is a beginning, a vowel and perhaps a close,
each drawn by its weight, and the kind of the creature says which are likelier: those of water have soft
sounds, those of stone hard ones, and so on; the ending tells the kind. Where syllables meet, no vowel stands
beside a vowel and no more than three consonants beside one another, and no letter three times. What is a word
of the vectors that ship is no name. The same seed gives the same names.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit import load
from embedkit.files import atomic_file

COUNT, SEED = 1800, 1
VECTORS = ("everyday", "english")
SHORTEST, LONGEST = 5, 14  # letters
ODD = re.compile(r"[aeiouy]{3}|[^aeiouy]{4}|(.)\1\1|^(.)\2|(..)\3\3|[jqvwx][^aeiouy]|[^aeiou]y[^aeiou]y")


class Kind(NamedTuple):
    """The sounds of one kind of creature; parts that are named twice are drawn twice as often."""

    beginnings: str
    vowels: str
    closes: str
    endings: str


KINDS = (
    Kind(  # of water
        "l l m m n n s s sh w fl sl v th m l",
        "a e i o u oo ea ai a o",
        "- - - l m n sh r -",
        "fin umel oona ilith ail ooshi elline aril oomar eshu",
    ),
    Kind(  # of stone
        "b br d dr g gr k kr t tr st gn d g",
        "a o u a o e",
        "- k rk g nd rn lt m r rd",
        "agon uk ordan umbar ark odd agrum undo orrok ulg",
    ),
    Kind(  # of the air
        "f ph h p pl s sp tw z w f s",
        "i e ee i a ie y",
        "- - s ss th p r -",
        "issa ipter iree eph irra ezzi ithin ippa iwi ewing",
    ),
    Kind(  # of the woods
        "b bl c ch cl f m p r t th tr r m",
        "a e o i u oa e",
        "- - n r l m ck st ll",
        "ober ennet othorn ickle umble ottle arrow enfur imosk ampler",
    ),
    Kind(  # of fire
        "c cr f fl j p py r s sc v z r s",
        "a i e o y ia a",
        "- r sh z rn x - rk",
        "yra azor ember inder izzar yrax ascal ython ariz erno",
    ),
    Kind(  # of the night
        "d m n m gl h n r sh sk v wh y n",
        "o u e a oo i ou",
        "- - r th m ng l sk",
        "oth umbra eshade othra ulk owl ixen onyx oomba undra",
    ),
)


def creatures(count: int = COUNT, seed: int = SEED) -> list[str]:
    """Different names, sorted.

    Example:
        >>> from embedkit_corpora.creatures import creatures
        >>> len({*creatures(20, seed=3)})
        20
    """
    generator = np.random.default_rng(seed)
    words = {word.lower() for vectors in VECTORS for word in load(vectors).vocabulary.words}
    names: set[str] = set()
    while len(names) < count:
        kind = KINDS[generator.integers(len(KINDS))]
        name = _name(kind, generator)
        if SHORTEST <= len(name) <= LONGEST and not ODD.search(name) and name not in words:
            names.add(name.capitalize())
    return sorted(names)


def _name(kind: Kind, generator: np.random.Generator) -> str:
    syllables = [_syllable(kind, generator) for _ in range(generator.choice([1, 2, 3], p=[0.35, 0.5, 0.15]))]
    ending = _drawn(kind.endings, generator)
    return _joined([*syllables, ending])


def _syllable(kind: Kind, generator: np.random.Generator) -> str:
    return "".join(_drawn(parts, generator) for parts in (kind.beginnings, kind.vowels, kind.closes))


def _drawn(parts: str, generator: np.random.Generator) -> str:
    """One of some parts; "-" is none."""
    choices = parts.split()
    return choices[generator.integers(len(choices))].strip("-")


def _joined(parts: list[str]) -> str:
    """Parts one after the other; a vowel before a vowel is left out.

    Example:
        >>> _joined(["bra", "ombar"])
        'brombar'
    """
    name = parts[0]
    for part in parts[1:]:
        if part[0] in "aeiouy":
            name = name.rstrip("aeiouy") or name
        name += part
    return name


def main() -> None:
    """Make the names and write them, one a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")
    output = parser.parse_args().output
    with atomic_file(output) as stream:
        stream.write("".join(f"{name}\n" for name in creatures()).encode())


if __name__ == "__main__":
    main()
