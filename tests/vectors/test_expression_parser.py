"""Expressions as people write them: a table of texts, and sums of any words written and read again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit import InputError
from embedkit.vectors.expression_parser import MAX_DEPTH, parse_expression, spaced_out
from embedkit.vectors.expressions import Expression, Term

WORDS = "king man woman queen well-known new\u00a0york c++ + 3-1 1984 'n' 's :) city_(us) f*ck 🍕"
KNOWN = {*WORDS.split(" "), "new york", "king - size"}
UNKNOWN = ["rome", "king-man", "new delhi", "rock 'n' roll", "Take That (band)", "AT & T", "AC / DC", " king"]
UNKNOWN += ["king -man", "", " ", "-", "*", "(king", "king)", "'open", "7", "2 live crew"]

SUMS = [
    ("king - man + woman", {"king": 1, "man": -1, "woman": 1}),
    ("king  +\tman", {"king": 1, "man": 1}),
    ("king \u2212 man", {"king": 1, "man": -1}),
    ("- king + man", {"king": -1, "man": 1}),
    ("king - - man", {"king": 1, "man": 1}),
    ("0.5*paris + berlin", {"paris": 0.5, "berlin": 1}),
    (".5 * paris + 1e1*berlin", {"paris": 0.5, "berlin": 10}),
    ("2 king", {"king": 2}),
    ("2*3*king", {"king": 6}),
    ("king*2 - man * 3 + woman / 4", {"king": 2, "man": -3, "woman": 0.25}),
    ("king \u00d7 2", {"king": 2}),
    ("-2*king", {"king": -2}),
    ("king + -2 man", {"king": 1, "man": -2}),
    ("2 (king - man) - (woman - (queen))/2", {"king": 2, "man": -2, "woman": -0.5, "queen": 0.5}),
    ("2(king)-(man)", {"king": 2, "man": -1}),
    ("-(king + 3 man)", {"king": -1, "man": -3}),
    ("well-known - unheard-of", {"well-known": 1, "unheard-of": -1}),
    ("c++ - 3-1", {"c++": 1, "3-1": -1}),
    ("2*c++", {"c++": 2}),
    ("'new york' - \"new york\"", {"new york": 0}),
    ("'rock''n''roll' + king", {"rock'n'roll": 1, "king": 1}),
    ('"a ""b"" c"*2', {'a "b" c': 2}),
    ("'n' + 's - king", {"'n'": 1, "'s": 1, "king": -1}),
    ("'+' - king", {"+": 1, "king": -1}),
    ("1984 - king + 1984", {"1984": 2, "king": -1}),
    ("2 1984", {"1984": 2}),
    ("(2)", {"2": 1}),
    ("🍕 - man", {"🍕": 1, "man": -1}),
    ("(:) + king)", {":)": 1, "king": 1}),
    ("(city_(us) + town_(uk))", {"city_(us)": 1, "town_(uk)": 1}),
    ("f*ck - king", {"f*ck": 1, "king": -1}),
    ("0 king", {"king": 0}),
]


@pytest.mark.parametrize(("text", "weights"), SUMS)
def test_sums(text, weights):
    found = dict.fromkeys(weights, 0)
    for word, weight in parse_expression(text, KNOWN.__contains__).terms:
        found[word] += weight
    assert found == weights


@pytest.mark.parametrize("word", sorted(KNOWN))
def test_a_text_that_is_a_known_word_is_that_word(word):
    assert parse_expression(word, KNOWN.__contains__).terms == ((word, 1.0),)


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_text_without_operators_is_a_word_as_it_stands(text):
    assert parse_expression(text, KNOWN.__contains__).word == text


ERRORS = [
    ("king -", "expected a word, got the end at character 7"),
    ("king - new york", "expected + or - between blanks, got 'york' at character 12"),
    ("king + * man", "expected a word, got '*' at character 8"),
    ("king * man", "expected + or - between blanks, got '*' at character 6"),
    ("king + man woman", "expected + or - between blanks, got 'woman' at character 12"),
    ("(king - man", "expected ) for this (, got '(king' at character 1"),
    ("king - man)", "expected no ), got ')' at character 11"),
    ("king + ()", "expected a word, got ')' at character 9"),
    ("2 (king - man) woman", "expected + or - between blanks, got 'woman' at character 16"),
    ("king - 'new york", "expected a second ' to close the quote, got \"'new\" at character 8"),
    ("(king - man)/0", "expected no division by 0, got '0' at character 14"),
    ("1e200*1e200*king + man", "expected finite weights"),
    ("(" * (MAX_DEPTH + 1) + "king - man", f"expected at most {MAX_DEPTH} parentheses in one another"),
]


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_errors_name_the_place(text, message):
    with pytest.raises(InputError) as caught:
        parse_expression(text, KNOWN.__contains__)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"cannot read {text!r} as a sum of words")


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("king-man+woman", "king - man + woman"),
        ("king -man", "king - man"),
        ("king\u2212man", "king \u2212 man"),
        ("king-size", None),
        ("king", None),
        ("-man", None),
    ],
)
def test_a_sum_that_lacks_blanks(text, sum_):
    assert spaced_out(text, KNOWN.__contains__) == sum_


words = st.one_of(st.sampled_from(sorted(KNOWN)), st.text("ab1+-*/()'\" .\u00e9🍕", min_size=1))
weights = st.floats(-1e6, 1e6).filter(bool)


@settings(max_examples=40)
@given(st.lists(st.builds(Term, words, weights), min_size=2))
def test_what_is_written_is_read_again(terms):
    """But for words that stand in the text bare, and stood in no quotes."""
    written = str(Expression(tuple(terms)))
    assert parse_expression(written, set().__contains__).terms == tuple(terms)
    assert parse_expression(written, KNOWN.__contains__).terms == tuple(terms)


@given(st.text("ab12 +-*/()'\".", max_size=30))
def test_any_text_is_a_sum_or_an_error(text):
    known = {"a", "b", "ab", "1"}
    try:
        expression = parse_expression(text, known.__contains__)
    except InputError:
        return
    assert expression.terms
    if expression.word != text:
        again = parse_expression(str(expression), known.__contains__)
        assert again.terms == expression.terms
