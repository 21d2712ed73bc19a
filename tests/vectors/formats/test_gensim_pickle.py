"""gensim's pickles: read only when trusted, by an unpickler that runs nothing, whatever they ask for."""

import builtins
import os
import pickle
import struct
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest

from embedkit import FormatError, load
from embedkit.vectors.formats.restricted_pickle import Inert, PickledArray, load_pickle

MATRIX = np.arange(6, dtype=np.float32).reshape(3, 2)
WORDS = ["cat", "New York", "été"]
PROTOCOLS = range(2, 6)


@pytest.fixture
def keyed():
    """gensim's `KeyedVectors` with counts."""
    vectors = pytest.importorskip("gensim.models").KeyedVectors(2)
    vectors.add_vectors(WORDS, MATRIX)
    for word, count in zip(WORDS, (9, 7, 1), strict=True):
        vectors.set_vecattr(word, "count", count)
    return vectors


@pytest.fixture
def pickled(tmp_path):
    def write(content, protocol=4):
        path = tmp_path / "v.kv"
        path.write_bytes(content if isinstance(content, bytes) else pickle.dumps(content, protocol))
        return path

    return write


def trusted(path, **arguments):
    return load(path, trust_pickle=True, **arguments)


def assert_same(vectors, counts=(9, 7, 1)):
    assert list(vectors.vocabulary.words) == WORDS
    np.testing.assert_array_equal(vectors.matrix, MATRIX)
    found = vectors.vocabulary.counts
    assert (None if found is None else tuple(found.tolist())) == counts


def test_a_pickle_is_refused_unless_it_is_trusted(pickled):
    with pytest.raises(
        FormatError, match=r"a program that can run any code .* --trust-pickle .*save_word2vec"
    ):
        load(pickled({"cat": [1.0]}))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_gensim_saves(keyed, tmp_path, protocol):
    keyed.save(str(tmp_path / "v.kv"), pickle_protocol=protocol)
    assert_same(trusted(tmp_path / "v.kv"))
    assert len(trusted(tmp_path / "v.kv", limit=2)) == 2


def test_arrays_beside_the_pickle(keyed, tmp_path):
    keyed.save(str(tmp_path / "v.kv"), separately=["vectors"])
    assert (tmp_path / "v.kv.vectors.npy").is_file()
    assert_same(trusted(tmp_path / "v.kv"))
    (tmp_path / "v.kv.vectors.npy").unlink()
    with pytest.raises(FormatError, match=r"its vectors in v\.kv\.vectors\.npy beside it, got no such file"):
        trusted(tmp_path / "v.kv")


@pytest.mark.parametrize("separately", [None, ["vectors"]])
@pytest.mark.parametrize("kind", ["Word2Vec", "Doc2Vec"])
def test_models(tmp_path, kind, separately):
    models = pytest.importorskip("gensim.models")
    texts = [["cat", "dog", "cow"] * 4] * 3
    documents = [models.doc2vec.TaggedDocument(text, [row]) for row, text in enumerate(texts)]
    model = getattr(models, kind)(texts if kind == "Word2Vec" else documents, vector_size=4, min_count=1)
    if separately:
        model.wv.save(str(tmp_path / "v.kv"), separately=separately)
        vectors = trusted(tmp_path / "v.kv")
    else:
        model.save(str(tmp_path / "v.model"))
        vectors = trusted(tmp_path / "v.model")
    assert list(vectors.vocabulary.words) == model.wv.index_to_key
    np.testing.assert_array_equal(vectors.matrix, model.wv.vectors)
    assert vectors.vocabulary.counts.tolist() == [12, 12, 12]


def test_large_arrays_of_a_model_lie_beside_it(tmp_path, monkeypatch):
    models = pytest.importorskip("gensim.models")
    model = models.Word2Vec([["cat", "dog", "cow"] * 4] * 3, vector_size=4, min_count=1)
    save = type(model.wv)._save_specials
    monkeypatch.setattr(
        type(model.wv),
        "_save_specials",
        lambda self, fname, separately, *rest: save(self, fname, ["vectors"], *rest),
    )
    model.save(str(tmp_path / "v.model"))
    assert (tmp_path / "v.model.wv.vectors.npy").is_file()
    np.testing.assert_array_equal(trusted(tmp_path / "v.model").matrix, model.wv.vectors)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("names", [("index2word", "syn0"), ("index2entity", "vectors")])
