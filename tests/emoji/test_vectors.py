"""Names and uses of emoji in spaces small enough to be worked out by hand, then in the vectors that ship."""

from pathlib import Path

import numpy as np
import pytest
from emoji import EMOJI_DATA

import embedkit
from embedkit import Embeddings, InputError, Vocabulary
from embedkit.emoji.names import emoji_names
from embedkit.emoji.vectors import EmojiVectors
from embedkit.text.emoji import list_emoji, without_emoji
from embedkit.vectors.lookup import KnownWords

RELATIONS = Path(__file__).with_name("emoji-relations.txt")
PLAIN = 1e9  # a smoothing that gives all words the same weight


def space(words, counts=None, metadata=None):
    """Words along axes of their own, the first of length 1, the second of length 2 and so on."""
    lengths = np.diag(np.arange(1.0, len(words) + 1))
    return Embeddings(lengths, Vocabulary(words, None if counts is None else np.array(counts)), metadata)


def unit(vector):
    return vector / np.linalg.norm(vector)


@pytest.fixture
def kitchen():
    """Five words of shares 0.4, 0.3, 0.15, 0.1 and 0.05 in the text, each greater than that among names."""
    return space(["the", "red", "heart", "pizza", "good"], [8, 6, 3, 2, 1])


def test_an_emoji_of_one_word_has_its_direction_and_the_median_length(kitchen):
    made = EmojiVectors().add_to(kitchen)
    np.testing.assert_allclose(made["🍕"], [0, 0, 0, 3, 0])
    assert made.neighbors("🍕", 1)[0].word == "pizza"


def test_words_of_names_are_weighted_by_their_share_in_the_text(kitchen):
    made = EmojiVectors(smoothing=0.1).add_to(kitchen)
    red, heart = 2 * 0.1 / (0.1 + 0.3), 3 * 0.1 / (0.1 + 0.15)  # length times weight
    expected = unit(np.array([0, red, 2 * heart, 0, 0]))  # :red_heart: and :heart:
    np.testing.assert_allclose(made["❤️"], 3 * expected, rtol=1e-6)
    plain = EmojiVectors(smoothing=PLAIN).add_to(kitchen)
    np.testing.assert_allclose(unit(plain["❤️"]), unit(np.array([0, 2, 6, 0, 0])), rtol=1e-6)


def test_words_of_many_names_tell_little():
    words = ["dog", "face", *(f"word{i}" for i in range(9998))]
    rows = np.vstack([np.eye(2), np.ones((9998, 2))])
    vectors = Embeddings(rows, Vocabulary(words, np.ones(10_000, int)))
    dog, face = EmojiVectors().add_to(vectors)["🐶"]
    names = emoji_names(KnownWords(vectors))
    assert names["🐶"] == ["dog", "face", "dog"]
    holding = {word: sum(word in name for name in names.values()) for word in ("dog", "face")}
    total = sum(len(set(name)) for name in names.values())
    assert holding["face"] > 20 * holding["dog"]
    share = {word: max(1e-4, holding[word] / total) for word in holding}
    assert dog / face == pytest.approx(2 * (0.001 + share["face"]) / (0.001 + share["dog"]), rel=1e-5)


def test_an_emoji_of_whose_name_too_little_is_known_is_left_out():
    vectors = space(["of", "face", "joy", "tears"], [10**9, 1, 1, 1])
    assert "😀" not in EmojiVectors().add_to(vectors)  # grinning face
    assert "😂" in EmojiVectors().add_to(vectors)  # face with tears of joy
    everything = EmojiVectors(min_coverage=0.0).add_to(vectors)
    np.testing.assert_allclose(unit(everything["😀"]), [0, 1, 0, 0])
    assert "🍕" not in everything
    told = everything.metadata["transforms"][-1]
    assert told["added"] == len(everything) - 4
    assert told["added"] + told["left_out"] == len(emoji_names(KnownWords(vectors)))


def test_names_are_those_of_every_emoji_without_its_skin_tones(kitchen):
    names = emoji_names(KnownWords(kitchen))
    assert names["❤️"] == ["red", "heart", "heart"]
    assert names["👍"] == ["thumbs", "up", "thumbsup"]
    assert names["😵"][:5] == ["face", "with", "crossed", "out", "eyes"]
    assert all(list_emoji(sign) == [sign] for sign in names)
    assert {sign for spelling in EMOJI_DATA for sign in list_emoji(spelling)} - set(names) == {
        sign for sign in EMOJI_DATA if list_emoji(sign) == [sign] and "skin_tone" in EMOJI_DATA[sign]["en"]
    }


def test_names_are_spelled_as_the_vectors_spell_words():
    cased, lower = space(["Christmas", "tree"]), space(["snow-capped", "christmas"])
    assert emoji_names(KnownWords(cased))["🎄"][:2] == ["Christmas", "tree"]
    assert emoji_names(KnownWords(lower))["🎄"][:2] == ["christmas", "tree"]
    assert emoji_names(KnownWords(cased))["🏔️"][:3] == ["snow", "capped", "mountain"]
    assert emoji_names(KnownWords(lower))["🏔️"][:2] == ["snow-capped", "mountain"]


