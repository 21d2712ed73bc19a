"""The training backend, Keras on TensorFlow, imported when a network is first needed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

from embedkit.errors import DependencyError, InputError
from embedkit.random_state import untouched_random_state

BFLOAT16_CAPABILITY = 8, 0  # CUDA compute capability from which on GPUs have bfloat16

TRAININGS = 16  # between two searches for what is left of them
_trainings = count(1)

_forked = False  # whether this process was forked after TensorFlow was loaded


@cache
def load_backend() -> tuple[Any, Any]:
    """The modules `tensorflow` and `keras`.

    Raises:
        DependencyError: they are not installed, or Keras was told to use something else.
        InputError: a process that was forked after TensorFlow was loaded.
    """
    check_process()
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _quiet_libraries(), untouched_random_state():
            import keras
            import tensorflow as tf

            tf.config.list_physical_devices()  # says that there is no GPU, if so
    except ImportError as error:
        raise DependencyError(
            "recurrent classifiers need TensorFlow, which is not installed; pip install 'embedkit[models]'"
        ) from error
    if keras.backend.backend() != "tensorflow":
        raise DependencyError(
            f"recurrent classifiers need Keras on TensorFlow, got {keras.backend.backend()!r}; "
            "unset KERAS_BACKEND"
        )
    tf.get_logger().setLevel("ERROR")  # it warns of many networks in one process as of a mistake
    return tf, keras


def check_process() -> None:
    """Raise `InputError` in a process forked after TensorFlow was loaded, where training would never end."""
    if _forked:
        raise InputError(
            "this process was forked after TensorFlow was loaded, whose threads it lacks, so that no network "
            'can be trained in it; start processes by the method "spawn" or "forkserver", as in '
            'multiprocessing.get_context("spawn"), or train in the process that forks'
        )


def _mark_fork() -> None:
    """Remember in a child that the threads of TensorFlow stayed with its parent."""
    global _forked
    _forked = "tensorflow" in sys.modules
    load_backend.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_mark_fork)


def has_gpu() -> bool:
    """Whether TensorFlow sees a GPU."""
    tf, _ = load_backend()
    return bool(tf.config.list_physical_devices("GPU"))


def has_bfloat16() -> bool:
    """Whether all GPUs that TensorFlow sees compute with bfloat16, as those of NVIDIA do from Ampere on."""
    tf, _ = load_backend()
    details = map(tf.config.experimental.get_device_details, tf.config.list_physical_devices("GPU"))
    return all(each.get("compute_capability", (0, 0)) >= BFLOAT16_CAPABILITY for each in details)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep what compiled libraries write on stderr, whatever it is, off the screen."""
    try:
        kept = os.dup(2)
    except OSError:  # stderr is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def memory_errors() -> Iterator[None]:
    """Let a network that is too large be a `MemoryError` and not one of TensorFlow's."""
    tf, _ = load_backend()
    try:
        yield
    except tf.errors.ResourceExhaustedError:
        raise MemoryError(
            "the network does not fit; lower the sizes or the number of layers, vector_size or batch_size"
        ) from None


@contextmanager
def passing_gradients() -> Iterator[None]:
    """Have TensorFlow forget the custom gradients that are defined meanwhile, once their graph is built.

    It keeps each by a name of its own, with the whole graph around it, for as long as the process lives, for
    `tf.gradients` of that graph, which nobody asks for later.
    """
    from tensorflow.python.framework import ops

    kept: dict[str, Any] = getattr(ops.gradient_registry, "_registry", {})
    before = set(kept)
    try:
        yield
    finally:
        for name in [name for name in kept if name not in before and name.startswith("CustomGradient-")]:
            del kept[name]


def free_steps() -> None:
    """Free what is left of compiled steps of training, after every 16th one.

    They lie in circles of references, which Python seldom looks for, and TensorFlow keeps kernels of each.
    """
    if next(_trainings) % TRAININGS == 0:
        from tensorflow.python.eager import context

        gc.collect()
        context.context().clear_kernel_cache()


def rows_variable(rows: Any, name: str | None = None) -> Any:
    """A `tf.Variable` of rows (V, D) whose memory `release` can give back."""
    tf, _ = load_backend()
    return tf.Variable(rows, name=name, shape=[None, *rows.shape[1:]])


def release(variable: Any) -> None:
    """Give back the memory of all rows of a variable.

    A compiled step and what it reads refer to one another, so that Python frees them late.
    """
    variable.assign(variable[:0])
