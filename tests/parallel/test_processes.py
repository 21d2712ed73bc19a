"""Worker processes: order, errors, and ends."""

import operator
import os
import subprocess
import sys
import textwrap
import time

import pytest

from embedkit.errors import EmbedkitError, InputError
from embedkit.parallel.processes import Pool, available_cores
from embedkit.text.tokenization.factory import make_tokenizer


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_results_come_in_the_order_of_the_tasks(workers):
    with Pool(workers) as pool:
        assert list(pool.map(operator.neg, range(20))) == [-number for number in range(20)]
        assert list(pool.map(len, ["a", "bc"])) == [1, 2]


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_comes_back(workers):
    with Pool(workers) as pool, pytest.raises(InputError, match="unknown tokenizer 'b'"):
        list(pool.map(make_tokenizer, ["words", "b", "words"]))


def test_tasks_are_drawn_as_they_are_needed():
    drawn = []
    with Pool(2) as pool:
        results = pool.map(operator.neg, (drawn.append(number) or number for number in range(100)))
        next(results)
        assert len(drawn) == 3  # one a worker, one waiting


def test_a_worker_that_dies_is_reported():
    with Pool(1) as pool, pytest.raises(EmbedkitError, match="ended with code 7"):
        list(pool.map(os._exit, [7]))


def test_leaving_ends_the_children():
    with Pool(2) as pool:
        list(pool.map(time.sleep, [0.2, 0.2]))
        assert [child.poll() for child in pool._children] == [None, None]
    assert all(child.poll() is not None for child in pool._children)


def test_no_more_children_than_tasks_or_workers():
    for workers, tasks, children in ((50, 2, 2), (2, 9, 2), (3, 0, 0)):
        with Pool(workers) as pool:
            list(pool.map(time.sleep, [0.3] * tasks))
            assert len(pool._children) == children


def test_an_idle_child_takes_the_next_task():
    with Pool(9) as pool:
        for _ in range(3):
            assert list(pool.map(abs, [-1])) == [1]
        assert len(pool._children) == 1


def test_a_child_that_cannot_be_started_is_reported(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Pool(1) as pool, pytest.raises(EmbedkitError, match="cannot start a worker process: No such file"):
        list(pool.map(abs, [-1]))


def test_a_script_needs_no_main_guard(tmp_path):
    """The main module is not imported again: multiprocessing would need `if __name__ == "__main__"` here."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
            from embedkit.parallel.processes import Pool
            with Pool(2) as pool:
                print(*pool.map(abs, [-1, -2, -3]))
        """)
    )
    for arguments, text in (([str(script)], None), (["-"], script.read_text())):
        done = subprocess.run([sys.executable, *arguments], input=text, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("1 2 3\n", "")


def test_available_cores():
    assert 1 <= available_cores() <= os.cpu_count()
