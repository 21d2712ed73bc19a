"""Analogy protocols: candidate words, vocabulary look-up and what counts as a right answer.

The same vectors score differently in different tools, so a score means something only with its protocol:

- `full`: every word of the vectors is a candidate; words match as they are spelled; the three words of a
  question cannot answer it. The hardest, and the default.
- `word2vec-30k`: `compute-accuracy FILE 30000` of word2vec.c. The first 30,000 words are known and are the
  candidates. ASCII letters are upper-cased on both sides, and the first of the words that then are the same
  stands for them. The three rows of the question cannot answer it; other words that differ from them in case
  only can. Not imitated: that an answer must have a positive cosine, and that words end after 50 bytes.
- `gensim-300k`: `KeyedVectors.evaluate_word_analogies(FILE)` of gensim 4 with its defaults. The first 300,000
  words are known and candidates; both sides are upper-cased (`str.upper`), the first of several stands for
  them. gensim takes the five best rows without those of a, b and c, and as its answer the first of them that
  is no other case of a, b or c; if all five are, the fifth.
- `glove`: `eval/python/evaluate.py` of Stanford's GloVe. Every word is a candidate; the questions are in
  lower case, as those that come with GloVe are, and the words as they are spelled; the three rows of the
  question have their scores set to minus infinity.

All of them leave out a question with an unknown word. `dataclasses.replace(FULL, unknown="wrong")` counts it
as wrong, which makes the scores of different vocabularies comparable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter

Case = Literal["exact", "lower", "ascii-upper", "upper"]


@dataclass(frozen=True, kw_only=True)
class AnalogyProtocol:
    """How analogies are asked and scored.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import dataclasses
        >>> dataclasses.replace(WORD2VEC, name="word2vec-10k", max_vocabulary=10_000).case
        'ascii-upper'
    """

    name: str
    max_vocabulary: int | None = hyperparameter(
        None, "how many words, from the first, are known and can answer; None for all", minimum=1
    )
    case: Case = hyperparameter(
        "exact",
        '"exact" spelling; "lower": questions in lower case; "upper" and "ascii-upper": both sides in upper '
        "case, the first of the words that then are the same standing for them",
    )
    unknown: Literal["leave-out", "wrong"] = hyperparameter(
        "leave-out", "leave a question with an out-of-vocabulary word out, or count it as wrong"
    )
    query_words: Literal["excluded", "excluded-in-any-case", "allowed"] = hyperparameter(
        "excluded", "whether the words of a question may answer it"
    )

    def __post_init__(self) -> None:
        check(self)


FOLDS: dict[Case, Callable[[str], str]] = {  # how both sides are spelled before they are compared
    "ascii-upper": lambda word: word.encode().upper().decode(),  # bytes.upper knows ASCII only
    "upper": str.upper,
}

FULL = AnalogyProtocol(name="full")
WORD2VEC = AnalogyProtocol(name="word2vec-30k", max_vocabulary=30_000, case="ascii-upper")
GENSIM = AnalogyProtocol(
    name="gensim-300k", max_vocabulary=300_000, case="upper", query_words="excluded-in-any-case"
)
GLOVE = AnalogyProtocol(name="glove", case="lower")
PROTOCOLS = {protocol.name: protocol for protocol in (FULL, WORD2VEC, GENSIM, GLOVE)}


def protocol_named(protocol: str | AnalogyProtocol) -> AnalogyProtocol:
    """The protocol itself, or the one of this name."""
    if isinstance(protocol, AnalogyProtocol):
        return protocol
    if protocol not in PROTOCOLS:
        raise InputError(f"expected one of the protocols {', '.join(PROTOCOLS)}, got {protocol!r}")
    return PROTOCOLS[protocol]
