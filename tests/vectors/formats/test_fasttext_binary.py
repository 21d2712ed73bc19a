"""Models of fastText and floret, beside the programs themselves, on tiny ones that they train here."""

import gzip
import struct
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, load
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.floret import FloretSubwords

TEXT = "the cat sat on the mat\nthe dog sat on the log\nnaïve façade тест 😀 cats dogs\n" * 4
UNKNOWN = ["unseen", "a", "ab", "éèê€", "", "😀😀", "x" * 60, "New York"]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def trained(package, text, path, **options):
    """A model that a program trains, and the vectors that we read of it."""
    module = pytest.importorskip(package)
    usual = {"dim": 6, "bucket": 50, "minCount": 1, "epoch": 1, "thread": 1, "verbose": 0}
    model = module.train_unsupervised(str(text), **{**usual, **options})
    model.save_model(str(path))
    return model, load(path)


def trained_supervised(text, **options):
    """A supervised model; fastText's own training ends in NaN now and then, in some builds always."""
    fasttext = pytest.importorskip("fasttext")
    for _ in range(20):
        with suppress(RuntimeError):
            return fasttext.train_supervised(str(text), **options)
    return pytest.skip("this build of fastText trains no supervised model")


def assert_same(model, vectors, words):
    for word in words:
        np.testing.assert_array_equal(vectors[word], model.get_word_vector(word), err_msg=repr(word))


