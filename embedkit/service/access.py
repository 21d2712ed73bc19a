"""`Access`: who may ask: those with a key, or this machine alone; and how often."""

from __future__ import annotations

import math

from embedkit.service.keys import ServiceKeys
from embedkit.service.messages import Application, Receive, Scope, Send, header, send_problem
from embedkit.service.problems import ProblemError
from embedkit.service.rates import ClientRates
from embedkit.service.settings import is_loopback

OPEN = frozenset({"/health", "/docs", "/openapi.json"})  # tell nothing of what is served


class Access:
    """A layer of the application that turns away those who may not ask.

    Args:
        application: the rest.
        keys: those that may ask; None for anybody who can reach the service.
        local: whether that is to be this machine alone. Then requests must also be made to it by its own
            name: a page of the web could have its name stand for this machine, and ask from a browser on it.
        rates: how often each client may ask; None for any.
    """

    def __init__(
        self, application: Application, *, keys: ServiceKeys | None, local: bool, rates: ClientRates | None
    ) -> None:
        self._application, self._keys, self._local, self._rates = application, keys, local, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or turn it away."""
        problem = None
        if scope["type"] == "http" and scope["path"] not in OPEN:
            problem = self._problem(scope)
        if problem is None:
            await self._application(scope, receive, send)
        else:
            await send_problem(send, problem)

    def _problem(self, scope: Scope) -> ProblemError | None:
        """Why a request is turned away; None if it is not."""
        client = (scope.get("client") or ("",))[0].encode()
        if self._keys is not None:
            given = header(scope, b"authorization")
            holder = self._keys.holder(given)
            if holder is None:
                what = "the key is none of this service's" if given else "there is no key"
                return ProblemError(
                    "unauthorized",
                    f"{what}; send the header Authorization: Bearer KEY",
                    headers={"www-authenticate": 'Bearer realm="embedkit"'},
                )
            client = holder
        elif self._local and not _is_own_name(header(scope, b"host")):
            return ProblemError(
                "foreign-host",
                "ask this service as 127.0.0.1 or localhost, or start it with --keys or --no-auth",
            )
        wait = self._rates.seconds_to_wait(client) if self._rates else 0
        if self._rates is None or not wait:
            return None
        return ProblemError(
            "too-many-requests",
            f"expected at most {self._rates.rate:g} requests a second; ask again in {math.ceil(wait)} s",
            headers={"retry-after": str(math.ceil(wait))},
        )


def _is_own_name(host: str) -> bool:
    """Whether a header Host, with its port, names this machine."""
    name = host.rpartition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return is_loopback(name)
