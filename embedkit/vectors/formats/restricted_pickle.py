"""Pickles read without running any code of theirs: numpy's arrays and inert stand-ins, nothing else.

A pickle is a program: it names functions and calls them. Here every name is looked up in one table of ours.
numpy's constructors are replaced by our own, which check sizes and take neither objects nor structures;
classes of gensim, and whatever its models hold beside vectors, become `Inert`, which keeps what it is given
and does nothing. Any other name is an error. A scan beforehand sees to it that what the program claims to
follow is there, and that it numbers no more things than it can have made, as memory is given by that number.
"""

from __future__ import annotations

import mmap
import pickle
import re
from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import FormatError

PICKLE = re.compile(rb"\x80[\x02-\x05]")  # its first opcode tells the protocol
INERT_MODULES = ("gensim.", "numpy.random", "scipy.sparse")
INERT_NAMES = {
    "builtins": {
        "int",
        "float",
        "str",
        "list",
        "dict",
        "set",
        "frozenset",
        "object",
        "hash",
        "tuple",
        "bool",
    },
    "numpy": {"float16", "float32", "float64", "int32", "int64", "uint32", "uint64", "bool_", "ndarray"},
}
NUMBERS = re.compile(r"[<>|=]?[biuf][1-8]")  # types of entries that are admitted
FIXED = {
    **dict.fromkeys(b"(.012NQRabdeo}lstu])\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98", 0),
    **dict.fromkeys(b"Khq\x80\x82", 1),
    **dict.fromkeys(b"M\x83", 2),
    **dict.fromkeys(b"Jjr\x84", 4),
    **dict.fromkeys(b"G\x95", 8),
}  # opcodes -> bytes behind them
COUNTED = {
    **dict.fromkeys(b"UC\x8a\x8c", 1),
    **dict.fromkeys(b"TXB\x8b", 4),
    **dict.fromkeys(b"\x8d\x8e\x96", 8),
}  # opcodes -> bytes of the length of what follows
LINES = {**dict.fromkeys(b"FILSVgpP", 1), **dict.fromkeys(b"ci", 2)}  # opcodes -> lines behind them
STOP, PUT, LONG_PUT = ord("."), ord("p"), ord("r")
PUTS = (PUT, LONG_PUT)  # they number what was made last
SHORT = -1  # in place of the length of an opcode that a byte with the number of further ones follows
STEPS = [
    SHORT if COUNTED.get(code) == 1 else FIXED.get(code, -1) + 1 if code not in (STOP, LONG_PUT) else 0
    for code in range(256)
]  # bytes of each opcode with what belongs to it; 0 where that takes more to tell
MAX_LINES = 1 << 20  # bytes of lines behind an opcode, at most
MAX_AXES = 32


class Inert:
    """What stands for an object that is not needed: it keeps its state and does nothing."""

    state: Mapping[str, Any]

    def __new__(cls, *_: object, **__: object) -> Inert:
        """Takes any arguments."""
        made = super().__new__(cls)
        made.state = {}
        return made

    def __setstate__(self, state: object) -> None:
        self.state = state if isinstance(state, dict) else {}

    def __setitem__(self, key: object, value: object) -> None:
        """Entries of what was a dictionary are dropped."""

    def append(self, value: object) -> None:
        """Entries of what was a list or a set are dropped."""

    add = append


class PickledType:
    """The type of an array's entries, by its name; structures have none that is admitted."""

    name = ""

    def __init__(self, name: object = "", *_: object) -> None:
        self.name = name if isinstance(name, str) else ""

    def __setstate__(self, state: Any) -> None:
        order, *parts = state[1:5]
        plain = isinstance(order, str) and all(part is None for part in parts)
        self.name = order.replace("|", "") + self.name if plain else ""

    def resolved(self) -> np.dtype[Any] | None:
        """The type, if it is one of plain numbers."""
        return np.dtype(self.name) if NUMBERS.fullmatch(self.name) else None


class PickledArray:
    """An array: of plain numbers, once its bytes are found to be as many as its shape says; else None."""

    array: NDArray[Any] | None = None

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, fortran, data = state
        self.fill(shape, kind, "F" if fortran else "C", data)

    def fill(self, shape: Any, kind: Any, order: Any, data: Any) -> None:
        """Take the bytes of an array of this shape, type and order."""
        dtype = kind.resolved() if isinstance(kind, PickledType) else None
        if isinstance(data, str):  # of Python 2
            data = data.encode("latin1")
        if dtype is None or not isinstance(data, bytes | bytearray):
            return
        plain = isinstance(shape, tuple) and all(type(length) is int and length >= 0 for length in shape)
        if not plain or len(shape) > MAX_AXES or prod(shape) * dtype.itemsize != len(data):
            raise ValueError(f"expected an array of other bytes than {len(data):,}")
        self.array = np.frombuffer(data, dtype).reshape(shape, order="F" if order == "F" else "C")


