"""Texts as strings, lists of tokens or lists of ids: how a model reads those that it learns from.

What was learned from one form is asked in the same: the tokenizer of a model, which its file keeps, tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from embedkit.errors import InputError
from embedkit.models.columns import checked_texts
from embedkit.text.pipeline.parameters import PipelineParameters, text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.tokenization.pretokenized import (
    JoinedTokenIds,
    JoinedTokens,
    PretokenizedTokenizer,
    TextForm,
    joined_tokens,
)
from embedkit.text.tokenization.words import WordsTokenizer

NAMES: Mapping[TextForm, str] = {"texts": "texts", "tokens": "lists of tokens", "ids": "lists of token ids"}
LOOKED_AT = 100  # words of vectors, by which is seen whether they are those of ids


def form_of(texts: Iterable[str]) -> TextForm:
    """The form of texts that were read by `checked_texts`; a list without tokens may be of any.

    Raises:
        InputError: texts of several forms.
    """
    kinds = {type(text) for text in texts if text or not isinstance(text, JoinedTokens)}
    forms = {_form_of(kind) for kind in kinds}
    if len(forms) > 1:
        given = " and ".join(NAMES[form] for form in sorted(forms))
        raise InputError(
            f"expected texts of one form, got {given}; give all, unlabeled ones too, as the same"
        )
    return forms.pop() if forms else "texts"


def form_read_by(pipeline: TextPipeline) -> TextForm:
    """The form of the texts that a pipeline reads."""
    tokenizer = pipeline.tokenizer
    return tokenizer.name if isinstance(tokenizer, PretokenizedTokenizer) else "texts"


def texts_for(pipeline: TextPipeline, texts: Any) -> list[str]:
    """Texts as `checked_texts` reads them, in the form that a model reads.

    Raises:
        InputError: what are no texts, or texts of another form.
    """
    checked = checked_texts(texts)
    if any(checked):
        _check_form(form_read_by(pipeline), form_of(checked), checked)
    return checked


def texts_of_file(pipeline: TextPipeline, texts: Sequence[Any]) -> list[Any]:
    """Texts of a file or a command line as a model reads them: of one of tokens blanks part these.

    Lists of tokens stay as they are.
    """
    form = form_read_by(pipeline)
    if form == "texts":
        return list(texts)
    plain = (isinstance(text, str) and not isinstance(text, JoinedTokens) for text in texts)
    return [_split(text, form) if split else text for text, split in zip(texts, plain, strict=True)]


def pipeline_for(parameters: PipelineParameters, *texts: Sequence[str]) -> TextPipeline:
    """The pipeline that parameters ask for, made for the form of texts that it shall read.

    Lists of tokens go through all steps but the tokenizer, ids through none.

    Raises:
        InputError: texts of several forms, or parameters that ask for what cannot be done with lists.
    """
    pipeline, form = parameters.build_pipeline(), form_of(chain(*texts))
    if form_read_by(pipeline) == form:
        return pipeline
    if form == "texts" or form_read_by(pipeline) != "texts":
        _check_form(form_read_by(pipeline), form, texts[0])
    if form == "ids" and pipeline != text_pipeline():
        raise InputError("token ids are taken as they are; leave the parameters of the text pipeline out")
    if pipeline.tokenizer != WordsTokenizer():
        raise InputError(
            f"the texts are lists of tokens, which the tokenizer {pipeline.name} does not read; leave the "
            "parameters of the tokenizer out, or give texts as strings"
        )
    return pipeline_of_form(pipeline, form)


def pipeline_of_form(pipeline: TextPipeline, form: TextForm) -> TextPipeline:
    """The pipeline of vectors, made for the form of the texts that shall be read."""
    if form == "texts":
        return pipeline
    tokenizer = PretokenizedTokenizer(ids=form == "ids")
    steps = [tokenizer if step is pipeline.tokenizer else step for step in pipeline.steps]
    return TextPipeline([tokenizer] if form == "ids" else steps)


def check_vectors_of_ids(words: Iterable[str], form: TextForm) -> None:
    """Raise `InputError` for ids as texts, and vectors of words, of which ids tell nothing."""
    first = list(islice(words, LOOKED_AT))
    if form == "ids" and sum(map(str.isdecimal, first)) < len(first) / 2:
        raise InputError(
            "the texts are token ids, and the vectors are of words; give the words that the ids stand for, "
            'or train a network with embeddings="corpus" or "random"'
        )


def _form_of(kind: type) -> TextForm:
    return (
        "ids" if issubclass(kind, JoinedTokenIds) else "tokens" if issubclass(kind, JoinedTokens) else "texts"
    )


def _check_form(expected: TextForm, given: TextForm, texts: Sequence[str]) -> None:
    """Raise `InputError` for texts of another form than the one that is read."""
    if expected == given:
        return
    if expected == "texts":
        advice = "join the tokens of each by blanks" if given == "tokens" else "give the words of the ids"
    elif given == "texts":
        own = "[[12, 4, 7]]" if expected == "ids" else "[['good', 'film']]"
        advice = f"put the tokens of a single text in a list of their own, {own}, or split texts into tokens"
    else:
        advice = "give what it learned from"
    raise InputError(
        f"expected {NAMES[expected]}, as the model reads, got {NAMES[given]} such as {str(texts[0])!r:.60}; "
        f"{advice}"
    )


def _split(text: str, form: TextForm) -> str:
    """A text as tokens or ids between blanks."""
    tokens: list[Any] = text.split()
    if form == "ids":
        if not all(map(str.isdecimal, tokens)):
            raise InputError(f"expected token ids between blanks, as the model reads, got {text!r:.60}")
        tokens = list(map(int, tokens))
    return joined_tokens([tokens])[0]
