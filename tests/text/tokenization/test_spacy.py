"""spaCy's tokens, lemmas, parts of speech and entities, held against what the bare library says."""

import pickle
import sys
from functools import cache
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import DependencyError, InputError
from embedkit.text.tokenization.spacy import SpacyTokenizer, _needed, check_pipeline
from embedkit.text.tokenization.token_kinds import is_visible, is_wordlike

pytestmark = pytest.mark.skipif(find_spec("spacy") is None, reason="spaCy is not installed")
ENTRY_POINTS = "[spacy_models]\n{name} = {name}\n"
MODULE = """
import spacy
from pathlib import Path

def load(**overrides):
    return spacy.util.load_model_from_path(Path(__file__).parent / "{name}_data", **overrides)
"""
TEXT = "The cats ran to New York, two mice didn't!"
HARD = st.text(
    st.one_of(
        st.sampled_from("ab.,'!-:)( \n\t\u00a0\u2028\u0301\u00e9\u2019U3$\u4f60"),
        st.characters(exclude_categories=["Cs"]),
    )
)


def blank(language):
    """A pipeline of spaCy with rules alone; one worker of several is enough to import it."""
    import spacy

    return spacy.blank(language)


bare = cache(blank)  # for those who add nothing to it


@cache
def tokenizer_of(language):
    return SpacyTokenizer(language, punctuation=True)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """An installed package en_toy: rules for parts of speech and entities, a table of lemmas."""
    folder = tmp_path_factory.mktemp("site")
    nlp = blank("en")
    ruler = nlp.add_pipe("attribute_ruler")
    for tag, words in {"NOUN": "cats mice", "VERB": "ran", "PROPN": "New York", "PUNCT": ", !"}.items():
        for word in words.split():
            ruler.add([[{"ORTH": word}]], {"POS": tag})
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    lemmatizer.lookups.add_table("lemma_lookup", {"cats": "cat", "mice": "mouse", "ran": "run"})
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "New York"}])
    nlp.to_disk(folder / "en_toy_data")
    (folder / "en_toy.py").write_text(MODULE.format(name="en_toy"))
    information = folder / "en_toy-1.0.dist-info"
    information.mkdir()
    (information / "entry_points.txt").write_text(ENTRY_POINTS.format(name="en_toy"))
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: en_toy\nVersion: 1.0\n")
    sys.path.insert(0, str(folder))
    yield "en_toy"
    sys.path.remove(str(folder))


@pytest.mark.parametrize(
    ("options", "components", "tokens"),
    [
        ({}, "", "The cats ran to New York two mice did n't"),
        ({"punctuation": True}, "", "The cats ran to New York , two mice did n't !"),
        ({"lemmatize": True}, "lemmatizer", "The cat run to New York two mouse did n't"),
        ({"pos": ["NOUN"]}, "attribute_ruler", "cats mice"),
        ({"pos": ["noun", "VERB"], "lemmatize": True}, "attribute_ruler lemmatizer", "cat run mouse"),
        ({"pos": ["PUNCT"], "punctuation": True}, "attribute_ruler", ", !"),
        ({"pos": ["PUNCT"]}, "attribute_ruler", ""),
        ({"entities": True}, "entity_ruler", "The cats ran to New_York two mice did n't"),
        (
            {"entities": True, "lemmatize": True, "pos": ["PROPN", "NOUN"]},
            "attribute_ruler lemmatizer entity_ruler",
            "cat New_York mouse",
        ),
    ],
)
def test_a_package(package, options, components, tokens):
    """Only the components that are needed run."""
    tokenizer = SpacyTokenizer(package, **options)
    assert tokenizer._nlp.pipe_names == components.split()
    assert tokenizer.tokenize(TEXT) == tokens.split()
    assert list(tokenizer.tokenize_all([TEXT, "", TEXT])) == [tokens.split(), [], tokens.split()]
    spans = tokenizer.spans(f"  {TEXT}")
    assert [span.token for span in spans] == tokens.split()
    if not options.get("lemmatize"):
        assert [f"  {TEXT}"[span.begin : span.end].replace(" ", "_") for span in spans] == tokens.split()


