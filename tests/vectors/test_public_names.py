import subprocess
import sys

import numpy as np
import pytest

import embedkit

HEAVY = "numba gensim spacy scipy sklearn tensorflow rich rapidfuzz tokenizers"


def test_every_public_name_is_there():
    assert [getattr(embedkit, name).__name__ for name in embedkit.__all__] == list(embedkit.__all__)
    assert {*embedkit.__all__} <= {*dir(embedkit)}


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="no attribute 'Word3Vec'"):
        _ = embedkit.Word3Vec


@pytest.mark.parametrize("dtype", [None, "int8"])
def test_a_question_needs_nothing_heavy(random_space, tmp_path, dtype):
    random_space.save(tmp_path / "v.safetensors", dtype=dtype)
    code = f"""
import sys, embedkit
vectors = embedkit.load({str(tmp_path / "v.safetensors")!r})
vectors.analogy("word1", "word2", "word3"), vectors.neighbors("word1"), vectors.similarity("word1", "word2")
print(sorted(sys.modules.keys() & set({HEAVY!r}.split())))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_load_reads_any_file(random_space, tmp_path):
    random_space.save(tmp_path / "v", format="glove")
    loaded = embedkit.load(tmp_path / "v", limit=20)
    np.testing.assert_array_equal(loaded.matrix, random_space.matrix[:20])
