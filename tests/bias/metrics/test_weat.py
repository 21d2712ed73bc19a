"""WEAT, SC-WEAT, WEFAT and the stimuli, in spaces made by hand and at random."""

import json
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.bias.metrics.single_category import single_category_weat, wefat
from embedkit.bias.metrics.stimuli import CALISKAN, weat_test, weat_tests
from embedkit.bias.metrics.weat import weat
from embedkit.bias.topics.word_lists import match_words
from embedkit.bias.topics.word_sets import match_sets
from embedkit.errors import FormatError, InputError

ROOT = Path(__file__).parents[3]


def space(vectors):
    return Embeddings(np.array(list(vectors.values()), float), Vocabulary(list(vectors)))


def angle(degrees):
    return np.cos(np.radians(degrees)), np.sin(np.radians(degrees))


@pytest.fixture
def plane():
    """The attributes are the axes; a target at an angle t is associated by cos t - sin t."""
    angles = {"he": 0, "she": 90, "math": 0, "algebra": 30, "numbers": 60, "poetry": 90, "dance": 45}
    return space({word: angle(degrees) for word, degrees in angles.items()})


@pytest.fixture
def noise():
    """Names of words without any bias, in 20 dimensions."""
    vectors = np.random.default_rng(2).normal(size=(80, 20))
    return space({f"word{i}": row for i, row in enumerate(vectors)})


def test_weat_by_hand(plane):
    found = weat(plane, ["math", "algebra"], ["poetry", "dance"], ["he"], ["she"], alternative="greater")
    x, y = np.array([1, np.sqrt(3) / 2 - 0.5]), np.array([-1, 0])
    spread = np.sqrt(((np.r_[x, y] - np.r_[x, y].mean()) ** 2).sum() / 3)
    assert found.details["score"] == pytest.approx(x.sum() - y.sum())
    assert found.value == pytest.approx((x.mean() - y.mean()) / spread)
    assert found.p_value == pytest.approx(1 / 6)
    assert found.details["partitions"] == 6
    assert found.seed is None
    assert found.low < found.value < found.high
    assert found.details["associations"]["x"] == pytest.approx({"math": 1, "algebra": 0.366}, abs=1e-3)


def test_weat_turned_around_is_its_negative(plane):
    there = weat(plane, ["math", "algebra", "numbers"], ["poetry", "dance"], ["he"], ["she"])
    back = weat(plane, ["poetry", "dance"], ["math", "algebra", "numbers"], ["he"], ["she"])
    swapped = weat(plane, ["math", "algebra", "numbers"], ["poetry", "dance"], ["she"], ["he"])
    assert there.value == pytest.approx(-back.value) == pytest.approx(-swapped.value)
    assert there.p_value == pytest.approx(back.p_value) == pytest.approx(swapped.p_value)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_the_p_value_of_lists_of_different_size_is_that_of_the_means(noise):
    x, y = [f"word{i}" for i in range(3)], [f"word{i}" for i in range(3, 9)]
    found = weat(noise, x, y, ["word70", "word71"], ["word72", "word73"])
    each = np.array(
        [*found.details["associations"]["x"].values(), *found.details["associations"]["y"].values()]
    )
    differences = [
        abs(each[list(chosen)].mean() - np.delete(each, chosen).mean())
        for chosen in combinations(range(9), 3)
    ]
    assert found.p_value == pytest.approx(np.mean(np.array(differences) >= differences[0] - 1e-12))


def test_neither_order_nor_length_of_vectors_matters(noise):
    lists = [[f"word{10 * k + i}" for i in range(8)] for k in range(4)]
    before = weat(noise, *lists)
    scaled = Embeddings(noise.matrix * np.random.default_rng(3).uniform(0.5, 3, (80, 1)), noise.vocabulary)
    after = weat(scaled, *[words[::-1] for words in lists])
    assert after.value == pytest.approx(before.value, rel=1e-5)
    assert after.p_value == pytest.approx(before.p_value)


def test_planted_bias_is_found_with_many_words():
    generator = np.random.default_rng(4)
    axis = np.r_[3.0, np.zeros(19)]
    vectors = {}
    for group, part in {"x": axis, "y": -axis, "a": axis, "b": -axis}.items():
        vectors |= {f"{group}{i}": generator.normal(size=20) + part for i in range(25)}
    lists = [[f"{group}{i}" for i in range(25)] for group in "xyab"]
    found = weat(space(vectors), *lists, permutations=4999)
    assert found.value > 1.5
    assert found.low > 1.2
    assert found.p_value == pytest.approx(1 / 5000)
    assert found.seed == 1


