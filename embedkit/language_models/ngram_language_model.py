"""`NgramLanguageModel`: n-gram models with interpolated modified Kneser-Ney smoothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from embedkit.hyperparameters import Seeded, check
from embedkit.language_models.data import language_data
from embedkit.language_models.file import LanguageModelContents
from embedkit.language_models.kneser_ney import kneser_ney
from embedkit.language_models.language_model import LanguageModel
from embedkit.language_models.parameters import NgramOrder, TokenParameters, check_tokens
from embedkit.progress import SILENT, Progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.metadata import library_versions


@dataclass(kw_only=True, eq=False, repr=False)
class NgramLanguageModel(NgramOrder, TokenParameters, Seeded):
    """The hyper-parameters of an n-gram model; `train` makes a `LanguageModel` with them.

    Smoothing is that of Chen and Goodman (1998), see `embedkit.language_models.kneser_ney`. Memory holds the
    text and all its n-grams.

    Raises:
        InputError: a value of the wrong type or out of range, or values that do not go together.

    Example:
        >>> from embedkit import NgramLanguageModel, Texts
        >>> names = Texts(["anna", "hanna", "annika", "hannes"] * 2)
        >>> model = NgramLanguageModel(unit="characters", order=4, independent_lines=True).train(names)
        >>> model.next("hann", top=2)[0].token
        'a'
        >>> round(model.perplexity(Texts(["anne"])).perplexity, 1)
        4.0
    """

    def __post_init__(self) -> None:
        check(self)
        check_tokens(self)

    def train(
        self,
        sources: Sources,
        *,
        validation: float | Sources = 0.0,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
    ) -> LanguageModel:
        """Count the n-grams of a text, and smooth them.

        Args:
            sources: files, folders, archives, globs and texts in memory, as `Corpus.encode` takes them.
            validation: another text to measure the model on, or the fraction of lines held out for that.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: how texts are found in files, as in `Corpus.encode`.
            progress: where it is reported.

        Raises:
            InputError: text that cannot be read, or none at all.
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
        progress.start(f"count {self.order}-grams")
        predictor = kneser_ney(data.training, len(data.units), self.order)
        measured = data.measured({f"{self.order}-grams": predictor})
        progress.finish(f"{len(data.training):,} tokens, {sum(map(len, predictor.own)):,} n-grams")
        facts = {
            "tokens": len(data.training),
            "validation": {name: asdict(one) for name, one in measured.items()},
            "versions": library_versions("numpy"),
        }
        return LanguageModel(
            LanguageModelContents(data.units, predictor, self.independent_lines, asdict(self), facts)
        )
