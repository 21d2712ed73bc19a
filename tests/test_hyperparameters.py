import math
from dataclasses import dataclass
from typing import Literal

import pytest

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter


@dataclass(frozen=True, kw_only=True)
class Settings:
    size: int = hyperparameter(3, "a size", minimum=1, maximum=9)
    rate: float = hyperparameter(0.1, "a rate", above=0)
    limit: int | None = hyperparameter(None, "a limit", minimum=2)
    kind: Literal["a", "b"] = hyperparameter("a", "a kind")
    flag: bool = hyperparameter(False, "a flag")

    def __post_init__(self):
        check(self)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "size must be at least 1, got 0"),
        ({"size": 10}, "size must be at most 9, got 10"),
        ({"size": 10**400}, f"size must be at most 9, got {10**400}"),
        ({"size": 2.5}, "size must be a whole number, got 2.5"),
        ({"size": True}, "size must be a whole number, got True"),
        ({"size": "7"}, "size must be a whole number, got '7'"),
        ({"size": None}, "size must be a whole number, got None"),
        ({"rate": 0.0}, "rate must be more than 0, got 0.0"),
        ({"rate": math.nan}, "rate must be a finite number, got nan"),
        ({"rate": math.inf}, "rate must be a finite number, got inf"),
        ({"rate": "fast"}, "rate must be a number, got 'fast'"),
        ({"limit": 1}, "limit must be at least 2, got 1"),
        ({"kind": "c"}, "kind must be one of 'a', 'b', got 'c'"),
        ({"flag": 1}, "flag must be True or False, got 1"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(settings, message):
    with pytest.raises(InputError) as error:
        Settings(**settings)
    assert str(error.value) == message


def test_allowed_values_pass():
    assert Settings(size=9, rate=1, limit=None, kind="b", flag=True).rate == 1
    assert Settings(limit=2).limit == 2
