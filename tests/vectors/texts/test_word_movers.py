import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from embedkit import (
    DependencyError,
    Embeddings,
    InputError,
    WordMoversIndex,
    relaxed_word_movers_distance,
    word_centroid_distance,
    word_movers_distance,
)
from embedkit.vectors.texts import optimal_transport

pytestmark = pytest.mark.skipif(find_spec("ot") is None, reason="POT is not installed")  # imports TensorFlow

WORDS = [f"w{number}" for number in range(30)]
VECTORS = Embeddings(np.random.default_rng(1).normal(size=(30, 4)), WORDS)
LINE = Embeddings([[0.0], [1], [3], [10]], ["a", "b", "c", "d"])
bags = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("a", "a", 0),
        ("a", "c", 3),
        ("a b", "b a", 0),
        ("a a b", "a b b", 1 / 3),
        ("a c", "b d", (1 + 7) / 2),
        ("a b c", "d", (10 + 9 + 7) / 3),
        ("a x", "c y z", 3),
    ],
)
def test_on_a_line_words_move_in_order(a, b, distance):
    assert word_movers_distance(LINE, a, b) == pytest.approx(distance)
    assert word_movers_distance(LINE, b.split(), a.split()) == pytest.approx(distance)


def test_bounds_are_those_of_the_paper():
    assert word_centroid_distance(LINE, "a c", "b d") == pytest.approx(5.5 - 1.5)
    assert word_centroid_distance(LINE, "a d", "b c c") == pytest.approx(5 - 7 / 3)
    there, back = (1 + 7) / 2, (1 + 2 * 3) / 3
    assert relaxed_word_movers_distance(LINE, "a d", "b c c") == pytest.approx(max(there, back))
    assert relaxed_word_movers_distance(LINE, "b c c", "a d") == pytest.approx(max(there, back))


@given(bags, bags, st.booleans())
@settings(max_examples=60)
def test_bounds_are_below_the_distance_which_is_symmetric(a, b, normalize):
    distance = word_movers_distance(VECTORS, a, b, normalize=normalize)
    assert distance == pytest.approx(word_movers_distance(VECTORS, b, a, normalize=normalize), abs=1e-9)
    for bound in (word_centroid_distance, relaxed_word_movers_distance):
        assert bound(VECTORS, a, b, normalize=normalize) <= distance + 1e-9


@given(bags, bags, bags)
@settings(max_examples=40)
def test_it_is_a_metric(a, b, c):
    assert word_movers_distance(VECTORS, a, a) == pytest.approx(0, abs=1e-12)
    direct = word_movers_distance(VECTORS, a, c)
    assert direct <= word_movers_distance(VECTORS, a, b) + word_movers_distance(VECTORS, b, c) + 1e-9


@given(bags, bags)
@settings(max_examples=30)
def test_gensim_gives_the_same(a, b):
    pytest.importorskip("gensim")
    optimal_transport._pot()  # as gensim imports it, it would import TensorFlow
    assume(len({*a, *b}) > 1)
    theirs = VECTORS.to_gensim()
    assert word_movers_distance(VECTORS, a, b) == pytest.approx(theirs.wmdistance(a, b, norm=False), abs=1e-5)
    normalized = word_movers_distance(VECTORS, a, b, normalize=True)
    assert normalized == pytest.approx(theirs.wmdistance(a, b), abs=1e-5)


@given(st.lists(st.lists(st.sampled_from([*WORDS, "x"]), max_size=6), max_size=25), bags, st.integers(1, 6))
@settings(max_examples=60)
def test_the_pruned_search_answers_as_the_exhaustive_one(texts, query, k):
    joined = [" ".join(words) for words in texts]
    index = WordMoversIndex(VECTORS, joined)
    known = [number for number, words in enumerate(texts) if {*words} - {"x"}]
    every = [(word_movers_distance(VECTORS, query, texts[number]), number) for number in known]
    found = index.nearest(" ".join(query), k)
    assert [distance for _, distance in found] == pytest.approx([d for d, _ in sorted(every)[:k]], abs=1e-9)
    assert len({number for number, _ in found}) == len(found) == min(k, len(known))


def test_few_exact_distances_are_computed(monkeypatch):
    texts = [f"{a} {b} {c}" for a in WORDS[:10] for b in WORDS[10:20] for c in WORDS[20:]]
    index = WordMoversIndex(VECTORS, texts)
    computed = []
    exact = WordMoversIndex.distance
    monkeypatch.setattr(WordMoversIndex, "distance", lambda *args: computed.append(1) or exact(*args))
    found = index.nearest("w3 w14 w25 w2", top=5)
    assert found[0].distance == pytest.approx(
        min(word_movers_distance(VECTORS, text, "w3 w14 w25 w2") for text in texts)
    )
    assert len(computed) < 100


def test_bounds_do_not_depend_on_blocks(monkeypatch):
    texts = ["w1 w2", "", "w3", "x", "w4 w5 w6 w7", "w1"] * 5
    expected = WordMoversIndex(VECTORS, texts).nearest("w9 w8", top=7)
    monkeypatch.setattr("embedkit.vectors.texts.word_movers_search.ENTRIES", 8)
    assert WordMoversIndex(VECTORS, texts).nearest("w9 w8", top=7) == expected


def test_equally_near_texts_come_in_order():
    found = WordMoversIndex(LINE, ["c", "a b", "b", "a b", "b a"]).nearest("a b", top=3)
    assert [number for number, _ in found] == [1, 3, 4]


def test_a_text_without_known_words_has_no_distance():
    for text in ("x y", "", []):
        with pytest.raises(InputError, match=r"no word of the text .* has a vector"):
            word_movers_distance(LINE, "a", text)
    with pytest.raises(InputError, match="expected top to be a whole number"):
        WordMoversIndex(LINE, ["a"]).nearest("a", top=0)


def test_without_pot_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ot", None)
    optimal_transport._pot.cache_clear()
    with pytest.raises(DependencyError, match=r"needs POT, .* pip install 'embedkit\[texts\]'"):
        word_movers_distance(LINE, "a b", "c d")
    assert word_movers_distance(LINE, "a b", "c") == pytest.approx(2.5)  # needs none


def test_pot_imports_no_tensor_library():
    """Whatever is installed: TensorFlow alone would take seconds."""
    code = (
        "import os, sys; before = dict(os.environ)\n"
        "from embedkit.vectors.texts.optimal_transport import _pot; _pot()\n"
        "assert dict(os.environ) == before\n"
        "print([name for name in ('tensorflow', 'torch', 'jax', 'cupy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
