"""`SpeechRecognizer`: recordings to text by a recurrent network with CTC, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.checkpoints import Checkpoint
from embedkit.errors import InputError
from embedkit.hyperparameters import Seeded, check, group_of
from embedkit.models.files.saved_estimator import SavedEstimator
from embedkit.models.files.state import ModelState
from embedkit.models.layers.spec import read_layers, write_layers
from embedkit.models.networks.saved_training import backend_versions
from embedkit.models.targets import Targets
from embedkit.neural.epochs import saved_epoch
from embedkit.neural.network_position import network_job
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.speech.augmentation import Augmenter
from embedkit.speech.ctc import check_frames
from embedkit.speech.frame_stack import FrameStack
from embedkit.speech.labels import SpeechLabels
from embedkit.speech.log_mel import LogMel
from embedkit.speech.normalization import at_one_loudness
from embedkit.speech.parameters import (
    SpeechAugmentation,
    SpeechFeatures,
    SpeechLayers,
    SpeechTraining,
    Units,
)
from embedkit.speech.predictor import DEVIATION, MEAN, SpeechPredictor
from embedkit.speech.scores import transcript_errors
from embedkit.speech.trainer import SpeechEpoch, SpeechTrainer, SpeechWeights
from embedkit.speech.training_data import TranscribedRecordings, name_of
from embedkit.speech.training_network import TrainingNetwork
from embedkit.speech.transcript import Transcript


@dataclass(eq=False, repr=False, kw_only=True)
class SpeechRecognizer(
    SpeechFeatures,
    SpeechLayers,
    SpeechAugmentation,
    SpeechTraining,
    Seeded,
    SavedEstimator,
):
    """A network that writes down what is said in recordings.

    Log-mel features go through convolutions and recurrent layers, which give a label or a blank at each
    frame; connectionist temporal classification (Graves et al. 2006) learns from transcripts without times.
    Training changes recordings at random and joins several with pauses. It needs TensorFlow, transcription
    does not. Parameters are described in `embedkit.speech.parameters`.

    Args:
        seed: the random seed.

    Attributes:
        predictor_: the trained recognizer.
        classes_: the words or characters that it knows, sorted, (K,).
        history_: a `SpeechEpoch` each: loss, errors on what was held out, learning rate, seconds.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> import numpy as np
        >>> from embedkit import SpeechRecognizer
        >>> time = np.arange(2000) / 8000
        >>> recordings = [np.sin(2 * np.pi * pitch * time) for pitch in (300, 900)] * 8
        >>> recognizer = SpeechRecognizer(
        ...     mel_bands=8, layers="conv:8:5:4 gru:8", epochs=1, joined=1, validation_fraction=0
        ... )
        >>> recognizer.fit(recordings, ["low", "high"] * 8).classes_.tolist()
        ['high', 'low']
    """

    predictor_class: ClassVar[type[SpeechPredictor]] = SpeechPredictor

    def fit(
        self,
        X: Sequence[Any],  # noqa: N803
        y: Sequence[str],
        *,
        validation_data: tuple[Sequence[Any], Sequence[str]] | None = None,
        start: SpeechPredictor | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> Self:
        """Learn from recordings and what is said in them.

        Args:
            X: n recordings: paths, or samples (n,) or (n, channels) at `sample_rate`.
            y: a transcript for each; "" for one in which nothing is said.
            validation_data: recordings and transcripts that choose the best epoch, in the place of a part.
            start: a trained recognizer to learn on from, such as `load_predictor` gives, with the same
                features, layers and units; it knows the labels.
            progress: where it is reported.
            checkpoint: where training is saved, and goes on after an interruption.

        Raises:
            InputError: a recording that cannot be read or is too short for its transcript, transcripts that
                are none, a parameter out of range, or training that diverged.
        """
        self.check_parameters()
        data = TranscribedRecordings.read(X, y, self.sample_rate, progress)
        stack, log_mel = FrameStack(self.layers), LogMel(self)
        labels = SpeechLabels.of(data.transcripts, self.units, self.joined > 1)
        if start is not None:
            check_start(start, group_of(SpeechFeatures, self), stack, self.units)
            labels = start.labels
        if not len(labels):
            raise InputError("expected transcripts of what is said, got none, or empty ones alone")
        numbers = [labels.numbers(text) for text in data.transcripts]
        for place, (samples, own) in enumerate(zip(data.recordings, numbers, strict=True)):
            frames = int(stack.frame_counts(np.array(log_mel.frame_count(len(samples)))))
            check_frames(frames, own, f"{name_of(X[place], place)}: ")
        training, held = self._held_out(data, labels, validation_data, progress)
        network = TrainingNetwork(
            stack, self.mel_bands, len(labels), group_of(SpeechTraining, self), self.seed
        )
        if start is None:
            statistics = feature_statistics(log_mel, training)
        else:
            network.set_weights(start.weights)
            statistics = {name: start.weights[name] for name in (MEAN, DEVIATION)}

        def predictor(weights: SpeechWeights) -> SpeechPredictor:
            return SpeechPredictor(group_of(SpeechFeatures, self), stack, labels, {**weights, **statistics})

        def errors(weights: SpeechWeights) -> float:
            assert held  # noqa: S101 - called if something is held out
            return errors_a_label(predictor(weights), held)

        begin, told = network.weights(), [part for part in (training, held) if part]
        settings = {**self.get_params(deep=False), **backend_versions()}
        job = network_job("speech", settings, begin, *(part.fingerprint() for part in told))
        with Saver(checkpoint, job, progress) as saver:
            trainer = SpeechTrainer(
                network,
                Augmenter(log_mel, group_of(SpeechAugmentation, self)),
                predictor(begin).inputs,
                group_of(SpeechTraining, self),
                self.seed,
                progress,
                saver,
            )
            spoken = [labels.numbers(text) for text in training.transcripts]
            weights = trainer.run(training.recordings, spoken, errors if held else None, labels.blank)
        self.predictor_, self.history_ = predictor(weights), trainer.epochs
        self.metadata_: Mapping[str, Any] = {}
        return self

    def _held_out(
        self,
        data: TranscribedRecordings,
        labels: SpeechLabels,
        validation: tuple[Sequence[Any], Sequence[str]] | None,
        progress: Progress,
    ) -> tuple[TranscribedRecordings, TranscribedRecordings | None]:
        """What is learned from, and what chooses the epoch."""
        if validation is None:
            return data.split(self.validation_fraction, self.seed)
        held = TranscribedRecordings.read(*validation, self.sample_rate, progress)
        for text in held.transcripts:
            labels.numbers(text)
        return data, held

    def check_parameters(self) -> None:
        """Raise an error for a parameter of a wrong type or range, or layers that do not fit."""
        check(self)
        LogMel(self)
        FrameStack(self.layers)

    @property
    def classes_(self) -> NDArray[Any]:
        """The words or characters that it knows, sorted, (K,)."""
        check_is_fitted(self)
        return self.predictor_.classes

    def transcribe(self, recording: Any, rate: int | None = None, **options: Any) -> Transcript:
        """What is heard in a recording; see `SpeechPredictor.transcribe`."""
        check_is_fitted(self)
        return self.predictor_.transcribe(recording, rate, **options)

    def predict(self, X: Sequence[Any]) -> list[str]:  # noqa: N803
        """What is heard in each of n recordings, paths or samples at `sample_rate`."""
        check_is_fitted(self)
        return [self.predictor_.transcribe(recording).text for recording in X]

    def score(self, X: Sequence[Any], y: Sequence[str]) -> float:  # noqa: N803
        """1 less the errors a word, at least 0."""
        return max(0.0, 1 - (transcript_errors(y, self.predict(X)).rate.value or 0.0))

    def state(self) -> ModelState:
        """What a file keeps of the fitted recognizer."""
        check_is_fitted(self)
        predictor = self.predictor_
        return ModelState(
            kind=predictor.kind,
            parameters={**self.get_params(deep=False), "layers": write_layers(read_layers(self.layers))},
            targets=Targets(predictor.classes, "multilabel", "lists", np.zeros(0, np.int64)),
            tokenizer={},
            words=(),
            tensors=dict(predictor.weights),
            facts={"history": [saved_epoch(epoch) for epoch in self.history_]},
        )

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The fitted recognizer of what a file keeps; content that cannot be raises `FormatError`."""
        model = cls(**state.parameters)
        check(model)
        model.predictor_ = SpeechPredictor.from_state(state)
        model.history_ = [SpeechEpoch(**epoch) for epoch in state.facts["history"]]
        model.metadata_ = {}
        return model