OPTIONS = {
    "usual": {},
    "one character": {"minn": 1, "maxn": 2},
    "no shortest": {"minn": 0, "maxn": 3, "model": "cbow"},
    "one dimension": {"dim": 1, "loss": "hs"},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_words_and_unknown_words_have_the_vectors_of_fasttext(text, tmp_path, options):
    model, vectors = trained("fasttext", text, tmp_path / "v.bin", **options)
    assert list(vectors) == model.words
    assert vectors.vocabulary.counts.tolist() == model.get_words(include_freq=True)[1].tolist()
    assert_same(model, vectors, [*vectors, *UNKNOWN])


def test_words_alone(text, tmp_path):
    model, vectors = trained("fasttext", text, tmp_path / "v.bin", maxn=0)
    assert vectors.subwords is None
    assert_same(model, vectors, vectors)


@pytest.mark.parametrize(("model", "loss"), [("skipgram", "ns"), ("cbow", "ns"), ("skipgram", "softmax")])
def test_output_vectors_are_those_of_fasttext(text, tmp_path, model, loss):
    made, vectors = trained("fasttext", text, tmp_path / "v.bin", model=model, loss=loss, t=1)
    np.testing.assert_array_equal(vectors.output_vectors, made.get_output_matrix())
    some = Embeddings.load(tmp_path / "v.bin", limit=3)
    np.testing.assert_array_equal(some.output_vectors, made.get_output_matrix()[:3])
    vectors.save(tmp_path / "again.bin", "fasttext")
    np.testing.assert_array_equal(load(tmp_path / "again.bin").output_vectors, made.get_output_matrix())


def test_nodes_of_a_tree_and_matrices_of_zeros_are_no_output_vectors(text, tmp_path):
    _, vectors = trained("fasttext", text, tmp_path / "v.bin", loss="hs")
    assert not vectors.has_output_vectors
    vectors.save(tmp_path / "again.bin", "fasttext")
    assert not load(tmp_path / "again.bin").has_output_vectors


def test_output_vectors_outlive_the_copy_that_they_are_read_from(text, tmp_path):
    made, _ = trained("fasttext", text, tmp_path / "v.bin", t=1)
    with zipfile.ZipFile(tmp_path / "v.zip", "w") as archive:
        archive.write(tmp_path / "v.bin", "v.bin")
    np.testing.assert_array_equal(load(tmp_path / "v.zip").output_vectors, made.get_output_matrix())


FLORET = {
    "usual": {},
    "four rows": {"hashCount": 4, "minn": 1},
    "fasttext mode": {"mode": "fasttext"},
}


@pytest.mark.parametrize("options", FLORET.values(), ids=FLORET)
def test_words_and_unknown_words_have_the_vectors_of_floret(text, tmp_path, options):
    options = {"mode": "floret", "hashCount": 2, **options}
    model, vectors = trained("floret", text, tmp_path / "v.bin", **options)
    assert vectors.subwords.kind == options["mode"]
    assert_same(model, vectors, [*vectors, *UNKNOWN])


def test_the_first_words_alone(text, tmp_path):
    model, _ = trained("fasttext", text, tmp_path / "v.bin")
    vectors = load(tmp_path / "v.bin").subset(3), Embeddings.load(tmp_path / "v.bin", limit=3)
    for some in vectors:
        assert list(some) == model.words[:3]
        assert_same(model, some, [*some, *UNKNOWN])


def test_labels_of_a_supervised_model_are_no_words(tmp_path):
    text = tmp_path / "labeled.txt"
    text.write_text("__label__a the cat sat\n__label__b a dog ran\n" * 3)
    model = trained_supervised(text, dim=4, epoch=1, thread=1, minn=2, maxn=3, bucket=40, verbose=0)
    model.save_model(str(tmp_path / "v.bin"))
    vectors = load(tmp_path / "v.bin")
    assert list(vectors) == model.words
    assert_same(model, vectors, [*vectors, *UNKNOWN])


@pytest.fixture(scope="module")
def quantized(tmp_path_factory):
    """A supervised model of 300 words that fastText has quantized and cut down."""
    folder = tmp_path_factory.mktemp("quantized")
    words = [f"w{number}x{number * 7919 % 1000}" for number in range(300)]
    (folder / "text.txt").write_text("".join(f"__label__{n % 2} {w}\n" for n, w in enumerate(words)))
    options = {"dim": 5, "epoch": 1, "thread": 1, "minn": 2, "maxn": 3, "bucket": 1000, "verbose": 0}
    models = {}
    for name, settings in {
        "whole": {},
        "cut": {"cutoff": 500},
        "norms": {"qnorm": True, "cutoff": 400},
    }.items():
        model = trained_supervised(folder / "text.txt", **options)
        model.quantize(input=str(folder / "text.txt"), **settings)
        model.save_model(str(folder / f"{name}.ftz"))
        models[name] = model, folder / f"{name}.ftz"
    return models


@pytest.mark.parametrize("name", ["whole", "cut", "norms"])
def test_quantized_models_have_the_vectors_of_fasttext(quantized, name):
    model, path = quantized[name]
    vectors = load(path)
    assert list(vectors) == model.words
    for word in [*vectors, *UNKNOWN]:
        expected = model.get_word_vector(word)  # products may be added with or without rounding between
        np.testing.assert_allclose(vectors[word], expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["whole", "cut", "norms"])
def test_quantized_models_are_written_as_they_were(quantized, name, tmp_path):
    vectors = load(quantized[name][1])
    vectors.save(tmp_path / "again.ftz")
    again = load(tmp_path / "again.ftz")
    nearly = 5e-4 if name == "norms" else 1e-8  # a length and the parts may fit together in several ways
    np.testing.assert_allclose(again.matrix, vectors.matrix, rtol=1e-4, atol=nearly)
    np.testing.assert_array_equal(again.rows(UNKNOWN), vectors.rows(UNKNOWN))
    read = pytest.importorskip("fasttext").load_model(str(tmp_path / "again.ftz"))
    for word in [*again, *UNKNOWN]:
        np.testing.assert_allclose(read.get_word_vector(word), again[word], rtol=1e-6, atol=1e-8)
    if name != "whole":
        with pytest.raises(InputError, match="of which some were left out"):
            vectors.save(tmp_path / "v.bin", "fasttext")


def test_a_compressed_model_is_read(text, tmp_path):
    model, _ = trained("fasttext", text, tmp_path / "v.bin")
    (tmp_path / "v.bin.gz").write_bytes(gzip.compress((tmp_path / "v.bin").read_bytes()))
    assert_same(model, load(tmp_path / "v.bin.gz"), [*model.words, *UNKNOWN])


@pytest.mark.parametrize("package", ["fasttext", "floret"])
def test_what_is_written_again_is_the_same_to_both(text, tmp_path, package):
    options = {"mode": "floret", "hashCount": 2} if package == "floret" else {}
    model, vectors = trained(package, text, tmp_path / "v.bin", **options)
    vectors.save(tmp_path / "again.bin", "fasttext")
    again = load(tmp_path / "again.bin")
    np.testing.assert_array_equal(again.matrix, vectors.matrix)
    np.testing.assert_array_equal(again.vocabulary.counts, vectors.vocabulary.counts)
    assert again.metadata == vectors.metadata
    read = pytest.importorskip(package).load_model(str(tmp_path / "again.bin"))
    assert read.words == model.words
    assert_same(read, vectors, [*vectors, *UNKNOWN])


@pytest.fixture
def made():
    """Vectors that no fastText trained, with subwords of its kind."""
    rng = np.random.default_rng(1)
    subwords = FastTextSubwords(rng.normal(size=(20, 4)).astype(np.float32), 2, 3, 20)
    return Embeddings(rng.normal(size=(3, 4)), ["cat", "New York", "тест"], subwords=subwords)


def test_vectors_made_elsewhere_are_read_by_fasttext(made, tmp_path):
    made.save(tmp_path / "v.bin", "fasttext")
    model = pytest.importorskip("fasttext").load_model(str(tmp_path / "v.bin"))
    again = load(tmp_path / "v.bin")
    np.testing.assert_allclose(again.matrix, made.matrix, atol=1e-7)  # sums of float32 are not any number
    assert_same(model, again, [*made, *UNKNOWN])
    assert_same(model, made, [word for word in UNKNOWN if word not in made])


def test_vectors_made_elsewhere_are_quantized(tmp_path):
    rng = np.random.default_rng(1)
    subwords = FastTextSubwords(rng.normal(size=(600, 3)).astype(np.float32), 2, 3, 600)
    words = [f"w{n}" for n in range(9)]
    matrix = subwords.means(PackedWords.of(words), rng.normal(size=(9, 3)).astype(np.float32))
    made = Embeddings(matrix, words, subwords=subwords)
    made.save(tmp_path / "v.ftz")
    assert (tmp_path / "v.ftz").stat().st_size < 600 * 3 * 4
    again = load(tmp_path / "v.ftz")
    model = pytest.importorskip("fasttext").load_model(str(tmp_path / "v.ftz"))
    for word in [*made, *UNKNOWN]:
        np.testing.assert_allclose(model.get_word_vector(word), again[word], rtol=1e-5, atol=1e-7)
        assert np.linalg.norm(again[word] - made[word]) < 0.35 * np.linalg.norm(made[word]) + 0.1


def test_vectors_made_elsewhere_are_read_by_gensim(made, tmp_path):
    made.save(tmp_path / "v.bin", "fasttext")
    read = pytest.importorskip("gensim.models.fasttext").load_facebook_vectors(tmp_path / "v.bin")
    for word in [*made, "unseen", "ab"]:
        np.testing.assert_allclose(read[word], made[word], atol=1e-5)


def test_vectors_without_subwords_are_written(tmp_path):
    vectors = Embeddings([[1, 2], [3, 4]], ["a", "b"])
    vectors.save(tmp_path / "v.bin", "fasttext")
    again = load(tmp_path / "v.bin")
    assert again.subwords is None
    np.testing.assert_array_equal(again.matrix, vectors.matrix)


def test_what_a_model_cannot_hold_is_refused(made, tmp_path):
    with pytest.raises(InputError, match="cannot hold the word"):
        Embeddings([[1]], ["a\0b"]).save(tmp_path / "v.bin", "fasttext")
    floret = FloretSubwords(np.ones((5, 1), np.float32), 2, 3, 1, 2166136261)
    with pytest.raises(InputError, match="another vector of 'b' than that of its n-grams"):
        Embeddings([[9], [9]], ["a", "b"], subwords=floret).save(tmp_path / "v.bin", "fasttext")
    vectors = Embeddings([[1]], ["a"], subwords=FloretSubwords(np.ones((5, 1), np.float32), 2, 3, 1, 3))
    with pytest.raises(InputError, match="seed 2166136261, got 3"):
        vectors.save(tmp_path / "v.bin", "fasttext")
    assert not (tmp_path / "v.bin").exists()


def test_a_file_cut_anywhere_is_one_error(made, tmp_path):
    made.save(tmp_path / "v.bin", "fasttext")
    content = (tmp_path / "v.bin").read_bytes()
    for size in [*range(1, 200), *range(200, len(content), 7)]:
        (tmp_path / "w").write_bytes(content[:size])
        with pytest.raises(FormatError, match=r"cut off|expected vectors in"):
            load(tmp_path / "w")
    (tmp_path / "w").write_bytes(content + b"\0")
    with pytest.raises(FormatError, match="expected the file to end at byte"):
        load(tmp_path / "w")


PLACES = {  # of numbers in a file with a header of 8 bytes: layout, place, absurd value, what is told
    "dimensions": ("<i", 8, 1 << 30, "expected the arguments of a fastText model"),
    "version": ("<i", 4, 99, "version 11 or 12, got 99"),
    "words": ("<2i", 64, ((1 << 30), (1 << 30)), "a dictionary of 1,073,741,824 words"),
    "kept n-grams": ("<q", 84, 1 << 60, "n-grams that were kept"),
    "rows": ("<q", 84 + 8 + 3 * 10 + 3 + 8 + 8 + 1, 1 << 40, "input matrix of 1,099,511,627,776 x 4"),
}


@pytest.mark.parametrize(("layout", "place", "value", "message"), PLACES.values(), ids=PLACES)
def test_numbers_that_lie_cost_no_memory(made, tmp_path, layout, place, value, message):
    made.save(tmp_path / "v.bin", "fasttext")
    content = bytearray((tmp_path / "v.bin").read_bytes())
    struct.pack_into(layout, content, place, *(value if isinstance(value, tuple) else (value,)))
    (tmp_path / "v.bin").write_bytes(content)
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "v.bin")


def test_rows_that_are_not_finite_are_told_when_they_are_used(made, tmp_path):
    table = np.full((20, 4), np.nan, np.float32)
    vectors = Embeddings(made.matrix, made.vocabulary, subwords=FastTextSubwords(table, 2, 3, 20))
    with pytest.raises(InputError, match="NaN or infinity in that of 'unseen'"):
        vectors["unseen"]


def test_words_that_are_not_utf8(made, tmp_path):
    made.save(tmp_path / "v.bin", "fasttext")
    content = (tmp_path / "v.bin").read_bytes()
    content = content.replace(b"New York\0", b"\xff\xff\xff\xff\xff\xff\xff\xff\0")
    (tmp_path / "v.bin").write_bytes(content)
    with pytest.warns(UserWarning, match="not UTF-8"):
        vectors = load(tmp_path / "v.bin")
    assert vectors.vocabulary.words == ("cat", "\ufffd" * 8, "тест")
    np.testing.assert_array_equal(vectors["cat"], made["cat"])
