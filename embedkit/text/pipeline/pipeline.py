"""`TextPipeline`: the steps from a text to its tokens, as an immutable value."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from embedkit.errors import InputError
from embedkit.immutable import Immutable
from embedkit.text.pipeline.clean import Clean
from embedkit.text.pipeline.custom import CustomStep, as_tokenizer
from embedkit.text.pipeline.normalize import Normalize
from embedkit.text.pipeline.phrase_step import JoinPhrases, warn_of_other_tokens
from embedkit.text.pipeline.steps import EachTokenStep, PipelineStep, TextStep, TokensStep, tokens_function
from embedkit.text.tokenization.aligned import AlignedText
from embedkit.text.tokenization.graphemes import CharactersTokenizer
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.tokenizer import Tokenizer
from embedkit.text.tokenization.whitespace import WhitespaceTokenizer
from embedkit.text.tokenization.word_patterns import MASKS
from embedkit.text.tokenization.words import WordsTokenizer

if TYPE_CHECKING:
    from embedkit.text.pipeline.compiled import CompiledPipeline
    from embedkit.text.sequences.sequences import Sequences

VERSION = 2  # of recipes; those of version 1 named a tokenizer with its options
COMPILED = WordsTokenizer(), WordsTokenizer(punctuation=True), WhitespaceTokenizer()  # they know masks, too
_MASK = re.compile(f"(<(?:{'|'.join(MASKS)})>)")


@dataclass(frozen=True, init=False)
class TextPipeline(Immutable):
    """Steps from a text to its tokens: those that change the text, a tokenizer, those that change tokens.

    Args:
        steps: one of them a tokenizer, also another library's, with a method `tokenize` that takes a text and
            gives a list of tokens. A function may be a step: it takes and returns a text where it stands
            before the tokenizer, and a list of tokens behind it; `register_step` gives it a name, which
            it needs to be saved.

    Example:
        >>> from embedkit import TextPipeline, text_pipeline
        >>> pipeline = text_pipeline(urls="mask", numbers="drop")
        >>> pipeline("See https://example.com, page 12")
        ['see', '<url>', 'page']
        >>> pipeline.spans("CAFÉS, 2")
        [Span(token='cafés', begin=0, end=5)]
    """

    steps: tuple[PipelineStep, ...]

    def __init__(self, steps: Sequence[PipelineStep | Callable[[Any], Any]]) -> None:
        tokenizers = [step for step in steps if hasattr(step, "tokenize")]
        if len(tokenizers) != 1:
            raise InputError(
                f"expected one tokenizer among the steps, got {len(tokenizers)}; a function that tokenizes "
                "is one as CustomTokenizer(function)"
            )
        made = list(map(_made_step, steps))
        warn_of_other_tokens(made)
        object.__setattr__(self, "steps", tuple(made))

    @property
    def name(self) -> str:
        """The name of the tokenizer."""
        return self.tokenizer.name

    @property
    def tokenizer(self) -> Tokenizer:
        """The step that makes tokens of the text."""
        return self.steps[self._place]  # type: ignore[return-value]

    @property
    def text_steps(self) -> Sequence[TextStep]:
        """The steps before the tokenizer."""
        return self.steps[: self._place]  # type: ignore[return-value]

    @property
    def token_steps(self) -> Sequence[TokensStep]:
        """The steps behind the tokenizer."""
        return self.steps[self._place + 1 :]  # type: ignore[return-value]

    @cached_property
    def _place(self) -> int:
        return next(place for place, step in enumerate(self.steps) if hasattr(step, "tokenize"))

    def __call__(self, text: str) -> list[str]:
        """The tokens of one text."""
        return next(self._tokenize([_checked_text(text)]))

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return self(text)

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text, in the order of the texts; some megabytes of texts are read ahead.

        Raises:
            InputError: a single string instead of texts, or a text that is no string.
        """
        texts = _checked_texts(texts)
        if not is_compilable(self):
            return self._tokenize(texts)
        from embedkit.text.pipeline.batches import tokenize_in_batches

        return tokenize_in_batches(texts, self._tokenize, lambda: self.compiled)

    def number_all(self, texts: Iterable[str]) -> Iterator[tuple[Sequence[str], Sequences]]:
        """What `tokenize_all` gives as numbers: the different tokens of a batch of texts, then its texts.

        Example:
            >>> from embedkit import text_pipeline
            >>> words, sequences = next(text_pipeline().number_all(["to be or", "not to be"]))
            >>> words, sequences.tolist()
            (['to', 'be', 'or', 'not'], [[0, 1, 2], [3, 0, 1]])
        """
        from embedkit.text.pipeline.batches import number_in_batches

        compiled = (lambda: self.compiled) if is_compilable(self) else None
        return number_in_batches(_checked_texts(texts), self._tokenize, compiled)

    def _tokenize(self, texts: Iterable[str]) -> Iterator[list[str]]:
        for step in self.text_steps:
            texts = map(step.text, texts)
        tokens = self._around_masks(texts) if self._masked else self.tokenizer.tokenize_all(texts)
        for change in self.token_steps:
            tokens = map(tokens_function(change), tokens)
        return iter(tokens)

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text with their places in it.

        Raises:
            InputError: a step is a function, which does not tell what it made of which part of the text.
        """
        aligned = AlignedText.of(text)
        for step in self.text_steps:
            if not hasattr(step, "aligned"):
                raise InputError(f"{step} changes the text and does not tell where; leave it out")
            aligned = step.aligned(aligned)
        found = [
            aligned.span(begin, end)._replace(token=token) for token, begin, end in self._spans(aligned.text)
        ]
        for change in self.token_steps:
            found = _changed_spans(change, found)
        return found

    def recipe(self) -> dict[str, object]:
        """The version and the steps, ready for JSON; `pipeline_from_recipe` reads it.

        Raises:
            InputError: a step is a function without a name.
        """
        return {"version": VERSION, "steps": [step.recipe() for step in self.steps]}

    @property
    def lowercase(self) -> bool:
        """Whether all letters are lowered."""
        return any(getattr(step, "lowercase", False) for step in self.steps)

    @cached_property
    def compiled(self) -> CompiledPipeline:
        """What does the same as a pipeline that `is_compilable`, at the speed of compiled code."""
        from embedkit.text.pipeline.compiled import CompiledPipeline

        return CompiledPipeline(self.text_steps, self.tokenizer, self.token_steps)

    @cached_property
    def _masked(self) -> bool:
        """Whether there are masks that the tokenizer would take apart."""
        masks = any(isinstance(step, Clean) and step.masks for step in self.text_steps)
        return masks and self.tokenizer not in COMPILED

    def _around_masks(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text, masks among them; what is between masks is tokenized by itself."""
        waiting: deque[list[str]] = deque()

        def parts() -> Iterator[str]:
            for text in texts:
                waiting.append(pieces := _MASK.split(text))
                yield from pieces[::2]

        found = self.tokenizer.tokenize_all(parts())
        for first in found:
            pieces, tokens = waiting.popleft(), first
            for mask in pieces[1::2]:
                tokens = [*tokens, mask, *next(found)]
            yield tokens

    def _spans(self, text: str) -> list[Span]:
        if not self._masked:
            return self.tokenizer.spans(text)
        spans, place = [], 0
        for number, piece in enumerate(_MASK.split(text)):
            inside = [Span(piece, 0, len(piece))] if number % 2 else self.tokenizer.spans(piece)
            spans += [Span(token, place + begin, place + end) for token, begin, end in inside]
            place += len(piece)
        return spans


