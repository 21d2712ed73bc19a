"""Nearest neighbors: one query, many at once, and an approximate index, beside numpy and gensim.

`python -m tests.benchmarks.bench_search [SIZE...] [--many N] [--no-index]`, sizes as 400000x300. Vectors are
the bundled English ones, turned into a space of so many dimensions and repeated with noise, as random ones
would have no neighbors to speak of. All ways are taken in turns; times are medians, and in brackets the
least: other programs slow a search that memory bounds more than one that the processor bounds. GB/s are the
bytes of the rows in their type, however many of them are read. "first" are queries before a copy in int8
pays, "later" those with it. All exact ways are checked to give the same words.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

import embedkit
from embedkit import Embeddings, IndexParameters, VectorIndex
from embedkit.parallel.threads import shared_threads
from embedkit.vectors.rows import ROW_TYPES, StoredRows
from embedkit.vectors.search import sketch
from embedkit.vectors.search.nearest import nearest

SIZES = ("50000x100", "200000x100", "400000x300")
TURNS = 31
TOP = 10
NOISE = 0.6  # the length of the noise beside a vector of length 1
TABLE = 1 << 20  # entries of a block of products
GENSIM = "gensim most_similar"
COLUMNS = ("what", "time", "a query", "GB/s", "beside")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=SIZES)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--no-index", action="store_true")
    given = parser.parse_args()
    for size in given.sizes:
        count, dimensions = map(int, size.split("x"))
        _show(f"\n{count:,} x {dimensions}\n")
        _show(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}")
        matrix = realistic(count, dimensions)
        one_query(matrix)
        for number in (100, given.many):
            many_queries(matrix, number)
        if not given.no_index:
            approximate(matrix)


def realistic(count, dimensions):
    """So many vectors that lie to each other as those of words do, float32."""
    generator = np.random.default_rng(1)
    base = embedkit.load().matrix
    turn = np.linalg.qr(generator.normal(size=(max(dimensions, base.shape[1]), base.shape[1])))[0]
    base = (base / np.linalg.norm(base, axis=1, keepdims=True) @ turn[:dimensions].T).astype(np.float32)
    matrix = np.empty((count, dimensions), np.float32)
    for start in range(0, count, len(base)):
        part = matrix[start : start + len(base)]
        noise = generator.standard_normal(part.shape, dtype=np.float32)
        part[:] = base[: len(part)] + noise * np.float32(NOISE / np.sqrt(dimensions))
    matrix.flags.writeable = False
    return matrix


def one_query(matrix):
    """One query at a time, in every type of rows, beside reading them, a product, and gensim."""
    rows = {dtype: StoredRows.of(matrix, dtype) for dtype in ROW_TYPES}
    copy_seconds = _best(lambda: sketch.sketch_of(rows["float32"]))
    ids = np.random.default_rng(2).choice(len(matrix), TURNS, replace=False)
    gensim = _gensim(matrix)
    ways = {
        "read float32 rows, all cores": (matrix.nbytes, lambda row: _read(matrix)),
        "product of float32 rows, numpy": (matrix.nbytes, lambda row: matrix @ matrix[row]),
        **{f"{dtype}, first": (rows[dtype].values.nbytes, _first(rows[dtype])) for dtype in ROW_TYPES},
        **{f"{dtype}, later": (rows[dtype].values.nbytes, _later(rows[dtype])) for dtype in ROW_TYPES},
        GENSIM: (matrix.nbytes, lambda row: [key for key, _ in gensim.most_similar(int(row), topn=TOP)]),
    }
    times, answers = {name: [] for name in ways}, {name: [] for name in ways}
    for row in ids:
        for name, (_, ask) in ways.items():
            begin = time.perf_counter()
            answers[name].append(ask(row))
            times[name].append(time.perf_counter() - begin)
    for first, later, other in zip(
        answers["float32, first"], answers["float32, later"], answers[GENSIM], strict=True
    ):
        assert first.tolist() == later.tolist() == other
    for name, (size, _) in ways.items():
        median, least = statistics.median(times[name]), min(times[name])
        speed = f"{size / median / 1e9:.1f} ({size / least / 1e9:.1f})"
        ratio = statistics.median(np.array(times[GENSIM]) / times[name])
        _row(name, "", _ms(median, least), speed, f"{ratio:.1f} times as fast as gensim")
    _row(
        "the copy in int8 of float32 rows",
        f"{copy_seconds * 1e3:.0f} ms",
        "",
        "",
        f"{matrix.size / 1e6:.0f} MB",
    )


def _first(rows):
    """A search of rows of which no sketch is made."""
    kept = StoredRows(rows.values, rows.scales)
    _ = kept.factors

    def ask(row):
        sketch._seconds[kept] = 0
        return nearest(kept, kept.take(np.array([row])), TOP, np.array([[row]])).rows[0]

    return ask


def _later(rows):
    """A search of rows of which there is a sketch."""
    sketch._sketches[rows] = sketch.sketch_of(rows)
    sketch._sketches[rows].scan(rows.take(np.array([0]))[0])  # compiles

    def ask(row):
        return nearest(rows, rows.take(np.array([row])), TOP, np.array([[row]])).rows[0]

    return ask


def many_queries(matrix, number):
    """Many queries at once, in every type of rows, beside the bare products."""
    targets = matrix[np.random.default_rng(3).choice(len(matrix), number, replace=number > len(matrix))]
    step = max(1, TABLE * 4 // number)

    def product():
        for start in range(0, len(matrix), step):
            targets @ matrix[start : start + step].T

    turns = 3 if number * matrix.size < 1e11 else 1
    ways = {"bare products in blocks, numpy": product}
    for dtype in ROW_TYPES:
        rows = StoredRows.of(matrix, dtype)
        _ = rows.factors
        ways[f"{number:,} at once, {dtype}"] = lambda rows=rows: nearest(rows, targets, TOP)
    times = {name: [] for name in ways}
    for _ in range(turns):
        for name, work in ways.items():
            begin = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - begin)
    bare = statistics.median(times["bare products in blocks, numpy"])
    for name, taken in times.items():
        median = statistics.median(taken)
        flops = 2 * number * matrix.size / median / 1e9
        _row(
            name,
            f"{median:.2f} s",
            _ms(median / number),
            f"{flops:.0f} GFLOP/s",
            f"{median / bare:.2f} x products",
        )


def approximate(matrix):
    """An index: how long it takes to build, its size, its recall and its speed."""
    vectors = Embeddings(matrix, [str(number) for number in range(len(matrix))])
    begin = time.perf_counter()
    made = VectorIndex.build(vectors)
    seconds = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index")
        made.save(path)
        size = path.stat().st_size
        opened = _best(lambda: VectorIndex.load(path))
        loaded = VectorIndex.load(path)
        _row("index: build and measure", f"{seconds:.0f} s", "", "", f"{size / 1e6:.0f} MB")
        _row("index: open, checked", f"{opened * 1e3:.0f} ms", "", "", "")
        ids = np.random.default_rng(4).choice(len(matrix), 300, replace=False)
        exact = nearest(vectors.stored, matrix[ids], TOP, ids[:, None]).rows
        for expansion in (32, 64, 128, 256):
            parameters = IndexParameters(expansion_search=expansion)
            loaded.graph.parameters = parameters
            loaded.graph._index.expansion_search = expansion
            times, right = [], 0
            for place, row in enumerate(ids):
                target = matrix[[row]]
                begin = time.perf_counter()
                found = loaded.nearest(vectors.stored, target, TOP, np.array([[row]])).rows[0]
                times.append(time.perf_counter() - begin)
                right += len(set(found.tolist()) & set(exact[place].tolist()))
            name = f"approximate, --expansion-search {expansion}"
            recall = f"recall@10 {right / TOP / len(ids):.3f}"
            _row(name, "", _ms(statistics.median(times), min(times)), "", recall)


def _gensim(matrix):
    vectors = KeyedVectors(matrix.shape[1], count=0)
    vectors.vectors = np.array(matrix)
    vectors.index_to_key = list(range(len(matrix)))
    vectors.key_to_index = {key: key for key in vectors.index_to_key}
    vectors.fill_norms()
    return vectors


def _read(matrix):
    """Read all of a matrix, with all cores, and do as little as can be with it."""
    parts = np.array_split(matrix.reshape(-1).view(np.int64), 16)
    return list(shared_threads().map(np.max, parts))


def _best(work, turns=3):
    def once():
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return min(once() for _ in range(turns))


def _ms(median, least=None):
    return f"{median * 1e3:.3g} ms" + (f" ({least * 1e3:.3g})" if least else "")


def _row(*cells):
    _show(f"| {' | '.join(cells)} |")


def _show(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
