"""A service of small things: six words in three dimensions, a classifier of two classes, and an emojifier."""

import asyncio

import httpx
import pytest

from embedkit import Embeddings, TfidfClassifier, Vocabulary, load_predictor
from embedkit.service.application import create_application
from embedkit.service.resources import Resources
from embedkit.service.settings import Limits, Listening, ServiceSettings

WORDS = {
    "man": [1, 0, 0],
    "woman": [1, 1, 0],
    "king": [1, 0, 1],
    "queen": [1, 1, 1],
    "crown": [0, 0, 1],
    "child": [2, 1, 0],
}
TEXTS = ["a fine film", "a lovely film", "a dull film", "a bad film"] * 5
LABELS = ["good", "good", "poor", "poor"] * 5


@pytest.fixture(scope="session")
def vectors():
    return Embeddings(list(WORDS.values()), Vocabulary(list(WORDS)))


@pytest.fixture(scope="session")
def resources(vectors):
    classifier = TfidfClassifier().fit(TEXTS, LABELS).predictor_
    return Resources({"small": vectors}, {"films": classifier, "emoji": load_predictor("emojify")})


class ServedApplication:
    """An application that is asked in this process, without a network."""

    def __init__(self, app, **options):
        self.app, self.options = app, {"base_url": "http://127.0.0.1", **options}

    def ask(self, method, path, **content):
        return self.ask_all([(method, path, content)])[0]

    def ask_all(self, questions):
        """The responses to several questions that are asked at once."""

        async def responses():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, **self.options) as client:
                asked = [client.request(method, path, **content) for method, path, content in questions]
                return await asyncio.gather(*asked)

        return asyncio.run(responses())

    def post(self, path, **question):
        return self.ask("POST", path, json=question)

    def get(self, path):
        return self.ask("GET", path)


@pytest.fixture
def served(resources):
    """Makes a service of some settings."""

    def make(*, keys=None, cors=(), host="127.0.0.1", options=None, **limits):
        settings = ServiceSettings(
            listening=Listening(host=host),
            limits=Limits(**limits),
            vectors={},
            models={},
            keys=keys,
            cors_origins=cors,
        )
        return ServedApplication(create_application(settings, resources), **(options or {}))

    return make


@pytest.fixture
def service(served):
    return served()
