"""Phrases written down: to find them would compile kernels in each process, before any test runs."""

from embedkit.text.phrases.phrase import Phrase
from embedkit.text.phrases.phrases import Phrases
from embedkit.text.phrases.settings import PhraseSettings

NEW_YORK = Phrases((Phrase(("new", "york"), 1.0, 2),), PhraseSettings(min_count=2, passes=1))
