"""Services with a network: on ports that are free, in a thread or as processes of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import httpx
import numpy as np
import pytest
import uvicorn

from embedkit import InputError, ServiceClient, UnknownWordError
from embedkit.service import connections, server
from embedkit.service.application import create_application
from embedkit.service.client import ServiceError
from embedkit.service.server import listening_socket, uvicorn_config
from embedkit.service.settings import Limits, Listening, ServiceSettings

LOOPBACK = "127.0.0.1"
ASK = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def running(resources, **limits):
    """The port of a service that runs in a thread."""
    settings = ServiceSettings(listening=Listening(), limits=Limits(**limits), vectors={}, models={})
    own = uvicorn.Server(uvicorn_config(settings, create_application(settings, resources)))
    with listening_socket(LOOPBACK, 0) as listener:
        thread = threading.Thread(target=own.run, args=([listener],))
        thread.start()
        try:
            while not own.started:
                time.sleep(0.01)
            yield listener.getsockname()[1]
        finally:
            own.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port(resources):
    with running(resources) as number:
        yield number


@pytest.fixture
def client(port):
    with ServiceClient(f"http://{LOOPBACK}:{port}") as client:
        yield client


def received(port, *parts, pause=0.0):
    """All that the service sends back until it closes the connection, and the seconds until it did."""
    began = time.monotonic()
    with socket.create_connection((LOOPBACK, port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        content = b""
        while chunk := connection.recv(65536):
            content += chunk
    return content, time.monotonic() - began


def test_a_connection_that_asks_nothing_is_closed(port, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    assert received(port)[0] == b""
    assert received(port, ASK[:20])[0] == b""


def test_so_is_one_that_asks_once_and_then_too_slowly(port, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    content, seconds = received(port, ASK, ASK[:20])
    assert content.count(b"HTTP/1.1 200 OK") == 1
    assert seconds < 3


def test_a_head_without_an_end_is_not_kept(port):
    """The service closes the connection, which the next parts find out."""
    endless = [b"GET /health HTTP/1.1\r\nX-Long: ", *[b"x" * connections.MAX_HEAD] * 20]
    try:
        content, _ = received(port, *endless, pause=0.02)
    except ConnectionError:
        content = b""
    assert b" 200 " not in content


def test_what_is_no_http_is_refused(port):
    assert received(port, b"\x16\x03\x01 hello\r\n\r\n")[0].startswith(b"HTTP/1.1 400")


def test_answers_are_sent_at_once():
    """asyncio turns Nagle's algorithm off where the protocol is given; else each answer takes 40 ms more."""
    with listening_socket(LOOPBACK, 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_the_client_answers_as_the_library_does(client, vectors):
    words = ["king", "king - man + woman"]
    for found, expected in zip(
        client.neighbors_many(words, 2), vectors.neighbors_many(words, 2), strict=True
    ):
        assert [word for word, _ in found] == [word for word, _ in expected]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-6)
    assert client.analogies([("man", "woman", "king")], top=1)[0][0].word == "queen"
    assert client.similarities([("man", "man"), ("man", "crown")]) == [1.0, 0.0]
    assert client.rows(["child"]).tolist() == [[2, 1, 0]]
    assert np.allclose(client.encode(["a king"]), vectors.encode(["a king"]))
    assert client.search("king", ["man", "king"], top=1)[0].number == 1
    assert client.served()["vectors"]["small"]["words"] == 6


def test_the_client_reads_labels_and_emoji(client):
    [prediction] = client.classify(["a lovely film"], explain=True)
    assert prediction.labels[0][0] == "good"
    assert [prediction.text[word.begin : word.end] for word in prediction.words] == ["a", "lovely", "film"]
    assert client.emojify(["I want pizza"])[0].emojified == "I want pizza 🍴"


def test_the_client_asks_long_lists_in_parts(client, vectors):
    words = [*vectors] * 200
    assert len(client.rows(words)) == 1200
    assert client.rows([]).tolist() == []


