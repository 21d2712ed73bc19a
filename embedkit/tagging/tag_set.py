"""`TagSet`: the tags that a tagger learns, and those that were given and are predicted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedkit.arrays import Doubles2d, Ints1d, Longs1d
from embedkit.errors import FormatError, InputError
from embedkit.tagging.crf import FORBIDDEN, Transitions
from embedkit.tagging.schemes import BIOES, SCHEMES, TagScheme, allowed, scheme_of
from embedkit.tagging.spans import OUTSIDE, prefix_of, type_of


@dataclass(frozen=True)
class TagSet:
    """The K tags that are learned, and what they are in the scheme that was given.

    Args:
        learned: the tags, sorted.
        scheme: theirs, None for plain tags.
        given: the scheme in which tags were given; any tag that is learned is one of it.

    Example:
        >>> from embedkit.tagging.tag_set import tag_set
        >>> tags = tag_set([["B-place", "I-place"], ["B-place"], ["O"]])
        >>> tags.learned, tags.predicted
        (('B-place', 'E-place', 'O', 'S-place'), ('B-place', 'I-place', 'O'))
    """

    learned: tuple[str, ...]
    scheme: TagScheme | None
    given: TagScheme | None

    @cached_property
    def predicted(self) -> tuple[str, ...]:
        """The tags in the scheme that was given, sorted."""
        return tuple(sorted(set(map(self._as_given, self.learned))))

    @cached_property
    def places(self) -> Longs1d:
        """The place of each tag that is learned among those predicted, (K,)."""
        return np.array([self.predicted.index(self._as_given(tag)) for tag in self.learned])

    @cached_property
    def allowed(self) -> Transitions:
        """0 for transitions that may be, else `FORBIDDEN`."""
        may_follow = allowed(self.learned, self.scheme)
        return Transitions(*(np.where(may, 0.0, FORBIDDEN) for may in may_follow))

    def encode(self, sentences: Iterable[Sequence[str]]) -> Ints1d:
        """The numbers of the tags of all tokens, sentence by sentence, int32 (N,)."""
        numbers = {tag: number for number, tag in enumerate(self.learned)}
        tags = sentences if self.scheme is None else map(self.scheme.tags, sentences)
        return np.array([numbers[tag] for own in tags for tag in own], np.int32)

    def as_predicted(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The tags of sentences, which tell spans in whatever scheme, in that of the predicted ones.

        Tags that tell no spans, and those of a tagger of plain tags, stay as they are.

        Example:
            >>> from embedkit.tagging.tag_set import tag_set
            >>> tag_set([["B-place", "I-place"], ["O"]]).as_predicted([["I-place", "O", "S-place"]])
            [['B-place', 'O', 'B-place']]
        """
        written = self.given.tags if self.given and _tell_spans(sentences) else list
        return list(map(written, sentences))

    def probabilities(self, marginals: Doubles2d) -> Doubles2d:
        """The probabilities of the predicted tags (N, K'), given those of the learned ones (N, K)."""
        sums = np.zeros((len(marginals), len(self.predicted)))
        for tag, place in enumerate(self.places.tolist()):
            sums[:, place] += marginals[:, tag]
        return sums

    def _as_given(self, tag: str) -> str:
        if self.scheme is None or self.given is None or tag == OUTSIDE:
            return tag
        own, wanted = self.scheme, self.given
        letters = {own.inside: wanted.inside, own.end: wanted.end}
        letters |= {own.begin: wanted.begin, own.single: wanted.single}
        return f"{letters[prefix_of(tag)]}-{type_of(tag)}"


def tag_set(tags: Sequence[Sequence[str]], given: TagScheme | None = None, refine: bool = True) -> TagSet:
    """The tag set of some sentences, whose spans are learned in BIOES if they are to be refined.

    Only tags that occur are learned, as no other could be told from them.
    """
    given = given or scheme_of({tag for own in tags for tag in own})
    if given is None:
        return TagSet(tuple(sorted({tag for own in tags for tag in own})), None, None)
    scheme = BIOES if refine else given
    return TagSet(tuple(sorted({tag for own in tags for tag in scheme.tags(own)})), scheme, given)


def _tell_spans(sentences: Iterable[Sequence[str]]) -> bool:
    """Whether the tags are of spans, though maybe of several schemes that share letters."""
    try:
        return scheme_of({tag for own in sentences for tag in own}) is not None
    except InputError:
        return False


def stored_tag_set(learned: Sequence[str], scheme: str | None, given: str | None) -> TagSet:
    """The tag set that a file keeps; `FormatError` for one that cannot be."""
    if not learned or sorted(set(learned)) != list(learned) or (scheme is None) != (given is None):
        raise FormatError(f"expected tags, sorted, each once, and their schemes, got {learned!r:.80}")
    if scheme is None or given is None:
        return TagSet(tuple(learned), None, None)
    return TagSet(tuple(learned), SCHEMES[scheme], SCHEMES[given])
