"""`Guard`: what a request may cost: the bytes of its body, its seconds, and how many there are at once."""

from __future__ import annotations

import asyncio

from embedkit.service.messages import Application, Message, Receive, Scope, Send, header, send_problem
from embedkit.service.problems import ProblemError
from embedkit.service.settings import Limits

RETRY = {"retry-after": "1"}  # seconds


class Guard:
    """A layer of the application that keeps the limits.

    A body is counted as it arrives, whatever its header says. When time is up the client is answered; a
    computation that has begun ends in its thread, and what has not is dropped.

    Args:
        application: the rest.
        limits: the limits.
    """

    def __init__(self, application: Application, *, limits: Limits) -> None:
        self._application, self._limits, self._in_hand = application, limits, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request within the limits."""
        if scope["type"] != "http" or scope["path"] == "/health":
            await self._application(scope, receive, send)
            return
        try:
            self._check(scope)
        except ProblemError as problem:
            await send_problem(send, problem)
            return
        self._in_hand += 1
        try:
            await _Exchange(scope, receive, send, self._limits).run(self._application)
        finally:
            self._in_hand -= 1

    def _check(self, scope: Scope) -> None:
        """Raise `ProblemError` for what can be seen before the body."""
        if self._in_hand >= self._limits.max_waiting:
            raise ProblemError(
                "overloaded", f"{self._in_hand} requests are in hand; ask again in a second", headers=RETRY
            )
        declared = header(scope, b"content-length")
        if declared.isdecimal() and int(declared[:20]) > self._limits.max_body:
            raise too_large(self._limits.max_body)


class _Exchange:
    """One request and its response."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limits: Limits) -> None:
        self._scope, self._receive, self._send, self._limits = scope, receive, send, limits
        self._size, self._whole, self._begun = 0, False, False

    async def run(self, application: Application) -> None:
        """Have the application answer; a problem if it takes too long or the body is too large."""
        problem = None
        try:
            async with asyncio.timeout(self._limits.timeout):
                await application(self._scope, self._counted, self._marked)
        except TimeoutError:
            problem = self._late()
        except ProblemError:  # of its own, which the application may have taken for another
            if not self._is_too_large():
                raise
        if self._is_too_large():
            problem = too_large(self._limits.max_body)
        if problem and not self._begun:
            await send_problem(self._send, problem)

    def _is_too_large(self) -> bool:
        return self._size > self._limits.max_body

    async def _counted(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._is_too_large():
                raise too_large(self._limits.max_body)
        return message

    async def _marked(self, message: Message) -> None:
        """Send a part of the response; none of what the application makes of a body that is too large."""
        if not self._is_too_large():
            self._begun = True
            await self._send(message)

    def _late(self) -> ProblemError:
        seconds = f"{self._limits.timeout:g} seconds"
        if not self._whole:
            return ProblemError(
                "slow", f"the body did not arrive within {seconds}", headers={"connection": "close"}
            )
        return ProblemError(
            "timeout",
            f"the answer takes more than the {seconds} that a request may take; ask for less, or again",
            headers={"retry-after": "5"},
        )


def too_large(allowed: int) -> ProblemError:
    """The problem of a body of more bytes than are allowed."""
    return ProblemError(
        "too-large",
        f"expected a body of at most {allowed:,} bytes; ask in parts",
        headers={"connection": "close"},
    )
