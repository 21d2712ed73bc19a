"""Which results have the same bytes on every kind of x86 processor, and how close the others are.

`python -m tests.campaigns.processors [--words N]`, on x86-64. Each kind is a process whose numba, numpy and
BLAS take the processor for one of that kind: AVX-512, AVX2, and the least that there is. The table tells of
each result the first digits of its sha256 on each kind, and how far it is from that on the first: the
greatest angle between the two vectors of a word, in degrees. Kinds that this processor lacks are left out.
"""

import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
import numpy as np
from numba.core import codegen

from embedkit import PPMISVD, Cooccurrences, Corpus, Doc2Vec, FastText, GloVe, Word2Vec

AVX = "+sse3,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16,+avx"
KINDS = {  # name -> what its processor has to have, and how it is imitated
    "AVX-512": ("+avx512f", {}),
    "AVX2": (
        "+avx2",
        {
            "NUMBA_CPU_NAME": "haswell",
            "NUMBA_CPU_FEATURES": f"{AVX},+avx2,+fma,+f16c,+bmi,+bmi2",
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
@click.option("--child", type=click.Path(path_type=Path), hidden=True)
def campaign(words: int, only: tuple[str, ...], child: Path | None) -> None:
    """Print a table of the results on each kind of processor."""
    names = only or tuple(RESULTS)
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
            digest = hashlib.sha256(found[name].tobytes()).hexdigest()[:8]
            same = np.array_equal(found[name], first[name])
            told.append(digest if same else f"{digest}, {angle(found[name], first[name]):.2g}°")
        sys.stdout.write(f"| {name} | {' | '.join(told)} |\n")


if __name__ == "__main__":
    campaign()
