"""The parameters of recognizers as options of commands."""

from __future__ import annotations

from embedkit.speech.parameters import SpeechAugmentation, SpeechFeatures, SpeechLayers, SpeechTraining

MODEL = "Model"
SPEECH_OPTIONS = {
    SpeechLayers: MODEL,
    SpeechFeatures: "Features",
    SpeechAugmentation: "Augmentation",
    SpeechTraining: "Training",
}
WITHOUT = ("validation_fraction",)  # which --validation says
