"""The OpenAPI document of a service: FastAPI's, with problem details in the place of its own errors."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from embedkit.service.access import OPEN
from embedkit.service.answers import ProblemDetails
from embedkit.service.problems import PROBLEM, PROBLEMS

REFERENCE = "#/components/schemas/ProblemDetails"
ANY = ("unauthorized", "foreign-host", "too-many-requests", "internal", "overloaded", "timeout")
WITH_BODY = (
    "malformed",
    "unknown-name",
    "unknown-word",
    "slow",
    "too-large",
    "no-json",
    "invalid",
    "not-installed",
)
FASTAPI_ERRORS = ("HTTPValidationError", "ValidationError")


def openapi_document(app: FastAPI, *, with_keys: bool) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = document["components"]["schemas"]
        for name in FASTAPI_ERRORS:
            schemas.pop(name, None)
        problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs") | {"ProblemDetails": problem}
        for path, operations in document["paths"].items():
            for operation in operations.values():
                _document_problems(operation, path, with_keys=with_keys)
        if with_keys:
            document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        app.openapi_schema = document
    return app.openapi_schema


def _document_problems(operation: dict[str, Any], path: str, *, with_keys: bool) -> None:
    """Add the problems that an operation may answer with, by their statuses."""
    if path in OPEN:
        return
    if with_keys:
        operation["security"] = [{"key": []}]
    responses = operation["responses"]
    responses.pop("422", None)
    for name in ANY + (WITH_BODY if "requestBody" in operation else ()):
        status, meaning = PROBLEMS[name]
        known = responses.setdefault(
            str(status), {"description": "", "content": {PROBLEM: {"schema": {"$ref": REFERENCE}}}}
        )
        known["description"] = f"{known['description']} {meaning}".strip()
