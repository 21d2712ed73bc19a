import json
import os
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from embedkit import Embeddings, FormatError, InputError, Vocabulary
from embedkit.container.checked import open_tensors
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.container.quantization import dequantize, quantize
from embedkit.errors import EmbedkitError
from embedkit.vectors.formats import native
from embedkit.vectors.formats.native import TABLE
from embedkit.vectors.rows import ROW_TYPES

any_words = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=20)


@pytest.fixture
def file(random_space, tmp_path):
    random_space.save(tmp_path / "v.safetensors")
    return tmp_path / "v.safetensors"


def rewritten(file, **changes):
    """The file with other tensors; None takes a tensor away."""
    tensors = {**load_file(file), **changes}
    header = {"embedkit": json.dumps({"version": 1, "metadata": {}})}
    save_file({name: tensor for name, tensor in tensors.items() if tensor is not None}, file, header)


def earlier(file):
    """The file as earlier versions wrote it: without lengths, and without what finds a word where it lies."""
    rewritten(file, norms=None, **dict.fromkeys(TABLE))


def test_round_trip(random_space, file):
    loaded = Embeddings.load(file)
    np.testing.assert_array_equal(loaded.matrix, random_space.matrix)
    np.testing.assert_array_equal(loaded.vocabulary.counts, random_space.vocabulary.counts)
    assert loaded.vocabulary.words == random_space.vocabulary.words
    assert loaded.metadata == {"epochs": 3, "tool": "tést"}


def test_the_same_vectors_give_the_same_bytes(random_space, file, tmp_path):
    random_space.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("dtype", ROW_TYPES)
def test_the_library_would_write_the_same_bytes(random_space, tmp_path, dtype):
    random_space.save(tmp_path / "v.safetensors", dtype=dtype)
    with safe_open(tmp_path / "v.safetensors", framework="numpy") as file:
        save_file(load_file(tmp_path / "v.safetensors"), tmp_path / "again.safetensors", file.metadata())
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "v.safetensors").read_bytes()


def test_saving_takes_no_memory_beside_the_matrix(tmp_path):
    embeddings = Embeddings(np.ones((1000, 4000), np.float32), Vocabulary([f"word{i}" for i in range(1000)]))
    tracemalloc.start()
    embeddings.save(tmp_path / "v.safetensors")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6  # of 16 MB


def test_limit(random_space, file, tmp_path):
    random_space.save(tmp_path / "small.safetensors", dtype="int8")
    for path in (file, tmp_path / "small.safetensors"):
        loaded = Embeddings.load(path, limit=7)
        assert loaded.vocabulary.words == random_space.vocabulary.words[:7]
        assert (loaded.matrix.shape, len(loaded.vocabulary.counts)) == ((7, 12), 7)
        assert len(Embeddings.load(path, limit=10_000)) == 500


@given(any_words)
def test_any_word_can_be_kept(words):
    assert unpack_words(pack_words(words), Path("file")) == words


def test_a_word_that_is_no_text(tmp_path):
    with pytest.raises(InputError, match=r"the word 'a\\ud800' is not valid Unicode"):
        Embeddings(np.ones((1, 1)), Vocabulary(["a\ud800"])).save(tmp_path / "v.safetensors")
    assert not list(tmp_path.iterdir())


@given(arrays(np.float32, (3, 4), elements=st.floats(-(2.0**100), 2.0**100, width=32)))
def test_eight_bits_are_off_by_half_a_scale_at_most(matrix):
    quantized, scales = quantize(matrix)
    error = np.abs(dequantize(quantized, scales).astype(float) - matrix)
    assert (error <= scales[:, None] * 0.50001 + 1e-42).all()
    np.testing.assert_allclose(scales, np.abs(matrix).max(axis=1) / 127, rtol=1e-5, atol=1e-44)


@pytest.mark.parametrize(("dtype", "saved"), [("float16", 12 * 2), ("int8", 12 * 3 - 4)])
def test_fewer_bits_take_less(random_space, file, tmp_path, dtype, saved):
    path = tmp_path / "small.safetensors"
    random_space.save(path, dtype=dtype)
    loaded = Embeddings.load(path)
    assert (loaded.dtype, loaded.matrix.dtype) == (dtype, np.float32)
    largest = np.abs(random_space.matrix).max(axis=1, keepdims=True)
    bound = largest / 254 if dtype == "int8" else np.abs(random_space.matrix) / 2**11
    assert (np.abs(loaded.matrix - random_space.matrix) <= bound * 1.0001).all()
    assert file.stat().st_size - path.stat().st_size == pytest.approx(500 * saved, abs=200)