def test_words_are_found_in_lower_case_once(plane):
    found = weat(plane, ["Math", "math", "ALGEBRA"], ["poetry", "dance", "nothing"], ["he"], ["she"])
    assert found.coverage == {"x": (2, 2), "y": (2, 3), "a": (1, 1), "b": (1, 1)}
    assert found.lowercased == {"x": ("Math", "ALGEBRA")}
    assert found.as_dict()["lowercased"] == {"x": ("Math", "ALGEBRA")}
    assert not found.complete


CASED = {"tokenizer": {"name": "words", "lowercase": False}}


@pytest.mark.parametrize(
    ("words", "metadata"), [(["Rose", "rose", "will"], None), (["rose", "will", "mark"], CASED)]
)
def test_in_cased_vectors_another_case_is_another_word(words, metadata):
    vectors = Embeddings(np.eye(3), Vocabulary(words), metadata)
    listed = [words[0], "ROSE", "Will"]
    looked_up = match_words(vectors, listed, min_coverage=0)
    assert (looked_up.words, looked_up.missing) == ((words[0],), ("ROSE", "Will"))
    assert (looked_up.coverage, looked_up.lowercased) == ((1, 3), ())
    sets = match_sets(vectors, [["Rose", "Will"], [words[0], "will"]])
    assert (sets.words, sets.coverage, sets.lowercased) == (((words[0], "will"),), (1, 2), ())


@pytest.mark.parametrize("metadata", [{"tokenizer": {"name": "words", "lowercase": True}}, None])
def test_in_lower_cased_vectors_the_words_found_so_are_told(metadata):
    vectors = Embeddings(np.eye(3), Vocabulary(["rose", "will", "mark"]), metadata)
    looked_up = match_words(vectors, ["ROSE", "rose", "Will", "mark", "Anna"], min_coverage=0)
    assert looked_up.words == ("rose", "will", "mark")
    assert looked_up.listed == ("ROSE", "Will", "mark")
    assert looked_up.lowercased == ("ROSE", "Will")
    assert (looked_up.repeated, looked_up.missing) == (("rose",), ("Anna",))
    assert looked_up.ids.tolist() == [0, 1, 2]
    assert match_sets(vectors, [["Rose", "will"], ["Mark", "Anna"]]).lowercased == ("Rose",)


def test_an_exact_spelling_comes_before_lower_case():
    vectors = Embeddings(np.eye(2), Vocabulary(["Rose", "rose"]), {"tokenizer": {"lowercase": True}})
    looked_up = match_words(vectors, ["Rose", "rose", "ROSE"])
    assert (looked_up.words, looked_up.repeated, looked_up.lowercased) == (("Rose", "rose"), ("ROSE",), ())


def test_too_many_missing_words_are_refused_and_named(plane):
    with pytest.raises(InputError, match=r"50% of the targets Y, got 2 of 5.*'song', 'novel', 'opera'"):
        weat(plane, ["math", "algebra"], ["poetry", "dance", "song", "novel", "opera"], ["he"], ["she"])
    found = weat(
        plane,
        ["math", "algebra"],
        ["poetry", "dance", "song", "novel", "opera"],
        ["he"],
        ["she"],
        min_coverage=0.4,
    )
    assert found.coverage["y"] == (2, 5)
    with pytest.raises(InputError, match="at least 2 of the targets X, got 1"):
        weat(plane, ["math"], ["poetry", "dance"], ["he"], ["she"])


def test_a_string_is_no_list_of_words(plane):
    with pytest.raises(InputError, match="list of words"):
        weat(plane, "math", ["poetry", "dance"], ["he"], ["she"])


def test_targets_that_are_as_near_to_either_attribute_show_no_bias():
    vectors = space({"x1": (1, 1, 0), "x2": (2, 2, 1), "y1": (0, 0, 1), "y2": (-1, -1, 3), "he": (1, 0, 0)})
    both = Embeddings(np.r_[vectors.matrix, [[0, 7, 0]]], Vocabulary([*vectors.vocabulary.words, "she"]))
    found = weat(both, ["x1", "x2"], ["y1", "y2"], ["he"], ["she"])
    assert (found.value, found.low, found.high, found.p_value) == (0, None, None, 1)


