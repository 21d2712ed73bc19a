"""The labeled sentences that ship for Emojify: balanced, apart from one another, and as their card says."""

import re
from collections import Counter
from importlib.resources import files
from typing import NamedTuple

import emoji
import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

FOLDER = files("embedkit_corpora") / "emoji"
CLASSES = [found["emoji"] for found in emoji.emoji_list("❤️😄😂😞😢😡😱😴🤔👍🙏💪🤒🎉🍴☕⚾⚽✈️💼📚🎵🐶🌧️☀️🎂")]
NEAR_DUPLICATE = 0.75  # a Jaccard index of the sets of words above this
NEGATION = r"\b(?:no|not|nobody|nothing|none|never|nor|neither|without|cannot|\w+n't)\b"
PATTERNS = {
    "X, not Y": r", not ",
    "not X but Y": r"\bnot\b.* but ",
    "X instead of Y": r"\binstead of\b",
    "no longer X; not X any more": r"\bno longer\b|\bany ?more\b",
    "used to X, now Y": r"\bused to\b.*\bnow\b",
    "thought X but Y": r"\bthought\b.*\bbut\b",
    "rather X than Y": r"\brather\b.*\bthan\b",
    "first X, then Y": r"\bfirst\b.*\bthen\b",
    "X is over, X is gone": r"\b(?:is|are) (?:over|gone)\b",
    "X turned into Y": r"\bturned (?:in)?to\b",
    "more X than Y": r"\bmore \w+ than\b",
}


class Row(NamedTuple):
    sentence: str
    emoji: str
    part: str


class Pair(NamedTuple):
    sentence: str
    emoji: str
    other: str
    other_emoji: str


def read(name, row):
    header, *lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    assert header.split("\t") == list(row._fields)
    return [row(*line.split("\t")) for line in lines]


def words(sentence):
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", sentence.lower())


def jaccard(ours, theirs):
    """The indices of all sentences of one list with all of another."""
    count = CountVectorizer(analyzer=lambda sentence: set(words(sentence)), dtype=np.int32)
    count.fit([*ours, *theirs])
    a, b = count.transform(ours), count.transform(theirs)
    shared = (a @ b.T).toarray()
    return shared / (a.sum(axis=1).A1[:, None] + b.sum(axis=1).A1 - shared)


def texts(rows, part):
    return [row.sentence for row in rows if row.part == part]


@pytest.fixture(scope="module")
def rows():
    return read("sentences.tsv", Row)


@pytest.fixture(scope="module")
def pairs():
    return read("pairs.tsv", Pair)


@pytest.fixture(scope="module")
def card():
    return (FOLDER / "DATA-CARD.md").read_text(encoding="utf-8")


def test_every_emoji_has_as_many_sentences_as_every_other(rows):
    assert Counter((row.emoji, row.part) for row in rows) == {
        (label, part): size for label in CLASSES for part, size in (("train", 80), ("test", 20))
    }


@pytest.mark.parametrize("label", CLASSES)
def test_emoji_are_fully_qualified(label):
    assert emoji.EMOJI_DATA[label]["status"] == emoji.STATUS["fully_qualified"]


def test_sentences_are_of_3_to_20_words_and_hold_no_emoji(rows):
    assert {len(words(row.sentence)) for row in rows} == set(range(3, 21))
    for row in rows:
        assert row.sentence == row.sentence.strip()
        assert '"' not in row.sentence
        assert row.sentence.isascii()


def test_no_sentence_is_near_another(rows):
    sentences = [row.sentence for row in rows]
    indices = jaccard(sentences, sentences)
    np.fill_diagonal(indices, 0)
    assert indices.max() <= NEAR_DUPLICATE


def test_the_test_sentences_of_an_emoji_begin_differently(rows):
    starts = Counter((row.emoji, *words(row.sentence)[:2]) for row in rows if row.part == "test")
    assert max(starts.values()) <= 3


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_training_sentences_hold_the_patterns_of_the_pairs(rows, pattern):
    labels = [row.emoji for row in rows if row.part == "train" and re.search(pattern, row.sentence.lower())]
    assert len(labels) >= 10
    assert len(set(labels)) >= 10


def test_pairs_hold_the_same_words_and_ask_for_different_emoji(pairs):
    assert len(pairs) == 100
    for pair in pairs:
        assert sorted(words(pair.sentence)) == sorted(words(pair.other))
        assert words(pair.sentence) != words(pair.other)
        assert pair.emoji != pair.other_emoji
        assert {pair.emoji, pair.other_emoji} <= set(CLASSES)


def test_no_pair_is_near_another_or_a_sentence(rows, pairs):
    sentences = [pair.sentence for pair in pairs]
    among = jaccard(sentences, sentences)
    np.fill_diagonal(among, 0)
    assert among.max() <= NEAR_DUPLICATE
    assert jaccard(sentences, [row.sentence for row in rows]).max() <= NEAR_DUPLICATE


def test_the_card_counts_the_emoji(rows, pairs, card):
    sentences = Counter((row.emoji, row.part) for row in rows)
    paired = Counter(label for pair in pairs for label in (pair.emoji, pair.other_emoji))
    table = re.findall(r"^\| (\S+) \| ([^|]+) \| [^|]+ \| (\d+) \| (\d+) \| (\d+) \|$", card, re.MULTILINE)
    assert table == [
        (
            label,
            emoji.demojize(label).strip(":").replace("_", " "),
            str(sentences[label, "train"]),
            str(sentences[label, "test"]),
            str(paired[label]),
        )
        for label in CLASSES
    ]
    assert f"\n{len(rows):,} everyday English sentences" in card
    assert f"one of {len(CLASSES)}; and {len(pairs)} pairs of sentences" in card


def test_the_card_counts_negations_and_words(rows, pairs, card):
    negated = {
        part: sum(bool(re.search(NEGATION, sentence.lower())) for sentence in texts(rows, part))
        for part in ("train", "test")
    }
    shares = {part: f"{count / len(texts(rows, part)):.1%}"[:-1] for part, count in negated.items()}
    assert (
        f": {negated['train']} training sentences ({shares['train']} %) and {negated['test']} test "
        f"sentences ({shares['test']} %)." in card
    )
    lengths = {part: [len(words(sentence)) for sentence in texts(rows, part)] for part in negated}
    lengths["pairs"] = [len(words(pair.sentence)) for pair in pairs]
    said = [f"{min(of)} to {max(of)} words, median {np.median(of):g} in the" for of in lengths.values()]
    assert all(text in card for text in said)
    assert f"{len({word for row in rows for word in words(row.sentence)}):,} different words" in card


@pytest.mark.parametrize(("name", "pattern"), PATTERNS.items())
def test_the_card_counts_the_patterns(rows, card, name, pattern):
    labels = [row.emoji for row in rows if row.part == "train" and re.search(pattern, row.sentence.lower())]
    assert f"| {name} | {len(labels)} | {len(set(labels))} |" in card
