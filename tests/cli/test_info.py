"""What `info --verify` says of whole files of each kind, of damaged ones, and of those without checksums."""

import json

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from embedkit import Cooccurrences, Corpus, Embeddings, TfidfClassifier, Vocabulary
from embedkit_cli.shared.text import facts, json_line

DOCUMENTS = [["one", "two", "café"], ["two", "one"]]


@pytest.fixture
def files(run, tmp_path):
    """A file of each kind, and the place of a byte in it that no other check than that of content sees."""
    corpus = Corpus.from_documents(DOCUMENTS, tmp_path / "corpus")
    Cooccurrences.count(corpus, tmp_path / "counts", min_count=1)
    vectors = Embeddings(np.eye(3), Vocabulary(["a", "b", "c"], np.array([3, 2, 1])), {"note": "x"})
    vectors.save(tmp_path / "vectors.safetensors")
    vectors.save(tmp_path / "small.safetensors", dtype="int8")
    TfidfClassifier().fit(["good film", "bad film"] * 2, ["+", "-"] * 2).save(tmp_path / "model.safetensors")
    return tmp_path


KINDS = {
    "corpus": "sha256 of the vocabulary and of every shard: as written",
    "counts": "crc32 of the recipe and of every tensor: as written",
    "vectors.safetensors": "crc32 of the metadata and of every tensor: as written",
    "small.safetensors": "crc32 of the metadata and of every tensor: as written",
    "model.safetensors": "sha256 of the header and of every tensor: as written",
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_whole_is_verified(run, files, name):
    result = run(f"info --verify {name} --format json")
    assert (json.loads(result.stdout)["verified"], result.exit_code) == (KINDS[name], 0)
    assert run(f"info --verify {name}").stdout.splitlines()[-1].split(maxsplit=1) == ["verified", KINDS[name]]
    assert "verified" not in run(f"info {name}").stdout


@pytest.mark.parametrize("name", [*(name for name in KINDS if name != "corpus")])
def test_every_flipped_bit_of_the_content_is_found(run, files, name):
    content = (files / name).read_bytes()
    begin = 8 + int.from_bytes(content[:8], "little")
    for place in {*range(begin, len(content), 1 + len(content) // 12), len(content) - 1}:
        (files / name).write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        result = run(f"info --verify {name}")
        assert (result.stdout, result.exit_code) == ("", 2)
        assert f"{name} is damaged" in result.stderr


@pytest.mark.parametrize("name", ["vectors.safetensors", "counts", "model.safetensors"])
def test_a_file_that_is_cut_is_refused(run, files, name):
    (files / name).write_bytes((files / name).read_bytes()[:-1])
    result = run(f"info --verify {name}")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr.startswith(f"Error: {name}")


@pytest.mark.parametrize("file", ["shard-00000.ids.npy", "shard-00000.offsets.npy", "vocabulary.tsv"])
def test_a_corpus_with_other_content_is_found(run, files, file):
    path = files / "corpus" / file
    if file == "vocabulary.tsv":
        path.write_bytes(path.read_bytes().replace("café".encode(), b"cafes"))
    else:
        array = np.load(path)
        array[1] = {"ids": (array[1] + 1) % 3, "offsets": 2}[file.split(".")[1]]
        np.save(path, array)
    assert run("info corpus").exit_code == 0
    result = run("info --verify corpus")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr.startswith("Error: corpus is damaged: ")


def test_the_note_of_vectors_is_part_of_what_is_verified(run, files):
    path = files / "vectors.safetensors"
    path.write_bytes(path.read_bytes().replace(rb"\"note\": \"x\"", rb"\"note\": \"y\""))
    assert "the checksum of its metadata is" in run(f"info {path.name}").stderr
    assert "the checksum of its metadata is" in run(f"info --verify {path.name}").stderr


def test_tensors_without_a_checksum_are_found(run, files):
    path = files / "vectors.safetensors"
    with safe_open(path, framework="numpy") as file:
        header = file.metadata()
    save_file({**load_file(path), "more": np.zeros(1, np.int8)}, path, header)
    assert "it holds counts, metadata, more, norms, vectors," in run(f"info --verify {path.name}").stderr


@pytest.mark.parametrize("name", ["model.safetensors", "small.safetensors"])
def test_stdin_is_read_once_for_both(run, files, name):
    content = (files / name).read_bytes()
    assert run("info --verify -", stdin=content).stdout == run(f"info --verify {name}").stdout


def test_files_without_checksums_say_so(run, files):
    path = files / "vectors.safetensors"
    save_file(load_file(path), path, {"embedkit": json.dumps({"version": 1, "metadata": {}})})
    Embeddings(np.eye(2), Vocabulary(["a", "b"])).save(files / "v.txt", "glove")
    for name in (path.name, "v.txt"):
        result = run(f"info --verify {name} --format json")
        assert json.loads(result.stdout)["verified"] == "form, sizes and every number; no checksum is stored"


def test_numbers_that_are_not_finite_are_found_without_checksums(run, files):
    path = files / "vectors.safetensors"
    tensors = {**load_file(path), "vectors": np.full((3, 3), np.nan, np.float32)}
    save_file(tensors, path, {"embedkit": json.dumps({"version": 1, "metadata": {}})})
    assert run(f"info {path.name}").exit_code == 0
    result = run(f"info --verify {path.name}")
    assert "got NaN or infinity in those of 3 words: 'a'" in result.stderr
    assert result.exit_code == 2


def test_json_has_no_nan():
    assert (
        json_line({"a": [1.5, float("nan")], "b": {"c": float("-inf")}})
        == '{"a": [1.5, null], "b": {"c": null}}'
    )


def test_a_classifier_tells_how_its_network_learned(run):
    history = json.loads(run("info sentiment --format json").stdout)["history"]
    assert [epoch["epoch"] for epoch in history] == [1, 2, 3]
    assert list(history[0]) == ["epoch", "loss", "accuracy", "learning_rate"]  # nothing was held out


def test_facts_of_a_list_that_are_not_known_are_left_out():
    assert list(facts({"metrics": [{"part": "total", "low": None, "texts": 4}]})) == [
        "metrics",
        "  part total, texts 4",
    ]


def test_facts_of_a_list_hold_facts_of_their_own():
    space = {"trainer": "glove", "parameters": {"window": 5}, "transforms": [{"name": "center"}]}
    assert list(facts({"transforms": [{"name": "concatenate", "of": [space, space]}]})) == [
        "transforms",
        "  name concatenate",
        "    of",
        *[
            "      trainer glove",
            "        parameters",
            "          window  5",
            "        transforms",
            "          name center",
        ]
        * 2,
    ]


def test_large_counts_have_commas():
    assert list(facts({"targets": 12301, "frozen": "known"})) == ["targets  12,301", "frozen   known"]
