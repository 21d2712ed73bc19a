"""Problem details (RFC 9457): errors as application/problem+json, which tell how to mend them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from embedkit.errors import DependencyError, EmbedkitError, UnknownWordError

PROBLEM = "application/problem+json"
PROBLEMS = {  # name -> status, what it means
    "malformed": (400, "The body of the request is no JSON, or no HTTP."),
    "unauthorized": (401, "A key is needed: Authorization: Bearer KEY."),
    "foreign-host": (403, "Without keys, only this machine may ask, by its own name."),
    "not-found": (404, "There is no such path."),
    "unknown-name": (404, "No vectors or model are served by this name."),
    "unknown-word": (404, "A word is not in the vocabulary."),
    "method-not-allowed": (405, "The path does not answer this method."),
    "slow": (408, "The request did not arrive in time."),
    "too-large": (413, "The body of the request is too large."),
    "no-json": (415, "The body of the request is declared as something else than JSON."),
    "invalid": (422, "A value of the request is of the wrong type, out of range, or cannot be used."),
    "too-many-requests": (429, "The client has made too many requests."),
    "internal": (500, "A defect of embedkit."),
    "not-installed": (501, "A package that the answer needs is not installed here."),
    "overloaded": (503, "The service has too many requests in hand."),
    "timeout": (503, "The answer takes longer than requests may take here."),
}


class ProblemError(EmbedkitError):
    """An error as the service tells it.

    Args:
        name: one of `PROBLEMS`.
        detail: what was received, what is allowed and how to mend it.
        errors: of several things that are wrong each: a `detail`, and what else there is to say.
        headers: of the response.
    """

    def __init__(
        self,
        name: str,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.name, self.detail, self.errors, self.headers = name, detail, errors, dict(headers or {})

    @property
    def status(self) -> int:
        """The status of the response."""
        return PROBLEMS[self.name][0]

    def as_dict(self) -> dict[str, Any]:
        """The members of the problem, ready for JSON."""
        document: dict[str, Any] = {
            "type": f"/docs#{self.name}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        return {**document, "errors": list(self.errors)} if self.errors else document

    def body(self) -> bytes:
        """The problem as JSON."""
        return json_bytes(self.as_dict())


def problem_of(error: EmbedkitError, pointer: str = "") -> ProblemError:
    """An error of the library as a problem; `pointer` is the JSON pointer of what caused it."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, DependencyError):
        return ProblemError("not-installed", str(error))
    name = "unknown-word" if isinstance(error, UnknownWordError) else "invalid"
    return ProblemError(name, str(error), [error_entry(error, pointer)] if pointer else ())


def error_entry(error: EmbedkitError, pointer: str) -> dict[str, Any]:
    """An entry of the member "errors" of a problem."""
    entry: dict[str, Any] = {"pointer": pointer, "detail": str(error)}
    if isinstance(error, UnknownWordError):
        entry |= {"word": error.word, "suggestions": list(error.suggestions)}
    return entry


def json_bytes(content: Any) -> bytes:
    """JSON in UTF-8; lone surrogates, which UTF-8 has not, become question marks."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
        errors="replace"
    )
