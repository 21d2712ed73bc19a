"""`ServiceClient`: asks a service, and answers as the library does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.emoji.insertion import EmojifiedText, Place
from embedkit.emoji.predictor import EmojiGuess
from embedkit.errors import DependencyError, EmbedkitError, InputError, UnknownWordError
from embedkit.models.assessment.occlusion import Occlusion
from embedkit.models.predictions import Prediction
from embedkit.service.settings import LOOPBACK
from embedkit.vectors.answers import Answer
from embedkit.vectors.search.analogy import Method
from embedkit.vectors.texts.pairs import Measure
from embedkit.vectors.texts.parameters import TextWeighting
from embedkit.vectors.texts.search import TextMatch

if TYPE_CHECKING:
    import httpx

PART = 500  # items of a request; a service may allow no more than 1,000
BUSY = (429, 503)  # statuses after which asking again may help
MAX_PAUSE = 30.0  # seconds between two attempts


class ServiceError(EmbedkitError):
    """A service that does not answer, or answers that it cannot.

    Example:
        >>> issubclass(ServiceError, EmbedkitError)
        True
    """


class ServiceClient:
    """Asks a service that `embedkit serve` runs.

    Long lists are asked in parts. A service that has too much to do is asked again when it says so.

    Args:
        url: its address.
        key: one of its keys, if it has any.
        timeout: seconds to wait for an answer.
        retries: how often it is asked again.

    Raises:
        DependencyError: httpx is not installed.
        UnknownWordError: by all questions about words, as the library raises it.
        InputError: by all questions, for what the service refuses.
        ServiceError: by all questions, if there is no answer.

    Example:
        >>> from embedkit import ServiceClient
        >>> with ServiceClient("http://127.0.0.1:1") as client:
        ...     try:
        ...         client.neighbors_many(["king", "paris - france + italy"], top=3)
        ...     except ServiceError as error:
        ...         print(str(error).partition(";")[0])
        no service answers at http://127.0.0.1:1
    """

    def __init__(
        self,
        url: str = f"http://{LOOPBACK}:8000",
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 3,
    ) -> None:
        try:
            import httpx
        except ImportError:
            raise DependencyError("a client needs httpx: pip install 'embedkit[serve]'") from None
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self.url, self._retries = url, retries
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"ServiceClient({self.url!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def served(self) -> dict[str, Any]:
        """The vectors and models of the service, by name."""
        return self._answer("GET", "/served")

    def neighbors_many(
        self, words: Iterable[str], top: int = 10, *, vectors: str | None = None
    ) -> list[list[Answer]]:
        """As `Embeddings.neighbors_many`: the words closest to each word or sum of words."""
        results = self._results("/neighbors", "words", words, top=top, vectors=vectors)
        return list(map(_answers, results))

    def analogies(
        self,
        triples: Iterable[tuple[str, str, str]],
        top: int = 10,
        method: Method = "3cosadd",
        *,
        vectors: str | None = None,
    ) -> list[list[Answer]]:
        """As `Embeddings.analogies`: of each (a, b, c) the words that are to c as b is to a."""
        results = self._results("/analogy", "questions", triples, top=top, method=method, vectors=vectors)
        return list(map(_answers, results))

    def similarities(
        self,
        pairs: Iterable[tuple[str, str]],
        measure: Measure = "cosine",
        *,
        vectors: str | None = None,
    ) -> list[float]:
        """How similar two words, sums of words or texts are, of each pair."""
        results = self._results("/similarity", "pairs", pairs, measure=measure, vectors=vectors)
        return [result["score"] for result in results]

    def rows(self, words: Iterable[str], *, vectors: str | None = None) -> Floats2d:
        """As `Embeddings.rows`: the vectors of words, float32 (n, D); of sums and texts, too."""
        results = self._results("/vector", "words", words, vectors=vectors)
        return np.array([result["vector"] for result in results], np.float32)

    def encode(
        self, texts: Iterable[str], weights: TextWeighting = "sif", *, vectors: str | None = None
    ) -> Floats2d:
        """As `Embeddings.encode`: the vectors of texts, float32 (n, D)."""
        results = self._results("/encode", "texts", texts, weights=weights, vectors=vectors)
        return np.array([result["vector"] for result in results], np.float32)

    def search(
        self, query: str, texts: Iterable[str], top: int = 10, *, vectors: str | None = None
    ) -> list[TextMatch]:
        """As `embedkit.search_texts`: the texts that are most similar to a query, of one request."""
        question = {"query": query, "texts": list(texts), "top": top, "vectors": vectors}
        return [TextMatch(**result) for result in self._answer("POST", "/search", question)["results"]]

    def classify(
        self, texts: Iterable[str], *, top: int | None = None, explain: bool = False, model: str | None = None
    ) -> list[Prediction]:
        """As `embedkit.classify`: the labels of texts with their probabilities."""
        listed = list(texts)
        results = self._results("/classify", "texts", listed, top=top, explain=explain, model=model)
        return [_prediction(text, result) for text, result in zip(listed, results, strict=True)]

    def predict_numbers(self, texts: Iterable[str], *, model: str | None = None) -> list[float]:
        """The numbers of texts by a model of numbers, such as ratings."""
        return [result["number"] for result in self._results("/classify", "texts", texts, model=model)]

    def emojify(
        self,
        texts: Iterable[str],
        *,
        top: int = 1,
        insert: Place = "end",
        threshold: float = 0.0,
        model: str | None = None,
    ) -> list[EmojifiedText]:
        """As `embedkit.emojify`: texts with the emoji that fits each best."""
        listed, settings = list(texts), {"top": top, "insert": insert, "threshold": threshold}
        results = self._results("/emojify", "texts", listed, model=model, **settings)
        return [_emojified(text, result) for text, result in zip(listed, results, strict=True)]

    def bias(self, topic: str = "gender", *, vectors: str | None = None) -> dict[str, Any]:
        """As `BiasReport.as_dict`: how biased the vectors are."""
        report: dict[str, Any] = self._answer("POST", "/bias", {"topic": topic, "vectors": vectors})["report"]
        return report

    def _results(self, path: str, field: str, items: Iterable[Any], **settings: Any) -> list[dict[str, Any]]:
        """The results for a list of items, asked in parts."""
        if isinstance(items, str):
            raise InputError(f"expected a list of {field}, got the string {items!r:.80}")
        listed, results = list(items), []
        for start in range(0, len(listed), PART):
            question = {field: listed[start : start + PART], **settings}
            results += self._answer("POST", path, question)["results"]
        return results

    def _answer(self, method: str, path: str, question: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer of the service; what it refuses is raised as the library would."""
        response = self._asked(method, path, question)
        for _ in range(self._retries):
            if response.status_code not in BUSY:
                break
            told = response.headers.get("retry-after", "")
            time.sleep(min(MAX_PAUSE, float(told) if told.isdecimal() else 1.0))
            response = self._asked(method, path, question)
        if response.is_success:
            answer: dict[str, Any] = response.json()
            return answer
        raise _error(response, self.url)

    def _asked(self, method: str, path: str, question: Mapping[str, Any] | None) -> httpx.Response:
        import httpx

        try:
            return self._http.request(method, path, json=question)
        except httpx.HTTPError as error:
            raise ServiceError(
                f"no service answers at {self.url}; start one by embedkit serve: {error}"
            ) from error