@pytest.mark.parametrize("inside", [False, True])
def test_layouts_of_older_versions(keyed, pickled, protocol, names, inside):
    vocab = pytest.importorskip("gensim.models.keyedvectors").Vocab
    counted = zip(WORDS, (9, 7, 1), strict=True)
    entries = {word: vocab(index=row, count=count) for row, (word, count) in enumerate(counted)}
    vars(keyed).clear()
    vars(keyed).update({names[0]: WORDS, names[1]: MATRIX, "vocab": entries, "vector_size": 2})
    content = keyed
    if inside:
        content = pytest.importorskip("gensim.models").Word2Vec()
        vars(content).clear()
        content.wv = keyed
    assert_same(trusted(pickled(pickle.dumps(content, protocol))))


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("max_n", [5, 0])
def test_fasttext_with_its_subwords(tmp_path, whole, max_n):
    models = pytest.importorskip("gensim.models")
    texts = [["cat", "dog", "épée", "catfish"] * 4] * 3
    model = models.FastText(texts, vector_size=4, min_count=1, bucket=50, min_n=3, max_n=max_n)
    (model if whole else model.wv).save(str(tmp_path / "v"))
    vectors = trusted(tmp_path / "v")
    assert list(vectors.vocabulary.words) == model.wv.index_to_key
    np.testing.assert_allclose(vectors.matrix, model.wv.vectors, rtol=1e-5)
    assert (vectors.subwords is None) == (max_n == 0)
    if max_n:
        np.testing.assert_allclose(vectors["cats"], model.wv["cats"], rtol=1e-5)


def test_fasttext_with_other_hashes_has_no_vectors(tmp_path):
    models = pytest.importorskip("gensim.models")
    model = models.FastText([["cat", "dog"] * 4], vector_size=4, min_count=1, bucket=20)
    model.wv.compatible_hash = False
    model.save(str(tmp_path / "v"))
    with pytest.raises(FormatError, match="expected vectors of words, got none"):
        trusted(tmp_path / "v")


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "content",
    [
        dict(zip(WORDS, MATRIX, strict=True)),
        dict(zip(WORDS, MATRIX.tolist(), strict=True)),
        dict(zip(WORDS, map(tuple, MATRIX.astype(int).tolist()), strict=True)),
        (WORDS, MATRIX),
        (tuple(WORDS), np.asfortranarray(MATRIX, ">f8")),
        [MATRIX.astype("f2"), WORDS],
    ],
)
def test_words_and_vectors_of_no_class(pickled, content, protocol):
    assert_same(trusted(pickled(content, protocol)), None)


class Reduced:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments, state=None):
        self.call = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self):
        return self.call


ran = []


def run(*arguments):
    ran.append(arguments)


GADGETS = {
    "os.system": Reduced(os.system, "exit 1"),
    "eval": Reduced(eval, "__import__('os').abort()"),
    "exec": Reduced(exec, "raise SystemExit"),
    "getattr": Reduced(getattr, "a", "upper"),
    "import": Reduced(builtins.__import__, "antigravity"),
    "open": Reduced(open, "stolen", "w"),
    "a function of ours": Reduced(run, 1),
    "numpy.load": Reduced(np.load, "other.npy"),
    "numpy.fromfile": Reduced(np.fromfile, "/etc/passwd"),
    "numpy.memmap": Reduced(np.memmap, "stolen", "u1", "w+", 0, (9,)),
    "numpy.save": Reduced(np.save, "stolen", 1),
    "memory": Reduced(bytearray, 1 << 40),
    "a range": Reduced(list, Reduced(range, 1 << 40)),
    "the unpickler": Reduced(pickle.loads, b"N."),
    "a module": Reduced(__import__, "sys"),
}


