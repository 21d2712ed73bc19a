"""spaCy's tokenizers: rules by language, or an installed trained pipeline with lemmas, tags and entities.

Of a pipeline only the components run that an option needs; without options none does. spaCy's rules then
look at what stands between blanks, one after the other, whatever its neighbors are: each is tokenized once
and looked up from then on.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import entry_points
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from embedkit.errors import DependencyError, InputError
from embedkit.immutable import Immutable
from embedkit.text.formats.encodings import replace_surrogates
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.token_kinds import Choice

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

LANGUAGE = re.compile("[a-z]{2,3}")
TAGS = (  # of Universal Dependencies, as spaCy knows them
    *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT"),
    *("SCONJ", "SYM", "VERB", "X"),
)
REMEMBERED = 1 << 18  # runs between blanks
BATCH = 256  # texts that components are given at once


class Need(NamedTuple):
    """What an option needs: components that assign one of these attributes, and those that only help."""

    what: str
    attributes: frozenset[str]
    factories: frozenset[str] = frozenset()


NEEDS = {
    "lemmatize": Need("lemmas", frozenset({"token.lemma"})),
    "pos": Need("parts of speech", frozenset({"token.pos", "token.tag"}), frozenset({"attribute_ruler"})),
    "entities": Need("entities", frozenset({"doc.ents", "token.ent_type"})),
}


@dataclass(frozen=True)
class SpacyTokenizer(Immutable):
    """The tokens of a spaCy pipeline.

    Args:
        pipeline: a language ("en") or an installed pipeline package ("en_core_web_sm").
        punctuation: keep the tokens that have neither a letter nor a digit.
        lemmatize: give the lemma of each token, where there is one.
        pos: keep only tokens of these parts of speech, such as "NOUN"; all if there are none. An entity is
            kept for one of its tokens.
        entities: make one token of an entity, its words joined by "_"; it has no lemma.

    Raises:
        InputError: spaCy has no such language, or the pipeline has no component for an option.
        DependencyError: spaCy or the package is not installed.

    Example:
        >>> from embedkit.text.tokenization.spacy import SpacyTokenizer
        >>> SpacyTokenizer("en").tokenize("Don't panic, Mr. O'Neill!")
        ['Do', "n't", 'panic', 'Mr.', "O'Neill"]
    """

    pipeline: str
    punctuation: bool = False
    lemmatize: bool = False
    pos: Collection[str] = ()
    entities: bool = False
    _choice: Choice = field(init=False, repr=False, compare=False)
    _nlp: Language = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pos", _checked_tags(self.pos))
        object.__setattr__(self, "_choice", Choice(self.punctuation))
        nlp = _load(self.pipeline)
        nlp.max_length = sys.maxsize  # spaCy's limit protects its parser, which does not run
        nlp.select_pipes(enable=_needed(nlp, [need for need in NEEDS if getattr(self, need)], self.name))
        object.__setattr__(self, "_nlp", nlp)

    @property
    def name(self) -> str:
        """What it is called on the command line: "spacy:en"."""
        return f"spacy:{self.pipeline}"

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return next(self.tokenize_all([text]))

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        if not self._by_runs:
            return map(self._tokens, self._nlp.pipe(map(replace_surrogates, texts), batch_size=BATCH))
        lookup = self._runs.__getitem__
        return (list(chain.from_iterable(map(lookup, text.split()))) for text in texts)

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text and where they stand in it."""
        return list(self._spans(self._nlp(replace_surrogates(text))))

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        options = {"punctuation": self.punctuation, "lemmatize": self.lemmatize}
        return {"tokenizer": self.name, **options, "pos": list(self.pos), "entities": self.entities}

    @cached_property
    def _by_runs(self) -> bool:
        """Whether tokens are those of the runs between blanks: by spaCy's own rules, and by nothing else."""
        from spacy.tokenizer import Tokenizer

        rules: Any = self._nlp.tokenizer
        plain = type(rules) is Tokenizer and not any(len(case.split()) > 1 for case in rules.rules or ())
        return plain and not self._nlp.pipe_names

    @cached_property
    def _runs(self) -> Runs:
        return Runs(self._nlp.tokenizer, self._choice)

    def _tokens(self, doc: Doc) -> list[str]:
        if self.entities and doc.ents:
            return [span.token for span in self._spans(doc)]
        from spacy.attrs import LEMMA, ORTH, POS

        columns = doc.to_array([ORTH, LEMMA, POS])
        keys = columns[:, 0]
        if self.lemmatize:
            keys = columns[:, 1] + (columns[:, 1] == 0) * keys
        if self.pos:
            keys = keys[[number in self._pos_numbers for number in columns[:, 2].tolist()]]
        strings = self._nlp.vocab.strings
        return list(filter(None, (self._choice[strings[key]] for key in keys.tolist())))

    @cached_property
    def _pos_numbers(self) -> frozenset[int]:
        from spacy.parts_of_speech import IDS

        return frozenset(IDS[tag] for tag in self.pos)

    def _spans(self, doc: Doc) -> Iterator[Span]:
        entities = {entity.start: entity for entity in doc.ents} if self.entities else {}
        end = 0
        for token in doc:
            if token.i < end:
                continue
            if entity := entities.get(token.i):
                end = entity.end
                parts, text = list(entity), "_".join(entity.text.split())
            else:
                parts, text = [token], (token.lemma_ if self.lemmatize else "") or token.text
            place = (token.idx, parts[-1].idx + len(parts[-1]))
            if (not self.pos or any(part.pos_ in self.pos for part in parts)) and (
                text := self._choice[text]
            ):
                yield Span(text, *place)


