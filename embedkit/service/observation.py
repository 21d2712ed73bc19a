"""`Observation`: counts and logs every request, and turns defects into problems; it lets no text be seen."""

from __future__ import annotations

import logging
from pathlib import Path
from time import perf_counter
from traceback import extract_tb

from embedkit.service.messages import Application, Message, Receive, Scope, Send, send_problem
from embedkit.service.metrics import OTHER, ServiceMetrics
from embedkit.service.problems import ProblemError

LOGGER = logging.getLogger("embedkit.service")
CLIENT_CLOSED = 499  # as nginx logs a client that did not wait for its answer


class Observation:
    """The outermost layer of the application.

    Args:
        application: the rest.
        metrics: what is counted.
        paths: those that there are; the others count as one.
        access_log: whether to log each request.
    """

    def __init__(
        self, application: Application, *, metrics: ServiceMetrics, paths: frozenset[str], access_log: bool
    ) -> None:
        self._application, self._metrics, self._paths = application, metrics, paths
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        begin, status = perf_counter(), 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._application(scope, receive, observed)
        except Exception as error:
            LOGGER.error(_told(error))
            if status:
                raise ConnectionAbortedError("the answer broke off") from None
            await send_problem(
                observed, ProblemError("internal", "a defect of embedkit; its log tells where")
            )
        finally:
            route = scope["path"] if scope["path"] in self._paths else OTHER
            seconds = perf_counter() - begin
            self._metrics.observe(route, status or CLIENT_CLOSED, seconds)
            if self._access_log:
                LOGGER.info(
                    "%s %s %s %.1f ms", scope["method"], route, status or CLIENT_CLOSED, seconds * 1e3
                )


def _told(error: Exception) -> str:
    """Where an error came from, without its message, which may hold what was asked."""
    frames = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(extract_tb(error.__traceback__))
    )
    return f"a defect of embedkit: {type(error).__name__} at {frames}"
