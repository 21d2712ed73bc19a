"""Debiasing: hard on 400,000 x 300, and what each method does to the shipped vectors.

`python -m tests.benchmarks.bench_debias`. The large space is the shipped vectors, stretched. Of each method
the rows tell the direct bias along the original direction and along the re-estimated one, the share of the
most biased words whose side a classifier recovers, and the accuracy on the analogies that ship.
"""

import statistics
import sys

import embedkit
from embedkit.bias.audit import audit
from embedkit.bias.debiasing import METHODS
from tests.benchmarks.bench_evaluation import stretched
from tests.benchmarks.data import timed

REPEATS = 3
MEASURES = {
    "direct bias": "direct bias",
    "re-estimated": "direct bias: direction re-estimated",
    "neighbors": "neighbor bias",
    "recovered": "recovery accuracy",
}


def run():
    """Rows of (what, embedkit, gensim, ratio)."""
    large = stretched(400_000, 300)
    seconds = [timed(lambda: embedkit.debias(large, "gender"))[0] for _ in range(REPEATS)]
    spread = f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
    yield {"what": "hard debiasing for gender, 400,000 x 300", "embedkit": spread}
    vectors = embedkit.load()
    gender = embedkit.topic("gender")
    yield {"what": "the shipped vectors before", "embedkit": _told(vectors, vectors, gender)}
    for method in METHODS:
        taken, debiased = timed(lambda method=method: embedkit.debias(vectors, gender, method))
        told = f"{_told(vectors, debiased, gender)}, in {taken:.1f} s"
        yield {"what": f"debiased for gender: {method}", "embedkit": told}


def _told(vectors, debiased, topic):
    """What measures and benchmarks say of debiased vectors, in a line."""
    found = audit(debiased, topic, original=vectors)
    measured = {row.title: row.measurement.value for row in found.rows if row.measurement}
    numbers = [f"{name} {measured[title]:.3f}" for name, title in MEASURES.items() if title in measured]
    analogies = embedkit.evaluate(debiased, "english-analogies", lowercase=True).rows()[0].value
    return ", ".join([*numbers, f"analogies {100 * analogies:.1f} %"])


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")
        sys.stdout.flush()
