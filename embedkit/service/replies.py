"""What the endpoints share: checks of what is asked, words looked up, and answers as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeGuard

import numpy as np
from fastapi import Depends, Request, Response
from numpy.typing import NDArray

from embedkit.errors import EmbedkitError
from embedkit.service.batches import MicroBatches
from embedkit.service.problems import ProblemError, error_entry, json_bytes
from embedkit.service.resources import NamedVectors, Resources
from embedkit.service.settings import Limits
from embedkit.vectors.lookup import WordLookup

Found = str | dict[str, Any]  # a word, or what is wrong with it

JSON = "application/json"
DIGITS = 6  # of scores and probabilities
MAX_QUERY = 2_000  # characters of a word or a sum
QUICK = 2_000  # characters of words or texts that take little time
QUICK_ANSWERS = 2_000  # answers, or numbers, of a request that take little time
MAX_ANSWERS = 50_000  # of all words of a request
TOLD = 20  # errors of a request that are told


class Asked:
    """A request as endpoints see it: what the service has, and the limits."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        self.resources: Resources = state.resources
        self.batches: MicroBatches = state.batches
        self.limits: Limits = state.limits
        self.reports: Any = state.reports

    def check(self, field: str, items: Sequence[Any], longest: int | None = None) -> None:
        """Raise `ProblemError` for more items than a request may have, or texts that are too long."""
        if len(items) > self.limits.max_items:
            raise ProblemError(
                "invalid",
                f"expected at most {self.limits.max_items:,} {field}, got {len(items):,}; ask in parts",
                [{"pointer": f"#/{field}", "detail": "too many"}],
            )
        limit = min(self.limits.max_characters, longest or self.limits.max_characters)
        for place, item in enumerate(items):
            if any(len(text) > limit for text in ([item] if isinstance(item, str) else item)):
                raise ProblemError(
                    "invalid",
                    f"expected at most {limit:,} characters each; {field} {place + 1} has more",
                    [{"pointer": f"#/{field}/{place}", "detail": "too long"}],
                )

    def check_answers(self, field: str, count: int, top: int) -> None:
        """Raise `ProblemError` for more answers than a request may have."""
        if count * top > MAX_ANSWERS:
            raise ProblemError(
                "invalid",
                f"expected at most {MAX_ANSWERS:,} answers in all, got {count:,} {field} of {top:,}; "
                "ask in parts",
                [{"pointer": "#/top", "detail": "too many answers"}],
            )

    async def reply(self, results: Sequence[Any], entries: int, **named: str) -> Response:
        """The response of some results; where these have many entries, a thread writes them."""
        if entries > QUICK_ANSWERS:
            return reply_of(await self.batches.run(_body, named, results))
        return reply_of(_body(named, results))

    async def found(
        self, vectors: NamedVectors, lookup: WordLookup, typed: Mapping[str, str], skip: bool
    ) -> list[Found]:
        """Words as the vocabulary spells them; in the places of unknown ones what is wrong with them.

        Args:
            vectors: of the words.
            lookup: one of those of `vectors`.
            typed: words by their JSON pointers.
            skip: whether the others are to be answered where some are unknown.

        Raises:
            ProblemError: some are unknown, and not to be skipped.
        """
        try:
            if are_quick(typed.values()):
                return list(lookup.words(typed.values()))
            return list(await self.batches.run(lookup.words, typed.values()))
        except EmbedkitError:
            outcomes = await self.batches.run(vectors.found, type(lookup), typed.values())
        found = [
            error_entry(outcome, pointer) if isinstance(outcome, EmbedkitError) else outcome
            for pointer, outcome in zip(typed, outcomes, strict=True)
        ]
        entries = [entry for entry in found if isinstance(entry, dict)]
        if entries and not skip:
            all_unknown = all("word" in entry for entry in entries)
            more = f" (and {len(entries) - 1} more like it)" if len(entries) > 1 else ""
            name = "unknown-word" if all_unknown else "invalid"
            raise ProblemError(name, f"{entries[0]['detail']}{more}", entries[:TOLD])
        return found


async def _asked(request: Request) -> Asked:
    """What endpoints depend on: a coroutine, as FastAPI would send anything else to a thread."""
    kind = request.headers.get("content-type", "none").partition(";")[0].strip().lower()
    if request.method == "POST" and kind != JSON:
        raise ProblemError("no-json", f"expected the header Content-Type: {JSON}, got {kind[:100]}")
    return Asked(request)


AskedRequest = Annotated[Asked, Depends(_asked)]


def in_places(
    queries: Sequence[Any],
    found: Sequence[Any],
    answers: Iterable[Any],
    entry: Callable[[Any, Any], dict[str, Any]],
    empty: dict[str, Any],
) -> list[dict[str, Any]]:
    """The results of all queries: made of what was found and of its answer, or `empty` with an error.

    `found` has an error entry in the place of a query that was not answered, for which there is no answer.
    """
    rest = iter(answers)
    return [
        {"query": query, **({**empty, "error": item} if is_error(item) else entry(item, next(rest)))}
        for query, item in zip(queries, found, strict=True)
    ]


def is_error(item: Any) -> TypeGuard[dict[str, Any]]:
    """Whether an entry tells of an unknown word."""
    return isinstance(item, dict)


def rounded(number: float) -> float:
    """A score with six digits."""
    return round(number, DIGITS)


def shortest_numbers(rows: NDArray[np.floating]) -> list[list[float]]:
    """The numbers of vectors (n, D) as short as they can be without being others in 32 bits."""
    numbers: list[list[float]] = rows.astype(np.float32).astype("U").astype(np.float64).tolist()
    return numbers


def are_quick(texts: Iterable[str]) -> bool:
    """Whether texts are short enough to be answered together with others."""
    return sum(map(len, texts)) <= QUICK


def reply_of(body: bytes) -> Response:
    """A response of JSON."""
    return Response(body, media_type=JSON)


def _body(named: Mapping[str, str], results: Iterable[Any]) -> bytes:
    """JSON, written a result at a time, so that other threads get their turn."""
    return json_bytes(named)[:-1] + b',"results":[' + b",".join(map(json_bytes, results)) + b"]}"
