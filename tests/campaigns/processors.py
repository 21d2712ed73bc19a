"""Which results have the same bytes on every kind of x86 processor, and how close the others are.

`python -m tests.campaigns.processors [--words N] [--write]`, on x86-64. Each kind is a process whose numba,
numpy and BLAS take the processor for one of that kind: AVX-512, AVX2, and the least that there is. The table
tells of each result the first digits of its sha256 on each kind, and how far it is from that on the first:
the greatest angle between the two vectors of a word, in degrees. Kinds that this processor lacks are left
out. `--write` keeps the hashes in `hashes.json`, for the versions of the libraries that made them; with as
many words as there, what differs from them is told, and the exit code is 1.
"""

import hashlib
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import click
import numpy as np
from numba.core import codegen

from embedkit import PPMISVD, Cooccurrences, Corpus, Doc2Vec, FastText, GloVe, Word2Vec

HASHES = Path(__file__).with_name("hashes.json")
KEPT_WORDS = 10_000  # of the text that its hashes are of
LIBRARIES = ("numpy", "scipy", "numba", "llvmlite")
RENEW = "`python -m tests.campaigns.processors --write` renews hashes.json"
AVX = "+sse3,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16,+avx"
AVX2 = f"{AVX},+avx2,+fma,+f16c,+bmi,+bmi2"
KINDS = {  # name -> what its processor has to have, and how it is imitated
    "AVX-512": (
        "+avx512f",
        {
            "NUMBA_CPU_NAME": "skylake-avx512",
            "NUMBA_CPU_FEATURES": f"{AVX2},+avx512f,+avx512cd,+avx512bw,+avx512dq,+avx512vl",
            "OPENBLAS_CORETYPE": "SkylakeX",
            "NPY_DISABLE_CPU_FEATURES": "AVX512_ICL AVX512_SPR",
        },
    ),
    "AVX2": (
        "+avx2",
        {
            "NUMBA_CPU_NAME": "haswell",
            "NUMBA_CPU_FEATURES": AVX2,
            "OPENBLAS_CORETYPE": "Haswell",
            "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        },
    ),
    "generic": (
        "+sse2",
        {
            "NUMBA_CPU_NAME": "generic",
            "OPENBLAS_CORETYPE": "Nehalem",
            "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
        },
    ),
}
SMALL = {"vector_size": 16, "epochs": 2, "min_count": 1}
ONE = {**SMALL, "workers": 1}
ROUNDS = {**SMALL, "workers": 2, "deterministic": True, "round_words": 4096}
RESULTS = {  # name -> what is made of a corpus
    "tokenizing": lambda corpus: np.concatenate(list(corpus)),
    "counting": lambda corpus: Cooccurrences.count(corpus, min_count=1).counts,
    "word2vec, skip-gram": lambda corpus: Word2Vec(**ONE).train(corpus).matrix,
    "word2vec, CBOW": lambda corpus: Word2Vec(model="cbow", **ONE).train(corpus).matrix,
    "word2vec, skip-gram, `--deterministic`": lambda corpus: Word2Vec(**ROUNDS).train(corpus).matrix,
    "word2vec, CBOW, `--deterministic`": lambda corpus: Word2Vec(model="cbow", **ROUNDS).train(corpus).matrix,
    "word2vec, hierarchical softmax": lambda corpus: (
        Word2Vec(hierarchical_softmax=True, **ONE).train(corpus).matrix
    ),
    "fastText": lambda corpus: FastText(bucket=1000, **ONE).train(corpus).matrix,
    "doc2vec": lambda corpus: Doc2Vec(**ONE).train(corpus).documents.matrix,
    "GloVe": lambda corpus: GloVe(**SMALL).train(corpus).matrix,
    "PPMI and SVD": lambda corpus: PPMISVD(vector_size=16, min_count=1).train(corpus).matrix,
}


def kinds() -> list[str]:
    """Those that this processor has, the widest first."""
    features = codegen.get_host_cpu_features().split(",")
    return [name for name, (needed, _) in KINDS.items() if needed in features]


def measured(kind: str, folder: Path, words: int, names: Iterable[str]) -> dict[str, np.ndarray]:
    """What a processor of this kind makes of some text: name -> array."""
    made = folder / f"{kind}.npz"
    line = [sys.executable, "-m", "tests.campaigns.processors", "--words", str(words), "--child", str(made)]
    chosen = [word for name in names for word in ("--only", name)]
    subprocess.run([*line, *chosen], check=True, env={**os.environ, **KINDS[kind][1]})
    with np.load(made) as arrays:
        return dict(arrays)


def digest(array: np.ndarray) -> str:
    """The sha256 of an array."""
    return hashlib.sha256(array.tobytes()).hexdigest()


def versions() -> dict[str, str]:
    """Of what computes results here."""
    return {**{name: version(name) for name in LIBRARIES}, "libc": " ".join(platform.libc_ver())}


def kept() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The versions that the kept hashes are of, and the hashes: result -> kind -> sha256."""
    content = json.loads(HASHES.read_text(encoding="utf-8"))
    return content["versions"], content["hashes"]


def changed(kind: str, made: dict[str, np.ndarray]) -> list[str]:
    """The names of results that are not those whose hashes were kept."""
    hashes = kept()[1]
    return [name for name, array in made.items() if hashes[name].get(kind) not in {digest(array), None}]


def results(words: int, names: Iterable[str]) -> dict[str, np.ndarray]:
    """What this process makes of some text."""
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "text.txt")
        text.write_text("\n".join(made_lines(words)), encoding="utf-8")
        corpus = Corpus.encode(text, Path(folder, "corpus"), workers=1)
        return {name: np.array(RESULTS[name](corpus)) for name in names}


def made_lines(words: int) -> list[str]:
    """Lines of 20 words; each is about one of ten things, which half of its words tell."""
    draw = random.Random(1)
    common = [f"word{number}" for number in range(1, 300)]
    weights = [1 / number for number in range(1, 300)]
    lines = []
    for _ in range(words // 20):
        topic = draw.randrange(10)
        told = [f"topic{topic} of{draw.randrange(30)}" for _ in range(5)]
        lines.append(" ".join([*told, *draw.choices(common, weights, k=10)]))
    return lines


def angle(one: np.ndarray, other: np.ndarray) -> float:
    """The greatest angle between rows of two arrays, in degrees; between lists of numbers, of them all."""
    one, other = (np.atleast_2d(array).astype(float) for array in (one, other))
    cosines = (one * other).sum(1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1))
    return float(np.degrees(np.arccos(np.clip(cosines, -1, 1))).max())


@click.command()
@click.option("--words", default=100_000, show_default=True, help="Length of the text.")
@click.option("--only", type=click.Choice(list(RESULTS)), multiple=True, help="These results alone.")
@click.option("--write", is_flag=True, help=f"Keep the hashes of {KEPT_WORDS:,} words.")
@click.option("--child", type=click.Path(path_type=Path), hidden=True)
def campaign(words: int, only: tuple[str, ...], write: bool, child: Path | None) -> None:
    """Print a table of the results on each kind of processor."""
    names = only or tuple(RESULTS)
    words = KEPT_WORDS if write else words
    if child:
        np.savez(child, **results(words, names))
        return
    with tempfile.TemporaryDirectory() as folder:
        made = {kind: measured(kind, Path(folder), words, names) for kind in kinds()}
    sys.stdout.write(f"| result | {' | '.join(made)} |\n|{' --- |' * (len(made) + 1)}\n")
    first = next(iter(made.values()))
    for name in names:
        told = []
        for found in made.values():
            begin = digest(found[name])[:8]
            same = np.array_equal(found[name], first[name])
            told.append(begin if same else f"{begin}, {angle(found[name], first[name]):.2g}°")
        sys.stdout.write(f"| {name} | {' | '.join(told)} |\n")
    if write:
        hashes = {name: {kind: digest(found[name]) for kind, found in made.items()} for name in names}
        content = {"versions": versions(), "hashes": hashes}
        HASHES.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    elif words == KEPT_WORDS:
        differing = {kind: names for kind, found in made.items() if (names := changed(kind, found))}
        for kind, some in differing.items():
            sys.stderr.write(f"{kind}: not what was kept: {', '.join(some)}; if that is meant, {RENEW}\n")
        sys.exit(bool(differing))


if __name__ == "__main__":
    campaign()
