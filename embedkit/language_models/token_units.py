"""`TokenUnits`: the characters, subwords or words that a language model knows, and text as their numbers."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.errors import InputError
from embedkit.language_models.parameters import SUBWORDS, TokenParameters, Unit
from embedkit.language_models.token_text import END, UNKNOWN, TokenText
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline

if TYPE_CHECKING:
    from embedkit.progress import Progress

SPECIAL = ("\n", "<unk>")  # what stands for `END` and `UNKNOWN`
BLANK = "\u2581"  # begins a subword that begins a word
SHOWN = 5  # unknown tokens that a message names


class TextBeginning(NamedTuple):
    """How a text begins: as it was given, and as numbers, int32 (n,)."""

    text: str
    ids: Ints1d


class TokenUnits:
    """The tokens of a language model.

    Args:
        unit: what they are.
        tokens: the end of a line, the unknown token, and all others, the most frequent first.
        pipeline: what makes tokens of text; None for characters.
        lowercase: whether characters are lowered.
        unknown_seen: whether the text that the model learned from had unknown tokens.
    """

    def __init__(
        self,
        unit: Unit,
        tokens: Sequence[str],
        pipeline: TextPipeline | None,
        lowercase: bool = False,
        unknown_seen: bool = True,
    ) -> None:
        self.unit, self.tokens, self.pipeline = unit, tuple(tokens), pipeline
        self.lowercase, self.unknown_seen = lowercase, unknown_seen
        self._numbers = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} {self.unit}>"

    def split(self, lines: Iterable[str]) -> Iterable[Sequence[str]]:
        """The tokens of each line, without its end."""
        return _split(lines, self.pipeline, self.lowercase)

    def encode(self, lines: Iterable[str]) -> TokenText:
        """Lines as numbers, each a part by itself."""
        ids: list[int] = []
        offsets = [0]
        get = self._numbers.get
        for tokens in self.split(lines):
            ids.extend(get(token, UNKNOWN) for token in tokens)
            ids.append(END)
            offsets.append(len(ids))
        return TokenText(np.array(ids, np.int32), np.array(offsets, np.int64))

    def beginning(self, text: str) -> TextBeginning:
        """The beginning of a text, of one line or several, of which the last goes on.

        Raises:
            InputError: it has tokens that the model cannot read, as it has never seen an unknown one.
        """
        lines = text.split("\n")
        ids = self.encode(lines).ids[:-1]
        if (ids == UNKNOWN).any():
            tokens = chain.from_iterable(self.split(lines))
            unknown = sorted({token for token in tokens if token not in self._numbers})
            shown = ", ".join(map(repr, unknown[:SHOWN]))
            if not self.unknown_seen:
                raise InputError(
                    f"the model cannot read {shown} in {text!r:.80}: no such {self.unit} were in the text "
                    "that it learned from; choose another beginning"
                )
            if unknown:
                warnings.warn(f"the model does not know {shown}, and reads an unknown token", stacklevel=4)
        return TextBeginning(text, ids)

    def added(self, beginning: TextBeginning, tokens: Sequence[int]) -> str:
        """The text of tokens behind a beginning, with a blank before it if there is one in between."""
        begun = beginning.ids.tolist()
        text = self.decode([*begun, *tokens])[len(self.decode(begun)) :]
        return text.removeprefix(" ") if beginning.text.endswith((" ", "\t")) else text

    def decode(self, ids: Iterable[int]) -> str:
        r"""The text of numbers.

        Example:
            >>> from embedkit.language_models.token_units import SPECIAL, TokenUnits
            >>> TokenUnits("words", [*SPECIAL, "a", "rose"], None).decode([2, 3, 0, 2])
            'a rose\na'
        """
        tokens = [self.tokens[number] for number in ids]
        if self.unit == "characters":
            return "".join(tokens)
        if self.unit == "subwords":
            lines = "".join(tokens).split("\n")
            return "\n".join(line.replace(BLANK, " ").removeprefix(" ") for line in lines)
        lines = " ".join(tokens).split("\n")
        return "\n".join(line.strip(" ") for line in lines)


def learn_units(
    lines: Sequence[str], parameters: TokenParameters, progress: Progress
) -> tuple[TokenUnits, TokenText]:
    """The tokens of lines, and the lines as their numbers, each a part by itself.

    Raises:
        InputError: lines without any token.
    """
    pipeline = _pipeline(lines, parameters, progress)
    lowercase = parameters.lowercase and pipeline is None
    numbers: dict[str, int] = {token: number for number, token in enumerate(SPECIAL)}
    ids: list[int] = []
    offsets = [0]
    for tokens in _split(lines, pipeline, lowercase):
        ids.extend(numbers.setdefault(token, len(numbers)) for token in tokens)
        ids.append(END)
        offsets.append(len(ids))
    if len(ids) == len(lines):
        raise InputError("expected text to learn from, got none: no line has a token")
    found = list(numbers)
    counts = np.bincount(ids, minlength=len(found))
    kept = _kept(counts, found, parameters)
    if len(kept) == len(SPECIAL):
        raise InputError(
            f"expected tokens that occur {parameters.min_count} times, got none among "
            f"{len(ids) - len(lines)}; give more text, or lower min_count"
        )
    new = np.full(len(found), UNKNOWN, np.int32)
    new[kept] = np.arange(len(kept))
    text = TokenText(new[np.array(ids, np.int32)], np.array(offsets, np.int64))
    units = TokenUnits(
        parameters.unit,
        [found[number] for number in kept],
        pipeline,
        lowercase,
        bool((text.ids == UNKNOWN).any()),
    )
    return units, text


def _kept(counts: Longs1d, tokens: Sequence[str], parameters: TokenParameters) -> list[int]:
    """The tokens that are kept: the special ones, and the others by falling counts."""
    order = sorted(range(len(SPECIAL), len(tokens)), key=lambda number: (-counts[number], tokens[number]))
    frequent = [number for number in order if counts[number] >= parameters.min_count]
    most = parameters.vocabulary_size
    return [END, UNKNOWN, *(frequent if most is None else frequent[: max(0, most - len(SPECIAL))])]


def _pipeline(lines: Sequence[str], parameters: TokenParameters, progress: Progress) -> TextPipeline | None:
    """What makes tokens of text."""
    if parameters.unit == "characters":
        return None
    if parameters.unit == "words":
        whole = parameters.tokenizer == "whitespace"
        options = {} if whole else {"punctuation": True}
        return text_pipeline(parameters.tokenizer, lowercase=parameters.lowercase, **options)
    from embedkit.text.reading.texts import Texts
    from embedkit.text.subword_training import train_tokenizer

    size = parameters.vocabulary_size or SUBWORDS
    texts = Texts([line for line in lines if line.strip()])
    tokenizer = train_tokenizer(
        texts, vocabulary_size=size, lowercase=parameters.lowercase, progress=progress
    )
    return TextPipeline([tokenizer])


def _split(lines: Iterable[str], pipeline: TextPipeline | None, lowercase: bool) -> Iterable[Sequence[str]]:
    if pipeline is not None:
        return pipeline.tokenize_all(lines)
    return map(str.lower, lines) if lowercase else lines
