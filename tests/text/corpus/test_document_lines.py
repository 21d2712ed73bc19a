"""Which line each document of a corpus was, whatever the blocks and the sources."""

import pytest

from embedkit import Corpus
from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.document_lines import DocumentLines

FIRST, SECOND = "a cat\n\n!!\na dog\n" + "so many words " * 20 + "\nthe end", "...\nanother one\n"


@pytest.mark.parametrize("block_bytes", [8, 40, 1 << 20])
@pytest.mark.parametrize("workers", [1, 2])
def test_lines_of_documents_in_all_blocks(tmp_path, block_bytes, workers):
    for name, text in (("a.txt", FIRST), ("b.txt", SECOND), ("empty.txt", "")):
        (tmp_path / name).write_text(text)
    names = [str(tmp_path / name) for name in ("a.txt", "empty.txt", "b.txt")]
    lines = DocumentLines()
    encode_text(names, tmp_path / "corpus", block_bytes=block_bytes, workers=workers, lines=lines)
    sources, numbers = lines.places()
    found = [(lines.names[source][-5:], number) for source, number in zip(sources, numbers, strict=True)]
    assert found == [("a.txt", 1), ("a.txt", 4), ("a.txt", 5), ("a.txt", 6), ("b.txt", 2)]
    corpus = Corpus.open(tmp_path / "corpus")
    words = corpus.vocabulary.words
    assert [words[ids[0]] for ids in corpus] == ["a", "a", "so", "the", "another"]
    assert not list((tmp_path / "corpus").glob("*.lines.npy"))


def test_the_corpus_is_the_one_without_lines(tmp_path):
    (tmp_path / "a.txt").write_text(FIRST)
    encode_text(tmp_path / "a.txt", tmp_path / "told", lines=DocumentLines())
    encode_text(tmp_path / "a.txt", tmp_path / "plain")
    assert Corpus.open(tmp_path / "told").fingerprint == Corpus.open(tmp_path / "plain").fingerprint
