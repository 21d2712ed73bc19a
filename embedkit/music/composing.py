"""Models of tunes: a recurrent language model learns the tokens of melodies, and makes new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, NamedTuple

from embedkit.checkpoints import Checkpoint
from embedkit.errors import FormatError, InputError
from embedkit.hyperparameters import check, check_count, repeated
from embedkit.language_models.language_model import LanguageModel
from embedkit.language_models.parameters import (
    RecurrentDropout,
    RecurrentLayers,
    RecurrentTraining,
    check_layers,
)
from embedkit.language_models.recurrent_language_model import RecurrentLanguageModel
from embedkit.music.checks import tune_problems
from embedkit.music.tune import Tune
from embedkit.neural.sampling import Sampling
from embedkit.progress import SILENT, Progress
from embedkit.text.reading.texts import Texts

LIKELY = Sampling(temperature=0.8, top_p=0.85)  # of which most tunes are valid
LONGEST = 600  # tokens of a tune
SPARE = 8  # valid tunes for each that is drawn besides
TRIES = 20  # tunes that are drawn for each that is asked for, at most


@dataclass(frozen=True, kw_only=True)
class TuneTraining:
    """How tunes are learned; a tune is a text by itself, and its tokens are the words.

    Raises:
        InputError: a value of a wrong type or out of range.

    Example:
        >>> from embedkit import TuneTraining
        >>> TuneTraining(vector_size=64).epochs
        20
    """

    cell: Literal["lstm", "gru", "rnn"] = repeated(RecurrentLayers, "cell")
    recurrent_layers: int = repeated(RecurrentLayers, "recurrent_layers")
    units: int | None = repeated(RecurrentLayers, "units")
    vector_size: int = repeated(RecurrentLayers, "vector_size", 128)
    output_dropout: float = repeated(RecurrentDropout, "output_dropout", 0.2)
    epochs: int = repeated(RecurrentTraining, "epochs", 20)
    batch_size: int = repeated(RecurrentTraining, "batch_size", 8)
    steps: int = repeated(RecurrentTraining, "steps", 64)
    learning_rate: float = repeated(RecurrentTraining, "learning_rate", 4e-3)

    def __post_init__(self) -> None:
        check(self)
        check_layers(
            RecurrentLayers(
                recurrent_layers=self.recurrent_layers, units=self.units, vector_size=self.vector_size
            )
        )


class ComposedTunes(NamedTuple):
    """Valid tunes, and how many were drawn to have so many."""

    tunes: list[Tune]
    drawn: int


def train_tunes(
    tunes: Sequence[Tune],
    parameters: TuneTraining | None = None,
    *,
    validation: float = 0.1,
    seed: int = 1,
    progress: Progress = SILENT,
    checkpoint: Checkpoint | None = None,
) -> LanguageModel:
    """Learn from tunes; n-grams are measured beside the network on those that are held out.

    Args:
        tunes: valid ones.
        parameters: how.
        validation: the fraction held out.
        seed: the random seed.
        progress: where it is reported.
        checkpoint: where training is saved, and goes on after an interruption.

    Raises:
        InputError: too few tunes.

    Example:
        >>> from embedkit import Tune, TuneTraining, compose_tunes, train_tunes
        >>> tune = Tune.from_line("M:2/4 K:G G2 A B | c2 d2 ||")
        >>> small = TuneTraining(units=16, vector_size=16, epochs=20, learning_rate=0.03, output_dropout=0)
        >>> model = train_tunes([tune] * 40, small, validation=0)
        >>> compose_tunes(model, 1).tunes[0].line
        'M:2/4 K:G G2 A B | c2 d2 ||'
    """
    trainer = RecurrentLanguageModel(
        unit="words",
        tokenizer="whitespace",
        independent_lines=True,
        seed=seed,
        **asdict(parameters or TuneTraining()),
    )
    lines = Texts([tune.line for tune in tunes])
    return trainer.train(lines, validation=validation, progress=progress, checkpoint=checkpoint)


def compose_tunes(
    model: LanguageModel,
    count: int = 1,
    *,
    prefix: str = "",
    sampling: Sampling = LIKELY,
    seed: int = 1,
) -> ComposedTunes:
    """New tunes, of which those with problems are drawn anew.

    Args:
        model: by `train_tunes`.
        count: how many.
        prefix: how each begins, such as "M:6/8 K:D".
        sampling: how tokens are drawn.
        seed: the random seed.

    Raises:
        InputError: a beginning that the model cannot read, or too few valid tunes among those drawn.

    Example:
        >>> from embedkit import Tune, TuneTraining, compose_tunes, train_tunes
        >>> tunes = [Tune.from_line(f"M:2/4 K:{key} G2 A B | c2 d2 ||") for key in ("G", "D")] * 20
        >>> small = TuneTraining(units=16, vector_size=16, epochs=15, learning_rate=0.03, output_dropout=0)
        >>> found = compose_tunes(train_tunes(tunes, small, validation=0), 1, prefix="M:2/4 K:D")
        >>> found.tunes[0].key
        'D'
    """
    check_count("count", count)
    size = count + count // SPARE + 1
    while True:
        lines = model.generate(size, prefix=prefix, sampling=sampling, length=LONGEST, seed=seed)
        valid = [(number, tune) for number, line in enumerate(lines, 1) if (tune := valid_tune(line))]
        if len(valid) >= count:
            return ComposedTunes([tune for _, tune in valid[:count]], valid[count - 1][0])
        if size >= TRIES * count:
            raise InputError(
                f"expected {count} valid {'tune' if count == 1 else 'tunes'}, got {len(valid)} among {size} "
                "drawn; use a model made by embedkit train-music, ask for fewer, or lower the temperature"
            )
        size = min(2 * size, TRIES * count)


def valid_tune(line: str) -> Tune | None:
    """The tune of a line; None if it is none, or has problems."""
    try:
        tune = Tune.from_line(line)
    except FormatError:
        return None
    return None if tune_problems(tune) else tune
