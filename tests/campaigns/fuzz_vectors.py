"""Reads damaged files of vectors in every format: documented errors alone, no hang, bounded memory.

`python -m tests.campaigns.fuzz_vectors [--files N] [--seed N] [--only FORMAT] [--keep FOLDER]`, on Linux.
Small valid files of each format of the table are damaged, N times each: cut, bits flipped, bytes replaced,
put in, taken out or repeated, numbers made huge, lengths made absurd, line ends changed. Children, whose
memory is bounded, read them; one that hangs is killed. The table tells how many files were read, how many
were refused, and what else happened; `--keep` saves the files behind the latter. The exit code is 1 if there
are such.
"""

import gzip
import io
import json
import random
import resource
import selectors
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import click
import numpy as np

from embedkit import Embeddings, EmbedkitError, Vocabulary
from embedkit.vectors.formats.table import FORMATS

WORDS = ["the", "of", "café", "北京", "new", "<unk>", "1984", "don't", "x", "</s>"]
MEMORY = 1 << 29  # bytes that reading a small file may take
SECONDS = 20  # that it may take, on a busy machine
READ, REFUSED = "read", "refused"
WRITTEN = [name for name, kind in FORMATS.items() if kind.write and not kind.folder]
SPARSE = b"10 8\n" + b"".join(b"word%d 1:0.5 %d:-0.25\n" % (row, 2 + row % 6) for row in range(10))
NUMBERS = [b"9" * 30, b"-1", b"0", b"nan", b"1e999", b"4294967296", b"99999999", b"0x10", b"1_0", b"1,5", b""]


def seeds(folder):
    """Small valid files: (name, content), and files that have to lie beside some, by name."""
    matrix = np.random.default_rng(1).normal(0, 0.4, (len(WORDS), 6)).astype(np.float32)
    vectors = Embeddings(matrix, Vocabulary(WORDS, np.arange(10, 0, -1)), {"made": "by hand"})
    made, beside = {"sparse": SPARSE}, {}
    for name in WRITTEN:
        path = folder / f"v.{name}"
        vectors.save(path, name)
        made[name] = path.read_bytes()
        if (other := FORMATS[name].beside) is not None:
            beside[name] = (other(path).name, other(path).read_bytes())
    text = made["word2vec"]
    made["gzip"] = gzip.compress(text)
    made["zip"], made["tar"] = (
        _zipped({"v": text, "readme": b"one two\n"}),
        _tarred({"v": text, "readme": b"x"}),
    )
    made["gensim"] = _kv(folder / "v.kv", vectors)
    return made, beside


def _kv(path, vectors):
    vectors.to_gensim().save(str(path))
    return path.read_bytes()


