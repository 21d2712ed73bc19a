"""Requests that are huge, malformed, slow or too many."""

import asyncio
import json
import time

import pytest

JSON = {"content-type": "application/json"}


def asked(service, content, headers=JSON, path="/neighbors"):
    return service.ask("POST", path, content=content, headers=headers)


def problem(answer, status, name):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["type"]) == (status, f"/docs#{name}")
    return told


async def chunks(size, count):
    for _ in range(count):
        yield b" " * size


def test_a_body_that_says_it_is_too_large_is_not_read(served):
    service = served(max_body=100)
    told = problem(asked(service, b" " * 101), 413, "too-large")
    assert told["detail"] == "expected a body of at most 100 bytes; ask in parts"


def test_a_body_that_does_not_say_its_size_is_counted_as_it_comes(served):
    service = served(max_body=100)
    problem(asked(service, chunks(10, 11)), 413, "too-large")
    problem(asked(service, chunks(10, 10)), 400, "malformed")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"king",
        b'{"words": ["king"]',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"words":' * 100_000,
        b'{"words": ["\\ud8',
    ],
)
def test_what_is_no_json(service, content):
    answer = asked(service, content)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        ({}, "#/words"),
        ({"words": []}, "#/words"),
        ({"words": "king"}, "#/words"),
        ({"words": [1]}, "#/words/0"),
        ({"words": [None]}, "#/words/0"),
        ({"words": [""]}, "#/words/0"),
        ({"words": ["king"], "top": "3"}, "#/top"),
        ({"words": ["king"], "top": True}, "#/top"),
        ({"words": ["king"], "top": 1.5}, "#/top"),
        ({"words": ["king"], "top": 0}, "#/top"),
        ({"words": ["king"], "top": 1001}, "#/top"),
        ({"words": ["king"], "top": 10**30}, "#/top"),
        ({"words": ["king"], "tops": 3}, "#/tops"),
        ({"words": ["king"], "a/b~c": 3}, "#/a~1b~0c"),
        ({"words": ["king"], "vectors": 3}, "#/vectors"),
        ({"words": ["king"], "skip_unknown": 1}, "#/skip_unknown"),
        ([["king"]], "#"),
        (None, "#"),
    ],
)
def test_a_field_that_is_wrong_is_pointed_at(service, question, pointer):
    told = problem(asked(service, json.dumps(question).encode()), 422, "invalid")
    assert told["errors"][0]["pointer"] == pointer
    assert told["detail"].startswith(f"{pointer}: ")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/emojify", b'{"texts": ["a"], "threshold": NaN}'),
        ("/emojify", b'{"texts": ["a"], "threshold": 1e999}'),
        ("/emojify", b'{"texts": ["a"], "threshold": -Infinity}'),
        ("/neighbors", b'{"words": ["\\ud800"]}'),
        ("/classify", b'{"texts": ["a \\udfff"]}'),
    ],
)
def test_numbers_and_characters_that_json_should_not_have(service, path, content):
    problem(asked(service, content, path=path), 422, "invalid")


def test_a_whole_number_may_be_written_with_a_point(service):
    assert service.post("/neighbors", words=["king"], top=2.0).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_what_is_declared_as_something_else(service, kind):
    headers = {} if kind is None else {"content-type": kind}
    told = problem(asked(service, b'{"words": ["king"]}', headers), 415, "no-json")
    assert "Content-Type: application/json" in told["detail"]


def test_json_may_name_its_characters(service):
    headers = {"content-type": "application/json; charset=utf-8"}
    assert asked(service, b'{"words": ["king"]}', headers).status_code == 200


def test_too_many_items(served):
    service = served(max_items=2)
    told = problem(service.post("/neighbors", words=["king"] * 3), 422, "invalid")
    assert told["detail"] == "expected at most 2 words, got 3; ask in parts"


def test_more_answers_than_a_request_may_have(service):
    told = problem(service.post("/neighbors", words=["king"] * 51, top=1000), 422, "invalid")
    assert told["detail"] == "expected at most 50,000 answers in all, got 51 words of 1,000; ask in parts"
    assert service.post("/neighbors", words=["king"] * 50, top=1000).status_code == 200


def test_a_text_that_is_too_long(served):
    service = served(max_characters=10)
    told = problem(service.post("/classify", texts=["short", "a" * 11]), 422, "invalid")
    assert told["detail"] == "expected at most 10 characters each; texts 2 has more"
    assert service.post("/classify", texts=["a" * 10]).status_code == 200


def test_a_text_of_a_megabyte_is_answered(served):
    service = served(max_characters=2_000_000)
    text = "a fine film " * 90_000
    assert service.post("/classify", texts=[text]).status_code == 200
    assert service.post("/encode", texts=[text]).json()["results"][0]["known"] == 0


def test_a_word_of_thousands_of_letters_is_no_work(service):
    problem(service.post("/neighbors", words=["k" * 1_000]), 404, "unknown-word")
    problem(service.post("/neighbors", words=["k" * 3_000]), 422, "invalid")


def test_a_body_that_comes_too_slowly(served):
    async def slow():
        yield b"{"
        await asyncio.sleep(5)

    began = time.monotonic()
    answer = asked(served(timeout=0.2), slow())
    assert time.monotonic() - began < 4
    told = problem(answer, 408, "slow")
    assert told["detail"] == "the body did not arrive within 0.2 seconds"
    assert answer.headers["connection"] == "close"


def test_an_answer_that_takes_too_long(served, monkeypatch):
    service = served(timeout=0.2)
    monkeypatch.setattr("embedkit.service.text_routes.search_texts", lambda *_, **__: time.sleep(1))
    answer = service.post("/search", query="king", texts=["king"])
    told = problem(answer, 503, "timeout")
    assert "the 0.2 seconds that a request may take" in told["detail"]
    assert int(answer.headers["retry-after"]) > 0


def test_more_requests_than_may_be_in_hand(served):
    service = served(max_waiting=2)
    asked_at_once = [("POST", "/neighbors", {"json": {"words": ["king"]}})] * 6
    answers = service.ask_all(asked_at_once)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 200, 503, 503, 503, 503]
    refused = next(answer for answer in answers if answer.status_code == 503)
    problem(refused, 503, "overloaded")
    assert refused.headers["retry-after"] == "1"
    assert service.post("/neighbors", words=["king"]).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
def test_methods_that_a_path_does_not_answer(service, method):
    answer = service.ask(method, "/neighbors")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/", "/neigbors", "/neighbors/", "//", "/../etc/passwd", "/%00", "/health/x"]
)
def test_paths_that_there_are_not(service, path):
    problem(service.get(path), 404, "not-found")
