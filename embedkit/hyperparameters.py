"""Hyper-parameters as fields of a frozen dataclass: declared, documented and checked in one place.

@dataclass(frozen=True, kw_only=True)
class Trainer:
    epochs: int = hyperparameter(5, "number of epochs", minimum=1)

    def __post_init__(self) -> None:
        check(self)
"""

from __future__ import annotations

import math
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from numbers import Integral, Real
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from embedkit.errors import InputError

Group = TypeVar("Group")

MAX_SEED = 2**32 - 1  # the largest that numpy's and scikit-learn's older generators take
MAX_WORKERS, MAX_EPOCHS, MAX_DIMENSIONS = 1024, 1_000_000, 1_000_000  # more is a mistake
MAX_INTEGER = 2**63 - 1  # that libraries and compiled code take


def hyperparameter(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
) -> Any:
    """A dataclass field with its help text and the range it allows; `above` excludes its bound."""
    limits = {"minimum": minimum, "maximum": maximum, "above": above}
    return field(default=default, metadata={"help": help, **limits})


def described(default: Any, help: str) -> Any:
    """A dataclass field with its help text, whose values are checked where they are used."""
    return field(default=default, metadata={"help": help})


def repeated(kind: type[Any], name: str, default: Any = MISSING) -> Any:
    """A dataclass field with the help text and the range that it has in another dataclass.

    Its default is the same, too, unless another is given.
    """
    original = next(item for item in fields(kind) if item.name == name)
    return field(default=original.default if default is MISSING else default, metadata=original.metadata)


def values_of(kind: type[Any], parameters: Any) -> dict[str, Any]:
    """The values that an object has for the fields of a dataclass, by name."""
    return {item.name: getattr(parameters, item.name) for item in fields(kind)}


def group_of(kind: type[Group], parameters: Any) -> Group:
    """The parameters of an object that are fields of a dataclass, as one of these."""
    return kind(**values_of(kind, parameters))


def seed_field(help: str = "random seed") -> Any:
    """A dataclass field for a random seed."""
    return hyperparameter(1, help, minimum=0, maximum=MAX_SEED)


@dataclass(kw_only=True, eq=False, repr=False)
class Seeded:
    """The parameter of whatever draws at random."""

    seed: int = seed_field()


@cache
def type_hints(kind: type[Any]) -> dict[str, Any]:
    """The types of the fields of a class, whose annotations are strings that have to be evaluated."""
    return get_type_hints(kind)


def check(parameters: Any) -> None:
    """Raise `InputError` for the first hyper-parameter of a dataclass instance of a wrong type or range.

    Fields that were not declared by `hyperparameter` are not looked at.
    """
    hints = type_hints(type(parameters))  # type: ignore[arg-type] # classes are hashable
    for item in fields(parameters):
        if "minimum" not in item.metadata:
            continue
        value = getattr(parameters, item.name)
        if problem := _problem(value, hints[item.name], item.metadata):
            raise InputError(f"{item.name} must be {problem}, got {value!r:.80}")


def check_count(name: str, value: object) -> None:
    """Raise `InputError` unless the argument `name` is a whole number of at least 1; True is none."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise InputError(f"expected {name} to be a whole number of at least 1, got {value!r}")
    if int(value) > MAX_INTEGER:
        raise InputError(f"expected {name} to be at most {MAX_INTEGER}, got {value!r:.80}")


def check_seed(seed: object) -> None:
    """Raise `InputError` unless a random seed is a whole number that all libraries take."""
    check(Seeded(seed=seed))  # type: ignore[arg-type]


def name_and_value(setting: str) -> tuple[str, str] | None:
    """The two parts of a setting NAME=VALUE, without blanks around them; None for another form.

    Example:
        >>> name_and_value("components = 2")
        ('components', '2')
    """
    name, equals, value = (part.strip() for part in setting.partition("="))
    return (name, value) if name and equals else None


def _problem(value: Any, hint: Any, metadata: Any) -> str | None:
    """What `value` should have been, None if it is fine."""
    kinds = (hint,) if get_origin(hint) is Literal else get_args(hint) or (hint,)
    if value is None and type(None) in kinds:
        return None
    if get_origin(kinds[0]) is Literal:
        choices = get_args(kinds[0])
        return None if value in choices else "one of " + ", ".join(map(repr, choices))
    if bool in kinds and isinstance(value, bool):
        return None
    if {*kinds} <= {bool, type(None)}:
        return "True or False"
    if str in kinds and isinstance(value, str):
        return None
    if isinstance(value, bool) or not isinstance(value, Real if float in kinds else Integral):
        number = "a number" if float in kinds else "a whole number"
        return f"True, False or {number}" if bool in kinds else number
    if not isinstance(value, Integral) and not math.isfinite(value):
        return "a finite number"
    return _range_problem(value, metadata)


def _range_problem(value: Any, metadata: Any) -> str | None:
    if (minimum := metadata["minimum"]) is not None and value < minimum:
        return f"at least {minimum}"
    if (maximum := metadata["maximum"]) is not None and value > maximum:
        return f"at most {maximum}"
    if (bound := metadata["above"]) is not None and value <= bound:
        return f"more than {bound}"
    if isinstance(value, Integral) and abs(int(value)) > MAX_INTEGER:
        return f"at most {MAX_INTEGER}" if int(value) > 0 else f"at least {-MAX_INTEGER}"
    return None
