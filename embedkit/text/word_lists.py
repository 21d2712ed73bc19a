"""Files with a word a line, such as stop words and connector words."""

from __future__ import annotations

from pathlib import Path

from embedkit.errors import InputError
from embedkit.files import check_regular


def read_word_list(path: Path, kind: str) -> list[str]:
    """The words of a file in UTF-8, without white space around them; empty lines are left out.

    Args:
        path: the file.
        kind: what messages call the words.

    Raises:
        InputError: a file that cannot be read, one that is not UTF-8, or a line with several words.
    """
    check_regular(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"cannot read the {kind} in {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the {kind} as UTF-8") from None
    for number, line in enumerate(lines, 1):
        if len(line.split()) > 1:
            raise InputError(f"{path}, line {number}: expected one of the {kind} a line, got {line:.80}")
    return [word for line in lines if (word := line.strip())]
