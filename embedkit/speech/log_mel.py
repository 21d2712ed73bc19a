"""Log-mel features: the logarithm of the energy in bands that are evenly spaced on the mel scale.

A frame is a window of samples under a Hann window; its power spectrum is summed in triangular bands, whose
edges are evenly spaced in mels, 2595 log10(1 + f / 700) of a frequency f in Hz (O'Shaughnessy 1987).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d, Floats1d, Floats2d
from embedkit.errors import InputError
from embedkit.speech.parameters import SpeechFeatures

LOWEST = 60.0  # Hz, the lower edge of the first band
BEND = 0.6  # of half the sampling rate: up to here warped frequencies are a multiple, above they meet it


class LogMel:
    """Log-mel features of recordings.

    Args:
        features: sampling rate, frames and bands.

    Raises:
        InputError: more bands than a window this short can tell apart.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.log_mel import LogMel
        >>> from embedkit.speech.parameters import SpeechFeatures
        >>> log_mel = LogMel(SpeechFeatures(sample_rate=8000, mel_bands=20))
        >>> sine = np.sin(2 * np.pi * log_mel.centers[9] * np.arange(8000) / 8000)
        >>> log_mel(sine).shape, int(log_mel(sine)[50].argmax())
        ((99, 20), 9)
    """

    def __init__(self, features: SpeechFeatures) -> None:
        self.rate, self.bands, self.floor = features.sample_rate, features.mel_bands, features.floor
        self.size = max(2, round(features.window * self.rate))  # samples of a window
        self.hop = max(1, round(features.hop * self.rate))  # samples from window to window
        self.transform = 1 << (self.size - 1).bit_length()  # samples that are transformed, with zeros behind
        self._window = np.hanning(self.size + 1)[:-1].astype(np.float32)
        self._filters = self.filters()
        if not self._filters.any(axis=1).all():
            raise InputError(
                f"mel_bands must be fewer, or window longer: of {self.bands} bands some hold none of the "
                f"frequencies that {features.window:g} seconds at {self.rate} Hz tell apart"
            )

    @property
    def centers(self) -> Doubles1d:
        """The frequency in Hz at which each band is 1, float64 (B,)."""
        return self._edges()[1:-1]

    def filters(self, warp: float = 1.0) -> Floats2d:
        """The weight of each frequency in each band, float32 (B, transform / 2 + 1).

        Args:
            warp: the edges of bands are multiplied with this, as a shorter vocal tract does with formants;
                those of high frequencies less, so that the highest stays (Jaitly and Hinton 2013).
        """
        edges = warped(self._edges(), warp, self.rate / 2)
        lower, center, upper = edges[:-2, None], edges[1:-1, None], edges[2:, None]
        frequencies = np.arange(self.transform // 2 + 1) * (self.rate / self.transform)
        rising, falling = (
            (frequencies - lower) / (center - lower),
            (upper - frequencies) / (upper - center),
        )
        return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)

    def __call__(self, samples: ArrayLike, warp: float = 1.0) -> Floats2d:
        """The features of a recording, float32 (T, B); a recording shorter than a window has one frame.

        Args:
            samples: (n,), at the sampling rate of the features, from -1 to 1.
            warp: see `filters`.
        """
        from scipy.fft import rfft

        spectrum = rfft(self._frames(np.asarray(samples, np.float32)) * self._window, self.transform)
        power = spectrum.real**2 + spectrum.imag**2  # a twentieth of the time of abs
        energies = power @ (self._filters if warp == 1 else self.filters(warp)).T
        logarithms: Floats2d = np.log(energies + np.float32(self.floor))
        return logarithms

    def frame_count(self, samples: int) -> int:
        """How many frames a recording of so many samples has, at least one."""
        return max(0, -(-(samples - self.size) // self.hop)) + 1

    def _frames(self, samples: Floats1d) -> Floats2d:
        """The windows (T, size); zeros stand behind the last sample."""
        count = self.frame_count(len(samples))
        missing = (count - 1) * self.hop + self.size - len(samples)
        whole = np.pad(samples, (0, max(0, missing)))
        return np.lib.stride_tricks.sliding_window_view(whole, self.size)[:: self.hop][:count]

    def _edges(self) -> Doubles1d:
        """The edges and the centers of bands in Hz, float64 (B + 2,)."""
        return hertz(np.linspace(mel(LOWEST), mel(self.rate / 2), self.bands + 2))


def mel(frequency: float) -> float:
    """A frequency in Hz on the mel scale: 1000 Hz is about 1000 mel."""
    return float(2595 * np.log10(1 + frequency / 700))


def hertz(mels: Doubles1d) -> Doubles1d:
    """Frequencies in Hz of places on the mel scale."""
    return 700 * (10 ** (mels / 2595) - 1)


def warped(frequencies: Doubles1d, warp: float, highest: float) -> Doubles1d:
    """Frequencies times `warp` up to a bend, from there on a line to the highest, which stays.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.log_mel import warped
        >>> warped(np.array([1000.0, 2400.0, 4000.0]), 1.1, 4000.0)
        array([1100., 2592., 4000.])
    """
    bend = BEND * highest / max(1.0, warp)
    above = highest - (highest - warp * bend) * (highest - frequencies) / (highest - bend)
    return np.where(frequencies <= bend, frequencies * warp, above)