def _checked_texts(texts: Iterable[object]) -> Iterator[str]:
    if isinstance(texts, str | bytes):
        raise InputError(f"expected a list of texts, got the string {texts[:40]!r}; put it in a list")
    return map(_checked_text, texts)


def _checked_text(text: object) -> str:
    if not isinstance(text, str):
        raise InputError(f"a text must be a string, got {text!r:.60} of type {type(text).__name__}")
    return text


def _made_step(given: Any) -> Any:
    """A step of what was given: itself, or a function or another library's tokenizer as a step."""
    if hasattr(given, "tokenize"):
        return as_tokenizer(given)
    return given if hasattr(given, "recipe") else CustomStep(given)


def is_local(pipeline: TextPipeline) -> bool:
    """Whether the tokens of a text are those of its parts between white space."""
    if not isinstance(pipeline.tokenizer, WordsTokenizer | WhitespaceTokenizer | CharactersTokenizer):
        return False
    local = all(
        isinstance(step, Normalize) or (isinstance(step, Clean) and step.html == "keep")
        for step in pipeline.text_steps
    )
    return local and all(isinstance(step, EachTokenStep) for step in pipeline.token_steps)


def is_compilable(pipeline: TextPipeline) -> bool:
    """Whether `compiled.CompiledPipeline` does the same, faster."""
    kinds = [type(step) for step in pipeline.text_steps]
    known = kinds in ([], [Clean], [Normalize], [Clean, Normalize]) and not any(
        isinstance(step, Normalize) and step != Normalize(lowercase=True) for step in pipeline.text_steps
    )
    each = all(isinstance(step, EachTokenStep | JoinPhrases) for step in pipeline.token_steps)
    tokenizer: object = pipeline.tokenizer
    return known and each and tokenizer in COMPILED


def _changed_spans(step: TokensStep, spans: list[Span]) -> list[Span]:
    if isinstance(step, EachTokenStep):
        changed = ((step.token(token), begin, end) for token, begin, end in spans)
        return [Span(*parts) for parts in changed if parts[0]]
    if hasattr(step, "spans"):
        joined: list[Span] = step.spans(spans)
        return joined
    raise InputError(f"{step} changes tokens and does not tell where; leave it out")
