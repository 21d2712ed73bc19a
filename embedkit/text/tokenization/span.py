"""`Span`: a token with its place in the text that it was found in."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A token, and which characters of the text it was made of: `text[begin:end]`.

    The two differ where the token was normalized: "CAFÉ" may give the token "cafe".
    """

    token: str
    begin: int
    end: int
