"""Texts of contrast made of others: "coffee, not pizza" of "he spilled his coffee" and "we had pizza".

A network that learns from a few thousand sentences learns which words ask for which emoji, and little of what
"not" or "used to" does to them. So it is given more texts: a piece of each of two texts, put into a pattern
of contrast that tells which of them decides (Andreas 2020, "Good-Enough Compositional Data Augmentation", in
the simplest form: pieces are not asked to be of one kind). Either piece may come first, so that words alone
do not tell the answer. Patterns are English.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from embedkit.text.tokenizers import Tokenizer

PATTERNS = (  # w decides, l does not
    *("{w} not {l}", "not {l} but {w}", "{w} instead of {l}", "instead of {l} {w}", "no longer {l} {w}"),
    *("{w} no longer {l}", "not {l} any more {w}", "no more {l} {w}", "we used to {l} now we {w}"),
    *("i used to be {l} now i am {w}", "used to {l} but now {w}", "i thought {l} but it was {w}"),
    *(
        "thought it was {w} not {l}",
        "rather {w} than {l}",
        "i would rather {w} than {l}",
        "more {w} than {l}",
    ),
    *("first {l} then {w}", "the {l} is over {w}", "the {l} is gone and {w}", "{l} turned into {w}"),
    *("{l} yesterday {w} today", "yesterday {l} but today {w}", "was {l} but now is {w}", "from {l} to {w}"),
    *(
        "it was not {l} it was {w}",
        "it is {w} it is not {l}",
        "i am {w} i am not {l}",
        "i am not {l} i am {w}",
    ),
    *("{w} without {l}", "i do not {l} i {w}", "he is {w} not {l}", "she was {l} at first but then {w}"),
    *("before {l} now {w}", "{l} is out {w} is in", "expected {l} got {w}"),
)
CUES = frozenset(
    (
        *("no", "not", "never", "nor", "neither", "nobody", "nothing", "none", "without", "cannot", "but"),
        *("instead", "rather", "than", "longer", "more", "used", "now", "thought", "then", "first", "over"),
        *("gone", "turned"),
    )
)
NEGATED = "n't"  # ends words of contrast, too
REACH = 2  # words on either side of the strongest that a piece may have


def contrasts(
    texts: Sequence[str], emoji: Sequence[str], count: int, tokenizer: Tokenizer, seed: int
) -> tuple[list[str], list[str]]:
    """Texts of contrast in lower case, and the emoji of each; none if there is too little to make them of.

    Args:
        texts: n texts.
        emoji: of each.
        count: how many to make.
        tokenizer: which finds the words.
        seed: of what is drawn.
    """
    documents = list(tokenizer.tokenize_all(texts))
    pairs = list(zip(documents, emoji, strict=True))
    plain = [(words, sign) for words, sign in pairs if words and not any(map(_is_cue, words))]
    if len({sign for _, sign in plain}) < 2:
        return [], []
    strengths = _strengths(documents, emoji)
    generator = np.random.default_rng(seed)
    made: list[str] = []
    chosen: list[str] = []
    while len(made) < count:
        (first, sign), (second, other) = (plain[place] for place in generator.integers(len(plain), size=2))
        if sign == other:
            continue
        winner, loser = _piece(first, sign, strengths, generator), _piece(second, other, strengths, generator)
        made.append(PATTERNS[generator.integers(len(PATTERNS))].format(w=winner, l=loser))
        chosen.append(sign)
    return made, chosen


def _is_cue(word: str) -> bool:
    return word in CUES or word.endswith(NEGATED)


def _strengths(documents: Sequence[Sequence[str]], emoji: Sequence[str]) -> dict[tuple[str, str], float]:
    """How much more often a word occurs with an emoji than without: (k + 1/2) / (n + 1) of its n texts."""
    pairs = [(word, sign) for words, sign in zip(documents, emoji, strict=True) for word in {*words}]
    total = Counter(word for word, _ in pairs)
    return {(word, sign): (count + 0.5) / (total[word] + 1) for (word, sign), count in Counter(pairs).items()}


def _piece(
    words: Sequence[str],
    sign: str,
    strengths: Mapping[tuple[str, str], float],
    generator: np.random.Generator,
) -> str:
    """A few words of a text, the one that speaks most for its emoji among them."""
    place = max(range(len(words)), key=lambda number: strengths[words[number], sign])
    before, after = generator.integers(REACH + 1, size=2)
    return " ".join(words[max(place - before, 0) : place + after + 1])
