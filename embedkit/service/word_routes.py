"""Endpoints that ask vectors about words: /neighbors, /analogy, /similarity and /vector."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from embedkit.service.answers import ComparisonsMade, Rankings, VectorRows
from embedkit.service.batches import SolveBatch
from embedkit.service.questions import (
    AnalogyQuestion,
    NeighborsQuestion,
    SimilarityQuestion,
    VectorQuestion,
)
from embedkit.service.replies import (
    MAX_QUERY,
    QUICK_ANSWERS,
    Asked,
    AskedRequest,
    Found,
    are_quick,
    in_places,
    is_error,
    rounded,
    shortest_numbers,
)
from embedkit.service.resources import NamedVectors
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.texts.pairs import compare_pairs
from embedkit.vectors.texts.parameters import EncodingParameters

router = APIRouter(tags=["words"])


@router.post("/neighbors", response_model=Rankings)
async def neighbors(question: NeighborsQuestion, asked: AskedRequest) -> Response:
    """The words closest to each word or sum of words, with their cosines."""
    asked.check("words", question.words, MAX_QUERY)
    asked.check_answers("words", len(question.words), question.top)
    vectors = asked.resources.vectors_of(question.vectors)
    typed = _pointed("words", question.words)
    found = await asked.found(vectors, vectors.expressions, typed, question.skip_unknown)
    solve = partial(vectors.embeddings.neighbors_many, top=question.top)
    rankings = await _rankings(
        asked, vectors, ("neighbors", vectors.name, question.top), solve, found, question.top
    )
    results = in_places(question.words, found, rankings, _ranking, NO_ANSWERS)
    return await asked.reply(results, len(results) * question.top, vectors=vectors.name)


@router.post("/analogy", response_model=Rankings)
async def analogy(question: AnalogyQuestion, asked: AskedRequest) -> Response:
    """The words that are to c as b is to a, of questions [a, b, c]."""
    asked.check("questions", question.questions, MAX_QUERY)
    asked.check_answers("questions", len(question.questions), question.top)
    vectors = asked.resources.vectors_of(question.vectors)
    typed = _pointed_groups("questions", question.questions)
    found = _groups(await asked.found(vectors, vectors.words, typed, question.skip_unknown), 3)
    solve = partial(vectors.embeddings.analogies, top=question.top, method=question.method)
    key = ("analogy", vectors.name, question.top, question.method)
    rankings = await _rankings(asked, vectors, key, solve, found, question.top)
    results = in_places(question.questions, found, rankings, _ranking, NO_ANSWERS)
    return await asked.reply(results, len(results) * question.top, vectors=vectors.name)


@router.post("/similarity", response_model=ComparisonsMade)
async def similarity(question: SimilarityQuestion, asked: AskedRequest) -> Response:
    """The similarity of two words, sums of words or texts, or their distance: 0 for the same."""
    asked.check("pairs", question.pairs, MAX_QUERY)
    vectors = asked.resources.vectors_of(question.vectors)
    typed = _pointed_groups("pairs", question.pairs)
    found = _groups(await asked.found(vectors, vectors.texts, typed, question.skip_unknown), 2)
    scores = await asked.batches.ask(
        ("similarity", vectors.name, question.measure),
        lambda pairs: compare_pairs(vectors.embeddings, pairs, question.measure, EncodingParameters()),
        _known(found),
        quick=question.measure in ("cosine", "euclidean") and are_quick(typed.values()),
    )
    results = in_places(
        question.pairs, found, scores, lambda _, score: {"score": rounded(score)}, {"score": None}
    )
    return await asked.reply(results, len(results), vectors=vectors.name, measure=question.measure)


@router.post("/vector", response_model=VectorRows)
async def vector(question: VectorQuestion, asked: AskedRequest) -> Response:
    """The vector of each word, sum of words or text."""
    asked.check("words", question.words, MAX_QUERY)
    vectors = asked.resources.vectors_of(question.vectors)
    typed = _pointed("words", question.words)
    found = await asked.found(vectors, vectors.texts, typed, question.skip_unknown)

    def rows_of(items: list[str]) -> list[list[float]]:
        texts = vectors.texts.texts_among(items)
        rows = vectors.texts.vectors_of(items, texts, vectors.encoder("sif"))
        return shortest_numbers(unit_vectors(rows) if question.normalize else rows)

    rows = await asked.batches.ask(
        ("vector", vectors.name, question.normalize),
        rows_of,
        _known(found),
        quick=are_quick(typed.values()),
    )
    results = in_places(question.words, found, rows, lambda _, row: {"vector": row}, {"vector": None})
    entries = len(results) * vectors.embeddings.vector_size
    return await asked.reply(results, entries, vectors=vectors.name)


SMALL = 20  # answers to a query, which are kept
NO_ANSWERS: dict[str, Any] = {"found": None, "answers": []}


async def _rankings(
    asked: Asked, vectors: NamedVectors, key: Hashable, solve: SolveBatch, found: Sequence[Any], top: int
) -> list[list[dict[str, Any]]]:
    """The `top` answers to each of the queries that were found; few are kept for those that ask again."""

    def ranked(queries: list[Any]) -> list[list[dict[str, Any]]]:
        return [
            [{"word": word, "score": rounded(score)} for word, score in answers] for answers in solve(queries)
        ]

    known, ask = _known(found), asked.batches.ask_once if top <= SMALL else asked.batches.ask
    return await ask(key, ranked, known, quick=vectors.is_quick and len(known) * top <= QUICK_ANSWERS)


def _ranking(found: Any, answers: list[dict[str, Any]]) -> dict[str, Any]:
    return {"found": found, "answers": answers}


def _pointed(field: str, words: Sequence[str]) -> dict[str, str]:
    """Words by their JSON pointers."""
    return {f"#/{field}/{place}": word for place, word in enumerate(words)}


def _pointed_groups(field: str, groups: Sequence[Sequence[str]]) -> dict[str, str]:
    """The words of pairs or triples by their JSON pointers."""
    return {
        f"#/{field}/{place}/{part}": word
        for place, words in enumerate(groups)
        for part, word in enumerate(words)
    }


def _groups(found: Sequence[Found], size: int) -> list[Any]:
    """What was found as pairs or triples, or in the place of one the first that is wrong in it."""
    groups = [tuple(found[start : start + size]) for start in range(0, len(found), size)]
    return [next(filter(is_error, group), group) for group in groups]


def _known(found: Iterable[Any]) -> list[Any]:
    """What can be asked of what was found."""
    return [item for item in found if not is_error(item)]
