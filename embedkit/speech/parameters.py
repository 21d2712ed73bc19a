"""The parameters of `SpeechRecognizer` in groups: features, network, augmentation, training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.hyperparameters import described, hyperparameter
from embedkit.models.layers.spec import Layers
from embedkit.neural.epochs import epochs_field, learning_rate_field

MIN_RATE, MAX_RATE = 1_000, 384_000  # Hz
Units = Literal["words", "characters"]


@dataclass(kw_only=True, eq=False, repr=False)
class SpeechFeatures:
    """What is computed of a recording: logarithms of energies in mel bands, frame by frame."""

    sample_rate: int = hyperparameter(
        8000,
        "samples per second that recordings are resampled to; a telephone's, 16000 hears more of fricatives",
        minimum=MIN_RATE,
        maximum=MAX_RATE,
    )
    window: float = hyperparameter(0.025, "seconds of a frame", minimum=0.002, maximum=1)
    hop: float = hyperparameter(0.01, "seconds from frame to frame", minimum=0.001, maximum=1)
    mel_bands: int = hyperparameter(40, "mel bands of a frame", minimum=1, maximum=512)
    floor: float = hyperparameter(
        0.03,
        "energy added to each band before the logarithm, which hides softer sounds; a loud vowel has 20",
        above=0,
        maximum=1e6,
    )


@dataclass(kw_only=True, eq=False, repr=False)
class SpeechLayers:
    """What the network gives at each frame, and its layers."""

    units: Units = hyperparameter(
        "words", "what is recognized: whole words of a small vocabulary, or characters"
    )
    layers: Layers = described(
        "conv:64:5:strides=3 dropout:0.2 bigru:64 dropout:0.3 bigru:64 dropout:0.3",
        "layers from features to the output layer: conv:FILTERS:WIDTH:STRIDES, maxpool:SIZE, lstm, bilstm, "
        "gru, bigru, rnn or birnn:UNITS, dropout:RATE, dense:UNITS:ACTIVATION",
    )


@dataclass(kw_only=True, eq=False, repr=False)
class SpeechAugmentation:
    """How recordings are changed in training, at random each time; 0 leaves a change out."""

    joined: int = hyperparameter(
        4, "recordings up to which training joins with pauses; 1 for none", minimum=1, maximum=100
    )
    speed: float = hyperparameter(
        0.2, "play up to this fraction faster or slower, with the pitch", minimum=0, maximum=0.5
    )
    warp: float = hyperparameter(
        0.15, "stretch frequencies up to this fraction, as other vocal tracts do", minimum=0, maximum=0.5
    )
    noise: float = hyperparameter(
        0.8, "fraction of the examples to which noise of 5 to 40 dB below is added", minimum=0, maximum=1
    )
    gain: float = hyperparameter(
        10.0, "decibels up to which recordings are made louder or softer", minimum=0, maximum=60
    )
    equalizer: float = hyperparameter(
        0.3,
        "standard deviations by which bands are made louder or softer, as other microphones do",
        minimum=0,
        maximum=10,
    )
    masks: int = hyperparameter(
        2, "masks over frequencies and as many over time (SpecAugment)", minimum=0, maximum=20
    )


@dataclass(kw_only=True, eq=False, repr=False)
class SpeechTraining:
    """How a recognizer is trained."""

    epochs: int = epochs_field(30)
    batch_size: int = hyperparameter(32, "batch size, in examples", minimum=1)
    learning_rate: float = learning_rate_field(3e-3)
    clip_norm: float = hyperparameter(1.0, "clip the global gradient norm to this", above=0, maximum=1e38)
    validation_fraction: float = hyperparameter(
        0.1,
        "fraction of the recordings held out to choose the best epoch; 0 keeps the last epoch",
        minimum=0,
        maximum=0.5,
    )
    patience: int = hyperparameter(
        10, "early stopping: number of epochs without fewer errors on what is held out", minimum=1
    )
