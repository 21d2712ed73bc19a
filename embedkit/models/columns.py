"""Texts and labels as lists, from columns of any library: numpy, pandas, polars, pyarrow, narwhals.

No library is imported for it: what is not plainly iterated knows how to become an array.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.text.formats.encodings import replace_surrogates
from embedkit.text.tokenization.pretokenized import joined_tokens

LISTS = list, tuple, np.ndarray  # what the tokens of a text are given in


def checked_texts(texts: Any) -> list[str]:
    """The texts as a list, without lone surrogates.

    Args:
        texts: n strings; or n lists of tokens or of token ids, also a matrix of ids in which 0 is padding,
            which become `JoinedTokens` and `JoinedTokenIds`.

    Raises:
        InputError: a single string, a table, something in it that is no text, or texts of several forms.

    Example:
        >>> import numpy as np
        >>> from embedkit.models.columns import checked_texts
        >>> checked_texts(np.array(["good film", "bad film"], object))
        ['good film', 'bad film']
        >>> checked_texts([["good", "film"], ["bad", "film"]]), checked_texts(np.array([[12, 4], [7, 0]]))
        (['good film', 'bad film'], ['12 4', '7'])
    """
    if isinstance(texts, str):
        raise InputError(f"expected a list of texts, got the string {texts[:40]!r}; put it in a list")
    if not _is_matrix_of_ids(texts) and (isinstance(texts, Mapping) or len(getattr(texts, "shape", ())) > 1):
        advice = "table['text']"
        if isinstance(texts, np.ndarray):
            advice = "X[:, 0], lists of tokens as X.tolist(), or ids as X.astype(int)"
        raise InputError(
            f"expected a column of texts, got a table ({type(texts).__name__}); give one of its columns, "
            f"such as {advice}"
        )
    entries = np.asarray(texts) if hasattr(texts, "__array__") else texts
    try:
        iter(entries)
    except TypeError:
        raise InputError(f"expected a list of texts, got {texts!r:.80}") from None
    checked = list(entries)
    listed = sum(isinstance(entry, LISTS) for entry in checked)
    if listed and listed == len(checked):
        return [*joined_tokens([row.tolist() if isinstance(row, np.ndarray) else row for row in checked])]
    wrong = next((number for number, text in enumerate(checked) if not isinstance(text, str)), None)
    if wrong is not None:
        raise InputError(
            f"expected texts, got {checked[wrong]!r:.80} as text {wrong} (counted from 0); "
            f"{_advice(checked[wrong])}"
        )
    return list(map(replace_surrogates, checked))


def _is_matrix_of_ids(texts: Any) -> bool:
    """Whether there is a text a row, of whole numbers; a data frame has columns, which have names."""
    rows = len(getattr(texts, "shape", ())) == 2 and hasattr(texts, "__array__")
    return rows and not hasattr(texts, "columns") and np.asarray(texts).dtype.kind in "iu"


def _advice(entry: Any) -> str:
    """What to do about an entry that is no text."""
    if isinstance(entry, bytes):
        return "decode it, as bytes.decode does"
    if isinstance(entry, LISTS):
        return "give all texts as strings, or all as lists of tokens, which text.split() makes"
    if isinstance(entry, int | np.integer) and not isinstance(entry, bool):
        return "put the ids of a single text in a list of their own, [[12, 4, 7]], or leave it out"
    return "leave it out"


def label_rows(labels: Any) -> list[Any]:
    """What is said of each text: the entries of a column or of a table of one, the rows of a wider table.

    Raises:
        InputError: what holds nothing, such as None, or a single string or a mapping.

    Example:
        >>> import numpy as np
        >>> from embedkit.models.columns import label_rows
        >>> label_rows(np.array([["a"], ["b"]], object)), label_rows([("a", "b"), ()])
        (['a', 'b'], [('a', 'b'), ()])
    """
    if isinstance(labels, str | Mapping):
        raise InputError(
            f"expected a list of labels, one for each text, got {type(labels).__name__} {labels!r:.80}"
        )
    if hasattr(labels, "__array__"):
        array = np.asarray(labels)
        return list(array.ravel() if array.shape[1:] in ((), (1,)) else array)
    if not isinstance(labels, Iterable):
        raise InputError(f"expected a label for each text, got {labels!r:.80}")
    return list(labels)
