"""Addresses where commands read and write: the same bytes and words as with paths."""

import json
import re

import click
import pytest

from embedkit import Corpus
from embedkit.shipped_files import shipped_path
from embedkit_cli.main import main
from embedkit_cli.service.named_files import named_files
from embedkit_cli.shared.addresses import ReadPath, WrittenPath

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def text(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))
    fsspec.filesystem("memory").store.clear()
    (tmp_path / "text.txt").write_text("a cat purrs here\na dog barks there\n" * 30)


def stored(address):
    with fsspec.open(address, "rb") as stream:
        return stream.read()


def test_from_text_to_neighbors_by_addresses_alone(run, text, tmp_path):
    made = run("tokenize text.txt -o memory://m/a.corpus")
    assert "wrote memory://m/a.corpus: 240 words" in made.stderr
    assert run("cooccurrences memory://m/a.corpus -o memory://m/a.counts --min-count 1").exit_code == 0
    made = run("train-svd memory://m/a.counts -o memory://m/a.safetensors --vector-size 2")
    assert "wrote memory://m/a.safetensors: 7 words x 2" in made.stderr
    assert "cache" not in made.stderr
    run("tokenize text.txt -o a.corpus")
    run("cooccurrences a.corpus -o a.counts --min-count 1")
    run("train-svd a.counts -o a.safetensors --vector-size 2")
    assert stored("memory://m/a.counts") == (tmp_path / "a.counts").read_bytes()
    assert (
        run("neighbors cat -v memory://m/a.safetensors").stdout
        == run("neighbors cat -v a.safetensors").stdout
    )
    assert run("corpus-info memory://m/a.corpus").stdout == run("corpus-info a.corpus").stdout


def test_json_tells_the_address(run, text):
    told = json.loads(run("tokenize text.txt -o memory://m/a.corpus --format json").stdout)
    assert told["output"] == "memory://m/a.corpus"
    made = run("cooccurrences memory://m/a.corpus -o memory://m/a.counts --min-count 1 --format json")
    assert json.loads(made.stdout)["output"] == "memory://m/a.counts"


def test_text_is_added_to_a_corpus_at_an_address(run, text, tmp_path):
    for name in "a.corpus", "memory://m/a.corpus":
        run(f"tokenize text.txt -o {name}")
        assert "480 words" in run(f"tokenize text.txt -o {name} --append").stderr
    assert (
        stored("memory://m/a.corpus/manifest.json") == (tmp_path / "a.corpus" / "manifest.json").read_bytes()
    )


def test_what_fails_leaves_the_old_object(run, text):
    run("tokenize text.txt -o memory://m/a.corpus")
    run("cooccurrences memory://m/a.corpus -o memory://m/a.counts --min-count 1")
    before = stored("memory://m/a.counts")
    assert run("cooccurrences memory://m/a.corpus -o memory://m/a.counts --min-count 99").exit_code == 2
    assert stored("memory://m/a.counts") == before


def test_an_interrupt_puts_nothing(run, text, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Corpus, "encode", interrupted)
    made = run("tokenize text.txt -o memory://m/a.corpus")
    assert "before the end: nothing, or not all of it, was put at memory://m/a.corpus, nothing" in made.stderr
    assert not fsspec.filesystem("memory").store


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("neighbors cat -v memory://m/nothing.txt", "no such file or folder: memory://m/nothing.txt"),
        ("convert a.txt memory://m/b.txt", "cannot write memory://m/b.txt: name a path on this machine"),
        ("save-pretrained everyday -o memory://m/card", "cannot write memory://m/card: name a path on this"),
        ("tokenize http://m/a.txt -o b.corpus", "cannot reach http:// addresses; expected one that"),
        ("tokenize text.txt -o ftp://m/b.corpus", "expected one that begins with file://, gs://"),
        ("train-w2v text.txt -o memory://m/a.kv", "no format has the suffix '.kv' of memory://m/a.kv"),
        ("corpus-info text.txt --plot memory://m/b.png", "cannot write memory://m/b.png: name a path"),
    ],
)
def test_what_an_address_cannot_be_is_said(run, text, line, message):
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_file_in_the_place_of_a_name_or_a_number_is_fetched(run, text, tmp_path):
    fsspec.filesystem("memory").put(str(shipped_path("sentiment.safetensors")), "/m/films.safetensors")
    fsspec.filesystem("memory").pipe("/m/held.txt", b"a cat purrs here\n" * 9)
    answer = run("classify -m memory://m/films.safetensors 'a wonderful film'")
    assert answer.stdout == run("classify 'a wonderful film'").stdout != ""
    line = "train-lm text.txt --model ngram -o a.safetensors --validation"
    assert run(f"{line} memory://m/held.txt").exit_code == 0
    assert run(f"{line} memory://m/nothing.txt").exit_code == 2


def test_whatever_may_be_a_file_to_read_may_be_at_an_address():
    context = click.Context(main)
    for name in main.list_commands(context):
        for param in main.get_command(context, name).params:
            if (
                re.search(r"\b(FILE|VECTORS|MODEL)\b", str(param.metavar))
                and param.callback is not named_files
            ):
                assert isinstance(param.type, ReadPath | WrittenPath), (name, param.name)
