"""A call of BLAS takes one thread as long as anybody asks for it, and as many as before afterwards."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import embedkit
from embedkit.parallel.blas import one_blas_thread


def numbers():
    return {part["num_threads"] for part in threadpool_info() if part["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def _two():
    """Two threads at first, on a machine of one core too."""
    before = numbers()
    in_passing(2)
    assert numbers() == {2}
    yield
    in_passing(*before)


def in_passing(number):
    """Set the number in a thread that ends, so that threadpoolctl heeds any other afterwards."""
    thread = Thread(target=threadpool_limits, args=(number, "blas"))
    thread.start()
    thread.join()


def test_blocks_that_overlap_put_back_what_was_before_the_first():
    first, second = one_blas_thread(), one_blas_thread()
    with ThreadPoolExecutor(1) as other:
        first.__enter__()
        other.submit(second.__enter__).result()
        first.__exit__(None, None, None)
        assert numbers() == {1}
        other.submit(second.__exit__, None, None, None).result()
        assert numbers() == {2}


def test_errors_in_many_threads_at_once_leave_no_trace():
    together = Barrier(8)

    def fail():
        with one_blas_thread():
            assert numbers() == {1}
            raise KeyError

    def work(_):
        together.wait()
        with pytest.raises(KeyError):
            fail()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert numbers() == {2}


def enter_and_leave():
    with one_blas_thread():
        assert numbers() == {1}


def test_other_threads_may_set_the_number_afterwards():
    with ThreadPoolExecutor(1) as other:
        other.submit(enter_and_leave).result()  # a thread that lives on
        with threadpool_limits(1, "blas"):
            assert numbers() == {1}
        assert numbers() == {2}


def test_predictions_of_many_threads_at_once():
    predictor = embedkit.load_predictor()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(predictor.predict_proba, [["a fine film"] * 200] * 16))
    assert numbers() == {2}
