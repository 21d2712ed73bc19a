r"""Sentences, by rules: where a text in any alphabet has its full stops, and which points are none.

A stop ends a sentence if a blank follows, and then no small letter; closing quotes and brackets belong to the
sentence before. Those of Chinese, Japanese, the scripts of India, Arabic, Armenian, Ethiopic, Burmese and
Khmer need no blank; Greek asks with a semicolon. No sentence ends at the point

- of a title or of "e.g.", "vs.", "Mt.": never;
- of "No.", "p.", "Fig.": before a digit;
- of an initial, of "U.S.", "Inc.", "a.m.": unless a word follows that often begins a sentence, as "The" does;
- of a number that begins a line: "1. Flour", or stands before a month: "3. Mai".

A line feed always ends one. Thai and Lao have no stops: their sentences remain whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from embedkit.text.tokenization.span import Span

# Words after which a point is seldom or never the end, in English, German, French, Spanish and Russian.
TITLES = (
    "Mr Mrs Ms Mx Dr Prof Rev Fr Hon Gen Col Maj Capt Cmdr Lt Sgt Cpl Pvt Sen Rep Gov Pres Messrs Mme "
    "Mlle Mt St Ste Msgr Supt Det Amb Hr Dipl Ing Sra Srta Dra vs viz cf ca approx esp resp bzw vgl ggf "
    "e.g i.e E.g I.e z.B d.h u.a \u0442.\u0435 \u0438\u043c \u0443\u043b \u043f\u0440 \u043f\u043b "
    "\u0433\u0440 \u0442\u043e\u0432 \u043f\u0440\u043e\u0444 \u0430\u043a\u0430\u0434"
)
BEFORE_NUMBERS = (
    "No Nos no nos Nr Art art Abs p pp P Pp S Bd Vol vol Ch ch Kap Sec sec Fig Figs fig figs Tab tab Eq "
    "eq Ex ex Ref ref Op op Ver ver Pos Ziff Rn N\u00b0 \u2116 \u0441\u0442\u0440 \u0440\u0438\u0441 "
    "\u0442\u0430\u0431\u043b \u0433\u043b"
)
SELDOM_LAST = (
    "Jr Sr Inc Ltd Corp Co Bros Dept Univ Assn Ave Blvd Rd Ph.D M.D B.A M.A a.m p.m A.M P.M al ed eds "
    "trans Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec \u0433 \u0433\u0433 \u0432 \u0432\u0432"
)
STARTERS = (
    "The|This|That|These|Those|There|Then|They|Their|He|His|She|Her|It|Its|We|Our|You|Your|I|My|In|On|At|By|For|"
    "From|With|After|Before|When|While|Where|What|Who|Why|How|Which|Did|Do|Does|Is|Are|Was|Were|Will|Would|Can|"
    "Could|Should|Has|Have|Had|If|As|But|And|Or|So|Yet|No|Not|Yes|All|Some|Many|Most|Both|Each|Since|Although|"
    "However|Today|Now|Please|A|An"
)
MONTHS = "Januar|J\u00e4nner|Februar|M\u00e4rz|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_CLOSING = "\"'\u2019\u201d\u201c\u00bb\u203a)\\]}\u300d\u300f\u300b\u3011\uff09\uff3d\u3009"
_OPENING = "\"'\u2018\u201c\u201e\u00ab\u2039(\\[{\u00bf\u00a1\u300c\u300e\u300a\u3010\uff08\uff3b\u3008"
_DASHES = "\\-\u2013\u2014"
_ALONE = "\u3002\uff61\u0964\u0965\u06d4\u061f\u0589\u1362\u1367\u1368\u104b\u17d4\u17d5"  # full stops
_ASKING = "\uff01\uff1f"  # full-width ! and ?, which may end a quotation within a sentence


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, without the white space around them.

    Example:
        >>> from embedkit.text.sentences import split_sentences
        >>> split_sentences("Dr. Smith paid $3.50 to J. R. Ewing. Why? He did!")
        ['Dr. Smith paid $3.50 to J. R. Ewing.', 'Why?', 'He did!']
    """
    return [span.token for span in sentence_spans(text)]