@pytest.mark.parametrize(
    ("options", "tokens"),
    [
        ({}, "The cats ran to New York two mice did n't"),
        (
            {"punctuation": True, "entities": True, "lemmatize": True, "pos": ["PROPN", "noun", "PUNCT"]},
            "cat New_York , mouse !",
        ),
    ],
)
def test_recipes_and_copies_of_a_package(package, options, tokens):
    tokenizer = SpacyTokenizer(package, **options)
    recipe = tokenizer.recipe()
    again = SpacyTokenizer(recipe.pop("tokenizer").partition(":")[2], **recipe)
    assert (again, again.recipe()) == (tokenizer, tokenizer.recipe())
    pickled = pickle.dumps(tokenizer)
    assert len(pickled) < 1000
    assert pickle.loads(pickled).tokenize(TEXT) == tokens.split()


LISTENER = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}


@pytest.mark.parametrize(
    ("options", "components"),
    [
        (["entities"], ["ner"]),
        (["pos"], ["tok2vec", "tagger", "attribute_ruler"]),
        (["lemmatize"], ["tok2vec", "tagger", "attribute_ruler", "lemmatizer"]),
    ],
)
def test_shared_vectors_and_tags_for_lemmas_by_rule(options, components):
    nlp = blank("en")
    tagger = {"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": LISTENER}}
    settings = {"tagger": tagger, "lemmatizer": {"mode": "rule"}}
    for component in ("tok2vec", "tagger", "ner", "attribute_ruler", "lemmatizer", "senter"):
        nlp.add_pipe(component, config=settings.get(component, {}))
    assert _needed(nlp, options, "spacy:en_toy") == components


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"lemmatize": True},
            r"spacy:en has no component for lemmas \(lemmatize\), only its rules for tokens; name",
        ),
        ({"pos": ["NOUN"]}, "no component for parts of speech"),
        ({"entities": True}, "no component for entities"),
        ({"pos": ["NOUNS"]}, "pos must be a list of ADJ, ADP"),
        ({"pos": "NOUN"}, "pos must be a list"),
    ],
)
def test_what_rules_alone_cannot_do(options, told):
    with pytest.raises(InputError, match=told):
        SpacyTokenizer("en", **options)


@pytest.mark.parametrize("language", ["en", "de", "fr", "xx"])
@given(text=HARD)
def test_runs_are_tokenized_as_the_whole_text_is(language, text):
    tokenizer = tokenizer_of(language)
    assert tokenizer.tokenize(text) == list(filter(is_visible, tokens_of(language, text)))
    spans = tokenizer.spans(text)
    assert [span.token for span in spans] == tokenizer.tokenize(text)
    assert [text[span.begin : span.end].strip() for span in spans] == [span.token for span in spans]


def tokens_of(language, text):
    return [token.text.strip() for token in bare(language)(text)]


@pytest.mark.parametrize("language", ["en", "de", "xx"])
def test_its_own_examples(language):
    """Emoticons, abbreviations and addresses: what spaCy's rules for exceptions are about."""
    text = (
        " ".join(list(bare(language).tokenizer.rules or {})[:2000])
        + " a@b.com http://x.org/a_b?c=1 (don't) 5km"
    )
    assert SpacyTokenizer(language).tokenize(text) == list(filter(is_wordlike, tokens_of(language, text)))


def test_a_special_case_with_a_blank_looks_at_the_whole_text(package):
    tokenizer = SpacyTokenizer("en")
    tokenizer._nlp.tokenizer.add_special_case("New York", [{"ORTH": "New York"}])
    assert tokenizer.tokenize("in New York") == ["in", "New York"]


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        ("qq", None, ""),
        ("en_core_web_xx", DependencyError, "python -m spacy download en_core_web_xx"),
        ("../evil", InputError, "neither a language such as 'en' nor a package"),
        ("", InputError, "neither a language"),
    ],
)
def test_names_are_checked_before_anything_is_loaded(name, error, told):
    if error is None:
        check_pipeline(name)
        with pytest.raises(InputError, match="spaCy knows no language 'qq'"):
            SpacyTokenizer(name)
        return
    with pytest.raises(error, match=told):
        check_pipeline(name)


def test_lone_surrogates_are_replaced():
    assert tokenizer_of("en").tokenize("a \ud800") == ["a", "\ufffd"]
    assert tokenizer_of("en").spans("a \ud800")[1] == ("\ufffd", 2, 3)


def test_a_text_longer_than_the_parser_could():
    assert len(tokenizer_of("xx").tokenize("ab " * 350_000)) == 350_000
