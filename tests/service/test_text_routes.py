import numpy as np
import pytest


def test_encoded_texts_are_those_of_the_library(service, vectors):
    texts = ["The king and the queen", "nothing known"]
    results = service.post("/encode", texts=texts, weights="mean").json()["results"]
    assert np.allclose([result["vector"] for result in results], vectors.encode(texts, "mean"))
    assert [result["known"] for result in results] == [2, 0]


def test_components_are_learned_from_the_texts(service, vectors):
    texts = ["king", "queen", "man", "crown"]
    results = service.post("/encode", texts=texts, components=1).json()["results"]
    assert np.allclose([result["vector"] for result in results], vectors.encode(texts, components=1))


def test_search_ranks_texts(service):
    texts = ["a crown", "nothing known", "the queen"]
    results = service.post("/search", query="king queen", texts=texts, weights="mean").json()["results"]
    assert [result["number"] for result in results] == [2, 0]
    assert results[0]["text"] == "the queen"


def test_a_query_without_a_known_word(service):
    answer = service.post("/search", query="nothing", texts=["king"])
    assert answer.status_code == 422
    assert answer.json()["detail"] == "no word of the query 'nothing' has a vector"


def test_labels_have_probabilities(service):
    results = service.post("/classify", texts=["a lovely film", "a bad film"], top=2).json()["results"]
    assert [[entry["label"] for entry in result["labels"]] for result in results] == [
        ["good", "poor"],
        ["poor", "good"],
    ]
    assert [sum(entry["probability"] for entry in result["labels"]) for result in results] == pytest.approx(
        [1, 1], abs=2e-6
    )


def test_an_explanation_names_the_words_that_decide(service):
    text = "a lovely film"
    [result] = service.post("/classify", texts=[text], explain=True).json()["results"]
    strongest = max(result["words"], key=lambda word: word["effect"])
    assert text[strongest["begin"] : strongest["end"]] == "lovely"


def test_emojify(service):
    answer = service.post("/emojify", texts=["I want pizza", ""], top=2).json()
    assert answer["model"] == "emoji"
    assert answer["results"][0]["emojified"] == "I want pizza 🍴"
    assert len(answer["results"][0]["guesses"]) == 2
    assert answer["results"][1] == {"emojified": "", "guesses": [], "unknown": 1.0}


def test_an_emojifier_is_no_classifier(service):
    answer = service.post("/classify", texts=["a"], model="emoji")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "no classifier 'emoji' is served here; served are films"
