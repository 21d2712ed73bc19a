"""`TokenText`: text as the numbers of its tokens, each line with its end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Ints1d, Longs1d

END, UNKNOWN = 0, 1  # the numbers of the end of a line, and of any token that a model does not know


@dataclass(frozen=True)
class TokenText:
    """Lines as numbers.

    Args:
        ids: of all tokens, `END` behind each line, int32 (N,).
        offsets: where each part begins, and the last ends, int64 (parts + 1,). A model forgets between parts:
            there is one for all lines, or one for each.
    """

    ids: Ints1d
    offsets: Longs1d

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lengths(self) -> Longs1d:
        """The number of tokens of each part."""
        lengths: Longs1d = np.diff(self.offsets)
        return lengths

    def with_begins(self) -> tuple[Ints1d, Longs1d]:
        """The numbers with an `END` more before each part, and the offsets of that.

        What stands before the first token of a text is the end of a line, too.

        Example:
            >>> import numpy as np
            >>> from embedkit.language_models.token_text import TokenText
            >>> ids, offsets = TokenText(np.array([5, 0, 7, 0]), np.array([0, 2, 4])).with_begins()
            >>> ids.tolist(), offsets.tolist()
            ([0, 5, 0, 0, 7, 0], [0, 3, 6])
        """
        ids = np.insert(self.ids, self.offsets[:-1], END).astype(np.int32)
        return ids, self.offsets + np.arange(len(self.offsets))
