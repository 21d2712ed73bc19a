"""The endpoint /bias."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from embedkit.bias.report import bias_report
from embedkit.service.answers import BiasAnswer
from embedkit.service.problems import json_bytes
from embedkit.service.questions import BiasQuestion
from embedkit.service.replies import AskedRequest, reply_of
from embedkit.vectors.embeddings import Embeddings

router = APIRouter(tags=["bias"])


@router.post("/bias", response_model=BiasAnswer)
async def bias(question: BiasQuestion, asked: AskedRequest) -> Response:
    """How biased vectors are about a topic: every metric, and analogies that show it.

    The first answer takes seconds, and the same later none; ask again if time ran out meanwhile.
    """
    vectors = asked.resources.vectors_of(question.vectors)
    report = await asked.reports.report(
        (vectors.name, question.topic),
        lambda: asked.batches.run(_report, vectors.embeddings, vectors.name, question.topic),
    )
    return reply_of(json_bytes({"vectors": vectors.name, "report": report}))


def _report(embeddings: Embeddings, name: str, topic: str) -> dict[str, Any]:
    return bias_report(embeddings, topic, name=name).as_dict()
