"""`create_application`: the service as an ASGI application."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from embedkit.errors import EmbedkitError
from embedkit.service import bias_routes, operation_routes, text_routes, word_routes
from embedkit.service.access import Access
from embedkit.service.batches import MicroBatches
from embedkit.service.guard import Guard
from embedkit.service.keys import ServiceKeys
from embedkit.service.metrics import ServiceMetrics
from embedkit.service.observation import Observation
from embedkit.service.openapi import openapi_document
from embedkit.service.problems import PROBLEM, ProblemError, problem_of
from embedkit.service.rates import ClientRates
from embedkit.service.reports import BiasReports
from embedkit.service.resources import Resources
from embedkit.service.settings import ServiceSettings

ROUTERS = (word_routes.router, text_routes.router, bias_routes.router, operation_routes.router)
PATHS = frozenset(route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
HTTP_PROBLEMS = {400: "malformed", 404: "not-found", 405: "method-not-allowed"}
TOLD = 20  # fields that are wrong and told of


def create_application(
    settings: ServiceSettings,
    resources: Resources | None = None,
    *,
    folder: Path | None = None,
    parent: int | None = None,
) -> FastAPI:
    """The service as an ASGI application, which any server of such can run.

    Args:
        settings: what it serves and allows.
        resources: what it answers with; None to open the files of the settings.
        folder: what workers of the same service share; None for one process.
        parent: the process without which there shall be no worker.

    Raises:
        InputError: a file that cannot be used.
    """
    metrics = ServiceMetrics()
    app = FastAPI(
        title="embedkit",
        version=version("embedkit"),
        description="Questions to word vectors and models of texts. Errors are problem details (RFC 9457).",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.resources = Resources.open(settings) if resources is None else resources
    app.state.parent = parent
    app.state.limits, app.state.metrics = settings.limits, metrics
    app.state.batches, app.state.reports = MicroBatches(metrics.observe_batch), BiasReports()
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = lambda: openapi_document(app, with_keys=settings.keys is not None)  # type: ignore[method-assign]
    for kind in (EmbedkitError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer)
    _add_layers(app, settings, metrics, folder)
    return app


def _add_layers(
    app: FastAPI, settings: ServiceSettings, metrics: ServiceMetrics, folder: Path | None
) -> None:
    """Put the layers around the endpoints, from the innermost."""
    rate = settings.limits.max_rate
    app.add_middleware(Guard, limits=settings.limits)
    app.add_middleware(
        Access,
        keys=ServiceKeys.read(settings.keys) if settings.keys else None,
        local=settings.listening.is_local and settings.listening.auth,
        rates=ClientRates(rate, folder and folder / "rates") if rate else None,
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],
        )
    app.add_middleware(
        Observation,
        metrics=metrics,
        paths=PATHS,
        access_log=settings.listening.access_log,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parent = app.state.parent
    watch = None if parent is None else asyncio.create_task(_end_with(parent))
    yield
    if watch:
        watch.cancel()
    app.state.batches.close()


async def _end_with(parent: int) -> None:
    """End a worker whose parent was killed, which nobody would ever stop."""
    while os.getppid() == parent:
        await asyncio.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


async def _answer(request: Request, error: Exception) -> Response:
    """Any error that is not a defect, as a problem."""
    problem = _problem(error)
    return Response(problem.body(), problem.status, problem.headers, PROBLEM)


def _problem(error: Exception) -> ProblemError:
    if isinstance(error, EmbedkitError):
        return problem_of(error)
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if not isinstance(error, HTTPException):
        raise error
    name = HTTP_PROBLEMS.get(error.status_code, "malformed")
    details = {
        "malformed": "the body is no JSON that can be read",
        "not-found": "there is no such path; /docs lists those that there are",
        "method-not-allowed": f"this path answers {(error.headers or {}).get('Allow', 'another method')}",
    }
    return ProblemError(name, details[name], headers=error.headers)


def _invalid(error: RequestValidationError) -> ProblemError:
    """What is wrong with the fields of a request; what was received is not repeated but for its place."""
    errors: list[Any] = list(error.errors())
    if any(entry["type"] == "json_invalid" for entry in errors):
        return ProblemError("malformed", "the body is no JSON that can be read")
    entries = [
        {
            "pointer": "#" + "".join(f"/{_escaped(str(part))}" for part in entry["loc"][1:]),
            "detail": entry["msg"],
        }
        for entry in errors[:TOLD]
    ]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return ProblemError("invalid", f"{entries[0]['pointer']}: {entries[0]['detail']}{more}", entries)


def _escaped(part: str) -> str:
    """A part of a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")[:100]
