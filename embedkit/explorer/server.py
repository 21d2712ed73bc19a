"""The page served on this machine alone: 127.0.0.1, behind an address that nobody else can guess.

Whoever has not the token in the address gets nothing, and neither does a page elsewhere whose name was made
to stand for 127.0.0.1 (DNS rebinding), as the header Host has to name this machine.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from typing import Any

from embedkit.errors import DependencyError, InputError
from embedkit.explorer.background import Background
from embedkit.explorer.outside_words import outside_word
from embedkit.explorer.page import page, policy

HOST = "127.0.0.1"
MAX_PORT = 65_535
ALLOWED_HOSTS = (HOST, "localhost")
HEADERS = {
    "Content-Security-Policy": "",  # filled in for each answer
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def application(work: Background, token: str) -> Any:
    """The ASGI application of a page, whose addresses begin with /`token`/.

    Raises:
        DependencyError: starlette is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette.middleware.trustedhost import TrustedHostMiddleware
        from starlette.requests import Request
        from starlette.responses import JSONResponse, Response
        from starlette.routing import Mount, Route
    except ImportError:
        raise _missing() from None
    headers = {
        **HEADERS,
        "Content-Security-Policy": f"{policy(connect=True)}; frame-ancestors 'none'",
    }

    def whole(_: Request) -> Response:
        content = page(work.exploration.parts, embedded=False)
        return Response(content, media_type="text/html", headers=headers)

    def part(request: Request) -> Response:
        name, parts = request.path_params["name"], work.exploration.parts
        if name not in parts.arrays:
            return JSONResponse({"detail": "no such part"}, 404, headers=headers)
        return Response(parts.content(name), media_type="application/octet-stream", headers=headers)

    def state(_: Request) -> Response:
        return JSONResponse(work.state(), headers=headers)

    def word(request: Request) -> Response:
        found = outside_word(work.exploration.spaces[0], request.query_params.get("text", ""))
        return JSONResponse(found, headers=headers)

    def explanation(request: Request) -> Response:
        found = work.exploration.explanation(request.path_params["row"])
        return JSONResponse(found, headers=headers)

    routes = [
        Route("/", whole),
        Route("/part/{name}", part),
        Route("/state", state),
        Route("/word", word),
        Route("/explanation/{row:int}", explanation),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=list(ALLOWED_HOSTS), www_redirect=False)
    return Starlette(routes=[Mount(f"/{token}", routes=routes)], middleware=[hosts])


def bound_socket(port: int) -> socket.socket:
    """A socket on 127.0.0.1; port 0 for any that is free.

    Raises:
        InputError: the port is in use, or may not be used.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise InputError(
            f"cannot serve at {HOST}:{port}: {error.strerror}; choose another port, or none for a free one"
        ) from None
    return listening


def serve(work: Background, port: int = 0, *, ready: Callable[[str], None]) -> None:
    """Serve a page until the process is interrupted.

    Args:
        work: the page, and what comes later.
        port: 0 for any that is free.
        ready: given the address once it can be opened.

    Raises:
        DependencyError: starlette or uvicorn is not installed.
        InputError: the port cannot be used.
    """
    try:
        import uvicorn
    except ImportError:
        raise _missing() from None
    token = secrets.token_urlsafe(16)
    listening = bound_socket(port)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            work.start()
            ready(f"http://{HOST}:{listening.getsockname()[1]}/{token}/")

    config = uvicorn.Config(
        application(work, token), log_level="critical", access_log=False, timeout_graceful_shutdown=1
    )
    try:
        Server(config).run(sockets=[listening])
    finally:
        work.stop()
        listening.close()


def _missing() -> DependencyError:
    return DependencyError("the explorer needs starlette and uvicorn: pip install 'embedkit[explore]'")