def _error(response: httpx.Response, url: str) -> EmbedkitError:
    """What the library would raise for a problem."""
    try:
        problem = response.json()
        detail, errors = str(problem["detail"]), problem.get("errors", [])
    except (ValueError, KeyError, TypeError):
        return ServiceError(f"{url} answered {response.status_code}, and not as embedkit serve does")
    if unknown := next((entry for entry in errors if "word" in entry), None):
        return UnknownWordError(unknown["word"], tuple(unknown["suggestions"]))
    refused = 400 <= response.status_code < 500 and response.status_code not in BUSY
    return InputError(detail) if refused else ServiceError(f"{url} cannot answer: {detail}")


def _answers(result: Mapping[str, Any]) -> list[Answer]:
    return [Answer(**answer) for answer in result["answers"]]


def _prediction(text: str, result: Mapping[str, Any]) -> Prediction:
    labels = [(entry["label"], entry["probability"]) for entry in result["labels"]]
    words = result.get("words")
    occlusions = None if words is None else [Occlusion(**word) for word in words]
    return Prediction(text, labels, result["unknown"], occlusions)


def _emojified(text: str, result: Mapping[str, Any]) -> EmojifiedText:
    guesses: Sequence[EmojiGuess] = [EmojiGuess(**guess) for guess in result["guesses"]]
    return EmojifiedText(text, result["emojified"], guesses, result["unknown"])
