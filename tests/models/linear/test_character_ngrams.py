"""n-grams of characters are those of scikit-learn's "char_wb"; models that read them know new words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from embedkit import TfidfClassifier, load_model
from embedkit.errors import FormatError, InputError
from embedkit.models.assessment.occlusion import occlusions
from embedkit.models.linear.ngram_features import NgramFeatures
from embedkit.models.linear.word_sequences import word_sequences
from embedkit.text.ngrams.characters import CharacterNgrams

words = st.text(st.sampled_from("abcé😀"), min_size=1, max_size=6)
tokenized = st.lists(st.lists(words, max_size=6), min_size=2, max_size=12)


def named(characters):
    """The n-grams in the order of the columns, as strings."""
    letters = list(map(chr, characters.alphabet.tolist()))
    orders = [letters]
    for keys in characters.keys:
        orders.append(
            [orders[-1][key // len(letters)] + letters[key % len(letters)] for key in keys.tolist()]
        )
    return [ngram for order in orders[1:] for ngram in order]


def learn(texts, longest, min_df):
    return CharacterNgrams.learn(*word_sequences(texts).occurrences(), longest, min_df)


@given(tokenized, st.integers(2, 5), st.integers(1, 3))
def test_ngrams_and_counts_are_those_of_scikit_learn(texts, longest, min_df):
    joined = [" ".join(tokens) for tokens in texts]
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(2, longest), min_df=min(min_df, len(texts)))
    try:
        expected = theirs.fit_transform(joined).toarray()
    except ValueError:  # no n-gram is in so many texts
        assert len(learn(texts, longest, min_df)) == 0
        return
    found = learn(texts, longest, min(min_df, len(texts)))
    names = named(found)
    assert sorted(names) == sorted(theirs.vocabulary_)
    assert len(found) == len(names)
    words, occurrences = word_sequences(texts).occurrences()
    counts = (occurrences @ found.counts(words)).toarray()
    np.testing.assert_array_equal(counts, expected[:, [theirs.vocabulary_[name] for name in names]])


@given(tokenized)
def test_rows_of_words_and_characters_are_those_of_scikit_learn(texts):
    features, rows = NgramFeatures.learn(texts, 1, 1, 3)
    if not features.words:
        assert rows.shape == (len(texts), 0)
        return
    theirs = TfidfVectorizer(
        analyzer=lambda tokens: [
            *tokens,
            *(
                f" {token} "[start : start + n] + " of characters"
                for token in tokens
                for n in (2, 3)
                for start in range(len(token) + 3 - n)
            ),
        ],
        sublinear_tf=True,
    )
    expected = theirs.fit_transform(texts).toarray()
    names = [*features.words, *(f"{ngram} of characters" for ngram in named(features.characters))]
    assert len(names) == len(features) == len(theirs.vocabulary_)
    np.testing.assert_allclose(
        rows.toarray(), expected[:, [theirs.vocabulary_[name] for name in names]], atol=1e-6
    )


@given(tokenized, st.integers(0, 1), st.integers(0, 12))
def test_a_part_of_texts_has_the_rows_that_it_has_among_all(texts, begin, length):
    features, rows = NgramFeatures.learn(texts, 2, 1, 4)
    every = word_sequences(texts).known_as(features.word_ids)
    found = features.rows(every.part(begin, begin + length)).toarray()
    np.testing.assert_array_equal(found, rows.toarray()[begin : begin + length])


def test_words_that_are_new_are_known_by_their_characters():
    texts = ["sunny", "sunday", "sunlight", "raining", "rainfall", "rainy"] * 5
    labels = ["sun", "sun", "sun", "rain", "rain", "rain"] * 5
    new = ["sunshine", "rainbow", "sunnnnny", "Unrained"]
    model = TfidfClassifier(characters=4).fit(texts, labels)
    assert model.predict(new).tolist() == ["sun", "rain", "sun", "rain"]
    assert model.unknown_shares(["sunshine sunny", "sunny", ""]).tolist() == [0.5, 0, 1]
    effects = [word.effect for word in occlusions(model, "the rainbow", 0)]  # "rain" is the first class
    assert effects[1] > abs(effects[0])
    words = TfidfClassifier().fit(texts, labels).predict_proba(new)
    np.testing.assert_allclose(words, 0.5, atol=1e-3)


@pytest.fixture
def saved(reviews, tmp_path):
    model = TfidfClassifier(ngrams=2, characters=3).fit(*reviews)
    model.save(tmp_path / "m")
    return model, tmp_path / "m"


def test_a_model_with_characters_comes_back(saved, reviews, tmp_path):
    model, path = saved
    texts = [*reviews[0], "finest film", "aweful", "", "日本 \U0001f600"]
    loaded = load_model(path)
    np.testing.assert_array_equal(loaded.predict_proba(texts), model.predict_proba(texts))
    assert loaded.characters == 3
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_a_model_from_before_there_were_characters_is_read(reviews, rewrite, tmp_path):
    model = TfidfClassifier(ngrams=2).fit(*reviews)
    model.save(tmp_path / "m")
    rewrite(tmp_path / "m", lambda content, tensors: content["parameters"].pop("characters"))
    np.testing.assert_array_equal(
        load_model(tmp_path / "m").predict_proba(reviews[0]), model.predict_proba(reviews[0])
    )


def reverse(tensors, name):
    tensors[name] = np.ascontiguousarray(tensors[name][::-1])


def move(tensors, name, distance):
    tensors[name] = tensors[name] + distance


FORGED = [
    (lambda content, tensors: move(tensors, "alphabet", 1 << 60), "expected n-grams of sorted characters"),
    (lambda content, tensors: move(tensors, "alphabet", -1000), "expected n-grams of sorted characters"),
    (lambda content, tensors: reverse(tensors, "alphabet"), "expected n-grams of sorted characters"),
    (lambda content, tensors: reverse(tensors, "characters3"), "its n-grams do not fit"),
    (lambda content, tensors: content["parameters"].update(characters=1), "n-grams of sorted characters"),
    (lambda content, tensors: content["parameters"].update(characters=9), "expected a tensor 'characters4'"),
    (lambda content, tensors: content["parameters"].update(characters="3"), "its content is malformed"),
    (lambda content, tensors: content["parameters"].update(characters=2), "expected 'idf' as finite"),
]


@pytest.mark.parametrize(("change", "message"), FORGED)
def test_a_forged_file_is_refused(saved, rewrite, change, message):
    rewrite(saved[1], change)
    with pytest.raises(FormatError, match=message):
        load_model(saved[1])


@pytest.mark.parametrize("characters", [1, -2, 2.5])
def test_lengths_that_cannot_be_are_refused(reviews, characters):
    with pytest.raises(InputError, match=r"characters must be (at least|a whole|0 or).*, got"):
        TfidfClassifier(characters=characters).fit(*reviews)
