"""spaCy's keys of words: hashes, but small numbers for the names of its symbols; and the table of their rows.

`key2row` is one map of msgpack from keys to rows. Symbols are words, too: "list" has a hash, "number" and
"TIME" have a symbol's number.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d
from embedkit.vectors.formats.murmurhash64a import murmurhash64a

HashKeys = NDArray[np.uint64]


def _numbered(name: str, first: int, last: int, digits: int = 2) -> str:
    return " ".join(f"{name}{number:0{digits}}" for number in range(first, last + 1))


NAMES = f"""
IS_ALPHA IS_ASCII IS_DIGIT IS_LOWER IS_PUNCT IS_SPACE IS_TITLE IS_UPPER LIKE_URL LIKE_NUM LIKE_EMAIL IS_STOP
IS_OOV_DEPRECATED IS_BRACKET IS_QUOTE IS_LEFT_PUNCT IS_RIGHT_PUNCT IS_CURRENCY {_numbered("FLAG", 19, 63)}
ID ORTH LOWER NORM SHAPE PREFIX SUFFIX LENGTH CLUSTER LEMMA POS TAG DEP ENT_IOB ENT_TYPE HEAD SENT_START SPACY
PROB LANG ADJ ADP ADV AUX CONJ CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X EOL SPACE
{_numbered("DEPRECATED", 1, 276, 3)}
PERSON NORP FACILITY ORG GPE LOC PRODUCT EVENT WORK_OF_ART LANGUAGE LAW DATE TIME PERCENT MONEY QUANTITY
ORDINAL CARDINAL acomp advcl advmod agent amod appos attr aux auxpass cc ccomp complm conj cop csubj csubjpass
dep det dobj expl hmod hyph infmod intj iobj mark meta neg nmod nn npadvmod nsubj nsubjpass num number oprd
obj obl parataxis partmod pcomp pobj poss possessive preconj prep prt punct quantmod relcl rcmod root xcomp
acl ENT_KB_ID MORPH ENT_ID IDX _
"""  # in the order of their numbers, from 1
SYMBOLS = {name: number for number, name in enumerate(NAMES.split(), 1)}
WIDTHS = {0xCC: "B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: "b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}


def keys_of(words: Sequence[str]) -> HashKeys:
    """The keys of words.

    Example:
        >>> keys_of(["cat", "number"]).tolist()
        [5439657043933447811, 432]
    """
    keys = murmurhash64a(words)
    for row, word in enumerate(words):
        if word in SYMBOLS:
            keys[row] = SYMBOLS[word]
    return keys


def words_of(keys: HashKeys, strings: Iterable[str]) -> list[str | None]:
    """The word of each key, as far as it is among the strings or the symbols."""
    listed = [*SYMBOLS, *strings]
    known = dict(zip(keys_of(listed).tolist(), listed, strict=True))
    return [known.get(key) for key in keys.tolist()]


def unpack_rows(data: bytes) -> tuple[HashKeys, Longs1d]:
    """The keys and the rows in the content of a file `key2row`.

    Raises:
        ValueError: it is no map of whole numbers, or is cut off; the message names the byte.
    """
    at, count = _map_header(data)
    if count > (len(data) - at) // 2:
        raise ValueError(f"expected {count:,} entries, got {len(data) - at:,} bytes of them")
    numbers = []
    for _ in range(2 * count):
        first = data[at] if at < len(data) else 0xC1
        if first <= 0x7F or first >= 0xE0:
            numbers.append(first if first <= 0x7F else first - 0x100)
            at += 1
            continue
        form = WIDTHS.get(first)
        if form is None or at + 1 + struct.calcsize(form) > len(data):
            raise ValueError(f"byte {at}: expected a whole number, got {data[at : at + 9]!r}")
        numbers.append(struct.unpack_from(form, data, at + 1)[0])
        at += 1 + struct.calcsize(form)
    if at != len(data):
        raise ValueError(f"byte {at}: expected the end, got {data[at : at + 9]!r}")
    keys, rows = numbers[::2], numbers[1::2]
    if min(keys, default=0) < 0 or max(rows, default=0) >= 1 << 63:
        raise ValueError("expected keys of 64 bits and their rows")
    return np.array(keys, np.uint64), np.array(rows, np.int64)


def pack_rows(keys: HashKeys) -> bytes:
    """The content of a file `key2row` in which each key has the row of its position."""
    entries = np.empty(len(keys), [("k", "u1"), ("key", ">u8"), ("r", "u1"), ("row", ">u4")])
    entries["k"], entries["key"], entries["r"], entries["row"] = 0xCF, keys, 0xCE, np.arange(len(keys))
    return struct.pack(">BI", 0xDF, len(keys)) + entries.tobytes()


def _map_header(data: bytes) -> tuple[int, int]:
    """Where the entries of a map begin, and how many it has."""
    first = data[0] if data else 0
    if 0x80 <= first <= 0x8F:
        return 1, first & 0x0F
    form = {0xDE: ">H", 0xDF: ">I"}.get(first)
    if form is None or len(data) < 1 + struct.calcsize(form):
        raise ValueError(f"byte 0: expected a map, got {data[:5]!r}")
    return 1 + struct.calcsize(form), struct.unpack_from(form, data, 1)[0]