def test_rows_are_used_as_they_are_kept(random_space, tmp_path):
    for dtype in ("float16", "int8"):
        path = tmp_path / dtype
        random_space.save(path, "safetensors", dtype)
        kept, floats = (
            Embeddings.load(path),
            Embeddings(Embeddings.load(path).matrix, random_space.vocabulary),
        )
        for ask in (
            lambda vectors: vectors["word7"].tolist(),
            lambda vectors: vectors.rows(["word3", "word1"]).tolist(),
            lambda vectors: pytest.approx(vectors.similarity("word3", "word1"), abs=1e-6),
            lambda vectors: [word for word, _ in vectors.neighbors("word3")],
            lambda vectors: [word for word, _ in vectors.analogy("word3", "word1", "word4")],
            lambda vectors: vectors.subset(["word3", "word1"]).matrix.tolist(),
        ):
            assert ask(kept) == ask(floats)
        assert "matrix" not in vars(kept)
        assert kept.subset(["word3"]).dtype == kept.subset(4).dtype == dtype
        assert kept.center().dtype == "float32"
        kept.save(tmp_path / "again", "safetensors")
        assert (tmp_path / "again").read_bytes() == path.read_bytes()
        kept.save(tmp_path / "v.txt")
        assert Embeddings.load(tmp_path / "v.txt").matrix.tolist() == kept.matrix.tolist()


def test_types_that_a_format_has_not(random_space, tmp_path):
    for options, message in (
        ({"dtype": "int4"}, "expected float32 or float16 or int8 for safetensors of embedkit, got 'int4'"),
        ({"format": "glove", "dtype": "int8"}, "expected float32 for GloVe text, got 'int8'"),
    ):
        with pytest.raises(InputError, match=message):
            random_space.save(tmp_path / "small.safetensors", **options)
    with pytest.raises(InputError, match="at most 65504 for float16, got 70000"):
        Embeddings([[70_000]], ["a"]).save(tmp_path / "v.safetensors", dtype="float16")
    assert not list(tmp_path.glob("small*"))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads resident memory from /proc")
def test_loading_does_not_read_the_matrix(tmp_path):
    matrix = np.ones((1000, 16384), np.float32)  # 64 MB
    Embeddings(matrix, Vocabulary([f"word{i}" for i in range(1000)])).save(tmp_path / "v.safetensors")
    del matrix
    before = _resident_bytes()
    loaded = Embeddings.load(tmp_path / "v.safetensors")
    assert _resident_bytes() - before < 16e6
    assert loaded["word7"].sum() == 16384