def sentence_spans(text: str) -> list[Span]:
    """The sentences of a text and where they stand in it.

    Example:
        >>> from embedkit.text.sentences import sentence_spans
        >>> sentence_spans("Why? He did!")
        [Span(token='Why?', begin=0, end=4), Span(token='He did!', begin=5, end=12)]
    """
    return list(_spans(text))


def sentence_lines(text: str) -> str:
    r"""The text with a line feed at the end of each sentence, so that each is a line, a document of a corpus.

    Example:
        >>> from embedkit.text.sentences import sentence_lines
        >>> sentence_lines("Why? He did!\nMr. X did.")
        'Why?\nHe did!\nMr. X did.'
    """
    return _end().sub("\\1\n", text)


def _spans(text: str) -> Iterator[Span]:
    begin = 0
    for end in (*(match.end() for match in _end_or_line().finditer(text)), len(text)):
        sentence = text[begin:end].strip()
        if sentence:
            start = text.index(sentence, begin)
            yield Span(sentence, start, start + len(sentence))
        begin = end


@cache
def _end() -> re.Pattern[str]:
    """The last characters of a sentence, and the blanks that follow; nothing where its line ends."""
    return re.compile(rf"({_stop()})[^\S\n]*+(?!\n|\Z)")


@cache
def _end_or_line() -> re.Pattern[str]:
    return re.compile(rf"{_stop()}|\n")


@cache
def _stop() -> str:
    small = "".join(character for character in map(chr, range(0x10000)) if character.islower())
    opening = f"[{_OPENING}{_DASHES}]"
    next_begins = rf"(?=[^\S\n]+{opening}*[^\s{re.escape(small)}.,;:%)\]}}{_OPENING}{_DASHES}])"
    starter = rf"(?=[{_CLOSING}]*[^\S\n]+{opening}*(?:{STARTERS})\b)"
    no_point = "|".join(
        (
            _after(TITLES),
            rf"(?:{_after(BEFORE_NUMBERS)})[^\S\n]*\d",
            rf"(?!{starter})(?:{_after(SELDOM_LAST)}|(?<=\b[^\W\d_].))",
            r"(?m:(?<=^\d.)|(?<=^\d\d.))",
            rf"(?<=\d.)\s(?:{MONTHS})\b",
            r"(?<=\.\ \.)",
        )
    )
    single = rf"(?<=[.!?\u2026])(?=[{_CLOSING}]*[^\S\n])(?!(?<=\.)(?:{no_point}))"
    several = r"(?<=[.!?\u2026])(?<![.!?\u2026].)[.!?\u2026]++"
    asking = (
        rf"(?<=[{_ASKING}])(?<![{_ASKING}].)[{_ASKING}]*+"
        rf"(?:(?![{_CLOSING}])|[{_CLOSING}]++(?=[\s{_OPENING}]))"
    )
    return (
        rf"[.!?\u2026{_ALONE}{_ASKING};\u037e]"  # first, so that `re` finds it without trying the rest
        rf"(?:(?:{several}|{single})[{_CLOSING}]*{next_begins}"
        rf"|(?<=[{_ALONE}])[{_ALONE}]*[{_CLOSING}]*|{asking}"
        rf"|(?<=[\u0370-\u03ff\u1f00-\u1fff][;\u037e]){next_begins})"
    )


def _after(words: str) -> str:
    """What matches, with no width, after one of some words and a point."""
    by_length = groupby(sorted(words.split(), key=len), key=len)  # what `re` looks back at has one length
    alternatives = ("|".join(map(re.escape, group)) for _, group in by_length)
    return "|".join(rf"(?<=(?<![\w.])(?:{group}).)" for group in alternatives)
