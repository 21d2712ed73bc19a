"""Recordings: WAV, FLAC and other files of sound as blocks of samples, whatever their rate and channels."""

from __future__ import annotations

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
from embedkit.errors import FormatError, InputError
from embedkit.speech.parameters import MAX_RATE, MIN_RATE
from embedkit.speech.resampling import resampled
from embedkit.speech.sound_files import BLOCK, FORMS, by_scipy, by_soundfile, check_content

MAX_CHANNELS = 1024
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
            return by_scipy(stream, self.name, error)
        try:
            file = self._open.enter_context(soundfile.SoundFile(stream))
        except soundfile.LibsndfileError as error:
            raise FormatError(
                f"{self.name}: expected {FORMS}, got a file that is damaged or of another kind "
                f"({error.error_string.rstrip('.')})"
            ) from None
        return by_soundfile(file, self.name), file.samplerate

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
