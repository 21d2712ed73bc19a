"""`embedkit serve` under load, beside gensim behind the simplest page of FastAPI.

`python -m tests.benchmarks.bench_service [--workers 2] [--seconds 5] [--turns 3] [--connections 16]`

The load comes from wrk (apt-get install wrk), on the same machine. Words are drawn at random from the 50,000
bundled ones, each as often ("any words"), or as a text has them, after Zipf's law ("frequent words").
Both services have the same number of processes and are asked in turns; numbers are medians of the turns.
"ms of a core" is processor time of all processes of the service for a request, the load tool's not counted:
it hardly depends on what else the machine does, which requests a second do. At the end stands what the
processes hold in memory: what each has alone, and what they share.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import embedkit

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
STARTING = 120  # seconds
DRAWN = 200_000  # questions that are drawn ahead
TEXTS = 2_000
LATENCY = re.compile(r"\b(50|99)%\s+([\d.]+)(us|ms|s)")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
LUA = """
local lines = {{}}
for line in io.lines("{questions}") do lines[#lines + 1] = line end
local place = {start}
request = function()
  place = place % #lines + 1
  return wrk.format("POST", "{path}", {{["Content-Type"] = "application/json"}}, lines[place])
end
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions = write_questions(folder)
        embedkit.load().save(folder / "vectors.bin")
        with (
            service(embedkit_command(given.workers), folder, 8931) as own,
            service(gensim_command(given.workers, 8932), folder, 8932) as gensim,
        ):
            asked = [
                ("neighbors, any words", own, "/neighbors", "any"),
                ("the same, gensim", gensim, "/neighbors", "any"),
                ("neighbors, frequent words", own, "/neighbors", "frequent"),
                ("the same, gensim", gensim, "/neighbors", "frequent"),
                ("neighbors of 32 words", own, "/neighbors", "many"),
                ("labels of texts", own, "/classify", "texts"),
                ("emoji of texts", own, "/emojify", "texts"),
            ]
            measure(asked, questions, given)
            show_memory(own)


def write_questions(folder):
    """Files of questions, one a line."""
    generator = np.random.default_rng(1)
    words = np.array([word for word in embedkit.load().vocabulary if word.isalpha()])
    weights = 1 / np.arange(1, len(words) + 1)
    any_words = generator.choice(words, DRAWN).tolist()
    frequent = generator.choice(words, DRAWN, p=weights / weights.sum()).tolist()
    texts = [" ".join(generator.choice(words[:5000], 12)) for _ in range(TEXTS)]
    drawn = {
        "any": [{"words": [word]} for word in any_words],
        "frequent": [{"words": [word]} for word in frequent],
        "many": [{"words": any_words[start : start + 32]} for start in range(0, DRAWN, 32)],
        "texts": [{"texts": [text]} for text in texts],
    }
    paths = {name: folder / f"{name}.jsonl" for name in drawn}
    for name, path in paths.items():
        path.write_text("\n".join(map(json.dumps, drawn[name])) + "\n", encoding="utf-8")
    return paths


def embedkit_command(workers):
    return [sys.executable, "-m", "embedkit", "serve", "--port", "8931", "--workers", str(workers)]


def gensim_command(workers, port):
    page = "tests.benchmarks.gensim_page:app"
    more = ["--port", str(port), "--workers", str(workers), "--log-level", "warning", "--no-access-log"]
    return [sys.executable, "-m", "uvicorn", page, *more]


class Service:
    """A service that runs."""

    def __init__(self, pid, port):
        self.pid, self.port = pid, port

    def processes(self):
        """The process and its children."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def processor_seconds(self):
        fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self.processes()]
        return sum((int(field[11]) + int(field[12])) / TICKS for field in fields)


@contextmanager
def service(command, folder, port):
    environment = {**os.environ, "GENSIM_VECTORS": str(folder / "vectors.bin"), "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port, process)
        yield Service(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_for(port, process):
    """Wait until the service answers."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=STARTING).read()
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit(f"no answer from port {port}")


def measure(asked, questions, given):
    found = [[] for _ in asked]
    for turn in range(given.turns + 1):
        for place, (_, of, path, kind) in enumerate(asked):
            start = turn * DRAWN // (given.turns + 1)
            result = load(of, path, questions[kind], start, given)
            if turn:  # the first is to warm up
                found[place].append(result)
    turns = f"{given.turns} turns of {given.seconds} s"
    show(f"{given.workers} processes, {given.connections} connections, {turns}")
    show("\n| questions | requests/s | ms of a core | median ms | p99 ms | errors |")
    show("| --- | --- | --- | --- | --- | --- |")
    for (title, *_), results in zip(asked, found, strict=True):
        rate, core, half, most, errors = map(statistics.median, zip(*results, strict=True))
        show(f"| {title} | {rate:,.0f} | {core:.3f} | {half:.1f} | {most:.1f} | {errors:.0f} |")


def load(of, path, questions, start, given):
    """Requests a second, ms of a core for each, median and 99th percentile of latency in ms, and errors."""
    script = questions.with_suffix(".lua")
    script.write_text(LUA.format(questions=questions, path=path, start=start), encoding="utf-8")
    before = of.processor_seconds()
    more = ["-t1", f"-c{given.connections}", f"-d{given.seconds}s", "--timeout", "30s", "--latency"]
    command = ["wrk", *more, "-s", str(script), f"http://127.0.0.1:{of.port}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    count = int(re.search(r"(\d+) requests in", told)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
    times = {share: float(value) * UNITS[unit] for share, value, unit in LATENCY.findall(told)}
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    core = (of.processor_seconds() - before) / count * 1e3
    return rate, core, times["50"], times["99"], int(errors[1]) if errors else 0


def show(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def show_memory(of):
    """What the processes hold alone, and what they share."""
    show("\n| process | alone, MB | shared, MB |\n| --- | --- | --- |")
    for number, pid in enumerate(of.processes()):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        held = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:] if len(line.split()) == 3}
        alone = held["Private_Clean"] + held["Private_Dirty"]
        shared = held["Shared_Clean"] + held["Shared_Dirty"]
        name = f"worker {number}" if number else "parent"
        show(f"| {name} | {alone / 1024:.0f} | {shared / 1024:.0f} |")


if __name__ == "__main__":
    main()
