"""Models with subwords: loading, memory and vectors of unknown words, beside fastText and gensim.

    python -m tests.benchmarks.bench_subwords [WORDS] [BUCKETS]

A model of random numbers is written, 200,000 words x 100 with 500,000 buckets if nothing else is asked for.
Each program runs in a process of its own, in turns; the numbers are medians.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from embedkit import Embeddings, estimate_unknown_words, load
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords

DIMENSIONS, UNKNOWN, TURNS = 100, 20_000, 3
PROGRAM = """
import json, sys, time
from pathlib import Path
path, kind, unknown = sys.argv[1], sys.argv[2], int(sys.argv[3])
import numpy as np
if kind == "embedkit":
    import embedkit
    import numba
    from embedkit.vectors.subwords import ngram_kernels
    read = embedkit.load
    vectors_of = lambda model, words: model.rows(words)
elif kind == "fasttext":
    import fasttext
    read = fasttext.load_model
    vectors_of = lambda model, words: np.stack([model.get_word_vector(word) for word in words])
else:
    from gensim.models.fasttext import load_facebook_vectors as read
    vectors_of = lambda model, words: np.stack([model[word] for word in words])
def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))
before = resident()
start = time.perf_counter()
model = read(path)
loaded = time.perf_counter() - start
memory = resident() - before
words = [f"un{number * 7919 % 1000003}seen" for number in range(unknown)]
vectors_of(model, words)
start = time.perf_counter()
found = vectors_of(model, words)
print(json.dumps([loaded, memory, unknown / (time.perf_counter() - start), float(found[7].sum())]))
"""


def main(words: int = 200_000, buckets: int = 500_000) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.bin")
        write_model(path, words, buckets)
        _say(f"{words:,} words x {DIMENSIONS}, {buckets:,} buckets, {path.stat().st_size / 1e6:,.0f} MB\n")
        results: dict[str, list[list[float]]] = {"embedkit": [], "fasttext": [], "gensim": []}
        for _ in range(TURNS):
            for kind, runs in results.items():
                runs.append(run(path, kind))
        _say("| program | load, s | own memory, MB | unknown words a second |\n| --- | --- | --- | --- |")
        for kind, runs in results.items():
            loaded, memory, rate, _ = (statistics.median(column) for column in zip(*runs, strict=True))
            _say(f"| {kind} | {loaded:.2f} | {memory:,.0f} | {rate:,.0f} |")
        assert len({round(runs[0][3], 3) for runs in results.values()}) == 1, "other vectors"
    show_estimates()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write_model(path: Path, words: int, buckets: int) -> None:
    """A model of random numbers, whose words look like words."""
    rng = np.random.default_rng(1)
    letters = rng.integers(97, 123, (words, 12)).astype(np.uint8)
    lengths = rng.integers(4, 13, words)
    names = [row[:length].tobytes().decode() for row, length in zip(letters, lengths, strict=True)]
    names = list(dict.fromkeys(f"{name}{number % 100}" for number, name in enumerate(names)))
    table = rng.normal(size=(buckets, DIMENSIONS)).astype(np.float32)
    matrix = rng.normal(size=(len(names), DIMENSIONS)).astype(np.float32)
    subwords = FastTextSubwords(table, 3, 6, buckets)
    Embeddings(matrix, names, subwords=subwords).save(path, "fasttext")


def run(path: Path, kind: str) -> list[float]:
    """Seconds to load, megabytes, unknown words a second, and a sum by which the vectors are compared."""
    command = [sys.executable, "-c", PROGRAM, str(path), kind, str(UNKNOWN)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    numbers: list[float] = json.loads(printed.splitlines()[-1])
    return numbers


def show_estimates() -> None:
    """Estimates of held-out words of the bundled vectors, beside simpler ones, over three seeds."""
    vectors = load()
    _say("\n| estimate | cosine | neighbors shared | rank of the word itself |\n| --- | --- | --- | --- |")
    found: dict[str, list[tuple[float, float, float]]] = {}
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(vectors))
        held_out = [vectors.vocabulary.words[row] for row in order[:500].tolist()]
        known = vectors.subset([vectors.vocabulary.words[row] for row in np.sort(order[500:]).tolist()])
        true = vectors.rows(held_out)
        guesses = {
            "n-grams": estimate_unknown_words(known).rows(held_out),
            "mean of 5 nearest spellings": nearest_spellings(known, held_out),
            "mean of all words": np.tile(known.matrix.mean(axis=0), (len(held_out), 1)),
        }
        for name, guess in guesses.items():
            found.setdefault(name, []).append(quality(guess, true, known))
    for name, runs in found.items():
        columns = [f"{np.mean(column):.3f} ({np.std(column):.3f})" for column in zip(*runs, strict=True)]
        _say(f"| {name} | {' | '.join(columns)} |")


def nearest_spellings(known: Embeddings, words: list[str]) -> np.ndarray:
    """The mean vector of the five words that are spelt most like each."""
    from rapidfuzz import fuzz, process

    choices = known.vocabulary.words
    found = [process.extract(word, choices, scorer=fuzz.ratio, limit=5) for word in words]
    return np.stack([known.matrix[[row for _, _, row in best]].mean(axis=0) for best in found])


def quality(guess: np.ndarray, true: np.ndarray, known: Embeddings) -> tuple[float, float, float]:
    """Mean cosine with the true vector, share of its 10 neighbors, median rank among all known words."""
    unit = guess / np.maximum(np.linalg.norm(guess, axis=1, keepdims=True), 1e-9)
    own = true / np.linalg.norm(true, axis=1, keepdims=True)
    cosines = (unit * own).sum(axis=1)
    scores, best = unit @ known.unit_matrix.T, own @ known.unit_matrix.T
    near, wanted = (np.argpartition(-table, 10, axis=1)[:, :10] for table in (scores, best))
    shared = np.mean([len({*a} & {*b}) / 10 for a, b in zip(near.tolist(), wanted.tolist(), strict=True)])
    return float(cosines.mean()), float(shared), float(np.median((scores > cosines[:, None]).sum(axis=1) + 1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
