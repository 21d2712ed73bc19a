"""The table of formats, what the documentation says of it, and files that are of none."""

import bz2
import gzip
import lzma
import re
from pathlib import Path

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, Vocabulary, load
from embedkit.vectors.formats.compressed_writing import COMPRESSORS
from embedkit.vectors.formats.reading import stored_numbers
from embedkit.vectors.formats.table import FORMATS, WRITTEN
from embedkit.vectors.formats.writing import SUFFIX_HELP, SUFFIXES, format_to_write, not_kept

DOCS = Path(__file__).parents[3] / "docs/formats.md"
TABLE = [line.split("|")[1:-1] for line in DOCS.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
ROWS = [(row[0].strip(" `"), row[3].strip(), row[4]) for row in TABLE if len(row) == 5]


def test_the_documentation_names_every_format_and_what_it_keeps():
    told = {name: {word for word in kept.split(", ") if word} for name, kept, _ in ROWS}
    assert told == {name: set(kind.keeps) for name, kind in FORMATS.items()}


def test_the_documentation_names_every_suffix():
    told = {(suffix, name) for name, _, written in ROWS for suffix in re.findall(r"`(\.\w+)`", written)}
    assert told == set(SUFFIXES.items())
    asked = {name for name, _, written in ROWS if f"`--to {name}`" in written}
    assert asked | {*SUFFIXES.values()} == set(WRITTEN)
    assert set(re.findall(r"\.\w+", SUFFIX_HELP)) == set(SUFFIXES) | set(COMPRESSORS)


@pytest.mark.parametrize("name", WRITTEN)
def test_each_format_keeps_what_it_says(tmp_path, name):
    words = ["new york", "cat"] if "spaces" in FORMATS[name].keeps else ["york", "cat"]
    vectors = Embeddings([[3, 4], [0, 2]], Vocabulary(words, np.array([2, 1])), {"made": "by hand"})
    vectors.save(tmp_path / "v", name)
    read = load(tmp_path / "v")
    assert list(read) == words
    np.testing.assert_allclose(read.matrix, vectors.matrix, rtol=3e-7)
    lost = not_kept(name, ["counts", "metadata"])
    assert (read.vocabulary.counts is None) == ("counts" in lost)
    assert ("made" not in read.metadata) == ("metadata" in lost)
    assert read.metadata.get("made", "by hand") == "by hand"


@pytest.mark.parametrize("name", [name for name in WRITTEN if "spaces" not in FORMATS[name].keeps])
def test_others_cannot_hold_spaces(tmp_path, name):
    with pytest.raises(InputError, match="cannot hold"):
        Embeddings([[1.0, 2]], ["new york"]).save(tmp_path / "v", name)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_word_that_is_no_unicode_is_told_in_one_way(tmp_path, name):
    with pytest.raises(InputError, match=r"^the word 'x\\ud800' is not valid Unicode and cannot be written$"):
        Embeddings([[1.0, 2], [3, 4]], ["a", "x\ud800"]).save(tmp_path / "v", name)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(WRITTEN)))
def test_formats_that_are_only_read(tmp_path, name):
    with pytest.raises(InputError, match=f"expected one of the formats .*, got '{name}'"):
        format_to_write(tmp_path / "v", name)


@pytest.mark.parametrize("name", [name for name in WRITTEN if FORMATS[name].signed])
def test_a_file_that_is_signed_and_nothing_else(tmp_path, name):
    Embeddings([[1.0, 2]], ["a"]).save(tmp_path / "v", name)
    signature = (tmp_path / "v").read_bytes()[:12]
    (tmp_path / "w").write_bytes(signature + b"\0" * 40)
    with pytest.raises(FormatError):
        load(tmp_path / "w")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("name", ["safetensors", "finalfusion", "npz", "parquet", "word2vec-binary"])
def test_compressed_files_are_read(random_space, tmp_path, name, compress):
    random_space.save(tmp_path / "v", name)
    (tmp_path / "w").write_bytes(compress((tmp_path / "v").read_bytes()))
    vectors = load(tmp_path / "w")
    assert vectors.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_allclose(vectors.matrix, random_space.matrix, rtol=3e-7)
    assert stored_numbers(tmp_path / "w") == stored_numbers(tmp_path / "v")
    (tmp_path / "w").write_bytes(compress((tmp_path / "v").read_bytes()[:-1]))
    with pytest.raises(FormatError, match=f"{tmp_path / 'w'}"):
        load(tmp_path / "w")


def test_folders_that_hold_no_vectors(tmp_path):
    with pytest.raises(InputError, match="it is a folder without vectors"):
        load(tmp_path)
    (tmp_path / "manifest.json").touch()
    with pytest.raises(InputError, match="it is a corpus; train vectors on it"):
        load(tmp_path)
