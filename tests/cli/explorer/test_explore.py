"""`embedkit explore`: pages written to a file, addresses told of, and what cannot be shown."""

import json
import re
import socket

import numpy as np
import pytest

from embedkit import Embeddings
from embedkit.explorer import server

MANIFEST = re.compile(r'id="manifest">(.*?)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))


def facts_of(path):
    return json.loads(MANIFEST.search(path.read_text())[1])


def test_a_page_is_written_as_one_file(run, royals, tmp_path):
    ran = run("explore royals.safetensors --export page.html")
    assert ran.exit_code == 0, ran.output
    assert ran.stdout == ""
    assert ran.stderr.splitlines()[-1].startswith("page.html: 0.")
    facts = facts_of(tmp_path / "page.html")
    assert facts["title"] == "royals"
    assert {"words", "a.rows", "a.pca", "a.tsne", "clusters"} <= {*facts["parts"]}
    assert list(tmp_path.glob("royals.safetensors.map-*.safetensors"))


def test_only_pca_is_at_once(run, royals, tmp_path):
    assert run("explore royals.safetensors --export page.html --map pca --top 3").exit_code == 0
    facts = facts_of(tmp_path / "page.html")
    assert "a.tsne" not in facts["parts"]
    assert facts["a"]["shown"] == 3


def test_two_files_are_compared(run, royals, tmp_path):
    Embeddings(np.eye(4, dtype=np.float32), ["king", "queen", "man", "horse"]).save(tmp_path / "other.bin")
    ran = run("explore royals.safetensors other.bin --export page.html --map pca")
    assert ran.exit_code == 0, ran.output
    facts = facts_of(tmp_path / "page.html")
    assert facts["title"] == "royals and other.bin"
    assert facts["a"]["shown"] == facts["b"]["shown"] == 3


def test_texts_are_shown_by_the_vectors_of_their_words(run, royals, tmp_path):
    (tmp_path / "texts.csv").write_text("text,label\nthe king,he\na queen,she\nthe man,he\na woman,she\n")
    ran = run("explore royals.safetensors --texts texts.csv --export page.html --map pca")
    assert ran.exit_code == 0, ran.output
    assert "texts.csv: 4 texts; texts from column 'text', labels from column 'label'" in ran.stderr
    assert facts_of(tmp_path / "page.html")["labels"]["names"] == ["he", "she"]


def test_the_address_is_told_and_opened_unless_forbidden(run, royals, monkeypatch):
    opened = []
    monkeypatch.setattr(server, "serve", lambda work, port, *, ready: ready(f"http://here:{port}/"))
    monkeypatch.setattr("click.launch", opened.append)
    ran = run("explore royals.safetensors --port 7 --no-browser")
    assert (ran.exit_code, opened) == (0, [])
    assert "http://here:7/" in ran.stderr
    run("explore royals.safetensors")
    assert opened == ["http://here:0/"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("explore missing.bin", "missing.bin"),
        ("explore royals.safetensors --export nowhere/page.html", "nowhere does not exist"),
        ("explore royals.safetensors --export royals.safetensors", "name of an .html file, got royals"),
        ("explore royals.safetensors --categories missing.tsv --export page.html", "missing.tsv"),
        ("explore royals.safetensors other.bin --texts t.txt", "without OTHER"),
        ("explore --model sentiment", "--texts"),
        ("explore --texts missing.txt --export page.html", "missing.txt"),
        ("explore --port 70000", "70000"),
    ],
)
def test_what_cannot_be_shown_is_an_error(run, royals, line, told, tmp_path):
    ran = run(line)
    assert ran.exit_code == 2
    assert told in ran.output + ran.stderr
    assert not (tmp_path / "page.html").exists()


def test_a_port_in_use(run, royals):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run(f"explore royals.safetensors --no-browser --port {taken.getsockname()[1]}")
    assert ran.exit_code == 2
    assert "in use" in ran.output + ran.stderr
