"""Recordings: WAV, FLAC and other files of sound as blocks of samples, whatever their rate and channels.

Files are read by libsndfile (`soundfile`), WAV also by scipy where that is not installed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedkit.arrays import Floats1d
from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.speech.parameters import MAX_RATE, MIN_RATE
from embedkit.speech.resampling import resampled

MAX_CHANNELS = 1024
CHUNK_HEADER, UNKNOWN = 8, 0x7FFF_F000  # bytes of a chunk's head, and lengths that say nothing
BLOCK = 1 << 18  # samples of all channels that are read at once
FORMS = "WAV, FLAC, OGG or another file of sound that libsndfile reads"
FULL_SCALE = {np.dtype(kind): 2.0 ** (8 * kind(0).itemsize - 1) for kind in (np.uint8, np.int16, np.int32)}


class Recording(AbstractContextManager["Recording"]):
    """A file of sound, opened; its channels are mixed to one.

    Args:
        source: a path, or a binary file; a pipe is copied to the disk first.
        name: for messages, else the path.

    Attributes:
        rate: samples per second.
        length: the number of samples of a channel, None if a header does not tell.

    Raises:
        InputError: there is no such file, or it has no samples.
        FormatError: a file that is damaged or of another kind.
        DependencyError: a file that needs soundfile, which is not installed.

    Example:
        >>> import tempfile, wave
        >>> from pathlib import Path
        >>> from embedkit.speech.recording import Recording
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "one.wav")
        ...     with wave.open(str(path), "wb") as file:
        ...         file.setparams((1, 2, 8000, 0, "NONE", ""))
        ...         file.writeframes(bytes(16000))
        ...     with Recording(path) as recording:
        ...         print(recording.rate, len(recording.samples(16000)))
        8000 16000
    """

    def __init__(self, source: str | Path | IO[bytes], name: str | None = None) -> None:
        self.name = name or (str(source) if isinstance(source, str | Path) else "the recording")
        self._open = ExitStack()
        try:
            stream = self._opened(source)
            check_content(stream, self.name)
            self._blocks, self.rate = self._reader(stream)
            if not MIN_RATE <= self.rate <= MAX_RATE:
                raise FormatError(
                    f"{self.name}: expected {MIN_RATE:,} to {MAX_RATE:,} samples a second, got {self.rate:,}"
                )
        except BaseException:
            self._open.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _opened(self, source: str | Path | IO[bytes]) -> IO[bytes]:
        if not isinstance(source, str | Path):
            return self._seekable(source)
        path = Path(source)
        if path.is_dir():
            raise InputError(f"cannot read {path}: it is a folder; name a file, {FORMS}")
        try:
            return self._seekable(self._open.enter_context(path.open("rb")))
        except FileNotFoundError:
            raise InputError(f"cannot read {path}: there is no such file") from None

    def _seekable(self, stream: IO[bytes]) -> IO[bytes]:
        """A stream that can be sought: of a pipe a copy on disk, without a name."""
        if stream.seekable():
            return stream
        copy = self._open.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
        copyfileobj(stream, copy)
        copy.seek(0)
        return copy

    def _reader(self, stream: IO[bytes]) -> tuple[Iterator[NDArray[Any]], int]:
        """The blocks (n,) or (n, channels) of a file, and its rate."""
        try:
            import soundfile
        except (ImportError, OSError) as error:  # OSError: libsndfile is missing
            return _by_scipy(stream, self.name, error)
        try:
            file = self._open.enter_context(soundfile.SoundFile(stream))
        except soundfile.LibsndfileError as error:
            raise FormatError(
                f"{self.name}: expected {FORMS}, got a file that is damaged or of another kind "
                f"({error.error_string.rstrip('.')})"
            ) from None
        return _by_soundfile(file, self.name), file.samplerate

    def blocks(self, rate: int | None = None) -> Iterator[Floats1d]:
        """The samples, float32 from -1 to 1, block by block, at another rate if asked for; once.

        Raises:
            FormatError: the file is cut off, or has samples that are no finite numbers.
            InputError: it has no samples.
        """
        return resampled(self._mixed(), self.rate, rate or self.rate)

    def samples(self, rate: int | None = None) -> Floats1d:
        """All samples at once."""
        return np.concatenate(list(self.blocks(rate)))

    def _mixed(self) -> Iterator[Floats1d]:
        read = 0
        for block in self._blocks:
            mixed = mono(block)
            if not np.isfinite(mixed).all():
                at = (read + int(np.argmin(np.isfinite(mixed)))) / self.rate
                raise FormatError(
                    f"{self.name}: expected finite numbers, got {mixed[~np.isfinite(mixed)][0]} at "
                    f"{at:.3f} seconds; write the file anew"
                )
            read += len(mixed)
            yield mixed
        if not read:
            raise InputError(f"{self.name}: expected a recording, got a file with 0 samples; record it anew")


class Samples(AbstractContextManager["Samples"]):
    """Samples in memory, as `Recording` is of a file.

    Args:
        samples: (n,), or (n, channels) of at most `MAX_CHANNELS`: floats from -1 to 1, or integers of their
            full scale.
        rate: samples per second.

    Raises:
        InputError: no samples, another shape, or numbers that are not finite.
    """

    def __init__(self, samples: ArrayLike, rate: int) -> None:
        given = np.asarray(samples)
        channels = given.shape[1] if given.ndim == 2 else 1
        if given.ndim not in (1, 2) or given.dtype.kind not in "fiu" or not 1 <= channels <= MAX_CHANNELS:
            raise InputError(
                f"expected a path, or samples (n,) or (n, channels) as numbers, got {given.dtype} of shape "
                f"{given.shape}"
            )
        if not len(given):
            raise InputError("expected a recording, got 0 samples")
        if isinstance(rate, bool) or not MIN_RATE <= rate <= MAX_RATE:
            raise InputError(f"rate must be {MIN_RATE:,} to {MAX_RATE:,} samples per second, got {rate!r}")
        self.rate, self._samples = rate, mono(given)
        if not np.isfinite(self._samples).all():
            raise InputError("expected finite numbers, got samples that are NaN or infinite; leave them out")

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def blocks(self, rate: int | None = None) -> Iterator[Floats1d]:
        """As `Recording.blocks` has it."""
        cut = (self._samples[at : at + BLOCK] for at in range(0, len(self._samples), BLOCK))
        return resampled(cut, self.rate, rate or self.rate)

    def samples(self, rate: int | None = None) -> Floats1d:
        """All samples at once."""
        return np.concatenate(list(self.blocks(rate)))


def opened(recording: Any, rate: int) -> Recording | Samples:
    """A file of sound, or samples at a rate, to be read."""
    if isinstance(recording, Recording | Samples):
        return recording
    if isinstance(recording, str | Path) or hasattr(recording, "read"):
        return Recording(recording)
    return Samples(recording, rate)


def mono(samples: ArrayLike) -> Floats1d:
    """Samples (n,) or (n, channels) as float32 (n,): integers by their full scale, channels by their mean."""
    given = np.asarray(samples)
    values = given.astype(np.float32)
    if given.dtype == np.uint8:
        values -= 128
    if given.dtype in FULL_SCALE:
        values /= np.float32(FULL_SCALE[given.dtype])
    return values if values.ndim == 1 else values.mean(axis=1, dtype=np.float32)


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


def _by_soundfile(file: Any, name: str) -> Iterator[NDArray[np.float32]]:
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


def _by_scipy(stream: IO[bytes], name: str, missing: BaseException) -> tuple[Iterator[NDArray[Any]], int]:
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