SMAPS = Path("/proc/self/smaps")
READ_ALL = """
import sys
from embedkit import Embeddings
vectors = Embeddings.load(sys.argv[1])
print(vectors.matrix.sum(), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not SMAPS.exists(), reason="reads maps of memory from /proc")
def test_processes_share_the_memory_of_a_file(tmp_path):
    path = tmp_path / "v.safetensors"
    Embeddings(np.ones((1000, 4096), np.float32), [f"word{i}" for i in range(1000)]).save(path)  # 16 MB
    loaded = Embeddings.load(path)
    assert loaded.matrix.sum() == 1000 * 4096
    command = [sys.executable, "-c", READ_ALL, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert float(other.stdout.readline()) == 1000 * 4096
        resident, proportional = _mapped_bytes(path, "Rss"), _mapped_bytes(path, "Pss")
        changed = _mapped_bytes(path, "Private_Dirty")
        other.stdin.close()
    assert resident > 16e6
    assert proportional < 0.55 * resident  # each page counts half, as two processes have it
    assert changed == 0


def _mapped_bytes(path, kind):
    """The bytes of one kind, such as "Rss", in all maps of the file in this process."""
    total, inside = 0, False
    for line in SMAPS.read_text().splitlines():
        if "-" in line.split(maxsplit=1)[0]:
            inside = line.endswith(str(path))
        elif inside and line.startswith(f"{kind}:"):
            total += 1024 * int(line.split()[1])
    return total


def _resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_file_cut_anywhere_is_refused(file, tmp_path):
    data = file.read_bytes()
    for length in [9, 40, 200, len(data) // 3, len(data) - 6000, len(data) - 1]:
        (tmp_path / "cut").write_bytes(data[:length])
        with pytest.raises(FormatError, match="expected a complete"):
            Embeddings.load(tmp_path / "cut")


@settings(max_examples=60)
@given(data=st.data())
def test_a_changed_byte_never_does_worse_than_an_error(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "changed.safetensors"
    dtype = data.draw(st.sampled_from(ROW_TYPES))
    counted = Vocabulary(["a", "b", "c"], np.array([3, 2, 1]))
    Embeddings(np.eye(3) + 1, counted, {"a": 1}).save(path, dtype=dtype)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    for ask, length in (
        (lambda vectors: vectors.neighbors([1, 0, 0]), 3),
        (lambda vectors: vectors.neighbors_many(np.eye(3)), 3),
        (lambda vectors: vectors.rows(["a", "c"]), 2),
        (lambda vectors: vectors.analogy("a", "b", "c", include_query=True), 3),
        (lambda vectors: vectors.vocabulary.counts, 3),
        (lambda vectors: vectors.matrix, 3),
        (list, 3),
    ):
        with suppress(EmbedkitError):
            assert len(ask(Embeddings.load(path))) == length


def _swap_two_bytes(path, tensor):
    """Let two unequal neighbors of the bytes of a tensor change places."""
    with safe_open(path, framework="numpy") as file:
        part = np.ascontiguousarray(file.get_tensor(tensor)).tobytes()
    data = path.read_bytes()
    place = next(i for i in range(data.index(part), len(data)) if data[i] != data[i + 1])
    path.write_bytes(data[:place] + data[place : place + 2][::-1] + data[place + 2 :])


@pytest.mark.parametrize(
    ("dtype", "tensor"), [("float32", "words"), ("float32", "counts"), ("int8", "scales")]
)
def test_what_is_read_whole_of_a_file_without_a_table_is_what_was_written(
    random_space, tmp_path, dtype, tensor
):
    path = tmp_path / "v.safetensors"
    native.write(path, random_space.astype(dtype).contents(), indexed=False)
    assert not open_tensors(path).entries.keys() & {"norms", *TABLE}
    assert Embeddings.load(path, verify=True).vocabulary.words == random_space.vocabulary.words
    _swap_two_bytes(path, tensor)
    with pytest.raises(FormatError, match=f"v.safetensors is damaged: the checksum of its {tensor} is"):
        Embeddings.load(path)


@pytest.mark.parametrize("tensor", ["vectors", "norms", "words", "counts", "word_hashes", "word_rows"])
def test_what_is_mapped_is_compared_on_demand(file, tensor):
    _swap_two_bytes(file, tensor)
    assert len(Embeddings.load(file)) == 500
    with pytest.raises(FormatError, match=f"the checksum of its {tensor} is"):
        Embeddings.load(file, verify=True)


def test_words_are_compared_when_all_are_read(file):
    _swap_two_bytes(file, "words")
    with pytest.raises(FormatError, match="is damaged: the checksum of its words is"):
        list(Embeddings.load(file))


@pytest.mark.parametrize("tensor", ["vectors", "norms"])
def test_vectors_of_other_lengths_than_were_written(file, tensor, tmp_path):
    changed = load_file(file)[tensor]
    changed[7] /= 2
    rewritten(file, **{tensor: changed})
    loaded = Embeddings.load(file)
    for use in (lambda: loaded.matrix, lambda: loaded.save(tmp_path / "again", "safetensors")):
        with pytest.raises(FormatError, match="others for 1 words: 'word7'; the file is damaged"):
            use()
    if tensor == "norms":
        with pytest.raises(FormatError, match="'word7'"):
            loaded.neighbors(loaded["word7"], top=1)


def test_an_oversized_header_is_refused(file):
    data = file.read_bytes()
    file.write_bytes((1 << 39).to_bytes(8, "little") + data[8:])
    with pytest.raises(FormatError, match="header too large"):
        Embeddings.load(file)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vectors": None}, "expected a tensor 'vectors', got only"),
        ({"words": None}, "expected a tensor 'words', got only"),
        ({"vectors": np.ones((500, 12))}, r"'vectors' as F32 of any x any entries, got F64 of \[500, 12\]"),
        ({"vectors": np.ones(500, np.float32)}, r"got F32 of \[500\]"),
        ({"vectors": np.ones((500, 12), np.int8)}, "'vectors' as F32 of any x any entries, got I8"),
        ({"vectors": np.ones((499, 12), np.float32)}, "'word_offsets' as I64 of 500 entries, got I64 of"),
        ({"words": np.zeros(9, np.uint8)}, "its words are not those that their offsets tell"),
        ({"word_offsets": None}, "expected a tensor 'word_offsets', got only"),
        ({"word_hashes": np.ones(500, np.int32)}, "'word_hashes' as U32 of 500 entries, got I32"),
        ({"word_rows": np.ones(499, np.int32)}, r"'word_rows' as I32 of 500 entries, got I32 of \[499\]"),
        ({"norms": np.ones(499, np.float32)}, r"'norms' as F32 of 500 entries, got F32 of \[499\]"),
        ({"counts": np.ones(500, np.float32)}, "'counts' as I64 of 500 entries, got F32"),
        ({"scales": np.ones(500, np.float32)}, "'vectors' as I8 of any x any entries, got F32"),
    ],
)
def test_wrong_tensors_are_named(file, changes, message):
    rewritten(file, **changes)
    with pytest.raises(FormatError, match=message):
        Embeddings.load(file)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vectors": np.ones((499, 12), np.float32)}, "'counts' as I64 of 499 entries, got I64 of"),
        ({"words": np.zeros(9, np.uint8)}, "expected 500 words for 500 vectors, got 1"),
        ({"words": np.full(9, 255, np.uint8)}, "expected words in UTF-8, got invalid start byte at byte 0"),
        ({"counts": np.full(500, -1)}, "expected counts of words, got -1; make the file again"),
        (
            {"vectors": np.ones((500, 12), np.int8), "scales": np.full(500, np.nan, np.float32)},
            "expected finite scales, got nan; make the file again",
        ),
    ],
)
def test_wrong_tensors_of_earlier_files_are_named(file, changes, message):
    earlier(file)
    rewritten(file, **changes)
    with pytest.raises(FormatError, match=message):
        Embeddings.load(file)


def test_counts_below_zero(tmp_path):
    path = tmp_path / "v.safetensors"
    Embeddings(np.eye(2), Vocabulary(["a", "b"], np.array([2, -1]))).save(path)
    with pytest.raises(FormatError, match="is damaged: expected counts of words, got -1"):
        _ = Embeddings.load(path).vocabulary.counts


def test_scales_that_are_not_finite(random_space, tmp_path):
    random_space.save(tmp_path / "v.safetensors", dtype="int8")
    scales = load_file(tmp_path / "v.safetensors")["scales"]
    scales[7] = np.nan
    rewritten(tmp_path / "v.safetensors", scales=scales)
    loaded = Embeddings.load(tmp_path / "v.safetensors")
    for use in (lambda: loaded["word7"], lambda: loaded.neighbors("word1"), lambda: loaded.matrix):
        with pytest.raises(InputError, match="'word7'"):
            use()


@pytest.mark.parametrize("written", [rewritten, earlier])
def test_nan_in_a_mapped_file_is_found_when_used(random_space, file, tmp_path, written):
    matrix = random_space.matrix.copy()
    matrix[7, 3] = np.nan
    written(file)
    rewritten(file, vectors=matrix)
    loaded = Embeddings.load(file)
    for use in (lambda: loaded.neighbors("word1"), lambda: loaded.save(tmp_path / "copy.safetensors")):
        with pytest.raises(InputError, match="'word7'"):
            use()


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            None,
            "expected vectors written by embedkit, got a safetensors file with counts, norms, vectors",
        ),
        ({"other": "1"}, "expected vectors written by embedkit"),
        ({"embedkit": "nonsense"}, "expected the header of embedkit vectors, got 'nonsense'"),
        ({"embedkit": "[]"}, "expected the header of embedkit vectors"),
        ({"embedkit": "[" * 100_000}, "expected the header of embedkit vectors"),
        ({"embedkit": '{"version": 2, "metadata": {}}'}, "expected version 1 of the format, got 2"),
    ],
)
def test_safetensors_of_others(file, header, message):
    save_file(load_file(file), file, header)
    with pytest.raises(FormatError, match=message):
        Embeddings.load(file)


def test_a_failed_save_leaves_the_old_file(random_space, file):
    before = file.read_bytes()
    with pytest.raises(InputError):
        Embeddings(np.ones((1, 1)), Vocabulary(["\udc00"])).save(file)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]
