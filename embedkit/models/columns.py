"""Texts and labels as lists, from columns of any library: numpy, pandas, polars, pyarrow, narwhals.

No library is imported for it: what is not plainly iterated knows how to become an array.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.text.formats.encodings import replace_surrogates


def checked_texts(texts: Any) -> list[str]:
    """The texts as a list, without lone surrogates.

    Raises:
        InputError: a single string, a table, or something in it that is no string.

    Example:
        >>> import numpy as np
        >>> from embedkit.models.columns import checked_texts
        >>> checked_texts(np.array(["good film", "bad film"], object))
        ['good film', 'bad film']
    """
    if isinstance(texts, str):
        raise InputError(f"expected a list of texts, got the string {texts[:40]!r}; put it in a list")
    if isinstance(texts, Mapping) or len(getattr(texts, "shape", ())) > 1:
        column = "X[:, 0]" if isinstance(texts, np.ndarray) else "table['text']"
        raise InputError(
            f"expected a column of texts, got a table ({type(texts).__name__}); give one of its columns, "
            f"such as {column}"
        )
    entries = np.asarray(texts) if hasattr(texts, "__array__") else texts
    try:
        iter(entries)
    except TypeError:
        raise InputError(f"expected a list of texts, got {texts!r:.80}") from None
    checked = list(entries)
    wrong = next((number for number, text in enumerate(checked) if not isinstance(text, str)), None)
    if wrong is not None:
        advice = "decode it, as bytes.decode does" if isinstance(checked[wrong], bytes) else "leave it out"
        raise InputError(
            f"expected texts, got {checked[wrong]!r:.80} as text {wrong} (counted from 0); {advice}"
        )
    return list(map(replace_surrogates, checked))


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
