"""Files of columns: a token and its tag a line, blank lines between sentences, as in CoNLL's shared tasks.

CoNLL-U (Universal Dependencies) is told by its first column, which numbers the tokens of each sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from embedkit.errors import FormatError, InputError

DOCUMENT = "-DOCSTART-"
CONLLU = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")
_NUMBER = re.compile(r"[1-9][0-9]*")
_NO_WORD = re.compile(r"[0-9]+[-.][0-9]+")  # a multiword token, an empty node

NumberedRow = tuple[int, list[str]]
TaggedRow = tuple[int, list[str], list[str]]  # line, tokens, tags


def column_rows(
    name: str,
    lines: Sequence[tuple[int, str]],
    token_column: str | None,
    tag_column: str | None,
    tagged: bool,
) -> Iterator[TaggedRow]:
    """The sentences in the numbered lines of a file: the line of the first token, tokens and tags."""
    sentences = list(_sentences(lines))
    rows = [row for sentence in sentences for row in sentence]
    if not rows:
        return
    width = _check_widths(name, rows, tagged)
    conllu = _is_conllu(sentences)
    token = _column(name, token_column, "1" if not conllu else "form", width, conllu)
    tag = _column(name, tag_column, "-1" if not conllu else "upos", width, conllu) if tagged else None
    for sentence in sentences:
        words = [row for row in sentence if not (conllu and _NO_WORD.fullmatch(row[1][0]))]
        if not words:
            continue
        tags = [_tag(name, number, row, tag) for number, row in words]
        yield words[0][0], [row[token] for _, row in words], tags


def _sentences(lines: Sequence[tuple[int, str]]) -> Iterator[list[NumberedRow]]:
    """The rows of each sentence, without comments and document marks."""
    is_comment = _comments(lines)
    sentence: list[NumberedRow] = []
    for number, line in lines:
        if not line.strip() or line.startswith(DOCUMENT):
            if sentence:
                yield sentence
            sentence = []
        elif not (line.startswith("#") and is_comment(line)):
            sentence.append((number, _cells(line)))
    if sentence:
        yield sentence


def _comments(lines: Sequence[tuple[int, str]]) -> Callable[[str], bool]:
    """Tells the comments among lines that begin with #, which may be a token, too.

    A token has as many cells as other lines mostly have, parted as they are; but none of CoNLL-U begins so.
    """
    plain = [line for _, line in lines if line.strip() and line[0] != "#" and not line.startswith(DOCUMENT)]
    widths = Counter(len(_cells(line)) for line in plain)
    width = max(widths, key=widths.__getitem__, default=1)
    if width > 3 and (_NUMBER.fullmatch(first := _cells(plain[0])[0]) or _NO_WORD.fullmatch(first)):
        return lambda line: True
    tabs = any("\t" in line for line in plain)
    return lambda line: len(_cells(line)) != width or (tabs and "\t" not in line)


def _cells(line: str) -> list[str]:
    line = line.rstrip("\r\n")
    return [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()


def _check_widths(name: str, rows: Sequence[NumberedRow], tagged: bool) -> int:
    """The number of columns; `FormatError` for a line of another, or where there is but one."""
    first, width = rows[0][0], len(rows[0][1])
    if width == 1 and tagged:
        raise FormatError(
            f"{name}, line {first}: expected a token and its tag, parted by a tab or a blank, got the single "
            f"column {rows[0][1][0]!r:.60}"
        )
    for number, row in rows:
        if len(row) != width:
            raise FormatError(
                f"{name}, line {number}: expected {width} columns as in line {first}, got {len(row)}: "
                f"{' '.join(row)!r:.80}"
            )
        if not row[0]:
            raise FormatError(f"{name}, line {number}: expected a token in the first column, got none")
    return width


def _is_conllu(sentences: Sequence[Sequence[NumberedRow]]) -> bool:
    """Whether the first column numbers the words of the first sentences, and there are at least four."""
    for sentence in sentences[:20]:
        numbers = [row[0] for _, row in sentence if not _NO_WORD.fullmatch(row[0])]
        if len(sentence[0][1]) < 4 or numbers != [str(place + 1) for place in range(len(numbers))]:
            return False
    return True


def _column(name: str, given: str | None, default: str, width: int, conllu: bool) -> int:
    """The place of a column that is given by its number, or its name in CoNLL-U."""
    wanted = default if given is None else given
    if conllu and wanted.lower() in CONLLU[:width]:
        return CONLLU.index(wanted.lower())
    try:
        number = int(wanted)
    except ValueError:
        number = 0
    if not 1 <= abs(number) <= width:
        names = f", or one of {', '.join(CONLLU[:width])}" if conllu else ""
        raise InputError(f"{name}: expected the number of a column, 1 to {width}{names}; got {wanted!r:.40}")
    return number - 1 if number > 0 else width + number


def _tag(name: str, number: int, row: Sequence[str], column: int | None) -> str:
    if column is None:
        return ""
    if row[column] in ("", "_"):
        raise FormatError(
            f"{name}, line {number}: expected a tag in column {column + 1}, got {row[column]!r}; name "
            "another column (--tag-column), or write O for tokens outside"
        )
    return row[column]
