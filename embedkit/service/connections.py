"""`TimedConnection`: closes connections whose requests do not arrive, for which uvicorn waits for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as Protocol

HEAD_SECONDS = 10.0  # in which the head of a request arrives, or not at all
MAX_HEAD = 1 << 16  # bytes of it
MAX_CONNECTIONS = 4096  # of a process


class TimedConnection(Protocol):
    """The protocol that uvicorn chooses, with a clock that ticks while no request is in hand."""

    _clock: asyncio.TimerHandle | None = None
    _last: Any = None  # the request at the last tick
    _head = 0  # bytes of a head that is not whole

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the head of a request."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.close()
        else:
            self._clock = self.loop.call_later(HEAD_SECONDS, self._tick)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        if self._clock:
            self._clock.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrived; a head that grows without an end ends the connection."""
        before = self.cycle
        super().data_received(data)
        self._head = self._head + len(data) if self.cycle is before and self._is_waiting() else 0
        if self._head > MAX_HEAD:
            self.transport.close()

    def _is_waiting(self) -> bool:
        """Whether no request is in hand."""
        return self.cycle is None or self.cycle.response_complete

    def _tick(self) -> None:
        """Close the connection if no request has arrived since the last tick."""
        if self._is_waiting() and self.cycle is self._last:
            self.transport.close()
            return
        self._last = self.cycle
        self._clock = self.loop.call_later(HEAD_SECONDS, self._tick)
