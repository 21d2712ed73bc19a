"""Texts on a page: labels, mistakes, and the words that decided."""

import pytest

import embedkit
from embedkit import InputError, explore_texts
from embedkit.explorer.opening import open_texts

TEXTS = ["a wonderful film", "a terrible bore", "dull and terrible", "wonderful , wonderful"]
LABELS = ["positive", "negative", "positive", "positive"]


@pytest.fixture(scope="module")
def vectors():
    return embedkit.load().subset(20_000)


@pytest.fixture(scope="module")
def sentiment():
    return embedkit.load_predictor("sentiment")


def test_mistakes_are_texts_whose_label_is_another(vectors, sentiment):
    parts = explore_texts(TEXTS, vectors, LABELS, sentiment).parts
    assert parts.facts["labels"]["names"] == ["negative", "positive"]
    assert parts.arrays["labels"].tolist() == [1, 0, 1, 1]
    assert parts.arrays["predicted"].tolist() == [1, 0, 0, 1]
    assert parts.arrays["mistakes"].tolist() == [0, 0, 1, 0]
    assert parts.facts["accuracy"] == 0.75
    probabilities = sentiment.predict_proba(TEXTS).max(axis=1)
    assert parts.arrays["probability"] == pytest.approx(probabilities, abs=1e-6)


def test_labels_that_the_model_does_not_know_are_no_mistakes(vectors, sentiment):
    parts = explore_texts(TEXTS, vectors, ["1", "0", "1", "1"], sentiment).parts
    assert "mistakes" not in parts.arrays
    assert parts.facts["labels"]["names"] == ["0", "1", "negative", "positive"]


def test_words_that_decided_are_told_with_their_places(vectors, sentiment):
    shown = explore_texts(TEXTS, vectors, LABELS, sentiment)
    effects = shown.explanation(1)
    assert [TEXTS[1][begin:end] for begin, end, _ in effects] == ["a", "terrible", "bore"]
    assert max(effects, key=lambda word: word[2])[:2] == [2, 10]
    assert shown.explanation(99) == []
    explained = shown.explained().parts.arrays["explanations"]
    assert list(explained) == ["2", "0", "1", "3"]
    assert explained["1"] == effects


def test_long_texts_are_cut_and_beginnings_name_points(vectors):
    shown = explore_texts(["snow " * 300_000, "line\nend\tand   blanks"], vectors).parts
    assert len(shown.arrays["texts"][0]) == shown.facts["a"]["cut"]
    assert shown.arrays["words"][1] == "line end and blanks"
    assert max(map(len, shown.arrays["words"])) <= 60


def test_more_texts_than_are_shown_are_drawn_in_their_order(vectors):
    texts = [f"snow number {place}" for place in range(50)]
    shown = explore_texts(texts, vectors, list(map(str, range(50))), most=10)
    names = shown.parts.facts["labels"]["names"]
    kept = [names[kind] for kind in shown.parts.arrays["labels"]]
    assert len(kept) == 10
    assert shown.parts.arrays["texts"] == [f"snow number {label}" for label in kept]
    assert kept == sorted(kept, key=int)
    assert shown.parts.facts["total"] == 50


def test_several_labels_of_a_text_are_one(vectors):
    parts = explore_texts(TEXTS[:2], vectors, [("b", "a"), ()]).parts
    assert parts.facts["labels"]["names"] == ["(none)", "a, b"]


def test_texts_without_known_words_are_counted_or_refused(vectors):
    assert explore_texts(["snow", "qqqzzz"], vectors).parts.facts["a"]["unknown"] == 1
    with pytest.raises(InputError, match="no text has a word"):
        explore_texts(["qqqzzz"], vectors)
    with pytest.raises(InputError, match="expected texts, got none"):
        explore_texts([], vectors)


def test_clusters_are_named_after_words(vectors):
    made = explore_texts([*TEXTS, "rain and snow", "a storm"], vectors)
    names = made.with_parts(made.clusters()).parts.facts["clusters"]["names"]
    assert all(set(name.split(", ")) <= {*vectors.vocabulary.words} for name in names)


def test_files_with_and_without_labels(tmp_path):
    labeled = tmp_path / "labeled.tsv"
    labeled.write_text("text\tlabel\nsnow falls\tweather\ncats purr\tanimals\nrain\tweather\ndogs\tanimals\n")
    shown = open_texts(labeled, None, None, {}, most=10)
    assert shown.parts.facts["labels"]["names"] == ["animals", "weather"]
    plain = tmp_path / "plain.txt"
    plain.write_text("snow falls\n\ncats purr\n")
    shown = open_texts(plain, None, None, {}, most=10)
    assert shown.parts.facts["labels"]["names"] == []
    assert "labels" not in shown.parts.arrays
    with pytest.raises(InputError, match="No such file"):
        open_texts(tmp_path / "missing.txt", None, None, {}, most=10)


def test_a_page_of_texts_keeps_to_its_size(vectors):
    texts = [f"snow {place} " + "falls " * (place % 40) for place in range(2000)]
    largest = 700_000
    shown = explore_texts(texts, vectors, largest=largest)
    assert 0.8 * largest < len(shown.html()) < largest
    assert shown.parts.facts["a"]["size"] < 96
