"""Documents as lists of tokens, checked: a string would be taken letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from embedkit.errors import InputError


def checked_document(document: Sequence[str]) -> Sequence[str]:
    """The document; what is no list of words raises `InputError`."""
    if isinstance(document, str | bytes):
        raise InputError(
            f"a document must be a list of words, got the string {document[:40]!r}, "
            "which would be taken letter by letter; split it first, e.g. with text_pipeline()"
        )
    for word in document:
        if not isinstance(word, str):
            raise InputError(f"a word must be a string, got {word!r:.60} of type {type(word).__name__}")
    return document


def checked_documents(documents: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The documents, checked one by one as they are asked for; an iterator of words becomes a list."""
    if isinstance(documents, str | bytes):
        raise InputError(f"documents must be lists of words, got one string {documents[:40]!r}")
    if not isinstance(documents, Iterable):
        raise InputError(f"documents must be lists of words, got {documents!r:.60}")
    return (
        checked_document(document if isinstance(document, Sequence) else _listed(document))
        for document in documents
    )


def _listed(document: Iterable[str]) -> list[str]:
    try:
        return list(document)
    except TypeError:
        raise InputError(
            f"a document must be a list of words, got {document!r:.60} of type {type(document).__name__}"
        ) from None
