"""Words that are not on the map: rare ones, and those that subwords give a vector."""

from __future__ import annotations

from typing import Any

from embedkit.errors import EmbedkitError, UnknownWordError
from embedkit.explorer.shown_texts import ShownTexts
from embedkit.explorer.space_parts import ShownSpace
from embedkit.vectors.lookup import WordLookup

LONGEST = 200  # characters of a word that is looked up


def outside_word(space: ShownSpace | ShownTexts, typed: str) -> dict[str, Any]:
    """The vector of a word as it is typed, in the dimensions of the page, or close spellings; ready for JSON.

    Example:
        >>> import embedkit
        >>> found = outside_word(ShownSpace.of(embedkit.load(), "english", 10), "Tomato")
        >>> found["word"], len(found["vector"])
        ('tomato', 96)
    """
    if isinstance(space, ShownTexts) or not typed.strip() or len(typed) > LONGEST:
        return {"word": None, "suggestions": []}
    try:
        word = WordLookup(space.vectors).word(typed)
        vector = space.vectors[word]
    except UnknownWordError as error:
        return {"word": None, "suggestions": list(error.suggestions)}
    except EmbedkitError:
        return {"word": None, "suggestions": []}
    rank = space.vectors.vocabulary.get(word)
    return {"word": word, "vector": vector.tolist(), "rank": rank}
