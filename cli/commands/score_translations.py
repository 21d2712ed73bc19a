"""embedkit score-translations."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click

from embedkit.evaluation.translations.bleu import LARGEST_ORDER, MAX_ORDER, Smoothing
from embedkit.evaluation.translations.tokenization import WordCutting
from embedkit.hyperparameters import check, described, hyperparameter, seed_field
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, format_option
from embedkit_cli.shared.tables import markdown_table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line, rounded
from embedkit_cli.translation.lines import lines_of
from embedkit_cli.translation.tables import score_table


@dataclass(frozen=True, kw_only=True)
class ScoreOptions:
    """How translations are compared with their references."""

    tokenize: WordCutting = hyperparameter(
        "13a", "words of BLEU and of the word error rate: as in WMT, at blanks, or characters"
    )
    lowercase: bool = hyperparameter(False, "convert text to lower case")
    smoothing: Smoothing = hyperparameter("exp", "BLEU of n-grams of which none is right")
    smoothing_value: float | None = described(None, "of floor (0.1 by default) and add-k (1)")
    max_order: int = hyperparameter(MAX_ORDER, "longest n-grams of BLEU", minimum=1, maximum=LARGEST_ORDER)
    resamples: int = hyperparameter(
        1000, "resamples of the bootstrap behind intervals; 0 for none", minimum=0, maximum=1_000_000
    )
    seed: int = seed_field()
    encoding: str = described("utf-8", "encoding of the text, such as cp1252")

    def __post_init__(self) -> None:
        check(self)


Style = Literal["text", "json", "tsv", "markdown"]


@click.command("score-translations")
@click.argument("hypotheses", type=PATH)
@click.argument("references", type=PATH, nargs=-1, required=True)
@options_of(ScoreOptions, "options")
@format_option("json: one object; tsv: the scores.", ("text", "json", "tsv", "markdown"))
def score_translations(
    hypotheses: Path, references: tuple[Path, ...], options: ScoreOptions, style: Style
) -> None:
    """Score translations by BLEU, chrF and error rates.

    HYPOTHESES is a file of translations, a line each, or - for stdin; each file of REFERENCES has as many
    lines. BLEU and chrF are those of sacrebleu. Intervals are bootstrapped over lines.
    """
    from embedkit import score_translations as scored

    settings = asdict(options)
    encoding = settings.pop("encoding")
    said = lines_of(hypotheses, encoding)
    truth = list(zip(*(lines_of(path, encoding, len(said), hypotheses) for path in references), strict=True))
    scores = scored(said, truth, **settings)
    if style == "json":
        told = {score.metric: rounded(score._asdict()) for score in scores}
        click.echo(json_line({"lines": len(said), "references": len(references), "scores": told}))
    elif style == "tsv":
        click.echo("\n".join(tsv_lines(scores[0]._fields, scores)))
    else:
        click.echo((text_table if style == "text" else markdown_table)(score_table(scores)))
