import math

import numpy as np
import pytest

from embedkit import LabelScores, NgramLanguageModel, Texts
from embedkit.errors import InputError
from embedkit.language_models import label_scores

LINES = ["one nine eight four", "one nine six nine", "two zero one two", "don't one"]


@pytest.fixture(scope="module")
def model():
    return NgramLanguageModel(order=3, independent_lines=True).train(Texts(LINES * 4))


def line_probability(scores, words):
    """Of a whole line, end included."""
    return sum(scores(words[:place], word) for place, word in enumerate([*words, "\n"]))


@pytest.mark.parametrize("line", LINES)
def test_the_scores_of_a_line_are_its_perplexity(model, line):
    """The sum over labels and end is what the model says of the line, also of words of several tokens."""
    words = line.split()
    scores = LabelScores(model, sorted({word for one in LINES for word in one.split()}))
    told = model.perplexity(Texts([line]))
    tokens = len(model.units.encode([line]))
    assert line_probability(scores, words) == pytest.approx(-tokens * math.log(told.perplexity), rel=1e-6)


def test_scores_do_not_depend_on_what_was_asked_before(model, monkeypatch):
    """As few beginnings are kept as may be."""
    labels = ["eight", "four", "nine", "one"]
    asked = [(["one", "nine", "eight"], "four"), ([], "one"), (["one", "nine"], "eight"), (["nine"], "nine")]
    alone = [LabelScores(model, labels)(*one) for one in asked]
    monkeypatch.setattr(label_scores, "KEPT", 2)
    scores = LabelScores(model, labels)
    assert [scores(*one) for one in asked * 3] == pytest.approx(alone * 3)


def test_characters():
    model = NgramLanguageModel(order=4, unit="characters", independent_lines=True).train(Texts(["to be"] * 9))
    scores = LabelScores(model, [" ", "b", "e", "o", "t"], "characters")
    assert scores(list("to"), " ") > np.log(0.5) > scores(list("to"), "t")


def test_labels_that_the_model_does_not_know(model):
    with pytest.warns(UserWarning, match="does not know 'seven', and finds it unlikely"):
        scores = LabelScores(model, ["nine", "seven"])
    assert scores([], "seven") < scores([], "nine")
    with pytest.raises(InputError, match="that knows none of 'five', 'seven'"):
        LabelScores(model, ["five", "seven"])
    with pytest.raises(InputError, match="expected a language model of characters, as the labels are"):
        LabelScores(model, ["a", "b"], "characters")
