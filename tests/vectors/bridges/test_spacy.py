from importlib.util import find_spec

import numpy as np
import pytest

from embedkit import Embeddings, InputError, estimate_unknown_words

pytestmark = pytest.mark.skipif(find_spec("spacy") is None, reason="spaCy is not installed")


@pytest.fixture
def places():
    return Embeddings([[1, 0], [0.6, 0.8], [0, 1]], ["paris", "rome", "cheese"])


def test_documents_are_compared_by_the_mean_of_their_tokens(places):
    nlp = places.to_spacy("en")
    rome, cheese = nlp("Rome"), nlp("paris cheese")
    mean = (places["paris"] + places["cheese"]) / 2
    expected = mean @ places["rome"] / np.linalg.norm(mean)
    assert rome.similarity(cheese) == pytest.approx(expected, abs=1e-6)
    assert nlp("Rome")[0].vector.tolist() == places["rome"].tolist()
    assert not nlp("Vienna")[0].has_vector


def test_cased_vectors_are_found_as_they_are_written():
    nlp = Embeddings([[1, 0], [0, 1]], ["Paris", "rome"]).to_spacy("fr")
    assert nlp.lang == "fr"
    assert [token.has_vector for token in nlp("Paris paris rome Rome")] == [True, False, True, False]


def test_there_and_back(random_space):
    back = Embeddings.from_spacy(random_space.to_spacy())
    assert back.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(back.matrix, random_space.matrix)
    assert back.metadata["source"] == "spaCy"
    assert back.metadata["lang"] == "en"


def test_a_pipeline_of_ones_own_is_kept(places):
    nlp = blank("de")
    nlp.add_pipe("sentencizer")
    assert places.to_spacy(nlp) is nlp
    assert nlp.pipe_names == ["sentencizer"]
    assert nlp.vocab.vectors_length == 2
    assert Embeddings.from_spacy(nlp.vocab)["rome"].tolist() == places["rome"].tolist()


def test_subwords_are_left_out_with_a_warning(random_space):
    vectors = estimate_unknown_words(random_space, iterations=1)
    with pytest.warns(UserWarning, match="left out subwords of the kind 'estimated'"):
        assert not vectors.to_spacy()("unheard")[0].has_vector


def test_changing_the_copy_changes_nothing(places):
    nlp = places.to_spacy()
    nlp.vocab.vectors.data[0] = 9
    assert places["paris"].tolist() == [1, 0]
    back = Embeddings.from_spacy(nlp)
    nlp.vocab.vectors.data[0] = 8
    assert back["paris"].tolist() == [9, 9]


def test_words_that_share_a_row_have_equal_vectors():
    nlp = blank("en")
    nlp.vocab.set_vector("cat", np.array([1, 2], "f"))
    nlp.vocab.set_vector("dog", np.array([3, 4], "f"))
    nlp.vocab.vectors.add("puppy", row=nlp.vocab.vectors.find(key="dog"))
    nlp.vocab.strings.add("puppy")
    found = Embeddings.from_spacy(nlp)
    assert {word: found[word].tolist() for word in found} == {"cat": [1, 2], "dog": [3, 4], "puppy": [3, 4]}


def test_vectors_without_a_word_are_left_out():
    nlp = blank("en")
    nlp.vocab.set_vector("cat", np.array([1, 2], "f"))
    nlp.vocab.vectors.add(123456789, vector=np.array([3, 4], "f"))
    with pytest.warns(UserWarning, match="left out 1 vectors"):
        assert list(Embeddings.from_spacy(nlp)) == ["cat"]


@pytest.mark.parametrize(
    ("convert", "message"),
    [
        (lambda vectors: vectors.to_spacy("xq"), "a language that spaCy knows, such as en, got 'xq'"),
        (lambda vectors: vectors.to_spacy(3), "got int"),
        (lambda vectors: Embeddings.from_spacy(blank("en")), "has no vectors"),
        (lambda vectors: Embeddings.from_spacy("en"), "a pipeline or a vocabulary of spaCy, got str"),
        (lambda vectors: Embeddings.from_spacy(floret()), "got a table of mode 'floret'"),
    ],
)
def test_what_cannot_be_converted(places, convert, message):
    with pytest.raises(InputError, match=message):
        convert(places)


def blank(language):
    """A pipeline of spaCy with rules alone; one worker of several is enough to import it."""
    import spacy

    return spacy.blank(language)


def floret():
    from spacy.vectors import Vectors

    nlp = blank("en")
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings, mode="floret", data=np.zeros((8, 2), "f"), minn=2, maxn=3, hash_count=1
    )
    return nlp