def _zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _tarred(members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def damaged(content, draw):
    """The content after one to three random changes."""
    for _ in range(draw.choice((1, 1, 2, 3))):
        content = draw.choice(CHANGES)(content, draw)
    return content


def _place(content, draw):
    """Somewhere in the content, often near its beginning, where headers are."""
    return draw.randrange(min(len(content), draw.choice((16, 64, 512, len(content) or 1))) or 1)


def _cut(content, draw):
    return content[: _place(content, draw)] if draw.random() < 0.5 else content[_place(content, draw) :]


def _flip(content, draw):
    at = _place(content, draw)
    return (
        content[:at]
        + bytes(byte ^ (1 << draw.randrange(8)) for byte in content[at : at + 1])
        + content[at + 1 :]
    )


def _overwrite(content, draw):
    at, count = _place(content, draw), draw.choice((1, 2, 4, 8, 40))
    fill = draw.choice((draw.randbytes(count), b"\0" * count, b"\xff" * count, b"\n" * count, b" " * count))
    return content[:at] + fill + content[at + count :]


def _length(content, draw):
    at, width = _place(content, draw), draw.choice((2, 4, 8))
    number = draw.choice(
        (0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**64 - 1, draw.randrange(2**16))
    )
    return (
        content[:at]
        + (number % 256**width).to_bytes(width, draw.choice(("little", "big")))
        + content[at + width :]
    )


def _insert(content, draw):
    at = _place(content, draw)
    return (
        content[:at]
        + draw.choice((b" ", b"\n", b"\t", b"\r", b"\0", b"\xff", draw.randbytes(7)))
        + content[at:]
    )


def _remove(content, draw):
    at = _place(content, draw)
    return content[:at] + content[at + draw.choice((1, 2, 4, 30)) :]


def _repeat(content, draw):
    at = _place(content, draw)
    part = content[at : at + draw.choice((1, 4, 50, 500))]
    return content[:at] + part * draw.choice((1, 2, 100)) + content[at:]


def _number(content, draw):
    fields = content.split(b" ")
    fields[draw.randrange(min(len(fields), draw.choice((3, len(fields)))))] = draw.choice(NUMBERS)
    return b" ".join(fields)


def _lines(content, draw):
    return content.replace(b"\n", draw.choice((b"\r\n", b"\r", b"\n\n", b" \n", b"")))


CHANGES = (_cut, _flip, _overwrite, _length, _insert, _remove, _repeat, _number, _lines)


def outcome(path, number):
    """What becomes of reading a file: `READ`, `REFUSED`, or what should not happen."""
    skip = number % 3 == 2
    try:
        with warnings.catch_warnings(action="ignore"):
            vectors = Embeddings.load(path, skip_bad_rows=skip, trust_pickle=True)
            shape = vectors.matrix.shape
    except EmbedkitError as error:
        return REFUSED if str(error).strip() else "an error that says nothing"
    except MemoryError:
        return "memory"
    except Exception as error:  # whatever it is, it is what the campaign looks for
        return f"{type(error).__name__}: {error}"[:200]
    return READ if shape == (len(vectors.vocabulary), vectors.vector_size) else f"shape {shape}"


def case(name, number, seed, made):
    """The content of one damaged file, always the same."""
    return damaged(made[name], random.Random(f"{seed} {name} {number}"))


def _child(folder, name, first, stop, seed):
    """Read the files of some numbers and print what becomes of each."""
    made, beside = seeds(folder)
    _bound_memory()
    for number in range(first, stop):
        path = folder / f"v.{name}"
        path.write_bytes(case(name, number, seed, made))
        if name in beside:
            path.with_name(beside[name][0]).write_bytes(beside[name][1])
        sys.stdout.write(json.dumps([number, outcome(path, number)]) + "\n")
        sys.stdout.flush()


def _bound_memory():
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    bound = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def campaign(name, files, seed):
    """What became of each damaged file of a format: number -> outcome."""
    results = {}
    while len(results) < files:
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["child", folder, name, str(len(results)), str(files), str(seed)]
            with subprocess.Popen(
                [sys.executable, "-m", "tests.campaigns.fuzz_vectors", *arguments], stdout=subprocess.PIPE
            ) as child:
                done = _collect(child, results)
            if not done and len(results) < files:
                results[len(results)] = (
                    "killed: it hung" if child.returncode == -9 else f"died: {child.returncode}"
                )
    return results


def _collect(child, results):
    """Take in what a child prints; whether it came to its end. One that is silent for too long is killed."""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        patience = 60 + SECONDS  # until the first answer the child starts
        while selector.select(patience):
            line = child.stdout.readline()
            if not line:
                return child.wait() == 0
            number, told = json.loads(line)
            results[number] = told
            patience = SECONDS
        child.kill()
        return False


@click.command()
@click.option("--files", default=2000, help="Damaged files of each format.")
@click.option("--seed", default=1)
@click.option("--only", multiple=True, help="A format; several may be given.")
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for the files that should not be.")
def main(files, seed, only, keep):
    """Run the campaign and print its table."""
    with tempfile.TemporaryDirectory() as folder:
        made, _ = seeds(Path(folder))
    bad = 0
    click.echo("| format | files | read | refused | else | seconds |\n| --- | --- | --- | --- | --- | --- |")
    for name in only or made:
        begin = time.perf_counter()
        results = campaign(name, files, seed)
        counts = Counter(results.values())
        odd = {number: told for number, told in results.items() if told not in (READ, REFUSED)}
        seconds = time.perf_counter() - begin
        click.echo(f"| {name} | {files} | {counts[READ]} | {counts[REFUSED]} | {len(odd)} | {seconds:.0f} |")
        for told, count in Counter(odd.values()).most_common(9):
            number = next(number for number, other in odd.items() if other == told)
            click.echo(f"    {count} times, as number {number}: {told}", err=True)
            if keep:
                keep.mkdir(exist_ok=True, parents=True)
                (keep / f"{name}-{number}").write_bytes(case(name, number, seed, made))
        bad += len(odd)
    sys.exit(bad > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        home, form, begin_at, end_at, seed_of_all = sys.argv[2:]
        _child(Path(home), form, int(begin_at), int(end_at), seed_of_all)
    else:
        main()
