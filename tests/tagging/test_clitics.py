"""Clitics, parted as in training."""

import pytest

from embedkit.tagging.clitics import Clitics, clitics_of

ENGLISH = clitics_of([["do", "n't", "'s", "it", "'ll"]] * 2)
FRENCH = clitics_of([["l'", "homme", "qu'", "il"]] * 2)


@pytest.mark.parametrize(
    ("clitics", "token", "parts"),
    [
        (ENGLISH, "don't", ["do", "n't"]),
        (ENGLISH, "CAN'T", ["CA", "N'T"]),
        (ENGLISH, "Bob's", ["Bob", "'s"]),
        (ENGLISH, "'s", ["'s"]),
        (ENGLISH, "n't", ["n't"]),
        (ENGLISH, "O'Brien", ["O'Brien"]),
        (ENGLISH, "we've", ["we've"]),  # it did not occur
        (FRENCH, "L'homme", ["L'", "homme"]),
        (FRENCH, "aujourd'hui", ["aujourd'hui"]),
        (FRENCH, "l'", ["l'"]),
        (Clitics(), "don't", ["don't"]),
    ],
)
def test_parts(clitics, token, parts):
    assert clitics.split([token]) == parts


def test_tokens_that_are_whole_in_training_stay_whole():
    assert clitics_of([["I", "don't"]] * 5).split(["don't", "Bob's"]) == ["don't", "Bob's"]
