"""`PipelineParameters`: the options by which people ask for a text pipeline."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import check, described, hyperparameter, repeated
from embedkit.text.phrases.phrases import Phrases
from embedkit.text.pipeline.clean import Clean, Treatment
from embedkit.text.pipeline.custom import as_tokenizer
from embedkit.text.pipeline.filter import Filter
from embedkit.text.pipeline.normalize import Normalize
from embedkit.text.pipeline.phrase_step import JoinPhrases
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.steps import PipelineStep
from embedkit.text.pipeline.stop_words import read_stop_words
from embedkit.text.pipeline.toml_recipes import read_options
from embedkit.text.tokenization.factory import check_tokenizer, lowers, make_tokenizer
from embedkit.text.tokenization.tokenizer import Tokenizer

OF_TOKENIZERS = {"punctuation", "lemmatize", "pos", "entities"}  # parameters of tokenizers that have a name


@dataclass(kw_only=True, eq=False, repr=False)
class PipelineParameters:
    """How text becomes tokens; `build_pipeline` makes the steps of it.

    `tokenizer` may be a name, a tokenizer (another library's, too, with a method `tokenize`), a function from
    a text to its tokens, or a whole pipeline, to which the other parameters add nothing.
    """

    tokenizer: str = described(
        "words",
        "tokenizer: words, whitespace, characters, icu[:LANG], spacy:LANG|PACKAGE or a tokenizer.json",
    )
    lowercase: bool = repeated(Normalize, "lowercase")
    strip_accents: bool = repeated(Normalize, "strip_accents")
    punctuation: bool = hyperparameter(False, "keep punctuation as tokens")
    lemmatize: bool = hyperparameter(False, "replace words by their lemmas (trained pipelines of spaCy)")
    pos: str | None = described(
        None, "keep only these parts of speech, such as NOUN,PROPN (trained pipelines of spaCy)"
    )
    entities: bool = hyperparameter(False, "make one token of a named entity (trained pipelines of spaCy)")
    numbers: Literal["keep", "mask", "drop"] = repeated(Filter, "numbers")
    urls: Treatment = repeated(Clean, "urls")
    mentions: Treatment = repeated(Clean, "mentions")
    hashtags: Literal["keep", "mask", "split", "drop"] = repeated(Clean, "hashtags")
    html: Literal["keep", "strip"] = repeated(Clean, "html")
    stop_words: str | None = described(
        None, "drop stop words: those of a language (such as en), or those in a file, a word a line"
    )
    min_length: int = repeated(Filter, "min_length")
    phrases: str | None = described(None, "join the phrases in a file made by `embedkit phrases`: new_york")
    pipeline: str | None = described(None, "TOML file with these options, instead of them")

    def check_text(self) -> None:
        """Raise an error for parameters that cannot be, without loading what they stand for."""
        reading = self._reading()
        check(reading)
        if isinstance(reading.tokenizer, str):
            check_tokenizer(reading.tokenizer)

    def build_pipeline(self) -> TextPipeline:
        """The steps that the parameters ask for.

        Raises:
            InputError: parameters that cannot be, or do not go together.
            DependencyError: a package that they need is not installed.
        """
        reading = self._reading()
        check(reading)
        if isinstance(reading.tokenizer, TextPipeline):
            reading._check_unused("the tokenizer is a whole pipeline", {"tokenizer"})
            return reading.tokenizer
        return TextPipeline(list(filter(None, reading._steps(reading._tokenizer()))))

    def _reading(self) -> PipelineParameters:
        """The parameters, or those in the recipe that they name."""
        if self.pipeline is None:
            return self
        self._check_unused(f"{self.pipeline} says how text is read", {"pipeline"})
        names = [field.name for field in fields(PipelineParameters) if field.name != "pipeline"]
        return PipelineParameters(**read_options(Path(self.pipeline), names))

    def _check_unused(self, why: str, used: set[str]) -> None:
        for field in fields(PipelineParameters):
            if field.name not in used and getattr(self, field.name) != field.default:
                raise InputError(f"{why}, so {field.name} cannot be given beside it; leave it out")

    def _tokenizer(self) -> Tokenizer:
        given: Any = self.tokenizer
        if isinstance(given, str):
            return make_tokenizer(
                given,
                punctuation=self.punctuation,
                lemmatize=self.lemmatize,
                pos=self.pos.split(",") if isinstance(self.pos, str) else self.pos,
                entities=self.entities,
            )
        if not hasattr(given, "tokenize") and not callable(given):
            raise InputError(f"expected a tokenizer or its name, got {given!r:.80}")
        self._check_unused(
            "the tokenizer is made already",
            {field.name for field in fields(PipelineParameters)} - OF_TOKENIZERS,
        )
        return as_tokenizer(given)

    def _steps(self, tokenizer: Tokenizer) -> list[PipelineStep | None]:
        cleaned = Clean(self.html, self.urls, self.mentions, self.hashtags)
        lower = lowers(tokenizer.name) if self.lowercase else "itself"
        after = Normalize(lower == "after", self.strip_accents)
        spelling: list[PipelineStep | None] = [
            cleaned if cleaned != Clean() else None,
            Normalize(lowercase=True) if lower == "before" else None,
            tokenizer,
            after if after != Normalize(lowercase=False) else None,
        ]
        stop_words = _as_tokens(_stop_words(self.stop_words), list(filter(None, spelling)))
        filtered = Filter(self.numbers, self.min_length, stop_words)
        return [*spelling, filtered if filtered != Filter() else None, _phrases(self.phrases)]


def text_pipeline(tokenizer: Any = "words", **options: Any) -> TextPipeline:
    """The steps from text to tokens that options ask for.

    Args:
        tokenizer: a name ("words", "whitespace", "spacy:en"), a tokenizer, or a function from a text to its
            tokens.
        options: the other parameters of `PipelineParameters`, which are the options of the command line:
            lowercase, strip_accents, punctuation, lemmatize, pos (also as a list), entities, numbers, urls,
            mentions, hashtags, html, stop_words (also as a list), min_length, phrases (also as `Phrases`); or
            `pipeline`, a TOML file with them.

    Raises:
        InputError: options that are not there, cannot be, or do not go together.
        DependencyError: a package that they need is not installed.

    Example:
        >>> from embedkit import text_pipeline
        >>> text_pipeline(html="strip", numbers="mask")("It costs 7&nbsp;&euro;<br />, it&#39;s fine")
        ['it', 'costs', '<number>', "it's", 'fine']
        >>> text_pipeline(str.split, lowercase=False)("As it is.")
        ['As', 'it', 'is.']
    """
    known = {field.name for field in fields(PipelineParameters)}
    if unknown := sorted(options.keys() - known):
        raise InputError(
            f"a text pipeline has no option {unknown[0]!r}; there are {', '.join(sorted(known))}"
        )
    return PipelineParameters(tokenizer=tokenizer, **options).build_pipeline()


def _as_tokens(words: tuple[str, ...], steps: list[PipelineStep]) -> tuple[str, ...]:
    """Stop words as the steps before the filter spell them, if they make one token of a word."""
    spelled = TextPipeline(steps).tokenize_all(words)
    return tuple(tokens[0] if len(tokens) == 1 else word for word, tokens in zip(words, spelled, strict=True))


def _phrases(given: Any) -> JoinPhrases | None:
    if given is None:
        return None
    if not isinstance(given, Phrases | str | Path):
        raise InputError(f"expected phrases to be Phrases or a file of them, got {given!r:.80}")
    return JoinPhrases(given if isinstance(given, Phrases) else Phrases.load(given))


def _stop_words(given: str | Sequence[str] | None) -> tuple[str, ...]:
    if isinstance(given, str):
        return read_stop_words(given)
    if given is not None and not isinstance(given, Sequence | Set):
        raise InputError(f"expected stop_words to be a list, a language or a file, got {given!r:.80}")
    return tuple(given or ())
