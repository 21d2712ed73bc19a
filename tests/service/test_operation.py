"""What whoever runs the service sees of it: health, metrics, logs, the page, the OpenAPI document."""

import json
import logging
import re
from importlib.metadata import version

import pytest

SECRET = "nobody-may-read-this"


def test_health(service):
    answer = service.get("/health")
    assert answer.json() == {"status": "ok", "version": version("embedkit")}


def test_served(service):
    answer = service.get("/served").json()
    assert answer["vectors"] == {"small": {"words": 6, "dimensions": 3, "numbers": "float32"}}
    assert answer["models"]["films"] == {"answers": "/classify", "classes": ["good", "poor"]}
    assert answer["models"]["emoji"]["answers"] == "/emojify"
    assert "🍴" in answer["models"]["emoji"]["classes"]


def counted(service):
    """The number of requests by route and status."""
    answer = service.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = re.findall(r'^embedkit_requests_total{route="(.+)",status="(\d+)"} (.+)$', answer.text, re.M)
    return {(route, int(status)): float(count) for route, status, count in found}


def test_requests_are_counted_by_route_and_status(service):
    service.post("/neighbors", words=["king"])
    service.post("/neighbors", words=["king", "man"])
    service.post("/neighbors", words=["kking"])
    for path in ("/a", "/b", "/metrics/c"):
        service.get(path)
    assert counted(service) == {
        ("/neighbors", 200): 2,
        ("/neighbors", 404): 1,
        ("other", 404): 3,
    }
    text = service.get("/metrics").text
    assert 'embedkit_request_seconds_count{route="/neighbors"} 3.0' in text
    assert "embedkit_batch_items_sum 2.0" in text


def test_a_defect_is_a_problem_and_its_log_holds_no_text(service, monkeypatch, caplog):
    def broken(*_, **__):
        raise KeyError(SECRET)

    monkeypatch.setattr("embedkit.service.text_routes.search_texts", broken)
    with caplog.at_level(logging.DEBUG):
        answer = service.post("/search", query=SECRET, texts=[SECRET])
    assert answer.status_code == 500
    assert answer.json()["type"] == "/docs#internal"
    assert "KeyError at test_operation.py:" in caplog.text
    assert SECRET not in caplog.text + answer.text
    assert counted(service)["/search", 500] == 1


def test_a_defect_in_a_batch_is_told_to_all_that_are_in_it(service, monkeypatch):
    monkeypatch.setattr("embedkit.service.text_routes.predictions.classify", lambda *_, **__: [None][5])
    answers = service.ask_all([("POST", "/classify", {"json": {"texts": ["a"]}})] * 3)
    assert [answer.status_code for answer in answers] == [500] * 3


def test_the_page_needs_no_network_and_shows_every_path(service):
    answer = service.get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.search(r"(src|href)=\"?(https?:)?//", answer.text)
    document = service.get("/openapi.json").json()
    shown = set(re.findall(r"<code>(?:GET|POST) (/\w+)</code>", answer.text))
    assert shown == set(document["paths"])
    assert {"/neighbors", "/bias", "/metrics"} <= shown


def test_examples_of_the_document_are_answered(service):
    page = service.get("/docs").text
    example = re.search(r'data-path="emojify">.*?<textarea[^>]*>(.*?)</textarea>', page, re.S)[1]
    question = json.loads(example.replace("&#34;", '"'))
    assert service.post("/emojify", **question).status_code == 200


def test_errors_are_documented_as_problems(service):
    document = service.get("/openapi.json").json()
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])
    responses = document["paths"]["/neighbors"]["post"]["responses"]
    assert {"200", "400", "404", "413", "415", "422", "429", "503"} <= set(responses)
    assert all(
        list(response["content"]) == ["application/problem+json"]
        for status, response in responses.items()
        if status != "200"
    )
    assert "securitySchemes" not in document["components"]


def test_a_service_with_keys_says_so_in_its_document(served, tmp_path):
    path = tmp_path / "keys.txt"
    path.write_text("k" * 32)
    document = served(keys=path).get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}
    assert document["paths"]["/neighbors"]["post"]["security"] == [{"key": []}]
    assert "security" not in document["paths"]["/health"]["get"]


def test_the_report_of_bias_is_made_once(service, monkeypatch):
    made = []

    class Report:
        def as_dict(self):
            return {"metrics": []}

    def report(vectors, topic, name):
        made.append((topic, name))
        return Report()

    monkeypatch.setattr("embedkit.service.bias_routes.bias_report", report)
    questions = [("POST", "/bias", {"json": {"topic": topic}}) for topic in ("gender", "gender", "age")]
    answers = service.ask_all(questions)
    assert [answer.json() for answer in answers] == [{"vectors": "small", "report": {"metrics": []}}] * 3
    assert sorted(made) == [("age", "small"), ("gender", "small")]


def test_bias_that_cannot_be_measured(service):
    answer = service.post("/bias")
    assert answer.status_code == 422
    assert "vectors" in answer.json()["detail"]


@pytest.mark.parametrize("topic", ["/etc/passwd", "topics/gender.toml", "GENDER"])
def test_a_topic_is_no_path(service, topic):
    assert service.post("/bias", topic=topic).status_code == 422
