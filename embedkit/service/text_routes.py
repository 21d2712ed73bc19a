"""Endpoints that read texts: /encode, /search, /classify and /emojify."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from embedkit.emoji import insertion
from embedkit.emoji.predictor import EmojiPredictor
from embedkit.models import predictions
from embedkit.models.inference.predictor import Predictor
from embedkit.service.answers import ClassifiedTexts, EmojifiedTexts, FoundTexts, TextVectorRows
from embedkit.service.questions import ClassifyQuestion, EmojifyQuestion, EncodeQuestion, SearchQuestion
from embedkit.service.replies import AskedRequest, are_quick, rounded, shortest_numbers
from embedkit.service.resources import NamedVectors
from embedkit.vectors.texts.encoder import EncodedBlock, encoder_of_words, learns
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.search import search_texts
from embedkit.vectors.texts.text_words import read_text_words

router = APIRouter(tags=["texts"])
GATHER = 0.002  # seconds to wait for texts of others: one takes models some 3 ms, sixteen hardly more


@router.post("/encode", response_model=TextVectorRows)
async def encode(question: EncodeQuestion, asked: AskedRequest) -> Response:
    """The vector of each text; components, and weights by tfidf or usif, are learned from these texts."""
    asked.check("texts", question.texts)
    vectors = asked.resources.vectors_of(question.vectors)
    parameters = EncodingParameters(weights=question.weights, components=question.components)
    results = await asked.batches.ask(
        ("encode", vectors.name, question.weights),
        partial(_encoded, vectors, parameters),
        question.texts,
        quick=are_quick(question.texts) and not learns(parameters),
    )
    entries = len(results) * vectors.embeddings.vector_size
    return await asked.reply(results, entries, vectors=vectors.name)


@router.post("/search", response_model=FoundTexts)
async def search(question: SearchQuestion, asked: AskedRequest) -> Response:
    """The texts that are most similar to the query; those without a known word are never found."""
    asked.check("texts", question.texts)
    asked.check("query", [question.query])
    vectors = asked.resources.vectors_of(question.vectors)
    matches = await asked.batches.run(
        partial(
            search_texts,
            vectors.embeddings,
            question.query,
            question.texts,
            question.top,
            weights=question.weights,
            components=question.components,
        )
    )
    results = [{"number": number, "text": text, "score": rounded(score)} for number, text, score in matches]
    return await asked.reply(results, len(results), vectors=vectors.name)


@router.post("/classify", response_model=ClassifiedTexts)
async def classify(question: ClassifyQuestion, asked: AskedRequest) -> Response:
    """The labels of each text with their probabilities or, of a model of numbers, its number."""
    asked.check("texts", question.texts)
    name, model = asked.resources.classifier_of(question.model)
    results = await asked.batches.ask(
        ("classify", name, question.top, question.explain),
        partial(_classified, model, top=question.top, explain=question.explain),
        question.texts,
        quick=are_quick(question.texts) and not question.explain,
        gather=GATHER,
    )
    return await asked.reply(results, len(results), model=name)


@router.post("/emojify", response_model=EmojifiedTexts)
async def emojify(question: EmojifyQuestion, asked: AskedRequest) -> Response:
    """Each text with the emoji that fits it best."""
    asked.check("texts", question.texts)
    name, model = asked.resources.emojifier_of(question.model)
    results = await asked.batches.ask(
        ("emojify", name, question.top, question.insert, question.threshold),
        partial(_emojified, model, question),
        question.texts,
        quick=are_quick(question.texts) and question.insert == "end",
        gather=GATHER,
    )
    return await asked.reply(results, len(results), model=name)


def _encoded(vectors: NamedVectors, parameters: EncodingParameters, texts: list[str]) -> list[dict[str, Any]]:
    """The vectors of texts, by an encoder that is learned from them where it has to be."""
    if learns(parameters):
        batches = list(read_text_words(vectors.embeddings, texts))
        encoder = encoder_of_words(vectors.embeddings, parameters, batches)
    else:
        encoder = vectors.encoder(parameters.weights)
    return [entry for block in encoder.blocks(texts) for entry in _vector_entries(block)]


def _vector_entries(block: EncodedBlock) -> list[dict[str, Any]]:
    pairs = zip(shortest_numbers(block.vectors), block.known.tolist(), strict=True)
    return [{"vector": vector, "known": known} for vector, known in pairs]


def _classified(model: Predictor, texts: list[str], top: int | None, explain: bool) -> list[dict[str, Any]]:
    if model.targets.task == "regression":
        numbers, unknown = model.numbers_and_unknown(texts)
        pairs = zip(numbers.tolist(), unknown.tolist(), strict=True)
        return [{"number": number, "unknown": rounded(share)} for number, share in pairs]
    return [_label_entry(found) for found in predictions.classify(model, texts, top=top, explain=explain)]


def _label_entry(found: predictions.Prediction) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "labels": [{"label": label, "probability": rounded(share)} for label, share in found.labels],
        "unknown": rounded(found.unknown),
    }
    if found.words is not None:
        entry["words"] = [{**word._asdict(), "effect": rounded(word.effect)} for word in found.words]
    return entry


def _emojified(model: EmojiPredictor, question: EmojifyQuestion, texts: list[str]) -> list[dict[str, Any]]:
    found = insertion.emojify(
        model, texts, top=question.top, insert=question.insert, threshold=question.threshold
    )
    return [_emoji_entry(text) for text in found]


def _emoji_entry(text: insertion.EmojifiedText) -> dict[str, Any]:
    guesses = [{"emoji": guess.emoji, "probability": rounded(guess.probability)} for guess in text.guesses]
    return {"emojified": text.emojified, "guesses": guesses, "unknown": rounded(text.unknown)}
