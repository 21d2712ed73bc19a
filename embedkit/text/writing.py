"""Writing the files of a corpus: whatever fails, the message says where and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failure to write in `folder`, which is still under a temporary name, into an `InputError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"cannot write the corpus in {folder.absolute().parent}: {reason}") from None


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write a .npy file as `np.save` does, which would not say why it cannot."""
    with writing(path.parent), path.open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(array))
        stream.write(array.data)
