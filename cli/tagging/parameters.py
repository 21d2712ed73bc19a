"""The parameters of taggers as options of commands."""

from __future__ import annotations

from embedkit.tagging.parameters import TaggerLayers, TaggerText, TaggerTraining, TaggerWords

LAYERS, TRAINING, WORDS = "Model", "Training", "Words"
TAGGER_OPTIONS = {TaggerLayers: LAYERS, TaggerWords: WORDS, TaggerText: WORDS, TaggerTraining: TRAINING}
WITHOUT = ("validation_fraction",)  # which --validation says
