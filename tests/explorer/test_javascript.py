"""The modules of the page count as the library does: sums, cosines, spellings, lines of bias."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from embedkit import Embeddings, InputError, Topic
from embedkit.bias.metrics.direct import direct_bias
from embedkit.bias.subspace import subspace
from embedkit.vectors.expression_parser import parse_expression
from embedkit.vectors.projections import projected
from embedkit.vectors.rows import StoredRows

KNOWN = ["king", "man", "woman", "well-known", "c++", "new york", "2", "a(b)", "it's"]
SUMS = [
    "king - man + woman",
    "2 king - (man + c++)/2",
    "0.5*king + 'new york'",
    'king*2 - "new york"',
    "-king",
    "- king + + man",
    "2(king + man)",
    "well-known",
    "king-man",
    "new york",
    "1e2 king",
    "a(b) + king",
    "it's - king",
    "2",
    "2 2",
    "king \u2212man",
    "king \u00d7 3",
    "king +",
    "king - (man",
    "king / 0",
    "'king",
    "+ - +",
    "king man",
    "(king))",
]


def parsed(text):
    try:
        terms = parse_expression(text, KNOWN.__contains__).terms
    except InputError:
        return None
    return [[term.item, pytest.approx(term.weight)] for term in terms]


def test_sums_are_read_as_the_commands_read_them(javascript):
    terms = (
        "expression.parseSum(text, (word) => known.includes(word)).map((term) => [term.word, term.weight])"
    )
    expression = f"texts.map((text) => {{ try {{ return {terms}; }} catch {{ return null; }} }})"
    found = javascript(["expression"], expression, texts=SUMS, known=KNOWN)
    assert dict(zip(SUMS, found, strict=True)) == {text: parsed(text) for text in SUMS}


def test_a_quoted_word_is_read_as_that_word(javascript):
    words = ["king", "new york", "it's", "'", "2", "a-b", "-a", "x*y", "(", "Straße", "❤️"]
    expression = (
        "words.map((word) => expression.parseSum(`${expression.quotedWord(word)} + b`, () => false)[0].word)"
    )
    assert javascript(["expression"], expression, words=words) == words


@settings(max_examples=5)
@given(pairs=st.lists(st.tuples(st.text("abc", max_size=6), st.text("abc", max_size=6)), min_size=40))
def test_typing_errors_are_those_of_rapidfuzz(javascript, pairs):
    found = javascript(["spelling"], "pairs.map(([a, b]) => spelling.typingErrors(a, b))", pairs=pairs)
    assert found == [OSA.distance(a, b) for a, b in pairs]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("king", ["king", "kingdom", "kings"]),
        ("KING", ["king", "kingdom", "kings"]),
        ("kign", ["king"]),
        ("ingdo", ["kingdom"]),
        ("quene", ["queen"]),
        ("zzz", []),
        ("  ", []),
        ("(", []),
    ],
)
def test_words_that_match_what_is_typed(javascript, typed, found):
    words = ["the", "king", "queen", "kingdom", "kings"]
    expression = "spelling.matchingRows(typed, words, 9).map((row) => words[row])"
    assert javascript(["spelling"], expression, typed=typed, words=words) == found


def in_page(vectors):
    """What a program in JavaScript makes a space of."""
    rows = vectors.stored.astype("int8")
    given = {
        "words": list(vectors.vocabulary.words),
        "rows": rows.values.ravel().tolist(),
        "factors": rows.factors.tolist(),
        "facts": {"size": vectors.vector_size, "lowercase": True},
    }
    made = (
        "(() => { const made = new space.Space(facts, words); "
        "made.fill(Int8Array.from(rows), Float32Array.from(factors)); return made; })()"
    )
    return given, made


def test_neighbors_are_those_of_the_library(javascript, space):
    small = space.astype("int8")
    given, made = in_page(small)
    expression = f"{made}.nearest({made}.unit(3), 5, new Set([3]))"
    found = javascript(["space"], expression, **given)
    answers = small.neighbors("w3", top=5)
    assert [given["words"][entry["row"]] for entry in found] == [answer.word for answer in answers]
    assert [entry["score"] for entry in found] == pytest.approx(
        [answer.score for answer in answers], abs=1e-6
    )


def test_analogies_are_those_of_the_library(javascript, space):
    small = space.astype("int8")
    given, made = in_page(small)
    expression = f"""(() => {{
      const shown = {made};
      const vectors = [1, 2, 3].map((row) => shown.unit(row));
      const best = (method) => space.largest(
        arithmetic_panel.analogyScores(shown, vectors, method), 3, new Set([1, 2, 3]));
      return ["add", "multiply"].map((method) => best(method).map((each) => words[each.row]));
    }})()"""
    found = javascript(["space", "arithmetic_panel"], expression, **given)
    for words, method in zip(found, ("3CosAdd", "3CosMul"), strict=True):
        answers = small.analogy("w1", "w2", "w3", top=3, method=method.lower())
        assert words == [answer.word for answer in answers]


def test_words_are_found_as_people_type_them(javascript):
    vectors = Embeddings(np.eye(4, dtype=np.float32), ["paris", "café", "❤️", "don't"])
    given, made = in_page(vectors)
    typed = ["Paris", " paris ", "cafe\u0301", "❤", "don\u2019t", "rome"]
    found = javascript(["space"], f"typed.map((word) => {made}.find(word))", typed=typed, **given)
    assert found == [0, 0, 1, 2, 3, -1]


def test_the_first_component_of_pairs_is_that_of_the_library(javascript, space):
    small = space.astype("int8")
    pairs = [["w0", "w1"], ["w2", "w3"], ["w4", "w5"], ["w6", "w7"]]
    topic = Topic("made up", {"even": ["w0", "w2"], "odd": ["w1", "w3"]}, definitional=pairs)
    given, made = in_page(small)
    rows = [[small.vocabulary[word] for word in pair] for pair in pairs]
    expression = f"Array.from(bias.pairDirection({made}, pairs))"
    found = javascript(["space", "bias"], expression, pairs=rows, **given)
    assert found == pytest.approx(subspace(small, topic).direction, abs=1e-4)


def test_measures_of_a_line_are_those_of_the_library_before_and_after_debiasing(javascript, space):
    small = space.astype("int8")
    given, made = in_page(small)
    direction = small["w0"].astype(np.float64) / np.linalg.norm(small["w0"])
    neutral = [f"w{row}" for row in range(10, 30)]
    expression = f"""(() => {{
      const shown = {made};
      const line = new bias.BiasLine(shown, shown.unit(0), {{ left: [0], right: [1], neutral }});
      return [0, 1].map((strength) => [line.measures(strength), Array.from(line.places(strength))]);
    }})()"""
    rows = [small.vocabulary[word] for word in neutral]
    [(before, _), (after, places)] = javascript(["space", "bias"], expression, neutral=rows, **given)
    assert before["direct"] == pytest.approx(direct_bias(small, neutral, direction).value, abs=1e-5)
    assert after["direct"] == pytest.approx(0, abs=1e-6)
    fair = projected(small.matrix, direction[None])
    fair[[0, 1]] = small.matrix[[0, 1]]
    unit = fair / np.linalg.norm(fair, axis=1, keepdims=True)
    assert places == pytest.approx((unit @ direction).tolist(), abs=1e-5)
    poles = (small.matrix[0] / np.linalg.norm(small.matrix[0])) - (
        small.matrix[1] / np.linalg.norm(small.matrix[1])
    )
    assert after["association"] == pytest.approx(np.abs(unit[rows] @ poles).mean(), abs=1e-5)
    assert after["sameSide"] == pytest.approx(same_side(unit, small.matrix @ direction, rows), abs=1e-6)


def same_side(unit, along, rows):
    """The share of the 50 nearest words of some that lie on the same side as they."""
    shares = []
    for row in rows:
        cosines = unit @ unit[row]
        cosines[row] = -np.inf
        near = np.argsort(-cosines, kind="stable")[:50]
        shares.append(np.mean((along[near] > 0) == (along[row] > 0)))
    return np.mean(shares)


def test_the_nearest_point_is_found_by_the_grid(javascript):
    points = np.random.default_rng(1).uniform(-1.3, 1.3, (500, 2)).astype(np.float32)
    places = np.random.default_rng(2).uniform(-1.2, 1.2, (50, 2))
    expression = "places.map(([x, y]) => new grid.Grid(Float32Array.from(points)).nearest(x, y, 0.3))"
    found = javascript(["grid"], expression, points=points.ravel().tolist(), places=places.tolist())
    distances = np.linalg.norm(places[:, None] - points[None], axis=2)
    assert found == np.where(distances.min(axis=1) < 0.3, distances.argmin(axis=1), -1).tolist()


def test_characters_that_disturb_are_not_shown(javascript):
    texts = ["a\u0000b", "x\u202ey", "tab\there", "❤️", "long" * 30]
    shown = javascript(["dom"], "texts.map((text) => dom.shownText(text))", texts=texts)
    assert shown[:4] == ["a\ufffdb", "x\ufffdy", "tab\ufffdhere", "❤️"]
    assert len(shown[4]) == 80


def test_int8_rows_are_a_space(space):
    """The factors of the page bring its rows to length 1."""
    rows = StoredRows(space.matrix).astype("int8")
    assert np.linalg.norm(rows.values * rows.factors[:, None], axis=1) == pytest.approx(1, abs=1e-5)


def test_a_motion_begins_no_earlier_than_it_began(javascript):
    """Where the page was busy, a frame's time lies before the beginning: that once threw points far away."""
    expression = "[-5000, 0, 50, 100, 900].map((time) => motion.eased(motion.shareOfWay(time, 100)))"
    assert javascript(["motion"], expression) == [0, 0, 0.5, 1, 1]


def test_names_that_must_be_shown_do_not_stand_over_one_another(javascript):
    expression = """new labels.Labels(["king", "queen", "prince", "far"]).placed(
      { measureText: () => ({ width: 30 }) },
      { points: [100, 100, 102, 101, 101, 100, 300, 100], camera: { toScreen: (x, y) => [x, y] },
        width: 400, height: 200, must: [0, 1], first: [2] })"""
    placed = [(label["row"], label["left"], label["top"]) for label in javascript(["labels"], expression)]
    assert placed == [(0, 107, 100), (1, 109, 125), (3, 307, 100)]
