"""The parameters of tokenizers, for estimators and for the options of commands."""

from __future__ import annotations

from dataclasses import dataclass

from embedkit.hyperparameters import hyperparameter


@dataclass(kw_only=True, eq=False, repr=False)
class TokenizerParameters:
    """What `embedkit.text.tokenization.factory.make_tokenizer` takes."""

    tokenizer: str = hyperparameter(
        "words", "tokenizer: words, whitespace, spacy:LANG (such as spacy:en) or spacy:PACKAGE"
    )
    lowercase: bool = hyperparameter(True, "convert text to lower case")
    punctuation: bool = hyperparameter(False, "keep punctuation as tokens")