@pytest.mark.parametrize("gadget", GADGETS.values(), ids=GADGETS)
@pytest.mark.parametrize("place", ["alone", "as a word", "as a vector", "in a state"])
def test_no_function_is_called(pickled, tmp_path, monkeypatch, gadget, place):
    monkeypatch.chdir(tmp_path)
    contents = {
        "alone": gadget,
        "as a word": ([gadget], MATRIX[:1]),
        "as a vector": {"cat": gadget},
        "in a state": ([gadget, *WORDS], MATRIX),
    }
    refused = r"which could run code|of something else|of another kind|vectors"
    for protocol in PROTOCOLS:
        path = pickled(contents[place], protocol)
        with pytest.raises(FormatError, match=refused):
            trusted(path)
        assert ran == []
        assert [file.name for file in tmp_path.iterdir()] == ["v.kv"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("nt", "system"),
        ("builtins", "eval"),
        ("__builtin__", "eval"),
        ("__builtin__", "apply"),
        ("builtins", "getattr"),
        ("gensimx.utils", "unpickle"),
        ("numpy", "load"),
        ("numpy", "ndarray.tofile"),
        ("numpy.core.multiarray", "fromfile"),
        ("numpy._core.multiarray", "_reconstruct.__globals__"),
        ("numpy.f2py.diagnose", "run"),
        ("numpy.testing._private.utils", "runstring"),
        ("numpy.distutils.exec_command", "exec_command"),
        ("scipy", "sparse.os.system"),
        ("collections", "namedtuple"),
        ("operator", "attrgetter"),
        ("functools", "partial"),
        ("types", "FunctionType"),
        ("embedkit.vectors.formats.restricted_pickle", "Call"),
    ],
)
@pytest.mark.parametrize("stacked", [False, True])
def test_names_are_refused(pickled, module, name, stacked):
    if stacked:
        parts = b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, name))
        path = pickled(b"\x80\x04" + parts + b"\x93.")
    else:
        path = pickled(b"\x80\x02c" + f"{module}\n{name}\n.".encode())
    with pytest.raises(FormatError, match=r"asks for .*, which could run code"):
        trusted(path)


def test_classes_of_gensim_are_inert(pickled):
    path = pickled(b"\x80\x02cgensim.utils\nunpickle\nX\x05\x00\x00\x00/etc/\x85R.")
    assert type(load_pickle(path)) is Inert
    with pytest.raises(FormatError, match="an object of another kind"):
        trusted(path)


def array_state(shape, kind, data):
    """An array as protocol 2 writes it, with a state of one's own."""
    empty = Reduced(np._core.multiarray._reconstruct, np.ndarray, (0,), b"b")
    empty.call += ((1, shape, kind, False, data),)
    return ["a"], empty


class Kind(Reduced):
    """A type of entries with a state of one's own."""

    def __init__(self, name, state=None):
        super().__init__(np.dtype, name, False, True)
        self.call += (state,) if state else ()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("shape", "kind", "data", "message"),
    [
        ((1 << 40, 1), Kind("f4"), b"1234", "expected an array of other bytes than 4"),
        ((-1, -1), Kind("f4"), b"1234", "expected an array of other bytes than 4"),
        ((1,) * 100, Kind("f4"), b"1234", "expected an array of other bytes than 4"),
        ((1.0, 1), Kind("f4"), b"1234", "expected an array of other bytes than 4"),
        ((1, 1), Kind("f4"), 1 << 40, "expected a matrix of numbers"),
        ((1, 1), Kind("O8"), [Reduced(os.getpid)], "posix.getpid, which could run code"),
        ((1, 1), Kind("O8"), b"12345678", "expected a matrix of numbers"),
        ((1, 1), Kind("V8"), b"12345678", "expected a matrix of numbers"),
        ((1, 1), Kind("f4,O"), b"123456789012", "expected a matrix of numbers"),
        (
            (1, 1),
            Kind("f8", (3, "|", None, ("x",), {"x": (Kind("O8"), 0)}, 8, 1, 27)),
            b"12345678",
            "a matrix",
        ),
        ((1, 1), Kind("f8", (3, "|", (Kind("O8"), (1,)), None, None, 8, 1, 27)), b"12345678", "a matrix"),
        ((1, 1), "f4", b"1234", "expected a matrix of numbers"),
        ((1,), Kind("f4"), b"1234", "expected a matrix of numbers"),
    ],
)
def test_arrays_that_claim_what_they_are_not(pickled, shape, kind, data, message, protocol):
    tracemalloc.start()
    with pytest.raises(FormatError, match=message):
        trusted(pickled(array_state(shape, kind, data), protocol))
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


def test_arrays_of_texts_and_of_structures_are_not_read(pickled):
    for array in (np.array(["a"]), np.zeros(1, "f4,i4"), np.zeros(1, complex), np.array([None])):
        found = load_pickle(pickled({"x": array}))["x"]
        assert type(found) is PickledArray
        assert found.array is None