def test_what_was_there_stays_as_it_was(kitchen):
    made = EmojiVectors().add_to(kitchen)
    assert made.vocabulary.words[:5] == kitchen.vocabulary.words
    np.testing.assert_array_equal(made.matrix[:5], kitchen.matrix)
    np.testing.assert_array_equal(made.vocabulary.counts[:5], kitchen.vocabulary.counts)
    assert not made.vocabulary.counts[5:].any()
    assert made.vocabulary.prefix(min_count=1).words == kitchen.vocabulary.words
    assert EmojiVectors().add_to(space(["red", "heart"])).vocabulary.counts is None


@pytest.mark.parametrize("spelling", ["❤️", "❤"])
def test_emoji_that_have_a_vector_keep_it(spelling):
    vectors = space(["red", spelling, "heart", "pizza"])
    made = EmojiVectors().add_to(vectors)
    assert [word for word in made if "❤" in word and len(word) < 3] == [spelling]
    np.testing.assert_array_equal(made[spelling], vectors[spelling])
    assert "🍕" in made
    with pytest.raises(InputError, match="have vectors already"):
        EmojiVectors().add_to(made)


TEXTS = ["red good 🍕🍕!", "good 🍕 👍", "the heart ❤", "no emoji here", "🍕 unknown"]


def test_use_is_the_weighted_mean_of_texts_less_what_they_have_in_common(kitchen):
    made = EmojiVectors(smoothing=0.1, min_count=1, shrinkage=0).add_to(kitchen, TEXTS)
    said = np.array([1, 1, 1, 0, 2]) / 5  # the texts with emoji and known words: red good, good, the heart
    share = np.maximum([0.4, 0.3, 0.15, 0.1, 0.05], said)
    weight = 0.1 / (0.1 + share)
    rows = kitchen.matrix
    random = (share * weight) @ rows / (share @ weight)
    first = (weight[1] * rows[1] + weight[4] * rows[4]) / (weight[1] + weight[4])
    third = (weight[0] * rows[0] + weight[2] * rows[2]) / (weight[0] + weight[2])
    means = {"🍕": (first + rows[4]) / 2, "👍": rows[4], "❤️": third}
    common = (sum(means.values()) / 3 + random) / 2
    for sign, mean in means.items():
        np.testing.assert_allclose(made[sign], 3 * unit(mean - common), rtol=1e-5, atol=1e-6)
    told = made.metadata["transforms"][-1]
    assert (told["name"], told["by_use"], told["parameters"]["smoothing"]) == ("emoji", 3, 0.1)


def test_few_texts_are_trusted_little(kitchen):
    def pizza(shrinkage):
        return unit(EmojiVectors(min_count=1, shrinkage=shrinkage).add_to(kitchen, TEXTS)["🍕"])

    name, use = kitchen.unit_matrix[3], pizza(0.0)
    for shrinkage in (0.5, 2.0, 6.0):
        trust = 2 / (2 + shrinkage)  # two texts hold it beside known words
        np.testing.assert_allclose(pizza(shrinkage), unit(trust * use + (1 - trust) * name), atol=1e-6)


def test_use_alone_serves_where_names_tell_nothing(kitchen):
    texts = ["good 👍"] * 5 + ["good 👎"] * 4
    made = EmojiVectors().add_to(kitchen, texts)
    assert "👍" in made
    assert "👎" not in made
    assert made.neighbors("👍", 1)[0].word == "good"


def test_what_cannot_be_done(kitchen):
    with pytest.raises(InputError, match="no text has an emoji beside words that are known"):
        EmojiVectors().add_to(kitchen, ["good pizza", "🍕 unknown"])
    with pytest.raises(InputError, match="expected vectors of English words"):
        EmojiVectors().add_to(space(["zwei", "drei"]))
    with pytest.raises(InputError, match="min_coverage must be at most 1"):
        EmojiVectors(min_coverage=2.0)


@pytest.fixture(scope="module")
def relations():
    """(emoji, words that belong to it, words that do not), as they stand in the file."""
    lines = [line.split() for line in RELATIONS.read_text().splitlines() if not line.startswith("#")]
    return [(emoji, words[:3], words[4:]) for emoji, *words in lines]


def test_words_that_belong_to_an_emoji_are_nearer(relations):
    english = EmojiVectors().add_to(embedkit.load())
    known = [item for item in relations if item[0] in english]
    assert len(known) >= 60
    right = [
        english.similarity(emoji, word) > english.similarity(emoji, other)
        for emoji, near, far in known
        for word in near
        for other in far
    ]
    assert np.mean(right) > 0.9


def test_the_words_that_belong_to_an_emoji_are_not_its_names(relations):
    names = emoji_names(KnownWords(embedkit.load()))
    assert all(len(near) == len(far) == 3 for _, near, far in relations)
    assert not [(emoji, word) for emoji, near, _ in relations for word in near if word in names[emoji]]
    assert not any(without_emoji(emoji, "") for emoji, _, _ in relations)
