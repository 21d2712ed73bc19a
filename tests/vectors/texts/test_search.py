import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Embeddings, InputError, search_texts
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.search import TextMatch, rank_items

WORDS = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "northeast": (1, 1)}
VECTORS = Embeddings.from_dict(WORDS)


def test_the_most_similar_texts_come_first_and_of_equal_ones_the_first():
    texts = ["south", "northeast", "unknown", "north", "", "north east", "the north"]
    found = search_texts(VECTORS, "north", iter(texts), top=4, weights="mean")
    assert [(match.number, match.text) for match in found] == [
        (3, "north"),
        (6, "the north"),
        (1, "northeast"),
        (5, "north east"),
    ]
    assert [match.score for match in found] == pytest.approx([1, 1, 2**-0.5, 2**-0.5])


def test_texts_without_known_words_are_counted_and_never_found():
    items = enumerate(["unknown", "south", ""])
    ranked = rank_items(VECTORS, "north", items, lambda item: item[1], 5, EncodingParameters(weights="mean"))
    assert (ranked.best, ranked.searched, ranked.unknown) == ([(-1.0, (1, "south"))], 3, 2)


@given(st.lists(st.sampled_from([*WORDS, "north east", "x"]), max_size=40), st.integers(1, 5))
def test_blocks_do_not_matter(texts, top):
    encoded = VECTORS.encode([*texts, "north"], "mean")
    lengths = np.linalg.norm(encoded, axis=1)
    cosines = encoded[:-1] @ encoded[-1] / np.where(lengths[:-1] > 0, lengths[:-1], 1)
    known = [number for number, text in enumerate(texts) if text != "x"]
    expected = sorted(known, key=lambda number: (-round(float(cosines[number]), 5), number))[:top]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("embedkit.text.pipeline.batches.BATCH", 20)
        patch.setattr("embedkit.vectors.texts.encoder.BLOCK", 3)
        found = search_texts(VECTORS, "north", texts, top, weights="mean")
    assert [match.number for match in found] == expected


def test_components_are_learned_from_the_texts_and_taken_out_of_the_query():
    vectors = Embeddings([[9.0, 1, 0], [9, 0, 1], [9, -1, 0], [9, 0.8, 0.2]], ["a", "b", "c", "d"])
    plain = search_texts(vectors, "a", ["b", "c", "d"], weights="mean")
    without = search_texts(vectors, "a", ["b", "c", "d"], weights="mean", components=1)
    assert min(match.score for match in plain) > 0.97
    assert [match.text for match in without] == ["d", "b", "c"]
    assert without[2].score < 0


def test_no_text_is_no_answer():
    assert search_texts(VECTORS, "north", []) == []


@pytest.mark.parametrize(
    ("query", "top", "message"),
    [
        ("nowhere", 1, "no word of the query 'nowhere' has a vector"),
        ("north", 0, "expected top to be a whole number of at least 1, got 0"),
    ],
)
def test_what_cannot_be_asked(query, top, message):
    with pytest.raises(InputError, match=message):
        search_texts(VECTORS, query, ["south"], top)


def test_a_match_unpacks():
    assert TextMatch(0, "north", 1.0) == (0, "north", 1.0)
