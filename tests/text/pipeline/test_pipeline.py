"""`TextPipeline`: steps in order, functions as steps, places in the text."""

# ruff: noqa: RUF001 - these texts are meant to be ambiguous

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Texts, find_phrases
from embedkit.errors import FormatError, InputError
from embedkit.text.pipeline import batches, custom
from embedkit.text.pipeline.clean import Clean
from embedkit.text.pipeline.custom import CustomTokenizer, register_step
from embedkit.text.pipeline.filter import Filter
from embedkit.text.pipeline.normalize import Normalize
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import pipeline_from_recipe
from embedkit.text.tokenization.words import WordsTokenizer

TWEET = "@Ann: I ♥ #NewYork <b>so</b> much &amp; more!! https://t.co/x 2,000 km"


@pytest.fixture
def no_names(monkeypatch):
    monkeypatch.setattr(custom, "_REGISTERED", {})


@pytest.mark.parametrize("tokenizer", ["words", "whitespace", "characters", "icu", "spacy:en", str.split])
def test_masks_are_tokens_of_every_tokenizer(tokenizer):
    pipeline = text_pipeline(tokenizer, urls="mask", mentions="mask", hashtags="mask")
    tokens = pipeline("@ann see http://x.de #now")
    assert tokens[0] == "<user>"
    assert tokens[-2:] == ["<url>", "<hashtag>"]
    assert "".join(tokens[1:-2]) == "see"
    assert list(pipeline.tokenize_all(["@ann", "", "see www.x.de"]))[0::2] == [
        ["<user>"],
        [*pipeline("see"), "<url>"],
    ]


def test_steps_in_order():
    steps = [Clean(hashtags="split"), Normalize(), WordsTokenizer(), Filter(stop_words=("i",)), Normalize()]
    assert TextPipeline(steps)("I #LoveIt") == ["love", "it"]
    swapped = [Normalize(), Clean(hashtags="split"), WordsTokenizer(), Filter(stop_words=("i",))]
    assert TextPipeline(swapped)("I #LoveIt") == ["loveit"]


def test_a_function_before_in_place_of_and_behind_the_tokenizer():
    pipeline = TextPipeline([lambda text: text.replace("_", " "), CustomTokenizer(str.split), sorted])
    assert pipeline("b_a c") == ["a", "b", "c"]
    assert list(pipeline.tokenize_all(["b_a", ""])) == [["a", "b"], []]


def test_a_function_needs_a_name_to_be_saved(no_names):
    pipeline = TextPipeline([str.strip, WordsTokenizer(), sorted])
    with pytest.raises(InputError, match=r"the function strip has no name .* register_step"):
        pipeline.recipe()
    register_step("strip", str.strip)
    register_step("sort", sorted)
    recipe = pipeline.recipe()
    assert pipeline_from_recipe(recipe)(" b a ") == ["a", "b"]
    custom._REGISTERED.clear()  # as in another program
    with pytest.raises(FormatError, match=r"register_step\('strip', function\) makes it known"):
        pipeline_from_recipe(recipe)


def test_a_name_stands_for_one_function(no_names):
    register_step("sort", sorted)
    register_step("sort", sorted)
    with pytest.raises(InputError, match="another function is registered as 'sort'"):
        register_step("sort", str.split)
    with pytest.raises(InputError, match="expected a name"):
        register_step("", sorted)


class NltkLike:
    """A tokenizer of another library: no recipe, no name."""

    def tokenize(self, text):
        return text.upper().split()


def test_tokenizers_of_other_libraries(no_names):
    foreign = NltkLike()
    assert TextPipeline([foreign, sorted])("b a") == ["A", "B"]
    assert TextPipeline([str.strip, foreign])(" b a") == ["B", "A"]
    pipeline = text_pipeline(foreign, numbers="drop", lowercase=False)
    assert pipeline("b 2 a") == ["B", "A"]
    assert list(pipeline.tokenize_all(["b", ""])) == [["B"], []]
    assert text_pipeline(foreign)("b A") == ["b", "a"]
    with pytest.raises(InputError, match=r"the function tokenize has no name .* register_step"):
        pipeline.recipe()
    register_step("foreign", foreign)
    assert pipeline_from_recipe(pipeline.recipe())("b 2 a") == ["B", "A"]


