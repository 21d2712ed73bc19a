"""No file that is loaded leads to code, a process or a connection: Python's audit hooks (PEP 578) watch.

A child loads files of all kinds twice. The first time modules are imported and compiled kernels found; from
then on nothing may be unpickled, executed, started or connected to. Compiling alone runs nothing: numpy
parses the headers of its files, as literals, in that way.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embedkit import Embeddings, NgramLanguageModel, Texts, Vocabulary
from embedkit.shipped_files import shipped_path

DATA = Path(__file__).parent / "compatibility/data"
KEPT = [
    "debiased-hard.safetensors", "emojify3.safetensors", "ensemble.safetensors", "escaped.safetensors",
    "glove.txt", "gru.safetensors", "harbour.corpus", "harbour.counts", "int8.safetensors",
    "mean-vectors.safetensors", "tfidf.safetensors", "w2v.bin", "w2v.txt",
]  # fmt: skip
SHIPPED = ["english.safetensors", "sentiment.safetensors", "digits.safetensors", "creatures.txt"]
BOMB = b"cposix\nsystem\n(S'touch executed'\ntR."  # a pickle that runs a command
CHILD = """
import json, sys
from embedkit import Corpus, EmbedkitError, load
from embedkit.file_facts import describe_file, verify_file
from embedkit.model_files import load_model

FORBIDDEN = ("pickle.", "exec", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork",
             "socket.", "marshal.", "ctypes.dlopen", "code.__new__", "import")
seen, watching = [], False

def hook(event, arguments):
    if watching and event.startswith(FORBIDDEN):
        seen.append([event, repr(arguments)[:200]])

def read(path):
    told = []
    for way in (describe_file, verify_file, load, load_model, Corpus.open):
        try:
            way(path)
            told.append(way.__name__)
        except (EmbedkitError, OSError):
            pass
    return told

sys.addaudithook(hook)
paths = json.loads(sys.argv[1])
first = [read(path) for path in paths]
watching = True
again = [read(path) for path in paths]
watching = False
assert first == again
print(json.dumps([again, seen]))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Files of all kinds: path -> whether it is what it seems."""
    folder = tmp_path_factory.mktemp("files")
    vectors = Embeddings(np.eye(3), Vocabulary(["a", "b", "c"]))
    written = [folder / "v.vec", folder / "v.fifu"]
    vectors.save(written[0], "word2vec")
    vectors.save(written[1], "finalfusion")
    written.append(folder / "lines.safetensors")
    NgramLanguageModel(unit="characters").train(Texts(["abcabc", "acbacb"])).save(written[-1])
    bombs = [folder / name for name in ("bomb.safetensors", "bomb.pkl", "bomb.kv", "bomb.bin", "bomb.npy")]
    for path in bombs:
        path.write_bytes(BOMB)
    headed = folder / "headed.npy"  # an array of objects is a pickle behind a header
    np.save(headed, np.array([{"a": 1}], object))
    good = [*(DATA / name for name in KEPT), *map(shipped_path, SHIPPED), *written]
    return {**dict.fromkeys(map(str, good), True), **dict.fromkeys(map(str, [*bombs, headed]), False)}


def test_what_is_loaded_runs_nothing(files, tmp_path):
    child = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps([*files])],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    loaded, seen = json.loads(child.stdout)
    assert seen == []
    for path, ways in zip(files, loaded, strict=True):
        assert bool(ways) == files[path] or path.endswith(".txt"), path
    assert not (tmp_path / "executed").exists()