def test_the_client_raises_as_the_library_does(client):
    with pytest.raises(UnknownWordError) as unknown:
        client.neighbors_many(["king", "kking"])
    assert (unknown.value.word, unknown.value.suggestions) == ("kking", ("king",))
    with pytest.raises(InputError, match="#/top: Input should be less than or equal to 1000"):
        client.neighbors_many(["king"], top=9999)
    with pytest.raises(InputError, match="expected a list of words, got the string 'king'"):
        client.neighbors_many("king")


def test_the_client_comes_back_to_a_service_that_was_busy(resources, monkeypatch):
    pauses = []
    monkeypatch.setattr("embedkit.service.client.time", SimpleNamespace(sleep=pauses.append))
    with running(resources, max_rate=0.05) as port, ServiceClient(f"http://{LOOPBACK}:{port}") as client:
        client.served()
        with pytest.raises(ServiceError, match=r"cannot answer: expected at most 0\.05 requests a second"):
            client.served()
    assert [19 <= pause <= 20 for pause in pauses] == [True] * 3


def test_a_port_that_is_in_use():
    with listening_socket(LOOPBACK, 0) as taken:
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(InputError) as refused:
            listening_socket(LOOPBACK, number)
    assert str(refused.value) == (
        f"cannot listen on port {number} of 127.0.0.1: it is in use; choose another by --port, 0 for any "
        "that is free"
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "a" * 300, "é.invalid"])
def test_an_address_of_nobody_here(host):
    with pytest.raises(InputError, match="cannot listen on"):
        listening_socket(host, 0)


@pytest.mark.parametrize("missing", server.PACKAGES)
def test_a_package_that_is_missing(missing, monkeypatch):
    monkeypatch.setattr(server, "find_spec", lambda name: None if name == missing else "there")
    with pytest.raises(ImportError, match=rf"a service needs {missing}: pip install 'embedkit\[serve\]'"):
        server.check_installed()


class CommandLine:
    """`embedkit serve` as a process of its own."""

    def __init__(self, *arguments):
        command = [sys.executable, "-m", "embedkit", "serve", "--port", "0", *arguments]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.welcome = self.process.stderr.readline()
        self.address = re.search(r"http://[\d.:]+", self.welcome)[0]

    def stop(self, number=signal.SIGTERM):
        """The exit code, and what was said since the welcome."""
        self.process.send_signal(number)
        return self.process.wait(30), self.process.stderr.read()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_service_that_is_stopped_finishes_what_it_has_in_hand(tmp_path, vectors, workers):
    vectors.save(tmp_path / "small.vec")
    (tmp_path / "service.toml").write_text(
        f'[server]\nworkers = {workers}\naccess_log = true\n[vectors]\nsmall = "small.vec"\n'
    )
    command = CommandLine(str(tmp_path / "service.toml"))
    assert command.welcome.startswith("serving small at http://127.0.0.1:")
    with httpx.Client(base_url=command.address, timeout=30) as http:
        body = b'{"words": ["king"]}'

        def slowly():
            yield body[:5]
            command.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            yield body[5:]

        assert [http.post("/neighbors", json={"words": ["man"]}).status_code for _ in range(20)] == [200] * 20
        counted = http.get("/metrics").text
        assert 'embedkit_requests_total{route="/neighbors",status="200"} 20.0' in counted
        answer = http.post("/neighbors", content=slowly(), headers={"content-type": "application/json"})
    assert answer.json()["results"][0]["found"] == "king"
    code, told = command.process.wait(30), command.process.stderr.read()
    assert code == 0
    assert told.count("POST /neighbors 200") == 21
    assert "Traceback" not in told
    assert "king" not in told


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "getppid"), reason="processes have no parents here")
def test_workers_end_with_a_parent_that_was_killed(tmp_path, vectors):
    vectors.save(tmp_path / "small.safetensors")
    command = CommandLine("-v", str(tmp_path / "small.safetensors"), "--workers", "2")
    assert httpx.get(f"{command.address}/health", timeout=30).status_code == 200
    command.process.kill()
    command.process.wait()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            httpx.get(f"{command.address}/health", timeout=5)
        except httpx.ConnectError:
            break
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    else:
        pytest.fail("workers go on without their parent")
