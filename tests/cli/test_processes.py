"""What only a real process shows: signals, pipes, a cold start."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from embedkit import Corpus, Embeddings
from embedkit.leftovers import unfinished_path
from tests.marks import NEEDS_LOCKS

CLOSED = "Error: the answer cannot be printed: standard output is closed\n"
EMBEDKIT = [sys.executable, "-c", "from embedkit_cli.main import main; main()"]


@pytest.fixture
def start(tmp_path):
    """Starts a command line, given as one string, in an empty folder that is also the temporary one."""
    processes = []

    def start(line, shell_closes="", **options):
        process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" {shell_closes}', "sh", *EMBEDKIT, *line.split()],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background job ignores it
            **options,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


@NEEDS_LOCKS
def test_a_signal_in_training_leaves_what_the_same_command_goes_on_from(start, text):
    line = "train-w2v text.txt -o v.bin --epochs 1000000 --vector-size 16"
    kept = unfinished_path(text.parent, "v.bin")
    for number, code, word in [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Terminated")]:
        process = start(line)
        read = []
        while not read or not read[-1].startswith("epoch "):
            read.append(process.stderr.readline())
            assert read[-1], "training ended too early"
        assert any(told.startswith("continuing: epoch ") for told in read) == (code == 143)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == code
        assert errors.endswith(
            f"{word} before the end: v.bin was not written, what is finished is kept for a week; to go on "
            f"from there: embedkit {line}\n"
        )
        assert "Traceback" not in errors
        assert {path.name for path in text.parent.iterdir()} == {"text.txt", kept.name}
        assert len(list(kept.iterdir())) == 1


def test_a_signal_while_an_index_is_built_is_no_defect(start, tmp_path):
    pytest.importorskip("usearch")
    rows = np.random.default_rng(1).normal(size=(20_000, 16))
    Embeddings(rows, map(str, range(len(rows)))).save(tmp_path / "v.safetensors")
    process = start("index v.safetensors -o v.index --workers 1 --expansion-add 200")
    while not (line := process.stderr.readline()).startswith("indexing"):
        assert line, "the index was built too early"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.endswith("Interrupted before the end: v.index was not written, nothing else was kept\n")
    assert [path.name for path in tmp_path.iterdir()] == ["v.safetensors"]


LOADING = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Interrupting(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "{module}":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.argv[1:] = ["tokenize", "text.txt", "-o", "corpus"]
signal.signal(signal.SIGINT, signal.default_int_handler)
from embedkit_cli.start import main
main()
"""


@pytest.mark.parametrize("module", ["embedkit_cli.main", "embedkit_cli.commands.tokenize", "numpy"])
def test_an_interrupt_while_the_program_is_loaded_is_one_line(text, module):
    ran = subprocess.run(
        [sys.executable, "-c", LOADING.format(module=module)],
        cwd=text.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr.strip()) == (130, "Interrupted before anything was begun")
    assert [path.name for path in text.parent.iterdir()] == ["text.txt"]


DROPPED = """
import os, signal, sys, time, weakref
from embedkit_cli import main
from embedkit_cli.start import main as start

class Watched:
    pass

def run():
    signal.signal(signal.SIGTERM, main.terminate)
    watched = Watched()
    reference = weakref.ref(watched, lambda _: os.kill(os.getpid(), signal.{name}))
    del watched
    try:
        time.sleep(30)
    except KeyboardInterrupt as interrupt:
        print(type(interrupt).__name__)

main.main = run
start()
"""


@pytest.mark.parametrize(("name", "kind"), [("SIGINT", "KeyboardInterrupt"), ("SIGTERM", "Terminated")])
def test_an_interrupt_that_python_drops_comes_again(name, kind):
    ran = subprocess.run(
        [sys.executable, "-c", DROPPED.format(name=name)], capture_output=True, text=True, timeout=20
    )
    assert (ran.stdout, ran.stderr) == (f"{kind}\n", "")


def test_a_closed_pipe_ends_silently(start, royals):
    process = start("neighbors -v royals.safetensors --format tsv", stdin=subprocess.PIPE)
    feeder = threading.Thread(target=feed, args=(process.stdin,))
    feeder.start()
    assert process.stdout.readline() == "king\tman\t0.500000\n"
    process.stdout.close()
    assert process.wait(timeout=30) == 1
    feeder.join()
    assert process.stderr.read() == ""


@pytest.mark.parametrize(
    "line", ["analogy man woman king -v royals.safetensors", "info royals.safetensors", "--help"]
)
def test_an_answer_that_cannot_be_printed_is_a_failure(start, royals, line):
    process = start(line, shell_closes=">&-")
    assert process.communicate(timeout=30)[1] == CLOSED
    assert process.returncode == 1


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-"])
def test_who_closes_stderr_hears_nothing_and_gets_the_work_done(start, text, closed):
    process = start("tokenize text.txt -o corpus", shell_closes=closed)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0
    assert (text.parent / "corpus" / "manifest.json").is_file()


def feed(pipe):
    """Write queries until nobody reads them."""
    try:
        while True:
            pipe.write("king\n" * 1000)
    except BrokenPipeError:
        pass


def test_a_cold_question(start, royals):
    process = start("analogy Man Woman King -v royals.safetensors --top 1")
    assert process.communicate(timeout=30) == ("queen   1.0000\n", "")
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("line", ["--help", "analogy --help", "similarity king queen"])
def test_an_answer_on_a_full_disk_is_not_lost_without_a_word(line, unbuffered):
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "embedkit", *line.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    message = "Error: the answer cannot be printed: No space left on device\n"
    assert (ran.returncode, ran.stderr) == (1, message)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_progress_on_a_full_disk_costs_no_result(tmp_path):
    (tmp_path / "a.txt").write_text("one two three\n" * 100)
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "embedkit", "tokenize", "a.txt", "-o", "c"]
        ran = subprocess.run(command, cwd=tmp_path, stderr=full)
    assert ran.returncode == 0
    assert Corpus.open(tmp_path / "c").words == 300


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere addresses are not limited so")
def test_too_little_memory_is_told_before_libraries_are_loaded():
    line = ["sh", "-c", 'ulimit -v 200000; exec "$@"', "sh", sys.executable, "-m", "embedkit", "--version"]
    told = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == (
        "Error: not enough memory: 256,000 KB of addresses are needed at least, and 200,000 are allowed; "
        "raise the limit (ulimit -v)\n"
    )
