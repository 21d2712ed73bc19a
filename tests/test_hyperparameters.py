import math
from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints

import pytest

from embedkit import PPMISVD, GloVe, TextClassifier, TfidfClassifier, Word2Vec
from embedkit.emoji.emojifier import Emojifier
from embedkit.errors import InputError
from embedkit.evaluation.settings import EvaluationSettings
from embedkit.hyperparameters import check, hyperparameter


@dataclass(frozen=True, kw_only=True)
class Settings:
    size: int = hyperparameter(3, "a size", minimum=1, maximum=9)
    rate: float = hyperparameter(0.1, "a rate", above=0)
    limit: int | None = hyperparameter(None, "a limit", minimum=2)
    kind: Literal["a", "b"] = hyperparameter("a", "a kind")
    other: Literal["a", "b"] | None = hyperparameter(None, "another kind")
    flag: bool = hyperparameter(False, "a flag")

    def __post_init__(self):
        check(self)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "size must be at least 1, got 0"),
        ({"size": 10}, "size must be at most 9, got 10"),
        ({"size": 2.5}, "size must be a whole number, got 2.5"),
        ({"size": True}, "size must be a whole number, got True"),
        ({"size": "7"}, "size must be a whole number, got '7'"),
        ({"size": None}, "size must be a whole number, got None"),
        ({"rate": 0.0}, "rate must be more than 0, got 0.0"),
        ({"rate": math.nan}, "rate must be a finite number, got nan"),
        ({"rate": math.inf}, "rate must be a finite number, got inf"),
        ({"rate": "fast"}, "rate must be a number, got 'fast'"),
        ({"limit": 1}, "limit must be at least 2, got 1"),
        ({"limit": 2**63}, "limit must be at most 9223372036854775807, got 9223372036854775808"),
        ({"size": 10**400}, f"size must be at most 9, got 1{'0' * 79}"),
        ({"kind": "c"}, "kind must be one of 'a', 'b', got 'c'"),
        ({"kind": None}, "kind must be one of 'a', 'b', got None"),
        ({"other": "c"}, "other must be one of 'a', 'b', got 'c'"),
        ({"flag": 1}, "flag must be True or False, got 1"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(settings, message):
    with pytest.raises(InputError) as error:
        Settings(**settings)
    assert str(error.value) == message


def test_allowed_values_pass():
    assert Settings(size=9, rate=1, limit=None, kind="b", flag=True).rate == 1
    assert Settings(limit=2, other="b").limit == 2
    assert Settings(limit=2**63 - 1).limit == 2**63 - 1


# Whole numbers that may be as large as 64 bits hold: they only say which words, texts or epochs count.
HARMLESS = {"min_count", "max_vocabulary", "min_df", "batch_size", "patience", "fine_tune"}
CHECKED_ELSEWHERE = {"workers", "window", "negative", "memory", "components", "vector_size", "seed"}
ESTIMATORS = [Word2Vec, GloVe, PPMISVD, TextClassifier, TfidfClassifier, Emojifier, EvaluationSettings]


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_whole_numbers_that_cost_time_or_memory_are_bounded(kind):
    hints = get_type_hints(kind)
    declared = [field for field in fields(kind) if "help" in field.metadata]
    numbers = [field for field in declared if int in (hints[field.name], *get_args(hints[field.name]))]
    unbounded = {field.name for field in numbers if field.metadata["maximum"] is None}
    assert unbounded <= HARMLESS | CHECKED_ELSEWHERE