def long(opcode, count, rest=b""):
    return b"\x80\x04" + opcode + count + rest


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (long(b"\x8e", struct.pack("<Q", 1 << 62), b"abc."), "it is cut off"),
        (long(b"\x8d", struct.pack("<Q", 1 << 33), b"abc."), "it is cut off"),
        (long(b"\x96", struct.pack("<Q", 1 << 40), b"abc."), "it is cut off"),
        (long(b"B", b"\xff\xff\xff\xff", b"abc."), "it is cut off"),
        (long(b"]r", b"\xff\xff\xff\x7f", b"."), "byte 3: it numbers more things than it has made"),
        (long(b"]p", b"99999999\n", b"."), "byte 3: it numbers more things than it has made"),
        (long(b"]p", b"-1\n", b"."), "a whole pickle, got a damaged one"),
        (b"\x80\x04](((.", "pickle, got a damaged one"),
        (b"\x80\x04]\xf0.", "byte 3: got 0xf0, which no pickle has"),
        (b"\x80\x04]" + b"(" * 100_000, "it is cut off"),
        (b"\x80\x04]q\x00h\x01.", "damaged one: Memo value not found"),
        (b"\x80\x04Pevil\n.", "a damaged one"),
        (b"\x80\x04]\x82\x01.", "a damaged one"),
        (b"\x80\x04]cos\n", "it is cut off"),
        (b"\x80\x04].", "expected words and vectors as gensim pickles them, got list"),
        (b"\x80\x04}.", "expected words and vectors as gensim pickles them, got dict"),
        (b"\x80\x04]X\x01\x00\x00\x00a\x85b.", "a damaged one"),
    ],
)
def test_programs_that_are_damaged_or_claim_too_much(pickled, content, message):
    tracemalloc.start()
    with pytest.raises(FormatError, match=message):
        trusted(pickled(content))
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


def test_functions_of_ours_keep_their_state(pickled):
    content = b"\x80\x02ccollections\nOrderedDict\nN}X\x0c\x00\x00\x00__defaults__K\x01\x85s\x86b."
    with pytest.raises(FormatError, match="a function has no state"):
        trusted(pickled(content))
    nested = b"\x80\x02cgensim\nX\n}X\x05\x00\x00\x00stateN\x86b."  # of the class itself
    with pytest.raises(FormatError, match="a damaged one"):
        trusted(pickled(nested))
    assert load_pickle(pickled({})) == {}


def test_deep_nesting_is_read_and_dropped(pickled):
    deep = b"\x80\x04" + b"](" * 200_000 + b"N" + b"e" * 200_000 + b"."
    with pytest.raises(FormatError, match="got list"):
        trusted(pickled(deep))


def test_a_list_that_stands_for_more_than_its_bytes(pickled):
    shared = [1.0] * 1000
    with pytest.raises(FormatError, match="for more words than the file can hold"):
        trusted(pickled({f"w{number}": shared for number in range(2000)}))
    nested = b"\x80\x04](NNe" + b"(22e" * 40 + b"."
    with pytest.raises(FormatError):
        trusted(pickled(nested))


def test_a_pickle_cut_anywhere_is_refused(keyed, tmp_path):
    keyed.save(str(tmp_path / "whole.kv"))
    data = (tmp_path / "whole.kv").read_bytes()
    for length in range(4, len(data), 9):
        (tmp_path / "v.kv").write_bytes(data[:length])
        with pytest.raises(FormatError):
            trusted(tmp_path / "v.kv")


def test_random_damage_gives_documented_errors(keyed, tmp_path):
    keyed.save(str(tmp_path / "whole.kv"))
    data = bytearray((tmp_path / "whole.kv").read_bytes())
    generator = np.random.default_rng(3)
    for _ in range(150):
        damaged = bytearray(data)
        for place in generator.integers(2, len(data), 3).tolist():
            damaged[place] = int(generator.integers(256))
        (tmp_path / "v.kv").write_bytes(damaged)
        with suppress(FormatError):
            trusted(tmp_path / "v.kv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ((["a", "b"], MATRIX), "expected a word for each of 3 vectors, got 2"),
        ((["a", "", "b"], MATRIX), "got an empty one in row 2"),
        ((["a", 3, "b"], MATRIX), "expected a list of words, got list of something else"),
        ((WORDS, MATRIX * np.nan), "NaN or infinity in those of 3 words"),
        ({"a": [1], "b": [1, 2]}, "expected vectors of equal length"),
        ({"a": np.ones((2, 2))}, "expected vectors of equal length"),
        ({3: [1.0]}, "expected a list of words"),
        ({"a": []}, r"expected rows of numbers, got an array of shape \(1, 0\)"),
    ],
)
def test_odd_contents(pickled, content, message):
    with pytest.raises(FormatError, match=message):
        trusted(pickled(content))