class Runs(dict[str, list[str]]):
    """The tokens of runs between blanks; each is tokenized once."""

    def __init__(self, rules: Callable[[str], Doc], choice: Choice) -> None:
        super().__init__()
        self._rules, self._choice = rules, choice

    def __missing__(self, run: str) -> list[str]:
        if len(self) >= REMEMBERED:
            self.clear()
        self[run] = tokens = [
            chosen for token in self._rules(replace_surrogates(run)) if (chosen := self._choice[token.text])
        ]
        return tokens


def _checked_tags(tags: Collection[str]) -> tuple[str, ...]:
    if isinstance(tags, str) or not all(isinstance(tag, str) and tag.upper() in TAGS for tag in tags):
        raise InputError(f"pos must be a list of {', '.join(TAGS)}; got {tags!r:.80}")
    return tuple(sorted({tag.upper() for tag in tags}))


def _needed(nlp: Language, options: Collection[str], name: str) -> list[str]:
    """The components of a pipeline that options need.

    Lemmas by rule need parts of speech. The vectors of a shared component are needed if one of these listens.
    """
    needed: set[str] = set()
    for option in options:
        found = _assigning(nlp, NEEDS[option])
        if not found:
            raise InputError(
                f"{name} has no component for {NEEDS[option].what} ({option}), only "
                f"{', '.join(nlp.pipe_names) or 'its rules for tokens'}; name an installed package that has, "
                "such as spacy:en_core_web_sm"
            )
        needed.update(found)
    if any(getattr(nlp.get_pipe(component), "mode", None) == "rule" for component in needed):
        needed.update(_assigning(nlp, NEEDS["pos"]))
    for component in nlp.pipe_names:
        listeners = getattr(nlp.get_pipe(component), "listening_components", ())
        if needed.intersection(listeners):
            needed.add(component)
    return [component for component in nlp.pipe_names if component in needed]


def _assigning(nlp: Language, need: Need) -> set[str]:
    metas = {component: nlp.get_pipe_meta(component) for component in nlp.pipe_names}
    return {
        component
        for component, meta in metas.items()
        if need.attributes.intersection(meta.assigns) or meta.factory in need.factories
    }


def check_pipeline(pipeline: str) -> None:
    """Raise an error unless spaCy is there and `pipeline` may be a language or is an installed package."""
    if find_spec("spacy") is None:
        raise DependencyError("spaCy is not installed: pip install 'embedkit[text]'")
    if LANGUAGE.fullmatch(pipeline):
        return
    if not re.fullmatch("[a-z]{2,3}_[a-z0-9_]+", pipeline):
        raise InputError(
            f"{pipeline!r} is neither a language such as 'en' nor a package such as 'en_core_web_sm'"
        )
    if pipeline not in entry_points(group="spacy_models").names:
        raise DependencyError(f"{pipeline} is not installed: python -m spacy download {pipeline}")


def _load(pipeline: str) -> Language:
    check_pipeline(pipeline)
    if LANGUAGE.fullmatch(pipeline):
        return _blank(pipeline)
    import spacy

    return spacy.load(pipeline)


def _blank(language: str) -> Language:
    import spacy

    if find_spec(f"spacy.lang.{language}") is None:
        raise InputError(f"spaCy knows no language {language!r}; see https://spacy.io/usage/models#languages")
    try:
        return spacy.blank(language)
    except ImportError as error:
        raise DependencyError(f"spaCy's {language!r} needs another package: {error}") from None
