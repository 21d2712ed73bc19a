"""Temperature, top-k and top-p on probabilities that can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError, Sampling

LOGS = np.log([[0.4, 0.1, 0.3, 0.2]])


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, [0.4, 0.1, 0.3, 0.2]),
        ({"temperature": 0}, [1, 0, 0, 0]),
        ({"temperature": 0.5}, [16 / 30, 1 / 30, 9 / 30, 4 / 30]),  # squares
        ({"top_k": 1}, [1, 0, 0, 0]),
        ({"top_k": 2}, [4 / 7, 0, 3 / 7, 0]),
        ({"top_k": 9}, [0.4, 0.1, 0.3, 0.2]),
        ({"top_p": 0.4}, [1, 0, 0, 0]),
        ({"top_p": 0.41}, [4 / 7, 0, 3 / 7, 0]),
        ({"top_p": 0.95}, [0.4, 0.1, 0.3, 0.2]),
        ({"top_k": 3, "top_p": 0.5}, [4 / 7, 0, 3 / 7, 0]),  # of 4/9, 3/9, 2/9
    ],
)
def test_what_is_drawn_from(settings, wanted):
    np.testing.assert_allclose(Sampling(**settings).probabilities(LOGS), [wanted], atol=1e-12)


def test_a_number_falls_into_the_share_of_its_token():
    uniform = np.array([0, 0.39, 0.41, 0.49, 0.51, 0.79, 0.81, 1 - 1e-12])
    drawn = Sampling().draw(np.repeat(LOGS, len(uniform), axis=0), uniform)
    assert drawn.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_what_cannot_be_is_never_drawn():
    logs = np.array([[-np.inf, 0.0, -np.inf, -1.0, -np.inf]])
    uniform = np.linspace(0, 1, 50, endpoint=False)
    drawn = Sampling(temperature=3).draw(np.repeat(logs, 50, axis=0), uniform)
    assert {*drawn.tolist()} == {1, 3}


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6),
    st.floats(0, 100),
    st.integers(1, 8),
    st.floats(0.01, 1),
)
def test_probabilities_are_some(scores, temperature, top_k, top_p):
    settings = Sampling(temperature=temperature, top_k=top_k, top_p=top_p)
    probabilities = settings.probabilities(np.array([scores]))[0]
    assert probabilities.min() >= 0
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities[np.argmax(scores)] > 0


@pytest.mark.parametrize(
    "settings", [{"temperature": -1}, {"temperature": np.nan}, {"top_k": 0}, {"top_p": 0}, {"top_p": 1.1}]
)
def test_what_cannot_be_asked_for(settings):
    with pytest.raises(InputError, match=next(iter(settings))):
        Sampling(**settings)
