"""What a service answers, as its OpenAPI document describes it; answers are built as plain dicts."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class ProblemEntry(BaseModel):
    """One of several things that are wrong."""

    pointer: str = Field(description="Where it stands in the body: a JSON pointer as a fragment.")
    detail: str
    word: str | None = None
    suggestions: list[str] = []


class ProblemDetails(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemEntry] = []


class ScoredWord(BaseModel):
    """A word and its score."""

    word: str
    score: float


class Ranking(BaseModel):
    """The answers to a query; `found` is how the vocabulary spells its words, null if one is unknown."""

    query: str | list[str]
    found: str | list[str] | None
    answers: list[ScoredWord]
    error: ProblemEntry | None = None


class Rankings(BaseModel):
    """The answers to each query, in their order."""

    vectors: str
    results: list[Ranking]


class Comparison(BaseModel):
    """The similarity, or the distance, of a pair; null if one of both is unknown."""

    query: list[str]
    score: float | None
    error: ProblemEntry | None = None


class ComparisonsMade(BaseModel):
    """What each pair gave, in their order."""

    vectors: str
    measure: str
    results: list[Comparison]


class VectorRow(BaseModel):
    """A vector; null if the word is unknown."""

    query: str
    vector: list[float] | None
    error: ProblemEntry | None = None


class VectorRows(BaseModel):
    """The vector of each word, in their order."""

    vectors: str
    results: list[VectorRow]


class TextVector(BaseModel):
    """The vector of a text, and how many of its words have one; zeros if none has."""

    vector: list[float]
    known: int


class TextVectorRows(BaseModel):
    """The vector of each text, in their order."""

    vectors: str
    results: list[TextVector]


class FoundText(BaseModel):
    """A text that was found, its place among those given from 0 on, and its cosine with the query."""

    number: int
    text: str
    score: float


class FoundTexts(BaseModel):
    """The texts most similar to the query, best first."""

    vectors: str
    results: list[FoundText]


class LabelProbability(BaseModel):
    """A label and its probability."""

    label: str
    probability: float


class WordEffect(BaseModel):
    """A word of a text, text[begin:end], and what it adds to the log-odds of the likeliest label."""

    begin: int
    end: int
    effect: float


class Classified(BaseModel):
    """The labels of a text or, of a model of numbers, its number; and the share of its words unknown."""

    labels: list[LabelProbability] = []
    number: float | None = None
    unknown: float
    words: list[WordEffect] | None = None


class ClassifiedTexts(BaseModel):
    """What each text is, in their order."""

    model: str
    results: list[Classified]


class EmojiProbability(BaseModel):
    """An emoji and its probability."""

    emoji: str
    probability: float


class Emojified(BaseModel):
    """A text with its emoji, the likeliest emoji, and the share of its words unknown."""

    emojified: str
    guesses: list[EmojiProbability]
    unknown: float


class EmojifiedTexts(BaseModel):
    """Each text with its emoji, in their order."""

    model: str
    results: list[Emojified]


class BiasAnswer(BaseModel):
    """The report of `embedkit bias --format json`."""

    vectors: str
    report: dict[str, Any]


class ServiceHealth(BaseModel):
    """Whether the service answers."""

    status: str
    version: str


class ServedVectors(BaseModel):
    """Vectors that are served."""

    words: int
    dimensions: int
    numbers: str


class ServedModel(BaseModel):
    """A model that is served."""

    answers: str = Field(description="The path that asks it.")
    classes: list[str]


class Served(BaseModel):
    """What is served, by name; the first of each kind is asked if a question names none."""

    vectors: dict[str, ServedVectors]
    models: dict[str, ServedModel]
