"""`docs_page`: the endpoints of a service as a page that needs no network.

Swagger UI and its like are megabytes of JavaScript, which pages load from the network. This one says the
same, with a form to try each endpoint.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from embedkit.service.problems import PROBLEMS

PAGE = Path(__file__).with_name("docs_page.html")


def docs_page(document: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    operations = [
        _operation(path, method, operation, document)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    page: str = _template().render(document=document, operations=operations, problems=PROBLEMS)
    return page


def _operation(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of an endpoint."""
    told = {"path": path, "method": method.upper(), "description": operation["description"], "fields": []}
    if "requestBody" not in operation:
        return told
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    fields = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    needed = fields.get("required", [])
    example = {name: field["examples"][0] for name, field in fields["properties"].items() if name in needed}
    told["example"] = json.dumps(example, ensure_ascii=False)
    told["fields"] = [
        {
            "name": name,
            "type": _type(field),
            "default": "" if name in needed else json.dumps(field.get("default")),
            "description": field.get("description", ""),
        }
        for name, field in fields["properties"].items()
    ]
    return told


def _type(field: dict[str, Any]) -> str:
    """The type of a field in a few words."""
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"])
    if "enum" in field:
        return ", ".join(map(json.dumps, field["enum"]))
    if field.get("type") == "array":
        items, count = _type(field["items"]), field.get("maxItems")
        return f"list of {count} {items}s" if count else f"list of {items}s"
    low, high = field.get("minimum"), field.get("maximum")
    return str(field.get("type", "")) + (f" {low} to {high}" if high is not None else "")


@cache
def _template() -> Any:
    from jinja2 import Environment

    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        PAGE.read_text(encoding="utf-8")
    )