def check_start(start: SpeechPredictor, features: SpeechFeatures, stack: FrameStack, units: Units) -> None:
    """Raise `InputError` unless a recognizer has these features, layers and units."""
    layers, wanted = write_layers(start.stack.layers), write_layers(stack.layers)
    for name, given, own in (
        ("layers", layers, wanted),
        ("units", start.labels.units, units),
        *((name, getattr(start.features, name), value) for name, value in asdict(features).items()),
    ):
        if given != own:
            raise InputError(f"{name} must be {given!r}, as of the model to start from, got {own!r}")


def feature_statistics(log_mel: LogMel, data: TranscribedRecordings) -> SpeechWeights:
    """The mean and the standard deviation of each band over recordings, float32 (B,)."""
    features = np.concatenate([log_mel(at_one_loudness(samples)) for samples in data.recordings])
    return {MEAN: features.mean(axis=0), DEVIATION: np.maximum(features.std(axis=0), np.float32(1e-3))}


def errors_a_label(predictor: SpeechPredictor, data: TranscribedRecordings) -> float:
    """The errors a word or character of a predictor on recordings."""
    heard = [predictor.transcribe(samples).text for samples in data.recordings]
    rate = transcript_errors(data.transcripts, heard, predictor.labels.units)
    return rate.errors / max(1, rate.words)
