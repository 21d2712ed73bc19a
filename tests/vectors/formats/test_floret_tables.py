"""floret's tables, and spaCy's folders of them, beside floret and spaCy."""

import numpy as np
import pytest

from embedkit import FormatError, load

TEXT = "the cat sat on the mat\nthe dog sat on the log\nnaïve façade тест 😀 cats dogs\n" * 4
UNKNOWN = ["unseen", "ab", "éèê€", "😀😀", "x" * 60]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A model of floret, and the table that it writes, with the words beside it."""
    floret = pytest.importorskip("floret")
    folder = tmp_path_factory.mktemp("floret")
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    options = {"dim": 5, "bucket": 40, "minCount": 1, "epoch": 1, "thread": 1, "verbose": 0}
    model = floret.train_unsupervised(
        str(folder / "text.txt"), mode="floret", hashCount=2, minn=2, maxn=4, **options
    )
    model.save_floret_vectors(str(folder / "v.floret"))
    model.save_vectors(str(folder / "v.vec"))
    return model, folder / "v.floret"


def test_a_table_has_the_vectors_of_floret(table):
    model, path = table
    vectors = load(path)
    assert list(vectors) == model.words
    assert not vectors["</s>"].any()  # a row of its own, which the table lacks
    for word in [*model.words[1:], *UNKNOWN]:
        np.testing.assert_allclose(vectors[word], model.get_word_vector(word), rtol=1e-3, atol=1e-5)


def test_words_of_a_list(table, tmp_path):
    (tmp_path / "v.floret").write_bytes(table[1].read_bytes())
    with pytest.raises(FormatError, match="expected its words, one a line, in a file beside it"):
        load(tmp_path / "v.floret")
    (tmp_path / "v.words.txt").write_text("cat\nunheard\n")
    assert list(load(tmp_path / "v.floret")) == ["cat", "unheard"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[: len(text) // 2].rpartition("\n")[0] + "\n", "expected 40 rows"),
        (lambda text: text.replace("\n7 ", "\n9 "), "numbered from 0"),
        (lambda text: text.replace("< >", "[ ]"), 'words between "<" and ">"'),
        (lambda text: text.replace("40 5 2 4", "40 5 2 9999"), "expected settings of a table"),
    ],
)
def test_damaged_tables_are_refused(table, tmp_path, change, message):
    (tmp_path / "v.words.txt").write_text("cat\n")
    (tmp_path / "v.floret").write_text(change(table[1].read_text()))
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "v.floret")


def test_a_folder_of_spacy_in_floret_mode(tmp_path):
    spacy = pytest.importorskip("spacy")
    rows = np.random.default_rng(1).normal(size=(30, 4)).astype(np.float32)
    vocab = spacy.vocab.Vocab(strings=["cat", "тест"])
    vocab.vectors = spacy.vectors.Vectors(
        strings=vocab.strings, data=rows, mode="floret", minn=2, maxn=4, hash_count=2, hash_seed=2166136261
    )
    vocab.to_disk(tmp_path / "vocab")
    vectors = load(tmp_path / "vocab")
    assert {"cat", "тест"} <= set(vectors)
    for word in ["cat", "тест", "unseen", "ab"]:
        np.testing.assert_allclose(vectors[word], vocab[word].vector, rtol=1e-5, atol=1e-6)
