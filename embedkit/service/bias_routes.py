"""The endpoint /bias."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from embedkit.bias.report import bias_report
from embedkit.service.answers import BiasAnswer
from embedkit.service.questions import BiasQuestion
from embedkit.service.replies import Asked, reply
from embedkit.vectors.embeddings import Embeddings

router = APIRouter(tags=["bias"])


@router.post("/bias", response_model=BiasAnswer)
async def bias(question: BiasQuestion, asked: Annotated[Asked, Depends(Asked)]) -> Response:
    """How biased vectors are about a topic: every metric, and analogies that show it.

    The first answer takes seconds, and the same later none; ask again if time ran out meanwhile.
    """
    vectors = asked.resources.vectors_of(question.vectors)
    report = await asked.reports.report(
        (vectors.name, question.topic, question.top),
        lambda: asyncio.ensure_future(
            asked.batches.run(_report, vectors.embeddings, vectors.name, question.topic, question.top)
        ),
    )
    return reply({"vectors": vectors.name, "report": report})


def _report(embeddings: Embeddings, name: str, topic: str, top: int) -> dict[str, Any]:
    return bias_report(embeddings, topic, name=name, top=top).as_dict()
