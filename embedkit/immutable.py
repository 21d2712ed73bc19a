"""`Immutable`: the base of values of which copies are the value itself, and pickles hold the fields alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Self


class Immutable:
    """A frozen dataclass that remembers what it has computed.

    What is remembered (tables, words looked up before) stays out of pickles, which are small for that, and
    may be what no pickle could hold. A value is made again of its fields when it is read.
    """

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[type[Self], dict[str, Any]]]:
        given = {item.name: getattr(self, item.name) for item in fields(self) if item.init}  # type: ignore[arg-type]
        return _made, (type(self), given)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def _made(kind: type[Any], given: dict[str, Any]) -> Any:
    return kind(**given)
