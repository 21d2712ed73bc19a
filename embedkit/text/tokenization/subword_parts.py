r"""Parts of a text that a subword tokenizer treats alike wherever they stand, so that each is encoded once.

Words are few and come often. Whether the tokens of a text are those of its parts, one after the other, is
told by the JSON of the tokenizer: by how it normalizes text and cuts it before the model sees it. Two cuts
are known:

- what parts words at blanks: BERT's, `Whitespace`, and that of our own `train_tokenizer`;
- GPT-2's regular expression (`ByteLevel`), where blanks go to the word that follows.

Texts that hold one of the added tokens, such as "[CLS]", which are looked for before all else, are never cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

CutText = Callable[[str], Sequence[str]]

INDEPENDENT = {"BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "StripAccents"}  # normalizers
BLANKS_DROPPED = {"BertPreTokenizer", "Whitespace", "WhitespaceSplit"}  # pre-tokenizers
_BLANK = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WITH_BLANKS = re.compile(f"[{_BLANK}]*[^{_BLANK}]+|[{_BLANK}]+")

# What `train_tokenizer` writes: blanks become one, each word has one before it and keeps it.
BLANKS = r"[\s\x1c-\x1f]+"
WORD = r" ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+| "
ONE_BLANK: list[dict[str, Any]] = [
    {"type": "Replace", "pattern": {"Regex": BLANKS}, "content": " "},
    {"type": "Strip", "strip_left": True, "strip_right": True},
    {"type": "Prepend", "prepend": " "},
]
SPLIT_AT_BLANKS = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": WORD}, "behavior": "Isolated", "invert": False},
        {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": False},
    ],
}


def parts_of(definition: Mapping[str, Any]) -> CutText | None:
    """The function that cuts a text into parts, for the JSON of a tokenizer; None if that cannot be."""
    normalizers = _steps(definition.get("normalizer"), "normalizers")
    cut = _cut(definition.get("pre_tokenizer"), normalizers)
    added = definition.get("added_tokens") or []
    if cut is None or (normalizers and any(token.get("normalized") for token in added)):
        return None
    if not added:
        return cut
    looked_for = re.compile("|".join(re.escape(token["content"]) for token in added))
    return lambda text: (text,) if looked_for.search(text) else cut(text)


def _cut(pre_tokenizer: Mapping[str, Any] | None, normalizers: list[Mapping[str, Any]]) -> CutText | None:
    if pre_tokenizer == SPLIT_AT_BLANKS and normalizers[-3:] == ONE_BLANK:
        return str.split if _are_independent(normalizers[:-3]) else None
    if not pre_tokenizer or not _are_independent(normalizers):
        return None
    if pre_tokenizer["type"] in BLANKS_DROPPED:
        return _between_blanks
    if pre_tokenizer["type"] == "ByteLevel":
        regular = pre_tokenizer.get("use_regex", True) and not pre_tokenizer.get("add_prefix_space", True)
        return _WITH_BLANKS.findall if regular else None
    return None


def _between_blanks(text: str) -> list[str]:
    return text.split(" ")


def _are_independent(normalizers: list[Mapping[str, Any]]) -> bool:
    """Whether what normalizers make of a text are their results for its words, one after the other."""
    return all(normalizer["type"] in INDEPENDENT for normalizer in normalizers)


def _steps(step: Mapping[str, Any] | None, inner: str) -> list[Mapping[str, Any]]:
    """A step as a list: those of a sequence, flattened; none for None."""
    if not step:
        return []
    if step["type"] == "Sequence":
        return [part for one in step[inner] for part in _steps(one, inner)]
    return [step]
