"""Files of sound read in blocks: by libsndfile (`soundfile`), or WAV by scipy where that is not installed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import DependencyError, FormatError

CHUNK_HEADER, UNKNOWN = 8, 0x7FFF_F000  # bytes of a chunk's head, and lengths that say nothing
BLOCK = 1 << 18  # samples of all channels that are read at once
FORMS = "WAV, FLAC, OGG or another file of sound that libsndfile reads"


def check_content(stream: IO[bytes], name: str) -> None:
    """Raise `FormatError` for an empty file, or a WAV file that is shorter than its header says.

    What writes to a pipe cannot know the size, and says that it is as large as can be.
    """
    begins, size = stream.read(12), stream.seek(0, 2)
    if not begins:
        raise FormatError(f"{name}: expected {FORMS}, got an empty file")
    if begins[:4] == b"RIFF" and begins[8:] == b"WAVE":
        at = len(begins)
        while at + CHUNK_HEADER <= size:
            stream.seek(at)
            kind, length = struct.unpack("<4sI", stream.read(CHUNK_HEADER))
            at += CHUNK_HEADER + length + length % 2
            if kind == b"data" and size < at - length % 2 and length < UNKNOWN:
                raise FormatError(f"{name}: it is cut off, {at - size:,} bytes are missing; copy it again")
    stream.seek(0)


def by_soundfile(file: Any, name: str) -> Iterator[NDArray[np.float32]]:
    """The blocks (n, channels) of a file that soundfile opened."""
    promised, read = file.frames, 0
    size = max(1, BLOCK // file.channels)
    try:
        while len(block := file.read(size, dtype="float32", always_2d=True)):
            read += len(block)
            yield block
    except RuntimeError as error:
        raise FormatError(f"{name}: it is damaged or cut off after {read:,} samples ({error})") from None
    if read < promised and file.seekable():
        raise FormatError(f"{name}: expected {promised:,} samples, got {read:,}; it is cut off")


def by_scipy(stream: IO[bytes], name: str, missing: BaseException) -> tuple[Iterator[NDArray[Any]], int]:
    """The blocks of a WAV file, and its rate, without soundfile."""
    import warnings

    from scipy.io import wavfile

    begins = stream.read(12)
    stream.seek(0)
    if begins[:4] not in (b"RIFF", b"RIFX", b"RF64") or begins[8:] != b"WAVE":
        raise DependencyError(
            f"{name} is no WAV file, and reading others needs soundfile, which is not installed; "
            "pip install 'embedkit[speech]'"
        ) from missing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of chunks that are no samples
            rate, samples = _wave(wavfile, stream)
    except (ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error) as error:
        raise FormatError(f"{name}: expected a WAV file, got one that is damaged ({error})") from None
    return (samples[at : at + BLOCK] for at in range(0, len(samples), BLOCK)), rate


def _wave(wavfile: Any, stream: IO[bytes]) -> tuple[int, NDArray[Any]]:
    """The rate and the samples of a WAV file, mapped where that can be."""
    try:
        return wavfile.read(stream, mmap=True)  # type: ignore[no-any-return]
    except ValueError:  # 24 bits, or a file in memory
        stream.seek(0)
        return wavfile.read(stream)  # type: ignore[no-any-return]
