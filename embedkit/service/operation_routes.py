"""Endpoints for who runs the service: /health, /metrics, /served and the page /docs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from prometheus_client import CONTENT_TYPE_LATEST

from embedkit.service.answers import Served, ServiceHealth
from embedkit.service.docs_page import docs_page
from embedkit.service.problems import json_bytes
from embedkit.service.replies import AskedRequest, reply_of

router = APIRouter(tags=["operation"])


@router.get("/health", response_model=ServiceHealth)
async def health(request: Request) -> Response:
    """Whether the service answers; needs no key."""
    return reply_of(json_bytes({"status": "ok", "version": request.app.version}))


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Requests by route and status, their times, and the sizes of batches, for Prometheus."""
    return Response(request.app.state.metrics.render(), headers={"content-type": CONTENT_TYPE_LATEST})


@router.get("/served", response_model=Served)
async def served(asked: AskedRequest) -> Response:
    """The vectors and models that are served, by name."""
    resources = asked.resources
    vectors = {
        name: {
            "words": len(item.embeddings),
            "dimensions": item.embeddings.vector_size,
            "numbers": item.embeddings.dtype,
        }
        for name, item in resources.vectors.items()
    }
    models: dict[str, Any] = {
        name: {
            "answers": "/emojify" if name in resources.emojifiers else "/classify",
            "classes": [] if model.targets.task == "regression" else list(map(str, model.classes.tolist())),
        }
        for name, model in resources.models.items()
    }
    return reply_of(json_bytes({"vectors": vectors, "models": models}))


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """The endpoints, to read and to try; made of the OpenAPI document, with nothing from the network."""
    return HTMLResponse(docs_page(request.app.openapi()))
