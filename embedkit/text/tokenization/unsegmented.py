"""Warnings about scripts without blanks between words, whose clauses become words if nobody parts them.

Words of Chinese and Japanese have one to three characters on average, those of Thai, Lao, Khmer and Burmese
four to six; runs between punctuation and blanks are several times as long.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from operator import mul
from typing import NamedTuple

from embedkit.text.tokenization.tokenizer import Tokenizer
from embedkit.text.vocabulary import Vocabulary

LOOKED_AT = 100_000  # words, the most frequent
SAMPLE = 1000  # texts
LETTERS = 0.1  # share of letters by which a language is told
CHARACTERS = "; or let n-grams of characters be read (--model tfidf --characters 4)"
SHARE = 0.3  # of all characters that are in such a script, for a warning


class Script(NamedTuple):
    """Scripts whose words are at most so long on average, and spaCy's tokenizers, tried in this order.

    ICU's tokenizer segments all of them.
    """

    letters: re.Pattern[str]
    longest: float  # characters
    tokenizers: Mapping[str, re.Pattern[str]]


_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA, _THAI = "\u3041-\u30ff\uff66-\uff9f", "\u0e00-\u0e7f"
SCRIPTS = (
    Script(
        re.compile(f"[{_HAN}{_KANA}]"),
        3.5,
        {"spacy:ja": re.compile(f"[{_KANA}]"), "spacy:zh": re.compile(f"[{_HAN}]")},
    ),
    Script(
        re.compile(f"[{_THAI}\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff]"),
        8,
        {"spacy:th": re.compile(f"[{_THAI}]")},
    ),
)


def warn_of_unsegmented(vocabulary: Vocabulary, advice: str = "") -> None:
    """Warn if the words of a text are mostly runs of a script without blanks.

    The same warning is shown once, though several classifiers read the same texts: it comes from here.

    Args:
        vocabulary: the words and their counts.
        advice: what else may be done.
    """
    counts = [] if vocabulary.counts is None else vocabulary.counts[:LOOKED_AT].tolist()
    words = vocabulary.words[: len(counts)]
    total = sum(map(mul, map(len, words), counts))
    foreign = {word: count for word, count in zip(words, counts, strict=True) if not word.isascii()}
    for script in SCRIPTS:
        runs = {word: count for word, count in foreign.items() if script.letters.search(word)}
        characters = sum(len(word) * count for word, count in runs.items())
        if characters > max(SHARE * total, script.longest * sum(runs.values())):
            warnings.warn(_message(runs, script, advice), UserWarning, stacklevel=1)


def warn_of_unsegmented_texts(tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Warn as `warn_of_unsegmented` does, of the first of some texts that a classifier shall learn."""
    tokens = chain.from_iterable(tokenizer.tokenize_all(texts[:SAMPLE]))
    warn_of_unsegmented(Vocabulary.from_counts(Counter(tokens)), CHARACTERS)


def _message(runs: Mapping[str, int], script: Script, advice: str) -> str:
    frequent = list(islice(runs, SAMPLE))
    letters = "".join(frequent)
    shares = {name: len(own.findall(letters)) / len(letters) for name, own in script.tokenizers.items()}
    likely = (name for name, share in shares.items() if share > LETTERS)
    tokenizer = next(likely, None)
    language = tokenizer.partition(":")[2] if tokenizer else ""
    icu = f"icu:{language}" if language else "icu"
    other = f", or {tokenizer} (embedkit[text])" if tokenizer else ""
    return (
        "most of the text is in a script without blanks between words, whose clauses are taken for words, as "
        f"{max(frequent, key=len)[:20]!r} is; use the tokenizer {icu} (--tokenizer {icu}; pip install "
        f"'embedkit[icu]'){other}, or part the words by blanks and use the tokenizer whitespace{advice}"
    )
