"""Lists of words that vectors know too little of."""

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.bias.topics.word_lists import match_words
from embedkit.errors import InputError


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        (
            {"min_coverage": 0.9},
            "know 90% of the list, got 1 of 2 .*larger vocabulary, or allow a lower coverage$",
        ),
        ({"min_coverage": 0, "min_words": 2}, "know at least 2 of the list, got 1 of 2 .*larger vocabulary$"),
    ],
)
def test_a_lower_coverage_is_advised_where_it_helps(settings, advice):
    with pytest.raises(InputError, match=advice):
        match_words(Embeddings(np.eye(2), Vocabulary(["cat", "dog"])), ["cat", "cow"], **settings)
