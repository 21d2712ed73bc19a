"""Tagging schemes: how the tags of tokens tell spans, and which tag may follow which.

BIO (Ramshaw and Marcus 1995, as in CoNLL 2002, also called IOB2), BIOES and BILOU, which also tell the last
token of a span and spans of one token (Ratinov and Roth 2009), and PLAIN for tags that stand for themselves,
such as parts of speech. A scheme is four letters, so that tags are turned into spans and spans into tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Bools1d, Bools2d
from embedkit.errors import InputError
from embedkit.tagging.spans import OUTSIDE, prefix_of, spans_of, type_of


@dataclass(frozen=True)
class TagScheme:
    """The letters of the first, a middle and the last token of a span, and of the token of a short one.

    Example:
        >>> from embedkit.tagging.schemes import SCHEMES
        >>> SCHEMES["BIOES"].tags(["B-place", "I-place", "I-place", "O", "B-place"])
        ['B-place', 'I-place', 'E-place', 'O', 'S-place']
    """

    name: str
    begin: str
    inside: str
    end: str
    single: str

    @property
    def letters(self) -> set[str]:
        """All letters."""
        return {self.begin, self.inside, self.end, self.single}

    def tags(self, tags: Sequence[str]) -> list[str]:
        """The tags of a sentence, in whatever scheme, in this one; spans stay what they are."""
        written = [OUTSIDE] * len(tags)
        for kind, begin, end in spans_of(tags):
            written[begin:end] = [f"{self.inside}-{kind}"] * (end - begin)
            written[begin], written[end - 1] = f"{self.begin}-{kind}", f"{self.end}-{kind}"
            if end - begin == 1:
                written[begin] = f"{self.single}-{kind}"
        return written

    def may_begin(self, tag: str) -> bool:
        """Whether a sentence may begin with a tag."""
        return prefix_of(tag) in {OUTSIDE, self.begin, self.single}

    def may_end(self, tag: str) -> bool:
        """Whether a sentence may end with a tag."""
        return prefix_of(tag) in {OUTSIDE, self.end, self.single}

    def may_follow(self, tag: str, last: str) -> bool:
        """Whether a tag may stand behind another."""
        inside = prefix_of(tag) in self.letters - {self.begin, self.single}
        if inside and type_of(tag) == type_of(last):
            return prefix_of(last) in {self.begin, self.inside}
        return not inside and self.may_end(last)


BIO = TagScheme("BIO", "B", "I", "I", "B")
BIOES = TagScheme("BIOES", "B", "I", "E", "S")
BILOU = TagScheme("BILOU", "B", "I", "L", "U")
PLAIN = "plain"
SCHEMES = {scheme.name: scheme for scheme in (BIO, BIOES, BILOU)}


def scheme_of(tags: Iterable[str]) -> TagScheme | None:
    """The scheme of some tags, None for plain ones.

    BIO are also tags of which only I- occurs, or B- only between spans (IOB1): spans are read the same.

    Raises:
        InputError: tags of which some are of a scheme and others of none, or of two schemes.

    Example:
        >>> from embedkit.tagging.schemes import scheme_of
        >>> scheme_of(["O", "S-place"]).name
        'BIOES'
        >>> scheme_of(["NOUN", "VERB"])
    """
    known = {letter for scheme in SCHEMES.values() for letter in scheme.letters}
    spans = sorted({tag for tag in tags if prefix_of(tag) in known and type_of(tag)})
    others = sorted({*tags} - {*spans, OUTSIDE})
    if not spans:
        return None
    if others:
        raise InputError(
            f"expected tags of one scheme, got {spans[0]!r}, which is part of a span, and {others[0]!r}, "
            f"which is not; write O for tokens outside"
        )
    letters = set(map(prefix_of, spans))
    for scheme in SCHEMES.values():
        if letters <= scheme.letters:
            return scheme
    raise InputError(
        f"expected tags of one scheme, BIO, BIOES or BILOU, got the letters {', '.join(sorted(letters))}"
    )


def allowed(tags: Sequence[str], scheme: TagScheme | None) -> tuple[Bools2d, Bools1d, Bools1d]:
    """Which of K tags may follow which (K, K), row before column; which may begin, and end, a sentence (K,).

    A tag that may not end a sentence in BIO does not exist; None, the scheme of plain tags, allows all.
    """
    count = len(tags)
    if scheme is None:
        return np.ones((count, count), np.bool_), np.ones(count, np.bool_), np.ones(count, np.bool_)
    return (
        np.array([[scheme.may_follow(tag, last) for tag in tags] for last in tags]),
        np.array([scheme.may_begin(tag) for tag in tags]),
        np.array([scheme.may_end(tag) for tag in tags]),
    )
