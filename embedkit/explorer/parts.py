"""`PageParts`: what a page shows, as one JSON object and arrays by name, in the types that browsers know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.container.checked import json_text
from embedkit.errors import InputError

TYPES = {
    "<f4": "Float32Array",
    "|i1": "Int8Array",
    "|u1": "Uint8Array",
    "<u4": "Uint32Array",
    "<i4": "Int32Array",
}


@dataclass(frozen=True)
class PageParts:
    """What a page shows.

    Args:
        facts: anything JSON can hold; what is small and needed first.
        arrays: of types in `TYPES`, or anything else that becomes JSON; what is large, each by itself.

    Example:
        >>> import numpy as np
        >>> parts = PageParts({"title": "a"}, {"rows": np.zeros((2, 3), np.int8), "words": ["b"]})
        >>> parts.manifest["parts"]["rows"], parts.content("words")
        ({'type': 'Int8Array', 'bytes': 6}, b'["b"]')
    """

    facts: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any] | object] = field(default_factory=dict)

    def content(self, name: str) -> bytes:
        """The bytes of a part."""
        part = self.arrays[name]
        if isinstance(part, np.ndarray):
            return np.ascontiguousarray(part).tobytes()
        return json_text(part, separators=(",", ":")).encode()

    @property
    def manifest(self) -> dict[str, Any]:
        """The facts, and of each part its type in JavaScript; "json" for what is no array."""
        return {**self.facts, "parts": {name: self._entry(name) for name in self.arrays}}

    def _entry(self, name: str) -> dict[str, Any]:
        part = self.arrays[name]
        if not isinstance(part, np.ndarray):
            return {"type": "json"}
        if part.dtype.str not in TYPES:
            raise InputError(f"expected an array of {', '.join(TYPES)} as {name!r}, got {part.dtype.str}")
        return {"type": TYPES[part.dtype.str], "bytes": part.nbytes}

    def merged(self, other: PageParts) -> PageParts:
        """These and other parts; of facts with the same name the others count."""
        return PageParts({**self.facts, **other.facts}, {**self.arrays, **other.arrays})


def embeddable(content: object) -> str:
    """JSON that may stand in a script element: nothing in it closes the element or opens another."""
    text = json.dumps(content, separators=(",", ":"))  # ASCII alone, U+2028 and lone surrogates escaped
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