@pytest.mark.parametrize("given", ["object", "method"])
def test_methods_have_names_as_functions_have(given, no_names):
    """`o.tokenize is o.tokenize` is false."""
    foreign, other = NltkLike(), NltkLike()
    for _ in range(2):
        register_step("foreign", foreign if given == "object" else foreign.tokenize)
    pipeline = text_pipeline(foreign.tokenize)
    assert pipeline.recipe()["steps"][0] == {"tokenizer": "custom:foreign"}
    assert pipeline == text_pipeline(foreign)
    assert pipeline_from_recipe(pipeline.recipe()) == pipeline
    with pytest.raises(InputError, match="another function is registered"):
        register_step("foreign", other.tokenize)
    with pytest.raises(InputError, match="has no name"):
        text_pipeline(other).recipe()


def test_only_functions_are_registered(no_names):
    with pytest.raises(InputError, match="expected a function to be called 'three', got 3"):
        register_step("three", 3)
    register_step("words", WordsTokenizer())


@pytest.mark.parametrize("tokenizer", [WordsTokenizer(), str.split, NltkLike()])
@pytest.mark.parametrize(
    "option", [{"punctuation": True}, {"lemmatize": True}, {"pos": ["NOUN"]}, {"entities": True}]
)
def test_options_of_tokenizers_go_with_names_alone(tokenizer, option):
    [name] = option
    with pytest.raises(InputError, match=f"the tokenizer is made already, so {name} cannot be given"):
        text_pipeline(tokenizer, **option)
    text_pipeline(tokenizer, numbers="drop", lowercase=False)


def test_a_recipe_in_toml_goes_without_a_tokenizer_beside_it(tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("punctuation = true")
    with pytest.raises(InputError, match="says how text is read, so tokenizer cannot be given beside it"):
        text_pipeline(WordsTokenizer(), pipeline=recipe)
    for content, name in (
        ("tokenizer = 3", "a tokenizer"),
        ("phrases = 3", "phrases"),
        ("stop_words = 3", "stop"),
    ):
        recipe.write_text(content)
        with pytest.raises(InputError, match=f"expected {name}.* got 3"):
            text_pipeline(pipeline=recipe)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([WordsTokenizer(), len], "expected len to give a list of tokens, got 1"),
        ([WordsTokenizer(), lambda tokens: [1]], "to give strings as tokens, got 1"),
        ([WordsTokenizer(), " ".join], "expected join to give a list of tokens, got 'a'"),
        ([str.split, WordsTokenizer()], "expected split to give a text"),
        ([CustomTokenizer(str.lower)], "expected lower to give a list of tokens"),
    ],
)
def test_functions_that_give_something_else(steps, message):
    with pytest.raises(InputError, match=message):
        TextPipeline(steps)("a")


@pytest.mark.parametrize("steps", [[], [Normalize()], [WordsTokenizer(), WordsTokenizer()], [str.split]])
def test_a_pipeline_has_one_tokenizer(steps):
    with pytest.raises(InputError, match="expected one tokenizer among the steps"):
        TextPipeline(steps)


def test_tokens_of_a_function_hold_no_white_space():
    assert TextPipeline([CustomTokenizer(lambda text: text.split(","))])("a b,, c ") == ["a", "b", "c"]


OPTIONS = st.fixed_dictionaries(
    {
        "tokenizer": st.sampled_from(["words", "whitespace", "characters", "icu"]),
        "lowercase": st.booleans(),
        "strip_accents": st.booleans(),
        "urls": st.sampled_from(["keep", "mask", "drop"]),
        "mentions": st.sampled_from(["keep", "mask", "drop"]),
        "hashtags": st.sampled_from(["keep", "mask", "split", "drop"]),
        "html": st.sampled_from(["keep", "strip"]),
        "numbers": st.sampled_from(["keep", "mask", "drop"]),
    }
)
PARTS = ["<b>", "&eacute;", "@ann", "#NewYear", "http://x.de ", "É", "e\u0301", " ", "12", "İ", "don’t", "ﬁ"]


@given(st.lists(st.sampled_from(PARTS) | st.characters(exclude_categories=["Cs"]), max_size=12), OPTIONS)
def test_spans_have_the_tokens_in_order(parts, options):
    text, pipeline = "".join(parts), text_pipeline(**options)
    spans = pipeline.spans(text)
    assert [span.token for span in spans] == pipeline(text)
    assert all(0 <= span.begin < span.end <= len(text) for span in spans)


