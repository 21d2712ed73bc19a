r"""`Clean`: the step that takes markup, addresses, mentions and tags out of a text, or masks them.

A mask is a token such as <url> that stands for all of its kind, so that they count as one word. Masks have
the names of those in the GloVe vectors of tweets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from html import unescape
from typing import ClassVar, Literal, NamedTuple

from embedkit.hyperparameters import check, hyperparameter
from embedkit.immutable import Immutable
from embedkit.text.tokenization.aligned import AlignedText
from embedkit.text.tokenization.word_marks import word_part

_DROPPED = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(
    r"""</?[a-zA-Z](?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|</?[a-zA-Z][^<>]*>|<!doctype\b[^<>]*>""", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?")
_REST = r"""(?:[^\s<>"(]|\([^\s<>"()]*\))*(?:[^\s<>"'.,;:!?()\]}*]|\([^\s<>"()]*\))"""  # of an address
_URL = re.compile(rf"\b(?:https?|ftp)://{_REST}", re.IGNORECASE)
_WWW = re.compile(rf"\bwww\.{_REST}", re.IGNORECASE)
_NAME = r"(?=\w*?[^\W\d_])(?>(?:_*{})+_*)"  # of a reader or a tag; a letter is in it
_PART = re.compile(r"[A-ZÀ-ÖØ-Þ]+(?![a-zß-öø-ÿ])|[A-ZÀ-ÖØ-Þ]?[^\d_A-ZÀ-ÖØ-Þ]+|\d+")

Treatment = Literal["keep", "mask", "drop"]


class _Rule(NamedTuple):
    """What is looked for, if `sign` stands in the text, and what it becomes."""

    sign: str
    pattern: re.Pattern[str]
    replacement: Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Clean(Immutable):
    """Takes things out of a text before it is tokenized.

    Args:
        html: "strip" takes tags and comments out, scripts and styles with what they hold, and reads entities:
            "caf&eacute;<br />" becomes "café ".
        urls: addresses that begin with http://, https://, ftp:// or www. stay, become "<url>", or go.
        mentions: names such as @reader stay, become "<user>", or go.
        hashtags: tags such as #HappyNewYear stay, become "<hashtag>", are split into "Happy New Year", or go.

    Example:
        >>> from embedkit.text.pipeline.clean import Clean
        >>> Clean(html="strip", urls="mask", hashtags="split").text("<b>so</b> #VeryNice: www.example.com")
        ' so   Very Nice :  <url> '
    """

    name: ClassVar[str] = "clean"
    html: Literal["keep", "strip"] = hyperparameter(
        "keep", "HTML: keep it as text, or strip tags and read entities such as &eacute;"
    )
    urls: Treatment = hyperparameter("keep", "URLs: keep them, put <url> in their place, or drop them")
    mentions: Treatment = hyperparameter("keep", "@names: keep them, put <user> in their place, or drop them")
    hashtags: Literal["keep", "mask", "split", "drop"] = hyperparameter(
        "keep", "#tags: keep them, put <hashtag> in their place, split them into words, or drop them"
    )

    def __post_init__(self) -> None:
        check(self)

    @property
    def masks(self) -> bool:
        """Whether it writes masks into texts."""
        return "mask" in (self.urls, self.mentions, self.hashtags)

    @cached_property
    def within_runs(self) -> Clean:
        """The same without what may hold blanks, so that it can be done run by run."""
        return Clean("keep", self.urls, self.mentions, self.hashtags)

    def text(self, text: str) -> str:
        """The text cleaned."""
        for rule in self._rules:
            if rule.sign in text:
                text = rule.pattern.sub(rule.replacement, text)
        return text

    def aligned(self, text: AlignedText) -> AlignedText:
        """The text cleaned, with the places of its characters kept."""
        for rule in self._rules:
            text = text.replaced(rule.pattern, rule.replacement)
        return text

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"step": self.name, **asdict(self)}

    @cached_property
    def _rules(self) -> tuple[_Rule, ...]:
        return tuple(self._made_rules())

    def _made_rules(self) -> Iterator[_Rule]:
        if self.html == "strip":
            yield _Rule("<", _DROPPED, _blank)
            yield _Rule("<", _TAG, _blank)
            yield _Rule("&", _ENTITY, _read_entity)
        if self.urls != "keep":
            yield _Rule("://", _URL, _mask_or_blank(self.urls, "url"))
            yield _Rule(".", _WWW, _mask_or_blank(self.urls, "url"))
        if self.mentions != "keep":
            yield _Rule("@", _mention(), _mask_or_blank(self.mentions, "user"))
        if self.hashtags == "split":
            yield _Rule("#", _hashtag(), _split_tag)
        elif self.hashtags != "keep":
            yield _Rule("#", _hashtag(), _mask_or_blank(self.hashtags, "hashtag"))


@cache
def _mention() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@.])@({_NAME.format(word_part())})")


@cache
def _hashtag() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w#&/])#({_NAME.format(word_part())})")


def _blank(match: re.Match[str]) -> str:
    return " "


def _mask_or_blank(treatment: str, mask: str) -> Callable[[re.Match[str]], str]:
    text = f" <{mask}> " if treatment == "mask" else " "
    return lambda match: text


def _read_entity(match: re.Match[str]) -> str:
    r"""The character that an entity stands for, but no line end: that would begin another document."""
    return unescape(match[0]).replace("\n", " ").replace("\r", " ")


def _split_tag(match: re.Match[str]) -> str:
    """The words of a tag: those of #covid19isOver are covid, 19, is and Over."""
    return f" {' '.join(_PART.findall(match[1]))} "
