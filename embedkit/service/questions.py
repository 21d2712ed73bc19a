"""What a service is asked: the bodies of its requests, which are checked strictly."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from embedkit.emoji.insertion import Place
from embedkit.vectors.search.analogy import Method
from embedkit.vectors.texts.pairs import Measure
from embedkit.vectors.texts.parameters import TextWeighting

MAX_TOP, MAX_COMPONENTS = 1_000, 100


def _whole(value: Any) -> Any:
    """A number as JSON Schema understands integers: 3.0 is one, "3" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _encodable(text: str) -> str:
    """A text, unless it has half a character, as JSON may."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate is no character") from None
    return text


ValidText = Annotated[str, AfterValidator(_encodable)]
Word = Annotated[ValidText, Field(min_length=1, description="A word, or a sum such as 'king - man + woman'.")]
Text = Annotated[ValidText, Field(description="A text.")]
WholeNumber = Annotated[int, BeforeValidator(_whole)]
Top = Annotated[WholeNumber, Field(ge=1, le=MAX_TOP, description="Number of answers.")]
Skip = Annotated[
    bool,
    Field(description="Answer the others where some words are unknown, and tell of these in their places."),
]
TopicName = Literal["gender", "race", "religion", "age"]  # those that ship


class ServiceQuestion(BaseModel):
    """The base of all questions: nothing but the fields named, and nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class VectorsQuestion(ServiceQuestion):
    """A question to vectors."""

    vectors: str | None = Field(None, description="The name of the vectors; by default the first served.")


class ModelQuestion(ServiceQuestion):
    """Texts, and the model that reads them."""

    texts: list[Text] = Field(min_length=1)
    model: str | None = Field(None, description="The name of the model; by default the first of its kind.")


class NeighborsQuestion(VectorsQuestion):
    """Which words are closest to each word or sum of words."""

    words: list[Word] = Field(min_length=1, examples=[["king", "paris - france + italy"]])
    top: Top = 10
    skip_unknown: Skip = False


class AnalogyQuestion(VectorsQuestion):
    """Which word is to c as b is to a, for questions [a, b, c]."""

    questions: list[Annotated[list[Word], Field(min_length=3, max_length=3)]] = Field(
        min_length=1, examples=[[["man", "woman", "king"]]]
    )
    top: Top = 10
    method: Method = "3cosadd"
    skip_unknown: Skip = False


class SimilarityQuestion(VectorsQuestion):
    """How similar two words, sums of words or texts are."""

    pairs: list[Annotated[list[Word], Field(min_length=2, max_length=2)]] = Field(
        min_length=1, examples=[[["cat", "dog"], ["a fine film", "a good movie"]]]
    )
    measure: Measure = "cosine"
    skip_unknown: Skip = False


class VectorQuestion(VectorsQuestion):
    """The vectors of words, sums of words or texts."""

    words: list[Word] = Field(min_length=1, examples=[["king"]])
    normalize: bool = Field(False, description="Give every vector length 1.")
    skip_unknown: Skip = False


class EncodeQuestion(VectorsQuestion):
    """The vectors of texts."""

    texts: list[Text] = Field(min_length=1, examples=[["A fine film!", "The train is late."]])
    weights: TextWeighting = "sif"
    components: WholeNumber = Field(0, ge=0, le=MAX_COMPONENTS)


class SearchQuestion(VectorsQuestion):
    """Which of some texts are most similar to a query."""

    query: Annotated[ValidText, Field(min_length=1)] = Field(examples=["a good film"])
    texts: list[Text] = Field(min_length=1, examples=[["A fine movie!", "The train is late."]])
    top: Top = 10
    weights: TextWeighting = "sif"
    components: WholeNumber = Field(0, ge=0, le=MAX_COMPONENTS)


class ClassifyQuestion(ModelQuestion):
    """The labels of texts; of a model of numbers their numbers."""

    texts: list[Text] = Field(min_length=1, examples=[["I loved every minute of it."]])
    top: Top | None = Field(None, description="Number of labels; by default 1, or all above 1/2 of several.")
    explain: bool = Field(False, description="Tell what each word adds to the log-odds of the label.")


class EmojifyQuestion(ModelQuestion):
    """Texts that are to get an emoji."""

    texts: list[Text] = Field(min_length=1, examples=[["I want pizza"]])
    top: Top = 1
    insert: Place = "end"
    threshold: float = Field(0.0, ge=0, le=1, description="Least probability of an emoji to be added.")


class BiasQuestion(VectorsQuestion):
    """How biased vectors are."""

    topic: TopicName = "gender"
