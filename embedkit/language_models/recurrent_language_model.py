"""`RecurrentLanguageModel`: recurrent networks that predict the next token, beside n-grams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from embedkit.checkpoints import Checkpoint
from embedkit.hyperparameters import Seeded, check, group_of
from embedkit.language_models.data import LanguageData, language_data
from embedkit.language_models.file import LanguageModelContents
from embedkit.language_models.kneser_ney import kneser_ney
from embedkit.language_models.language_model import LanguageModel
from embedkit.language_models.parameters import (
    NgramOrder,
    RecurrentDropout,
    RecurrentLayers,
    RecurrentTraining,
    TokenParameters,
    check_layers,
    check_tokens,
)
from embedkit.language_models.perplexity import perplexity_of
from embedkit.language_models.recurrent_model import RecurrentProbabilities
from embedkit.language_models.recurrent_trainer import LanguageModelTrainer
from embedkit.language_models.recurrent_weights import initial_network
from embedkit.language_models.token_predictor import TokenPredictor
from embedkit.language_models.token_text import TokenText
from embedkit.neural.epochs import saved_epoch
from embedkit.neural.network_position import network_job
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.metadata import library_versions

MOST_SCORES = (
    2_000_000_000  # of tokens, computed to validate an epoch: the beginning of a longer text is read
)


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentLanguageModel(
    RecurrentLayers, RecurrentTraining, RecurrentDropout, TokenParameters, NgramOrder, Seeded
):
    """The hyper-parameters of a recurrent language model; `train` makes a `LanguageModel` with them.

    A network reads the vectors of tokens one after the other and predicts the next one (Mikolov et al. 2010,
    Zaremba et al. 2014), with dropout and tied weights as in Merity et al. (2018). Gradients flow back
    through `steps` tokens, while states are carried on. Training needs no TensorFlow. The same seed gives the
    same model on the same machine. An n-gram model with Kneser-Ney smoothing is measured beside it.

    Raises:
        InputError: a value of the wrong type or out of range, or values that do not go together.

    Example:
        >>> from embedkit import RecurrentLanguageModel, Texts
        >>> numbers = [1, 2]
        >>> while len(numbers) < 20:
        ...     numbers.append(numbers[-2] + numbers[-1])
        >>> lines = [" ".join(map(str, numbers[start : start + 5])) for start in range(16)]
        >>> small = {"units": 32, "vector_size": 32, "batch_size": 8, "learning_rate": 0.03}
        >>> trainer = RecurrentLanguageModel(tokenizer="whitespace", independent_lines=True, **small)
        >>> trainer.train(Texts(lines * 4), validation=0).next("5 8 13", top=1)[0].token
        '21'
    """

    def __post_init__(self) -> None:
        check(self)
        check_tokens(self)
        check_layers(self)

    def train(
        self,
        sources: Sources,
        *,
        validation: float | Sources = 0.1,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> LanguageModel:
        """Learn from a text.

        Args:
            sources: files, folders, archives, globs and texts in memory, as `Corpus.encode` takes them.
            validation: another text, or the fraction of lines held out, by which the best epoch is chosen;
                0 for none.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: how texts are found in files, as in `Corpus.encode`.
            progress: where it is reported.
            checkpoint: where training is saved, and goes on after an interruption.

        Raises:
            InputError: text that cannot be read, or none at all; or training diverged.
        """
        data = language_data(
            sources,
            validation,
            self,
            seed=self.seed,
            encoding_errors=encoding_errors,
            reading=reading,
            progress=progress,
        )
        counts = np.bincount(data.training.ids, minlength=len(data.units))
        weights = initial_network(self, counts, np.random.default_rng(self.seed))
        predictor = RecurrentProbabilities(group_of(RecurrentLayers, self), weights)
        texts = [data.training] if data.held is None else [data.training, data.held]
        told_texts = [part for text in texts for part in (text.ids, text.offsets)]
        job = network_job("language model", asdict(self), weights, *told_texts)
        with Saver(checkpoint, job, progress) as saver:
            trainer = LanguageModelTrainer(
                weights,
                predictor.layers,
                group_of(RecurrentDropout, self),
                group_of(RecurrentTraining, self),
                counts,
                self.seed,
                progress,
                saver,
            )
            history = trainer.run(data.training, self._validate(data, predictor))
        told: dict[str, Any] = {
            "history": [saved_epoch(epoch) for epoch in history],
            "tokens": len(data.training),
        }
        progress.start(f"measure beside {self.order}-grams")
        ngrams = kneser_ney(data.training, len(data.units), self.order)
        measured = data.measured({self.cell: predictor, f"{self.order}-grams": ngrams})
        progress.finish(", ".join(f"{name} {one.perplexity:,.2f}" for name, one in measured.items()))
        told["validation"] = {name: asdict(one) for name, one in measured.items()}
        facts = {**told, "versions": library_versions("numpy")}
        return LanguageModel(
            LanguageModelContents(data.units, predictor, self.independent_lines, asdict(self), facts)
        )

    def _validate(self, data: LanguageData, predictor: TokenPredictor) -> Callable[[], float] | None:
        """What gives the perplexity of what is held out, or of its beginning."""
        if data.held is None:
            return None
        most = max(1, MOST_SCORES // len(data.units))
        text = _beginning(data.held, most)
        return lambda: perplexity_of(text, len(text), predictor.log_probabilities(text)).perplexity


def _beginning(text: TokenText, most: int) -> TokenText:
    """The first tokens of a text, at most so many but for the end of the last part."""
    if len(text) <= most:
        return text
    parts = max(1, int(np.searchsorted(text.offsets, most, "right")) - 1)
    if len(text.offsets) == 2:
        return TokenText(text.ids[:most], np.array([0, most]))
    return TokenText(text.ids[: text.offsets[parts]], text.offsets[: parts + 1])
