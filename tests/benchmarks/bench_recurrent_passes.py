"""Recurrent cells forward and back through time: the readable cells, and compiled steps between BLAS.

`python -m tests.benchmarks.bench_recurrent_passes`: seconds of a processor, one thread, the least of some
runs in turns; beside them what the matrix products alone take, of all cells as if they had one a step. The
shapes are those of models of characters, of translation and of words. The GRU that resets first has no
compiled steps, so that both of its columns are of the readable ones.
"""

import sys
import time
from dataclasses import replace

import numpy as np

from embedkit import (
    GRUCell,
    LSTMCell,
    ResetFirstGRUCell,
    SimpleRNNCell,
    backward_through_time,
    forward_through_time,
)
from embedkit.parallel.blas import one_blas_thread


def with_peepholes(size, units, generator):
    """An LSTM whose gates see its memory."""
    peepholes = generator.normal(size=(3, units)).astype(np.float32)
    return replace(LSTMCell.initial(size, units, generator), peepholes=peepholes)


ROUNDS = 5
SHAPES = ((70, 20, 64, 512), (50, 64, 128, 256), (35, 40, 400, 650))  # steps, texts, inputs, units
CELLS = {
    "rnn": SimpleRNNCell.initial,
    "gru": GRUCell.initial,
    "gru, resets first": ResetFirstGRUCell.initial,
    "lstm": LSTMCell.initial,
    "lstm with peepholes": with_peepholes,
}


def run():
    """Rows of (what, milliseconds of the readable cells, of compiled steps, of products alone, ratio)."""
    with one_blas_thread():
        for shape in SHAPES:
            for name, initial in CELLS.items():
                yield _row(name, initial, *shape)


def _row(name, initial, steps, texts, size, units):
    generator = np.random.default_rng(1)
    cell = initial(size, units, generator)
    inputs = generator.normal(size=(steps, texts, size)).astype(np.float32)
    of_states = generator.normal(size=(steps, texts, units)).astype(np.float32)

    def both(compiled):
        backward_through_time(forward_through_time(cell, inputs, compiled=compiled), of_states)

    def products():
        rows = inputs.reshape(-1, size)
        gates = rows @ cell.kernel
        for _ in range(steps):
            np.matmul(of_states[0] @ cell.recurrent_kernel, cell.recurrent_kernel.T)
        return of_states.reshape(-1, units).T @ gates, rows.T @ gates, gates @ cell.kernel.T

    runs = (lambda: both(False), lambda: both(True), products)
    times = np.array([[_seconds(each) for each in runs] for _ in range(ROUNDS)])
    readable, compiled, least = 1e3 * times[1:].min(axis=0)
    what = f"{name}, {steps} steps of {texts} texts, {size} inputs, {units} units"
    return what, f"{readable:.1f}", f"{compiled:.1f}", f"{least:.1f}", f"{readable / compiled:.2f}"


def _seconds(work):
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


if __name__ == "__main__":
    sys.stdout.write(
        "| what | readable ms | compiled ms | products alone ms | ratio |\n|" + " --- |" * 5 + "\n"
    )
    for row in run():
        sys.stdout.write(f"| {' | '.join(row)} |\n")
        sys.stdout.flush()
