"""`evaluate_translator`: scores of a model on pairs, and whether search or model is to blame for errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embedkit.errors import InputError
from embedkit.evaluation.translations.scores import TextScore, score_translations
from embedkit.evaluation.translations.tokenization import WordCutting
from embedkit.progress import SILENT, Progress
from embedkit.translation.pairs import PairedTexts
from embedkit.translation.search import TranslationSearch
from embedkit.translation.translator import Translation, Translator

BATCH = 256  # texts between reports


@dataclass(frozen=True)
class ErrorAnalysis:
    """Who is to blame for answers that are no reference.

    The search looks for the answer of the highest score, log P / length^a. Where a reference has a higher one
    than the answer, the model knew better and the search did not find it; else the model prefers what is
    wrong. Many errors of search ask for a wider beam, many of the model for more data or another network.

    Args:
        right: answers that are a reference, white space apart.
        search: wrong answers for which the search is to blame.
        model: those for which the model is.

    Example:
        >>> from embedkit.translation.assessment import ErrorAnalysis
        >>> ErrorAnalysis(right=7, search=1, model=2).wrong
        3
    """

    right: int
    search: int
    model: int

    @property
    def wrong(self) -> int:
        """All wrong answers."""
        return self.search + self.model


@dataclass(frozen=True)
class TranslationAssessment:
    """The scores of a model on pairs.

    Args:
        texts: how many pairs there are.
        scores: BLEU, chrF and others, see `score_translations`.
        errors: who is to blame for them.
        answers: the best answer for each text.
    """

    texts: int
    scores: Sequence[TextScore]
    errors: ErrorAnalysis
    answers: Sequence[Translation]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.texts:,} texts: BLEU {self.scores[0].value:.2f}>"


def evaluate_translator(
    model: Translator,
    pairs: PairedTexts,
    search: TranslationSearch | None = None,
    *,
    tokenize: WordCutting = "13a",
    resamples: int = 1000,
    seed: int = 1,
    progress: Progress = SILENT,
) -> TranslationAssessment:
    """Scores on pairs, each with all of its references.

    Args:
        model: the model.
        pairs: as `read_pairs` gives them.
        search: how answers are searched for.
        tokenize: the words of BLEU and of the word error rate, see `score_translations`.
        resamples: of the bootstrap in the intervals; with 0 there are none.
        seed: its random seed.
        progress: where it is reported.

    Raises:
        InputError: something else than a model, or no pairs.

    Example:
        >>> from embedkit import PairedTexts, Seq2Seq, evaluate_translator
        >>> pairs = PairedTexts("numbers", ["one", "two"] * 8, [("un",), ("deux",)] * 8)
        >>> trainer = Seq2Seq(tokens="words", units=8, vector_size=8, epochs=40, batch_size=4,
        ...     learning_rate=0.02, validation_fraction=0, dropout=0)
        >>> model = trainer.train(pairs.sources, pairs.targets)
        >>> evaluate_translator(model, pairs, resamples=0).errors
        ErrorAnalysis(right=16, search=0, model=0)
    """
    if not isinstance(model, Translator):
        raise InputError(f"expected a Translator, as Seq2Seq trains them, got {model!r:.80}")
    search = search or TranslationSearch()
    progress.start("answers", len(pairs))
    answers: list[Translation] = []
    for start in range(0, len(pairs), BATCH):
        found = model.translate(pairs.sources[start : start + BATCH], search)
        answers += [own[0] for own in found]
        progress.update(len(answers))
    progress.finish(f"{len(answers):,} texts")
    scores = score_translations(
        [answer.text for answer in answers],
        pairs.references,
        tokenize=tokenize,
        resamples=resamples,
        seed=seed,
    )
    errors = analyse_errors(model, pairs, answers, search)
    return TranslationAssessment(len(pairs), scores, errors, answers)


def analyse_errors(
    model: Translator, pairs: PairedTexts, answers: Sequence[Translation], search: TranslationSearch
) -> ErrorAnalysis:
    """Who is to blame for the answers that are no reference; see `ErrorAnalysis`."""
    wrong = [
        number
        for number, (answer, own) in enumerate(zip(answers, pairs.references, strict=True))
        if answer.text.split() not in map(str.split, own)
    ]
    asked = [(number, reference) for number in wrong for reference in pairs.references[number]]
    sources = [pairs.sources[number] for number, _ in asked]
    references = [reference for _, reference in asked]
    logarithms = model.log_probabilities(sources, references).tolist()
    lengths = [len(numbers) + 1 for numbers in model.target.encode(references)]
    blamed = set()
    for (number, _), logarithm, length in zip(asked, logarithms, lengths, strict=True):
        if search.score(logarithm, length) > answers[number].score:
            blamed.add(number)
    return ErrorAnalysis(len(answers) - len(wrong), len(blamed), len(wrong) - len(blamed))
