"""Checks of tagged sentences: the first problem, and where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from embedkit.errors import InputError
from embedkit.tagging.schemes import TagScheme, scheme_of
from embedkit.text.documents import checked_documents

SentencePlace = Callable[[int], str]  # where a sentence stands, given its number
SHOWN = 5  # tags that a message names


def sentence_place(number: int) -> str:
    """Where a sentence of a Python list stands."""
    return f"sentence {number} (counted from 0)"


def checked_sentences(
    sentences: Iterable[Sequence[str]], place: SentencePlace = sentence_place
) -> list[list[str]]:
    """The sentences as lists of tokens.

    Raises:
        InputError: a string, a token that is none, or an empty one.

    Example:
        >>> from embedkit.tagging.checks import checked_sentences
        >>> checked_sentences([("a", "rose"), []])
        [['a', 'rose'], []]
    """
    checked = list(map(list, checked_documents(sentences)))
    for number, tokens in enumerate(checked):
        if not all(tokens):
            raise InputError(f"{place(number)}: expected tokens, got an empty one; leave it out")
    return checked


def checked_tags(
    sentences: Sequence[Sequence[str]], tags: Iterable[Sequence[str]], place: SentencePlace = sentence_place
) -> list[list[str]]:
    """The tags of sentences as lists, one for each token.

    Raises:
        InputError: another number of tags than of tokens or sentences, or a tag that is no string.
    """
    if isinstance(tags, str) or not isinstance(tags, Iterable):
        raise InputError(f"expected a list of tags for each sentence, got {tags!r:.60}")
    checked = [_tags_of(own, place(number)) for number, own in enumerate(tags)]
    if len(checked) != len(sentences):
        raise InputError(
            f"expected a list of tags for each of {len(sentences)} sentences, got {len(checked)} lists"
        )
    for number, (tokens, own) in enumerate(zip(sentences, checked, strict=True)):
        if len(tokens) != len(own):
            raise InputError(
                f"{place(number)}: expected a tag for each of {len(tokens)} tokens, got {len(own)} tags"
            )
        if not all(own):
            raise InputError(f"{place(number)}: expected tags, got an empty one; write O for tokens outside")
    return checked


def _tags_of(tags: Sequence[str], place: str) -> list[str]:
    """The tags of a sentence as a list of plain strings."""
    if isinstance(tags, str | bytes) or not isinstance(tags, Iterable):
        raise InputError(f"{place}: expected a list of tags, got {tags!r:.60}")
    own = list(tags)
    for tag in own:
        if not isinstance(tag, str):
            raise InputError(f"{place}: expected tags as strings, got {tag!r:.60}; str() makes them")
    return list(map(str, own))


def checked_scheme(tags: Sequence[Sequence[str]], place: SentencePlace = sentence_place) -> TagScheme | None:
    """The scheme of the tags of all sentences, None for plain ones.

    Raises:
        InputError: tags of several schemes, or fewer than two different tags.
    """
    seen: set[str] = set()
    scheme = None
    for number, own in enumerate(tags):
        if not seen.issuperset(own):
            seen.update(own)
            try:
                scheme = scheme_of(seen)
            except InputError as error:
                raise InputError(f"{place(number)}: {error}") from None
    if len(seen) < 2:
        raise InputError(f"expected at least two different tags to learn, got only {', '.join(seen)!r}")
    return scheme


def check_known(
    tags: Sequence[Sequence[str]], known: Iterable[str], place: SentencePlace = sentence_place
) -> None:
    """Raise `InputError` for a tag that is none of those `known`."""
    wanted = set(known)
    for number, own in enumerate(tags):
        if not wanted.issuperset(own):
            unknown = next(tag for tag in own if tag not in wanted)
            shown = ", ".join(sorted(wanted)[:SHOWN]) + (", ..." if len(wanted) > SHOWN else "")
            raise InputError(
                f"{place(number)}: the tag {unknown!r} does not occur in the training data, whose tags are "
                f"{shown}; mend it, or leave the sentence out"
            )
