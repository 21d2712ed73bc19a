"""Close spellings of an unknown word among those of a vocabulary."""

from __future__ import annotations

from collections.abc import Container, Sequence

SUGGESTIONS = 3
SEARCHED = 200_000  # close spellings are looked for among the first words
LONGEST = 100  # characters of a word that may have been meant otherwise
LETTERS = 4  # of a word, for each typing error that a suggestion may be away


def close_spellings(word: str, words: Sequence[str], known: Container[str]) -> tuple[str, ...]:
    """Up to three of `words`, which `known` holds too, spelled like `word`: see `Vocabulary.suggestions`."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    cases = (word.lower(), word.capitalize(), word.title(), word.upper())
    suggested = [case for case in cases if case != word and case in known]
    errors = (len(word) + 1) // LETTERS
    if not errors or len(word) > LONGEST:
        return tuple(suggested[:SUGGESTIONS])
    close = process.extract(
        word,
        words[:SEARCHED],
        scorer=OSA.distance,
        processor=str.lower,
        limit=SUGGESTIONS + len(cases),
        score_cutoff=errors,
    )
    suggested += [other for other, _, _ in close if other != word]
    return tuple(dict.fromkeys(suggested))[:SUGGESTIONS]
