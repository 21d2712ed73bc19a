"""Files that are wrong in every way known here, from empty ones to bombs, made in a folder."""

import bz2
import gzip
import io
import json
import lzma
import os
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import zstandard

DEEP = 1_000_000  # brackets within one another
ZEROS = 1 << 28  # bytes that a bomb becomes
HUGE = 10**12  # rows that a header claims
PICKLE = b"cposix\nsystem\n(S'touch executed'\ntR."  # runs a command where it is unpickled


def write_bad_files(folder: Path, good: dict[str, Path], zeros: int = ZEROS) -> list[str]:
    """Write them all; returns their names.

    Of `good` files, of each kind, damaged copies are made; bombs become so many `zeros`.
    """
    made = {**_plain(), **_headers(), **_bombs(zeros), **_damaged(good)}
    for name, content in made.items():
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir()
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("nowhere")
    with (folder / "sparse.bin").open("wb") as file:
        file.truncate(1 << 40)
    return [*made, "folder", "loop", "dangling", "sparse.bin", "missing", "x" * 300, "a\x1b[31mred", "-"]


def _plain():
    noise = random.Random(1).randbytes(4096)
    return {
        "empty": b"",
        "newline": b"\n",
        "blanks.txt": b"   \n\t\n",
        "zeros.bin": bytes(4096),
        "noise.bin": noise,
        "noise.safetensors": noise,
        "invalid-utf8.txt": b"the \xff\xfe\xfa of\n" * 9,
        "utf16.txt": "the king of France\n".encode("utf-16") * 9,
        "long-line.txt": b"x" * (1 << 22),
        "controls.txt": b"\x1b]0;title\x07 \x1b[31m red\r\n" * 9,
        "quote.csv": b'text,label\n"never closed,good\n' + b"a,b\n" * 99,
        "ragged.csv": b"text,label\na,b,c,d\n\ne\n",
        "one-label.csv": b"text,label\n" + b"a text,good\n" * 9,
        "deep.json": b"[" * DEEP,
        "deep.jsonl": b'{"text": ' * DEEP,
        "huge-number.json": b'{"text": 1' + b"0" * 100_000 + b"}",
        "deep.toml": b"a = " + b"[" * 100_000,
        "nan.txt": b"2 3\nthe nan 1 2\nof 1 inf 2\n",
        "shifted.txt": b"the 1 2 3\nof 1 2\nking 1 2 3\n",
    }


def _headers():
    """Headers that promise more than there is."""
    tensors = {"vectors": {"dtype": "F32", "shape": [HUGE, 300], "data_offsets": [0, 1200 * HUGE]}}
    overlapping = {
        name: {"dtype": "F32", "shape": [4], "data_offsets": [begin, begin + 16]}
        for name, begin in (("a", 0), ("b", 8))
    }
    array = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        array, {"descr": "<f4", "fortran_order": False, "shape": (HUGE, 300)}
    )
    objects = io.BytesIO()
    np.save(objects, np.array([{}], object))
    return {
        "claims.safetensors": _safetensors(json.dumps(tensors).encode()),
        "overlapping.safetensors": _safetensors(json.dumps(overlapping).encode(), bytes(24)),
        "deep.safetensors": _safetensors(b"[" * DEEP),
        "long-header.safetensors": struct.pack("<Q", 2**63) + b"{}",
        "negative.safetensors": _safetensors(
            b'{"vectors": {"dtype": "F32", "shape": [-1, -1], "data_offsets": [-4, 4]}}', bytes(16)
        ),
        "claims.bin": b"%d 300\nthe " % HUGE + bytes(64),
        "claims.txt": b"%d 300\nthe 0.1\n" % HUGE,
        "fasttext.bin": struct.pack("<ii", 793712314, 12) + b"\xff" * 200,
        "finalfusion.fifu": b"FiFu" + b"\xff" * 200,
        "claims.npy": array.getvalue(),
        "objects.npy": objects.getvalue(),
        "pickle.pkl": PICKLE,
        "pickle.safetensors": PICKLE,
        "parquet.parquet": b"PAR1" + bytes(64) + b"\xff\xff\xff\x7fPAR1",
        "sound.wav": _wave(0xFFFFFFFF, (1, 1, 16000, 32000, 2, 16)),
        "sound0.wav": _wave(0, (1, 0, 0, 0, 0, 0)),
        "tune.mid": b"MThd\0\0\0\x06\0\x01\xff\xff\0\x60MTrk\xff\xff\xff\xff",
        "tune.abc": b"X:1\nM:0/0\nL:1/0\nK:H\n[[[||::\n",
    }  # fmt: skip


def _wave(size, form):
    header = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, *form)
    return b"RIFF" + struct.pack("<I", size) + header + b"data" + struct.pack("<I", size)


def _safetensors(header, data=b""):
    return struct.pack("<Q", len(header)) + header + data


def _bombs(size):
    """A few KB that become so many bytes, and archives with names that lead elsewhere."""
    zeros = bytes(size)
    zipped, escaping, many = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", zeros)
    with tarfile.open(fileobj=escaping, mode="w:gz") as archive:
        for name in ("../escaped.txt", "/tmp/escaped.txt"):
            member = tarfile.TarInfo(name)
            member.size = 6
            archive.addfile(member, io.BytesIO(b"a b c\n"))
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(3000):
            archive.writestr(f"{number}.txt", "a b\n")
    return {
        "bomb.gz": gzip.compress(zeros),
        "bomb.bz2": bz2.compress(zeros),
        "bomb.xz": lzma.compress(zeros, preset=0),
        "bomb.zst": zstandard.compress(zeros),
        "bomb.zip": zipped.getvalue(),
        "escaping.tar.gz": escaping.getvalue(),
        "many.zip": many.getvalue(),
        "cut.gz": gzip.compress(os.urandom(4096))[:2000],
        "cut.zip": zipped.getvalue()[:-30],
    }


def _damaged(good):
    """Of each good file: one cut off, one with a flipped bit, one with bytes behind it."""
    made = {}
    for name, path in good.items():
        content = bytearray(path.read_bytes())
        made[f"cut-{name}"] = bytes(content[: len(content) * 2 // 3])
        made[f"longer-{name}"] = bytes(content) + b"more"
        content[len(content) // 2] ^= 16
        made[f"flipped-{name}"] = bytes(content)
    return made
