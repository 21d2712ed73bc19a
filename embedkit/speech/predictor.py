"""`SpeechPredictor`: a trained recognizer, which transcribes without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d
from embedkit.errors import FormatError, InputError
from embedkit.hyperparameters import check
from embedkit.models.files.state import ModelState
from embedkit.models.layers.spec import write_layers
from embedkit.models.layers.stack import Weights
from embedkit.speech.ctc import BLANK, log_softmax
from embedkit.speech.decoding import Decoder, LabelModel, with_last
from embedkit.speech.extents import SoundSpan, sounds, stretched
from embedkit.speech.frame_stack import FrameStack
from embedkit.speech.labels import SpeechLabels
from embedkit.speech.log_mel import LogMel
from embedkit.speech.normalization import evened
from embedkit.speech.parameters import SpeechFeatures, SpeechLayers
from embedkit.speech.pieces import pieces
from embedkit.speech.recording import opened
from embedkit.speech.spotting import hits
from embedkit.speech.transcript import SpokenWord, Transcript, spoken_words

MEAN, DEVIATION = "mean", "deviation"
NEVER = np.float32(-50)  # log probability of labels in silence
TOGETHER = 8  # pieces of a recording that are read at once


class Heard(NamedTuple):
    """A piece of a recording: the second it begins at, the log probabilities (T, L) at its frames, sounds."""

    begin: float
    log_probabilities: Floats2d
    sounds: list[SoundSpan]


class SpeechPredictor:
    """A trained recognizer of speech.

    Args:
        features: what is computed of recordings.
        stack: the layers of the network.
        labels: what it recognizes.
        weights: of the network, and the mean and deviation (B,) of its features.

    Attributes:
        metadata: what a file says of how the model was made, else empty.
    """

    kind: ClassVar[str] = "speech"
    metadata: Mapping[str, Any]

    def __init__(
        self, features: SpeechFeatures, stack: FrameStack, labels: SpeechLabels, weights: Weights
    ) -> None:
        self.features, self.stack, self.labels, self.weights = features, stack, labels, weights
        self.log_mel = LogMel(features)
        self.metadata = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.labels)} {self.labels.units}>"

    @property
    def classes(self) -> NDArray[Any]:
        """The words or characters that it recognizes, sorted, (K,)."""
        return np.array(self.labels.names)

    def structure(self) -> dict[str, Any]:
        """The features, layers and units, as `SpeechRecognizer` takes them."""
        layers = write_layers(self.stack.layers)
        return {**asdict(self.features), "layers": layers, "units": self.labels.units}

    @property
    def step(self) -> float:
        """Seconds from frame to frame of what the network gives."""
        return self.stack.stride * self.log_mel.hop / self.log_mel.rate

    def transcribe(
        self,
        recording: Any,
        rate: int | None = None,
        *,
        beam: int | None = None,
        language_model: LabelModel | None = None,
        weight: float = 0.5,
        bonus: float = 0.0,
    ) -> Transcript:
        r"""What is heard in a recording, however long, in memory for a piece of it.

        Args:
            recording: a path, a binary file, or samples (n,) or (n, channels).
            rate: samples per second of samples; None for those that the model reads.
            beam: prefixes that are followed at once (`prefix_beam_search`); by default 1, which decodes
                greedily, and 10 with a language model.
            language_model: gives the log probability of a label behind others, and that of "\n" behind the
                last one, such as `LabelScores`.
            weight: of these beside the network's.
            bonus: added to the score of each label.

        Raises:
            InputError: a recording that cannot be read, or options that cannot be.
            DependencyError: a file that needs soundfile, which is not installed.
        """
        decoder = Decoder(self.labels.names, beam, language_model, weight, bonus)
        words: list[SpokenWord] = []
        seconds = 0.0
        for heard, last in with_last(self.heard(recording, rate)):
            spoken = decoder(heard.log_probabilities, last)
            own = spoken_words(spoken, self.labels.names, self.labels.units, heard.begin, self.step)
            words += self._timed(own, heard)
            seconds = heard.begin + len(heard.log_probabilities) * self.step
        return Transcript(tuple(words), seconds)

    def find(
        self, word: str, recording: Any, rate: int | None = None, *, threshold: float = 0.7
    ) -> list[SpokenWord]:
        """Where a word is spoken in a recording, however long.

        Args:
            word: one word, or several; all its labels must be known.
            recording: as `transcribe` takes it.
            rate: likewise.
            threshold: the least probability, relative to the likeliest labels, that is a hit.

        Raises:
            InputError: a word with labels that the model does not know, or a recording that cannot be read.
        """
        labels = self.labels.numbers(word)
        if not labels:
            raise InputError(f"expected a word to find, got {word!r}")
        found = []
        for heard in self.heard(recording, rate):
            own = []
            for hit in hits(heard.log_probabilities, labels, threshold):
                begin, end = (heard.begin + frame * self.step for frame in (hit.begin, hit.end))
                own.append(SpokenWord(word, begin, end, hit.confidence))
            found += self._timed(own, heard) if len(labels) == 1 else own
        return found

    def _timed(self, words: list[SpokenWord], heard: Heard) -> list[SpokenWord]:
        """Words with the times of their sounds; characters tell the times themselves."""
        return stretched(words, heard.sounds) if self.labels.units == "words" else words

    def heard(self, recording: Any, rate: int | None = None) -> Iterator[Heard]:
        """The log probabilities of the labels, piece by piece of a recording."""
        given, rate = rate or self.log_mel.rate, self.log_mel.rate
        with opened(recording, given) as source:
            cut = pieces(source.blocks(rate), rate)
            while some := list(islice(cut, TOGETHER)):
                read = self.log_probabilities(piece for _, piece in some)
                for (start, piece), own in zip(some, read, strict=True):
                    begin, rate = start / self.log_mel.rate, self.log_mel.rate
                    if not piece.any():  # as nothing was in the training
                        own[:] = np.where(np.arange(own.shape[1]) == BLANK, np.float32(0), NEVER)
                    heard = sounds(evened(piece, rate), rate)
                    spans = [(begin + first, begin + last) for first, last in heard]
                    yield Heard(begin, own, spans)

    def log_probabilities(self, recordings: Iterable[Floats1d]) -> list[Floats2d]:
        """The log probabilities of the blank and the labels at each frame, float32 (T, L).

        Args:
            recordings: samples each, float32 (n,), at the model's sampling rate; read at once.
        """
        inputs = [self.inputs(evened(samples, self.log_mel.rate)) for samples in recordings]
        return [log_softmax(scores) for scores in self.stack.scores(self.weights, inputs)]

    def inputs(self, samples: Floats1d, warp: float = 1.0) -> Floats2d:
        """What the network reads of samples: features of mean 0 and deviation 1, float32 (T, B)."""
        features = self.log_mel(samples, warp)
        scaled: Floats2d = (features - self.weights[MEAN]) / self.weights[DEVIATION]
        return scaled

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of what a file keeps; content that cannot be raises `FormatError`."""
        features = SpeechFeatures(**{name: state.parameters[name] for name in asdict(SpeechFeatures())})
        layers = SpeechLayers(**{name: state.parameters[name] for name in ("units", "layers")})
        check(features)
        check(layers)
        labels = SpeechLabels(state.targets.classes.tolist(), layers.units)
        stack = FrameStack(layers.layers)
        shapes = stack.weight_shapes(features.mel_bands, len(labels) + 1)
        bands = (features.mel_bands,)
        weights = {
            name: state.tensor(name, np.float32, shape)
            for name, shape in {**shapes, MEAN: bands, DEVIATION: bands}.items()
        }
        if not (weights[DEVIATION] > 0).all():
            raise FormatError("expected deviations above 0")
        return cls(features, stack, labels, weights)


def speech_predictor(model: Any) -> SpeechPredictor:
    """What a trained recognizer transcribes with; `InputError` for a model of another kind."""
    predictor = getattr(model, "predictor_", model)
    if not isinstance(predictor, SpeechPredictor):
        raise InputError(
            "expected a trained recognizer of speech, as train-speech and SpeechRecognizer make, got "
            f"{model!r:.80}"
        )
    return predictor
