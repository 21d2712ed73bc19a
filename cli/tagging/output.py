"""Texts with tags as text, JSON, TSV or columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embedkit_cli.shared.text import DIGITS, json_line, plain

if TYPE_CHECKING:
    from embedkit.tagging.tagging import TaggedText


def as_text(tagged: TaggedText, spans: bool) -> str:
    """One line: spans in brackets with their type, or each token with its tag."""
    tokens = list(map(plain, tagged.tokens))
    if not spans:
        return " ".join(f"{token}/{plain(tag)}" for token, tag in zip(tokens, tagged.tags, strict=True))
    for kind, begin, end in tagged.spans:
        tokens[begin] = f"[{tokens[begin]}"
        tokens[end - 1] += f" | {plain(kind)}]"
    return " ".join(tokens)


def as_json(tagged: TaggedText) -> str:
    """One object on one line."""
    entry = {
        "text": tagged.text,
        "tokens": list(tagged.tokens),
        "tags": list(tagged.tags),
        "probabilities": [round(probability, DIGITS) for probability in tagged.probabilities],
        "spans": [
            {**span._asdict(), "tokens": list(tagged.tokens[span.begin : span.end])} for span in tagged.spans
        ],
    }
    return json_line(entry)


def as_tsv(tagged: TaggedText) -> str:
    """A line a token: the token, its tag and the probability of that; a blank line behind each text."""
    rows = zip(tagged.tokens, tagged.tags, tagged.probabilities, strict=True)
    return "".join(
        f"{plain(token)}\t{plain(tag)}\t{probability:.{DIGITS}f}\n" for token, tag, probability in rows
    )


def as_conll(tagged: TaggedText) -> str:
    """A line a token, as `train-tagger` reads them: the token and its tag; a blank line behind each text."""
    rows = zip(tagged.tokens, tagged.tags, strict=True)
    return "".join(f"{plain(token)}\t{plain(tag)}\n" for token, tag in rows)


def render_tagged(tagged: TaggedText, style: str, spans: bool) -> str:
    """A tagged text in a style."""
    if style == "text":
        return as_text(tagged, spans)
    return {"json": as_json, "tsv": as_tsv, "conll": as_conll}[style](tagged)