class Call:
    """A function of ours that pickles may call, and cannot change."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *arguments: object) -> Any:
        """What the function returns."""
        return self.function(*arguments)

    def __setstate__(self, state: object) -> None:
        raise ValueError("a function has no state")


def _array(*_: object) -> PickledArray:
    """An array, whose state follows."""
    return PickledArray()


def _filled(data: Any, kind: Any, shape: Any, order: Any) -> PickledArray:
    """An array of these bytes."""
    made = PickledArray()
    made.fill(shape, kind, order, data)
    return made


def _scalar(kind: Any, data: Any = None) -> float | int | None:
    """One number."""
    made = _filled(data, kind, (1,), "C").array
    return None if made is None else made.tolist()[0]


def _object(kind: Any, *_: object) -> Inert:
    """A new object of a class, as old protocols ask for it."""
    return Inert()


def _bytes(text: Any = "", *_: object) -> bytes | None:
    """Bytes, which old protocols write as text."""
    return text.encode("latin1") if isinstance(text, str) else None


def _dictionary(*_: object) -> dict[Any, Any]:
    """An empty dictionary, whose entries follow."""
    return {}


NAMES = {
    **{(f"numpy.{core}.multiarray", "_reconstruct"): Call(_array) for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): Call(_scalar) for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): Call(_filled) for core in ("core", "_core")},
    ("numpy", "dtype"): PickledType,
    ("copyreg", "_reconstructor"): Call(_object),
    ("_codecs", "encode"): Call(_bytes),
    ("builtins", "bytes"): Call(_bytes),
    ("collections", "defaultdict"): Call(_dictionary),
    ("collections", "OrderedDict"): Call(_dictionary),
    ("collections", "Counter"): Call(_dictionary),
}
RENAMED = {"__builtin__": "builtins", "copy_reg": "copyreg", "UserDict": "collections"}  # since Python 2


class RestrictedUnpickler(pickle.Unpickler):
    """An unpickler that knows the names in `NAMES` and inert classes, and no others."""

    def find_class(self, module: str, name: str) -> Any:
        """What a name stands for here; `FormatError` if it stands for nothing."""
        module = RENAMED.get(module, module)
        if (module, name) in NAMES:
            return NAMES[module, name]
        inert = f"{module}.".startswith(INERT_MODULES) or name in INERT_NAMES.get(module, ())
        if not inert:
            raise FormatError(f"it asks for {module}.{name}, which could run code")
        return Inert


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is a pickle of protocol 2 or later."""
    return bool(PICKLE.match(head))


def load_pickle(path: Path) -> Any:
    """What a pickle holds, objects of gensim as `Inert`, arrays as `PickledArray`.

    Raises:
        FormatError: it asks for anything else, is cut off or claims more than it has.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            with memoryview(content) as view:
                _scan(view)
            return RestrictedUnpickler(content, encoding="latin1").load()
    except FormatError as error:
        raise FormatError(
            f"{path}: expected a pickle of numpy's arrays and gensim's vectors: {error}"
        ) from None
    except Exception as error:  # whatever a damaged program runs into
        told = error.args[0] if error.args and isinstance(error.args[0], str) else type(error).__name__
        raise FormatError(f"{path}: expected a whole pickle, got a damaged one: {told:.200}") from None


def _scan(content: memoryview) -> None:
    """Raise `FormatError` unless a pickle ends within the file, by opcodes that are known."""
    at, size = 0, len(content)
    while at < size:
        opcode = content[at]
        step = STEPS[opcode]
        if step > 0:
            at += step
        elif step == SHORT and at + 1 < size:
            at += 2 + content[at + 1]
        elif opcode == STOP:
            return
        else:
            at = _end(content, at, opcode)
    raise FormatError("it is cut off")


def _end(content: memoryview, at: int, opcode: int) -> int:
    """Where an opcode of variable length at `at` ends, or one that numbers what was made last."""
    if (width := COUNTED.get(opcode)) is not None:
        return at + 1 + width + int.from_bytes(content[at + 1 : at + 1 + width], "little")
    if opcode not in LINES and opcode != LONG_PUT:
        raise FormatError(f"byte {at}: got 0x{opcode:02x}, which no pickle has")
    end = at + 5
    if opcode in LINES:
        rest = bytes(content[at + 1 : at + 1 + MAX_LINES]).split(b"\n", LINES[opcode])
        if len(rest) <= LINES[opcode]:
            raise FormatError("it is cut off")
        end = at + 1 + sum(len(line) + 1 for line in rest[:-1])
    number = bytes(content[at + 1 : end])
    if opcode in PUTS and (int(number) if opcode == PUT else int.from_bytes(number, "little")) > at:
        raise FormatError(f"byte {at}: it numbers more things than it has made")
    return end
