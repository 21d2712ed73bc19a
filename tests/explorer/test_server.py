"""The page served: behind its address alone, with what comes later."""

import socket
import threading
import time
from urllib.request import urlopen

import numpy as np
import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx")

from starlette.testclient import TestClient

import embedkit
from embedkit import Embeddings, InputError, explore, explore_texts
from embedkit.explorer import server
from embedkit.explorer.background import Background
from embedkit.explorer.server import application, bound_socket


@pytest.fixture
def work(space):
    return Background(explore(space, most_frequent=100))


@pytest.fixture
def client(work):
    return TestClient(application(work, "token"), base_url="http://127.0.0.1")


def test_parts_are_those_of_the_page(client, work):
    arrays = work.exploration.parts.arrays
    assert client.get("/token/part/words").json() == arrays["words"]
    rows = np.frombuffer(client.get("/token/part/a.rows").content, np.int8)
    assert rows.tolist() == arrays["a.rows"].ravel().tolist()
    assert client.get("/token/part/none").status_code == 404
    assert client.get("/token/part/..%2f..%2fetc%2fpasswd").status_code == 404


@pytest.mark.parametrize("path", ["/", "/part/words", "/other/", "/token", "/state"])
def test_without_the_token_there_is_nothing(client, path):
    assert client.get(path, follow_redirects=False).status_code in (404, 307)
    assert "embedkit" not in client.get(path, follow_redirects=False).text


def test_a_name_that_was_made_to_stand_for_this_machine_is_refused(client):
    assert client.get("/token/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/token/", headers={"Host": "localhost:99"}).status_code == 200


def test_answers_say_what_a_browser_may_do_with_them(client):
    for path in ("/token/", "/token/part/words", "/token/state", "/token/word?text=w1", "/token/part/none"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


def test_nothing_can_be_written(client):
    assert client.post("/token/").status_code == 405


def test_words_that_are_not_on_the_map_have_a_vector(client, space):
    found = client.get("/token/word", params={"text": "w150"}).json()
    assert found["word"] == "w150"
    assert found["rank"] == 150
    assert found["vector"] == pytest.approx(space["w150"].tolist())
    assert client.get("/token/word", params={"text": "w1500"}).json()["word"] is None
    assert "w150" in client.get("/token/word", params={"text": "w15O"}).json()["suggestions"]
    for text in ("", " ", "x" * 10_000, "\x00", "🍕"):
        assert client.get("/token/word", params={"text": text}).json()["word"] is None


def test_clusters_and_the_map_come_later(client, work, space):
    assert client.get("/token/state").json()["versions"] == {}
    work.start()
    work.join()
    state = client.get("/token/state").json()
    assert state["done"]
    assert set(state["versions"]) == {"clusters", "a.tsne"}
    assert 0 < state["facts"]["a.kept"] <= 1
    points = np.frombuffer(client.get("/token/part/a.tsne").content, np.float32)
    assert len(points) == 2 * 100


def test_a_failure_is_told(space, monkeypatch):
    work = Background(explore(space))
    monkeypatch.setattr(
        "embedkit.explorer.exploration.neighbor_map", lambda *_, **__: (_ for _ in ()).throw(InputError("no"))
    )
    work.start()
    work.join()
    assert work.state()["failure"] == "no"
    assert work.state()["versions"] == {"clusters": 1}


def test_the_work_stops_when_the_page_is_no_longer_served(space):
    work = Background(explore(space))
    work.stop()
    work.start()
    work.join()
    assert "a.tsne" not in work.state()["versions"]
    assert work.state()["failure"] == ""


def test_words_that_decided_are_told_when_they_are_asked_for():
    predictor = embedkit.load_predictor("sentiment")
    texts = ["a wonderful film", "a terrible bore"]
    work = Background(explore_texts(texts, embedkit.load().subset(5000), None, predictor))
    client = TestClient(application(work, "token"), base_url="http://127.0.0.1")
    effects = client.get("/token/explanation/1").json()
    assert [[begin, end] for begin, end, _ in effects] == [[0, 1], [2, 10], [11, 15]]
    assert client.get("/token/explanation/9").json() == []
    assert client.get("/token/explanation/x").status_code == 404
    assert client.get("/token/word?text=snow").json() == {"word": None, "suggestions": []}


def test_a_port_in_use_is_told_of():
    with bound_socket(0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"127.0.0.1:{port}.*choose another port"):
            bound_socket(port)


def test_a_page_is_served_until_it_is_told_to_stop(space, monkeypatch):
    uvicorn = pytest.importorskip("uvicorn")
    servers, addresses = [], []
    started = uvicorn.Server.startup

    async def startup(self, sockets=None):
        servers.append(self)
        await started(self, sockets)

    monkeypatch.setattr(uvicorn.Server, "startup", startup)
    work = Background(explore(Embeddings(np.eye(3, dtype=np.float32), ["a", "b", "c"])))
    thread = threading.Thread(target=server.serve, args=(work,), kwargs={"ready": addresses.append})
    thread.start()
    while not addresses:
        time.sleep(0.01)
    for _ in range(2):  # the page may be opened twice
        with urlopen(addresses[0]) as answer:
            assert b"<title>vectors</title>" in answer.read()
    servers[0].should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    port = int(addresses[0].split(":")[2].split("/")[0])
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port)).close()