def test_a_word_in_both_lists_is_refused(plane):
    with pytest.raises(InputError, match=r"targets X and Y .* 'dance' in both"):
        weat(plane, ["math", "dance"], ["Dance", "poetry"], ["he"], ["she"])
    with pytest.raises(InputError, match=r"attributes A and B .* 'he' in both"):
        weat(plane, ["math", "dance"], ["numbers", "poetry"], ["he"], ["he", "she"])


def test_single_words_by_hand():
    vectors = space({"w": (1, 0), "a1": angle(0), "a2": angle(60), "b1": angle(90), "b2": angle(120)})
    (found,) = single_category_weat(vectors, ["w"], ["a1", "a2"], ["b1", "b2"], alternative="greater")
    cosines = np.array([1, 0.5, 0, -0.5])
    assert found.value == pytest.approx((0.75 + 0.25) / cosines.std(ddof=1), rel=1e-6)
    assert found.p_value == pytest.approx(1 / 6)
    assert found.details["p_holm"] == pytest.approx(1 / 6)
    assert "'w'" in found.meaning


def test_single_words_are_those_of_the_list_and_corrected_for_their_number(noise):
    a, b = [f"word{i}" for i in range(20, 25)], [f"word{i}" for i in range(30, 35)]
    words = ["word1", "word2", "word3"]
    together = single_category_weat(noise, words, a, b)
    assert [one.details["word"] for one in together] == words
    for one, word in zip(together, words, strict=True):
        (alone,) = single_category_weat(noise, [word], a, b)
        assert (one.value, one.p_value, one.low) == pytest.approx((alone.value, alone.p_value, alone.low))
    smallest = min(together, key=lambda one: one.p_value)
    assert smallest.details["p_holm"] == pytest.approx(min(1, 3 * smallest.p_value))


def test_wefat_finds_a_quantity_that_the_vectors_were_made_of():
    shares = np.linspace(5, 95, 15)
    vectors = {f"Job{i}": angle(90 - 0.9 * share) for i, share in enumerate(shares)}
    vectors |= {"he": (1, 0), "him": angle(5), "she": (0, 1), "her": angle(85)}
    facts = {f"Job{i}": share for i, share in enumerate(shares)}
    found = wefat(space(vectors), facts, ["he", "him"], ["she", "her"])
    cosines = np.cos(np.radians(np.subtract.outer([0, 5, 90, 85], 90 - 0.9 * shares)))
    scores = (cosines[:2].mean(axis=0) - cosines[2:].mean(axis=0)) / cosines.std(axis=0, ddof=1)
    assert found.value == pytest.approx(np.corrcoef(scores, shares)[0, 1], rel=1e-5)
    assert found.low > 0.7
    assert found.p_value == pytest.approx(1 / 10000)
    turned = wefat(space(vectors), facts, ["she", "her"], ["he", "him"])
    assert turned.value == pytest.approx(-found.value)


def test_wefat_of_noise_is_within_chance(noise):
    facts = {f"word{i}": float(i % 7) for i in range(40)}
    found = wefat(noise, facts, ["word50", "word51", "word52"], ["word60", "word61", "word62"])
    assert found.p_value > 0.01
    assert found.low < 0 < found.high


def test_wefat_needs_quantities_that_vary(noise):
    lists = ["word50", "word51"], ["word60", "word61"]
    with pytest.raises(InputError, match="vary"):
        wefat(noise, {f"word{i}": 1.0 for i in range(5)}, *lists)
    with pytest.raises(InputError, match="finite"):
        wefat(noise, {"word1": 1.0, "word2": float("nan"), "word3": 2.0}, *lists)


def test_the_stimuli_are_those_of_the_paper():
    sizes = {test.name: (len(test.x), len(test.y), len(test.a), len(test.b)) for test in weat_tests()}
    assert sizes == {
        "flowers-insects": (25, 25, 25, 25),
        "instruments-weapons": (25, 25, 25, 25),
        "names-1998": (32, 32, 25, 25),
        "names-2004": (16, 16, 25, 25),
        "names-2004-short": (16, 16, 8, 8),
        "career-family": (8, 8, 8, 8),
        "math-arts": (8, 8, 8, 8),
        "science-arts": (8, 8, 8, 8),
        "mental-physical": (6, 6, 7, 7),
        "mental-physical-short": (6, 6, 7, 7),
        "young-old": (8, 8, 8, 8),
    }
    names = weat_test("names-1998")
    assert len({*names.x, *names.left_out["x"]}) == len({*names.y, *names.left_out["y"]}) == 50
    assert weat_test("math-arts").published == {"glove": 1.06, "word2vec": 0.97}
    assert weat_test("math-arts").title == "math or arts: male terms or female terms"
    with pytest.raises(InputError, match="flowers-insects"):
        weat_test("flowers")


