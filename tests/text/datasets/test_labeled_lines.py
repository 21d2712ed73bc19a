"""Lines with fastText's labels, as labeled texts and as texts."""

import pytest

from embedkit.text.corpus.corpus import Corpus
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_named_texts, read_texts
from embedkit.text.label_words import split_labels, without_labels
from embedkit.text.reading.lines import read_lines

LINES = "__label__a good film __label__b\n\nbad __label__c film\r\n__label__a\n my__label__x\tfilm  so \n"
TEXTS = ["good film ", "bad film", "", " my__label__x\tfilm  so "]


def test_labels_may_stand_anywhere_in_a_line(write):
    data = read_labeled(write("a.txt", "__label__a good __label__b film __label__a\nbad film __label__c\n"))
    assert (data.texts, data.labels) == (["good film", "bad film"], [("a", "b"), ("c",)])
    data = read_labeled(write("b.txt", "good film __label__a\n__label__c bad film\n"))
    assert (data.texts, data.labels) == (["good film", "bad film"], ["a", "c"])


def test_labels_are_no_part_of_texts(write):
    path = write("a.txt", LINES)
    assert list(read_texts(path)) == TEXTS
    assert list(read_named_texts(path)) == TEXTS
    assert list(read_texts(write("b.txt", "DESC how so\nNUM two\n"), label_first=True)) == ["how so", "two"]


def test_labels_are_no_words_of_a_corpus(write, tmp_path):
    path = write("a.txt", "__label__a good film __label__b\n\nbad __label__c film\r\n__label__a\n")
    corpus = Corpus.encode(path, tmp_path / "a.corpus")
    assert (set(corpus.vocabulary), corpus.words, corpus.documents) == ({"good", "film", "bad"}, 4, 2)
    assert list(read_lines(path)) == ["good film ", "bad film"]


@pytest.mark.parametrize(
    ("line", "text", "labels"),
    [
        ("__label__a __label__b fine  film\n", "fine  film", ["a", "b"]),
        ("fine __label__a\tfilm __label__b", "fine film", ["a", "b"]),
        ("__label__ fine", "fine", [""]),
        ("fine x__label__a", "fine x__label__a", []),
    ],
)
def test_labels_are_split_from_a_line(line, text, labels):
    assert split_labels(line) == (text, labels)
    assert without_labels(f"one\n{line}").startswith("one\n")
