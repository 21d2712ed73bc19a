r"""Expressions that find words in normalized text: a usual one, and a full one where something special is.

A run is what stands between blanks. The full expression finds the same words as the usual one in runs in
which no character and none of its neighbors are what `special_runs` looks for, but takes three times as
long. No token holds white space, so that runs can be tokenized one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from embedkit.text.tokenization.word_marks import PLAIN_PART, word_part

MASKS = "url", "user", "hashtag", "number"  # what `pipeline` writes between < and >, each one token

_LETTER = r"[^\W\d_]"
_USUAL_INNER = r"""
    ['_]
    | - (?: (?<!\d-) | (?!\d) )
    | [.,] (?<=\d.) (?=\d)
"""
_INNER = rf"""
    {_USUAL_INNER}
    | \. (?<=\b{_LETTER}\.) (?={_LETTER}\b)
    | \. (?: (?<=\b[Pp][Hh]\.) (?=[Dd]\b) | (?<=\b[MmBb]\.) (?=[Ss][Cc]\b|[Ee][Nn][Gg]\b|[Ee][Dd]\b) )
    | : (?<=\d:) (?=\d\d(?!\d))
    | / (?<=\d/) (?=\d)
    | & (?!\w+;) (?<={_LETTER}.) (?={_LETTER})
    | [\u00b7\u2027\u0387] (?<={_LETTER}.) (?={_LETTER})
    | [*$]++ (?={_LETTER})
    | ["\u05f3\u05f4] (?<=[\u05d0-\u05ea].) (?=[\u05d0-\u05ea])
"""
_ADDRESS = r"""
    [HhFfWw] (?: (?<=[Hh])[Tt]{2}[Pp][Ss]?:// | (?<=[Ff])[Tt][Pp]:// | (?<=[Ww])[Ww]{2}\. )
    (?: [^\s<>"(] | \( (?:[^\s<>"()]*\))? )* (?: [^\s<>"'.,;:!?()\]}*] | \( [^\s<>"()]* \) )
"""
_MAIL = rf"[^\W_] (?<![\w.+%-].) [\w.+%-]*+ @ (?: [^\W_][\w-]*+ \. )+ {_LETTER}{{2,}}+"
_ENDINGS = (
    "com|org|net|edu|gov|mil|info|io|co|uk|de|fr|eu|ru|cn|jp|au|tv|ai|"  # of domains
    "js|py|html?|php|asp|pdf|jpe?g|png|gif|exe|dll|txt|csv|json|xml|zip|mp[34]"  # of files
)
_DOMAIN = rf"""
    [^\W_][\w-]*+ (?: \. [^\W_][\w-]*+ ){{0,9}}? \. (?i:{_ENDINGS}) (?! [\w-] | \.\w )
    (?: / [\w./%~-]* [\w/] )?
"""
_LANGUAGE = r"[A-Za-z] (?<!\w.) (?: \+\+\d* | \# ) (?![\w\#+])"  # of programs: C++, F#
_MASK = rf"< (?:{'|'.join(MASKS)}) >"
_FACES = r"""
    < /? 3 (?!\w)
    | [:;=] (?<!\w.) [-o^']? (?: [()\[\]|\\@*] (?!\w) | [DPpdbOo/] (?!\w|/) )
"""
_FLAG = "\U0001f1e6-\U0001f1ff"
_PICTURE = "[\u2190-\u2bff\u3030\u303d\u3297\u3299\u00a9\u00ae\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
_TONE, _TAGS = "\U0001f3fb-\U0001f3ff", "\U000e0020-\U000e007f"
_EMOJI = rf"""
    [{_FLAG}]{{2}}
    | {_PICTURE} [{_TONE}]? (?: \u200d {_PICTURE} [{_TONE}]? )* [{_TAGS}]*
"""
INVISIBLE = r"\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f"
_OTHER = rf"[^\s{INVISIBLE}]"

_ALWAYS = rf"@\#&<\u00b7\u2027\u0387\u05f3\u05f4\u200d{_FLAG}{_TONE}{_TAGS}"
SIGN = rf'[{_ALWAYS}.:;=/"+*$]'  # may be special, as its neighbors have it
_SPECIAL = re.compile(
    rf"""
    {SIGN} (?:
        (?<=[{_ALWAYS}])
      | (?<=\.) (?={_LETTER})
      | (?<=[Ww]\.) (?=\S)
      | (?<=[:;=]) (?=[^\s\w"]|[DPpdbOo])
      | (?<=\d[:/]) (?=\d)
      | (?<=\+) (?=\+)
      | (?<=[*$]) (?=[*$]|{_LETTER})
      | (?<=") (?=[\u05d0-\u05ea])
    )
    """,
    re.VERBOSE,
)
_BLANK = re.compile(r"[ \n]")


def special_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where the runs of text begin and end that need the full expression."""
    end = -1
    for match in _SPECIAL.finditer(text):
        place = match.start()
        if place >= end:
            begin = max(text.rfind(" ", 0, place), text.rfind("\n", 0, place)) + 1
            blank = _BLANK.search(text, place)
            end = blank.start() if blank else len(text)
            yield begin, end


@cache
def usual_pattern(plain: bool, punctuation: bool) -> re.Pattern[str]:
    """The expression for tokens where nothing special stands; `plain` text is ASCII."""
    part = PLAIN_PART if plain else word_part()
    other = f"| {_OTHER}" if punctuation else ""
    return re.compile(f"{part}(?:(?:{_USUAL_INNER}){part})* {other}", re.VERBOSE)


@cache
def full_pattern(plain: bool, punctuation: bool) -> re.Pattern[str]:
    """The expression for all tokens; if punctuation is not wanted, those that are wanted have a group 1."""
    part = PLAIN_PART if plain else word_part()
    tag = rf"(?=\w*?{_LETTER}) (?> (?: _*{part} )+ _* )"
    lead = rf"\. (?<![^\s(\[\"'].) (?= (?i:{_ENDINGS})\b )"
    kinds = [
        *(_MASK, _ADDRESS, _MAIL, _DOMAIN, _LANGUAGE),
        rf"[@] (?<![\w@].) {tag}",
        rf"\# (?<![\w\#&/].) {tag}",
        rf"(?: {lead} )? {part} (?: (?:{_INNER}) {part} )*",
    ]
    words = " | ".join(kinds)
    if not punctuation:
        return re.compile(rf"{_FACES} | ({words})", re.VERBOSE)
    return re.compile(f"{_FACES} | {words} | {_EMOJI} | {_OTHER}", re.VERBOSE)