def test_a_published_value_stands_beside_the_words_that_it_is_of():
    paper, supplement = weat_test("mental-physical"), weat_test("mental-physical-short")
    assert (paper.published, supplement.published) == ({"glove": 1.38}, {"word2vec": 1.3})
    assert {*paper.a} ^ {*supplement.a} == {"short-term", "short"}
    assert (paper.x, paper.y, paper.b) == (supplement.x, supplement.y, supplement.b)
    others = [test for test in weat_tests() if "mental" not in test.name]
    assert all([*test.published] == ["glove", "word2vec"] for test in others)


def test_no_list_of_stimuli_repeats_a_word():
    for name, entry in tomllib.loads((ROOT / "corpora/weat.toml").read_text()).items():
        for key in "xyab":
            assert len(set(entry[key])) == len(entry[key]), (name, key)
        assert not {*entry["x"]} & {*entry["y"]}
        assert not {*entry["a"]} & {*entry["b"]}


LISTS = {"x": ["rose", "tulip"], "y": ["ant", "flea"], "a": ["love"], "b": ["death"]}


def toml(**changes):
    return "[flowers]\n" + "\n".join(f"{key} = {value}" for key, value in (LISTS | changes).items() if value)


def test_tests_of_ones_own_are_read_from_toml_and_json(tmp_path):
    path = tmp_path / "mine"
    labels = {"x": "flowers", "y": "insects", "a": "love", "b": "death"}
    path.write_text(toml(source="'me'") + "\n[flowers.labels]\nx = 'flowers'\n", encoding="utf-8-sig")
    [test] = weat_tests(path)
    assert (test.name, test.x, test.b, test.source, test.published) == (
        *("flowers", ("rose", "tulip"), ("death",), "me", {}),
    )
    assert test.title == "flowers or Y: A or B"
    path.write_text(json.dumps({"flowers": {**LISTS, "labels": labels}, "again": LISTS}))
    first, second = weat_tests(path)
    assert (first.title, second.name) == ("flowers or insects: love or death", "again")
    assert weat_tests(CALISKAN) == weat_tests()


BAD_TESTS = [
    ("", "line 1, tests: expected a table a test, each with the lists x, y, a, b, got nothing"),
    ("name = 'mine'", "line 1, name: expected a table of the lists x, y, a, b, got 'mine'"),
    (toml(b=None), "line 1, flowers: the list 'b' is missing; a test needs x, y, a, b"),
    (toml(c=["cat"]), "line 6, flowers.c: unknown key 'c'; known are x, y, a, b"),
    (toml(y=["ant"]), r"line 3, flowers.y: expected at least 2 target words, got \['ant'\]"),
    (toml(y=["ant", "rose"]), "line 3, flowers.y: 'rose' is in 'x' already; leave it out of one"),
    (toml(b=["love"]), "line 5, flowers.b: 'love' is in 'a' already"),
    (toml(a=["love", "love"]), "line 4, flowers.a: 'love' is there twice"),
    (toml(a=[3]), "line 4, flowers.a: expected a text without white space around it, got 3"),
    (toml(a="'love'"), "line 4, flowers.a: expected a list of texts that is not empty, got 'love'"),
    (toml(source="3"), "line 6, flowers.source: expected a text"),
    (toml(labels="{z = 'cats'}"), "line 6, flowers.labels.z: expected one of the lists x, y, a, b, got 'z'"),
    (toml(published="{glove = 'high'}"), "line 6, flowers.published.glove: expected an effect size"),
    (toml(left_out="['fly']"), "line 6, flowers.left_out: expected a table"),
    ("\n".join(f"[t{i}]" for i in range(201)), "expected at most 200 tests, got 201"),
    ("x = [", "expected association tests in TOML"),
]


@pytest.mark.parametrize(("text", "message"), BAD_TESTS, ids=[message[:60] for _, message in BAD_TESTS])
def test_bad_tests_are_told_by_line_and_key(tmp_path, text, message):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        weat_tests(path)


def test_what_is_no_file_of_tests_is_told(tmp_path):
    with pytest.raises(InputError, match=r"no file 'mine\.toml' of association tests; give one, or"):
        weat_tests("mine.toml")
    with pytest.raises(InputError, match="of association tests"):
        weat_tests(tmp_path)
