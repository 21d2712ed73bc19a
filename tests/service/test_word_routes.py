import math

import numpy as np
import pytest

HALF = round(1 / math.sqrt(2), 6)


def test_neighbors_are_those_of_the_vectors(service, vectors):
    answer = service.post("/neighbors", words=["king", "king - man + woman"], top=2)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert found["vectors"] == "small"
    assert [result["query"] for result in found["results"]] == ["king", "king - man + woman"]
    for result in found["results"]:
        expected = vectors.neighbors(result["query"], 2)
        assert [answer["word"] for answer in result["answers"]] == [word for word, _ in expected]
        assert [answer["score"] for answer in result["answers"]] == pytest.approx(
            [score for _, score in expected], abs=1e-6
        )


def test_many_requests_at_once_get_each_its_own_answers(service, vectors):
    words = [*vectors] * 20
    asked = [("POST", "/neighbors", {"json": {"words": [word], "top": 1}}) for word in words]
    found = [answer.json()["results"][0] for answer in service.ask_all(asked)]
    assert [result["found"] for result in found] == words
    assert [result["answers"][0]["word"] for result in found] == [
        vectors.neighbors(word, 1)[0].word for word in words
    ]


def test_many_and_long_sums_are_answered_like_few(service, vectors):
    long = " + ".join(["king", "man"] * 90)
    words = [long, *[*vectors] * 150]
    results = service.post("/neighbors", words=words, top=5).json()["results"]
    assert [result["found"] for result in results] == words
    expected = vectors.neighbors_many(words, 5)
    assert [[answer["word"] for answer in result["answers"]] for result in results] == [
        [answer.word for answer in answers] for answers in expected
    ]


def test_analogy(service):
    answer = service.post("/analogy", questions=[["man", "woman", "king"]], top=1).json()
    assert answer["results"][0]["answers"][0]["word"] == "queen"


def test_similarity_of_words_sums_and_texts(service):
    pairs = [["man", "king"], ["queen - king", "woman - man"], ["the man", "a king"]]
    answer = service.post("/similarity", pairs=pairs).json()
    assert answer["measure"] == "cosine"
    assert [result["score"] for result in answer["results"]] == [HALF, 1.0, HALF]


def test_distances_are_zero_for_the_same(service):
    answer = service.post("/similarity", pairs=[["man", "man"], ["crown", "man"]], measure="euclidean").json()
    assert [result["score"] for result in answer["results"]] == [0.0, round(math.sqrt(2), 6)]


def test_vectors_are_written_as_short_as_they_can_be(service, vectors):
    answer = service.post("/vector", words=["child", "queen - king"], normalize=True)
    assert str(np.float32(2 / math.sqrt(5))) in answer.text
    rows = [result["vector"] for result in answer.json()["results"]]
    assert np.float32(rows[0]).tolist() == np.float32(vectors["child"] / np.float32(math.sqrt(5))).tolist()
    assert rows[1] == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("path", "question", "pointer"),
    [
        ("/neighbors", {"words": ["king", "kking"]}, "#/words/1"),
        ("/analogy", {"questions": [["man", "kking", "king"]]}, "#/questions/0/1"),
        ("/similarity", {"pairs": [["man", "king"], ["kking", "man"]]}, "#/pairs/1/0"),
        ("/vector", {"words": ["kking"]}, "#/words/0"),
    ],
)
def test_an_unknown_word_is_told_with_its_place_and_close_spellings(service, path, question, pointer):
    answer = service.post(path, **question)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "/docs#unknown-word"
    assert problem["status"] == 404
    assert "did you mean 'king'" in problem["detail"]
    assert [(entry["pointer"], entry["word"], entry["suggestions"]) for entry in problem["errors"]] == [
        (pointer, "kking", ["king"])
    ]


def test_unknown_words_may_be_skipped(service):
    answer = service.post("/neighbors", words=["kking", "king"], top=1, skip_unknown=True)
    assert answer.status_code == 200
    first, second = answer.json()["results"]
    assert (first["found"], first["answers"], first["error"]["suggestions"]) == (None, [], ["king"])
    assert second["found"] == "king"
    assert len(second["answers"]) == 1


def test_a_pair_with_an_unknown_word_has_no_score(service):
    answer = service.post("/similarity", pairs=[["man", "kking"], ["man", "king"]], skip_unknown=True).json()
    assert [result["score"] for result in answer["results"]] == [None, HALF]
    assert answer["results"][0]["error"]["pointer"] == "#/pairs/0/1"


def test_where_all_are_unknown_nothing_is_asked(service):
    answer = service.post("/analogy", questions=[["a1", "b2", "c3"]], skip_unknown=True)
    assert [result["answers"] for result in answer.json()["results"]] == [[]]


def test_a_name_that_is_not_served(service):
    answer = service.post("/neighbors", words=["king"], vectors="smal")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/docs#unknown-name"
    assert answer.json()["detail"] == "no vectors 'smal' is served here; did you mean 'small'"