def test_spans_are_places_in_the_text_that_was_given():
    pipeline = text_pipeline(html="strip", urls="mask", hashtags="split", mentions="mask", numbers="mask")
    assert [(span.token, TWEET[span.begin : span.end]) for span in pipeline.spans(TWEET)] == [
        ("<user>", "@Ann"),
        ("i", "I"),
        ("new", "#NewYork"),
        ("york", "#NewYork"),
        ("so", "so"),
        ("much", "much"),
        ("more", "more"),
        ("<url>", "https://t.co/x"),
        ("<number>", "2,000"),
        ("km", "km"),
    ]


@pytest.mark.parametrize("text", ["www.a.b", "@ann1234", "#tag12345", "http://x"])
def test_a_mask_stands_where_what_it_masks_stood(text):
    pipeline = text_pipeline(urls="mask", mentions="mask", hashtags="mask")
    assert [(span.begin, span.end) for span in pipeline.spans(f"so {text} is")] == [
        (0, 2),
        (3, 3 + len(text)),
        (4 + len(text), 6 + len(text)),
    ]


@pytest.mark.parametrize("options", [{}, {"urls": "mask", "numbers": "drop", "stop_words": ["i"]}])
def test_many_texts_are_tokenized_as_few(options, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 100)
    texts = ["I ♥ #NewYork, see http://x.de 12", "", "line\nfeed", "\ufeffa", "so " * 40, "\ud800 lone"] * 5
    pipeline = text_pipeline(**options)
    assert list(pipeline.tokenize_all(iter(texts))) == list(map(pipeline, texts))


@pytest.mark.parametrize("texts", ["abc", [None], ["a", b"b"]])
def test_what_is_no_text(texts):
    with pytest.raises(InputError, match=r"expected a list of texts|a text must be a string"):
        list(text_pipeline().tokenize_all(texts))
    with pytest.raises(InputError, match="a text must be a string"):
        text_pipeline()(None)


def test_stop_words_are_spelled_as_tokens_are():
    pipeline = text_pipeline(stop_words=["The", "don’t", "été"], strip_accents=True)
    assert pipeline("The end: don't, ÉTÉ") == ["end"]


def test_spans_through_a_function_are_not_known():
    with pytest.raises(InputError, match="does not tell where"):
        TextPipeline([str.strip, WordsTokenizer()]).spans("a")
    assert TextPipeline([CustomTokenizer(str.split)]).spans("a b")[1].begin == 2
    with pytest.raises(InputError, match="gives the token 'A', which is not in the text"):
        TextPipeline([CustomTokenizer(lambda text: text.upper().split())]).spans("a")


@pytest.fixture(scope="module")
def found_phrases():
    texts = Texts(["Hong Kong is old", "to Hong Kong"] * 4)
    return find_phrases(texts, min_count=2, threshold=0.1)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"lowercase": False}, "(lowercase true there and not given here)"),
        ({"tokenizer": "whitespace"}, '(tokenizer "words, version 2" there and "whitespace" here)'),
        ({"tokenizer": WordsTokenizer(version=1)}, '"words, version 2" there and "words, version 1" here)'),
        ({"strip_accents": True}, "(strip_accents not given there and true here)"),
        ({"stop_words": ["is"]}, '(stop_words not given there and ["is"] here)'),
    ],
)
def test_phrases_of_other_tokens_are_warned_of(found_phrases, options, told):
    with pytest.warns(UserWarning, match="the phrases were found in other tokens") as caught:
        pipeline = text_pipeline(phrases=found_phrases, **options)
    assert len(caught) == 1
    assert told in str(caught[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pipeline_from_recipe(pipeline.recipe()) == pipeline  # who reads a file has been told


@pytest.mark.parametrize("options", [{}, {"html": "strip"}, {"numbers": "keep"}])
def test_phrases_of_the_same_tokens(found_phrases, options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert text_pipeline(phrases=found_phrases, **options)("In HONG KONG")[-1] == "hong_kong"
        text_pipeline(lambda text: text.split(), phrases=found_phrases)  # of which nobody can tell
