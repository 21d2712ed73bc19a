"""Watches memory, threads and open files in long work: do they grow?

`python -m tests.campaigns.soak [--tokens N] [--words N] [--rounds N] [--minutes X] [--picture FILE]`, on
Linux, with $EMBEDKIT_DATA set. Four measurements: text of so many million tokens is tokenized (that of Simple
Wikipedia again and again, so that there are no new words after the first time); `embedkit train-w2v` trains
on so many million words of it; vectors are trained, saved, loaded and asked, and texts classified, so many
times in one process; `embedkit serve` answers for so many minutes, while most clients vanish: before they
have asked, in the middle of the question, or of the answer. Memory is what is the process's own and its
children's (RssAnon), without the files that it maps. The table tells the most that there was in each quarter
of the time; the first is that in which all is loaded and compiled, and in the last the result is written. The
exit code is 1 if the third had more memory than the second by a tenth and 10 MB, or 10 threads or files more.
"""

import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np

from embedkit import Embeddings, TextClassifier, TfidfClassifier, Word2Vec
from embedkit.plots.canvas import new_figure, write_figure
from tests.benchmarks.data import find, unpacked
from tests.campaigns.faults import children_of
from tests.campaigns.fuzz_service import free_port, wait_for

EMBEDKIT = [sys.executable, "-m", "embedkit"]
EACH = 16.5  # million words of Simple Wikipedia
PAUSE = 0.5  # seconds between two looks
CLIENTS = 8
SLACK = 10  # MB, threads or files
HEAD = "| what | for | MB | threads | files |\n| --- | --- | --- | --- | --- |\n"
BODY = b'{"words": ["king", "queen", "paris"], "top": 50}'
QUESTION = (
    b"POST /neighbors HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


@dataclass
class Curve:
    """What was seen of a process: at which time (or round), and its memory in MB, threads and open files."""

    name: str
    unit: str
    times: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def look(self, process: int, at: float) -> None:
        """Look at a process and its children."""
        try:
            seen = [facts(one) for one in family(process)]
        except OSError:  # one of them has just ended
            return
        for values, found in zip(
            (self.memory, self.threads, self.files), zip(*seen, strict=True), strict=True
        ):
            values.append(sum(found))
        self.times.append(at)

    def quarters(self, values: list) -> list:
        """The most in each quarter of the time."""
        parts = np.array_split(values, np.searchsorted(self.times, np.arange(1, 4) * self.times[-1] / 4))
        return [part.max() for part in parts]

    def row(self) -> str:
        """A row of the table."""
        told = (
            ", ".join(f"{value:.0f}" for value in self.quarters(values))
            for values in (self.memory, self.threads, self.files)
        )
        return f"| {' | '.join([self.name, f'{self.times[-1]:.0f} {self.unit}', *told])} |\n"

    def grew(self) -> bool:
        """Whether there was more of anything in the third quarter than in the second."""
        _, second, third, _ = self.quarters(self.memory)
        counts = (self.quarters(values) for values in (self.threads, self.files))
        return third > 1.1 * second + SLACK or any(later > before + SLACK for _, before, later, _ in counts)


def family(process: int) -> list[int]:
    """A process and all that it has started."""
    return [process, *(one for child in children_of(process) for one in family(child))]


def facts(process: int) -> tuple[float, int, int]:
    """The MB that belong to a process alone, its threads and its open files."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    told = dict(line.split(":", 1) for line in status.splitlines())
    if "RssAnon" not in told:
        raise ProcessLookupError(f"process {process} has ended")
    files = len(list(Path(f"/proc/{process}/fd").iterdir()))
    return int(told["RssAnon"].split()[0]) / 1024, int(told["Threads"]), files


def tokenizing(millions: float, folder: str) -> Curve:
    """Text is tokenized, to a corpus in the folder."""
    text = unpacked(find("simplewiki.txt"), folder)
    texts = [Path(folder, f"{number}.txt") for number in range(max(round(millions / EACH), 1))]
    for path in texts:
        path.symlink_to(text)
    line = ["tokenize", *map(str, texts), "-o", str(Path(folder, "corpus"))]
    return watched(f"`tokenize`, {len(texts) * EACH:.0f} M words", line)


def texts_and_vectors(tokens: float, words: float) -> Iterator[Curve]:
    """Text is tokenized; and part of it, and trained on."""
    with tempfile.TemporaryDirectory() as folder:
        yield tokenizing(tokens, folder)
    with tempfile.TemporaryDirectory() as folder:
        tokenizing(words, folder)
        line = ["train-w2v", f"{folder}/corpus", "-o", f"{folder}/v.bin", "--epochs", "1", "--workers", "2"]
        yield watched(f"`train-w2v`, {words:.0f} M words", line)


def watched(name: str, line: list[str]) -> Curve:
    """What was seen of a command."""
    curve = Curve(name, "s")
    with subprocess.Popen([*EMBEDKIT, *line], stderr=subprocess.DEVNULL) as ran:
        begin = time.monotonic()
        while ran.poll() is None:
            curve.look(ran.pid, time.monotonic() - begin)
            time.sleep(PAUSE)
    assert ran.returncode == 0
    return curve


def repeating(rounds: int) -> Iterator[Curve]:
    """Vectors are trained, saved, loaded and asked, and texts classified, in this process."""
    draw = random.Random(1)
    words = [f"w{number}" for number in range(200)]
    documents = [draw.choices(words, k=20) for _ in range(500)]
    texts = [" ".join(document) for document in documents]
    labels = ["good" if "w7" in document else "bad" for document in documents]
    curve = Curve("train, save, load, ask, classify", "rounds")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "v.safetensors")
        for number in range(rounds):
            Word2Vec(vector_size=16, epochs=1, workers=2, seed=number).train(documents).save(path)
            Embeddings.load(path).neighbors("w1")
            TfidfClassifier().fit(texts, labels).predict(texts)
            TextClassifier(embeddings="random", layers="lstm:8", epochs=1).fit(texts, labels).predict(texts)
            curve.look(os.getpid(), number + 1)
    yield curve


def serving(minutes: float) -> Iterator[Curve]:
    """A service is asked by clients of which most vanish."""
    port = free_port()
    curve = Curve("`serve`, clients vanish", "s")
    with subprocess.Popen([*EMBEDKIT, "serve", "--port", str(port)], stderr=subprocess.DEVNULL) as service:
        wait_for(f"http://127.0.0.1:{port}/health", service)
        asked, begin = [0] * CLIENTS, time.monotonic()
        end = begin + 60 * minutes
        clients = [threading.Thread(target=vanish, args=(port, end, asked, n)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        while time.monotonic() < end:
            curve.look(service.pid, time.monotonic() - begin)
            time.sleep(PAUSE)
        for client in clients:
            client.join()
        time.sleep(2)  # what is in hand ends
        curve.look(service.pid, time.monotonic() - begin)
        with socket.create_connection(("127.0.0.1", port)) as one:
            one.sendall(QUESTION)
            assert one.recv(100).startswith(b"HTTP/1.1 200")
        service.terminate()
    curve.name = f"`serve`, {sum(asked):,} clients, of which most vanish"
    yield curve


def vanish(port: int, end: float, asked: list[int], number: int) -> None:
    """Ask again and again, and be gone before the end of most questions and answers."""
    draw = random.Random(number)
    while time.monotonic() < end:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            whole = draw.random() < 0.5
            client.sendall(QUESTION if whole else QUESTION[: draw.randrange(len(QUESTION))])
            if whole and draw.random() < 0.6:
                client.recv(draw.choice((1, 100, 1 << 20)))
            if draw.random() < 0.5:  # reset the connection, instead of closing it
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        asked[number] += 1


def draw(curves: list[Curve], path: Path) -> None:
    """The memory of each, over time."""
    figure = new_figure(10, 5)
    for ax, curve in zip(figure.subplots(2, 2).flat, curves, strict=False):
        ax.plot(curve.times, curve.memory)
        ax.set(title=curve.name.replace("`", ""), xlabel=curve.unit, ylabel="MB of its own")
        ax.set_ylim(0, 1.2 * max(curve.memory))
    write_figure(figure, path)


@click.command()
@click.option("--tokens", default=400.0, show_default=True, help="Million words to tokenize.")
@click.option("--words", default=66.0, show_default=True, help="Million words to train on.")
@click.option("--rounds", default=200, show_default=True, help="Trainings in one process.")
@click.option("--minutes", default=10.0, show_default=True, help="Time of the service.")
@click.option("--picture", type=click.Path(path_type=Path), help="Where to draw the curves of memory.")
def campaign(tokens: float, words: float, rounds: int, minutes: float, picture: Path | None) -> None:
    """Print a table of what was seen."""
    sys.stdout.write(HEAD)
    sys.stdout.flush()
    curves = []
    for found in (texts_and_vectors(tokens, words), repeating(rounds), serving(minutes)):
        for curve in found:
            sys.stdout.write(curve.row())
            sys.stdout.flush()
            curves.append(curve)
    if picture:
        draw(curves, picture)
    sys.exit(any(curve.grew() for curve in curves))


if __name__ == "__main__":
    campaign()
