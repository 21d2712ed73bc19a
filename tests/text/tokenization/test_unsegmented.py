"""Clauses of scripts without blanks are warned of where they would become words, and nowhere else."""

import warnings

import pytest

from embedkit import Corpus, TfidfClassifier
from embedkit.models.assessment.evaluation import unknown_words_warning
from embedkit.text.tokenization.icu import IcuTokenizer
from embedkit.text.tokenization.unsegmented import warn_of_unsegmented_texts

CHINESE = "\u4eca\u5929\u5929\u6c14\u5f88\u597d\uff0c\u6211\u4eec\u53bb\u516c\u56ed\u73a9\u3002"
JAPANESE = "\u4eca\u65e5\u306f\u3068\u3066\u3082\u3044\u3044\u5929\u6c17\u3067\u3059\u306d\u3002"
THAI = "\u0e27\u0e31\u0e19\u0e19\u0e35\u0e49\u0e2d\u0e32\u0e01\u0e32\u0e28\u0e14\u0e35\u0e21\u0e32\u0e01"
BURMESE = "\u1019\u103c\u1014\u103a\u1019\u102c\u1018\u102c\u101e\u102c" * 2


def encode(folder, text, tokenizer="words"):
    (folder / "a.txt").write_text(f"{text}\n" * 20, encoding="utf-8")
    return Corpus.encode(folder / "a.txt", folder / "c", tokenizer=tokenizer)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            CHINESE,
            r"use the tokenizer icu:zh \(--tokenizer icu:zh; .*\), or spacy:zh .*, or part the words by",
        ),
        (JAPANESE, "use the tokenizer icu:ja .* or spacy:ja"),
        (THAI, "use the tokenizer icu:th .* or spacy:th"),
        (
            BURMESE,
            r"use the tokenizer icu \(--tokenizer icu; pip install 'embedkit\[icu\]'\), or part",
        ),
        (f"{CHINESE} and a few English words", "spacy:zh"),
    ],
)
@pytest.mark.parametrize("tokenizer", ["words", "whitespace"])
def test_clauses_that_become_words(tmp_path, text, told, tokenizer):
    with pytest.warns(UserWarning, match=told) as warned:
        encode(tmp_path, text, tokenizer)
    assert len(warned) == 1


@pytest.mark.parametrize("text", [CHINESE, JAPANESE, THAI])
def test_the_advice_is_true(text):
    pytest.importorskip("icu4py")
    tokenizer = IcuTokenizer()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_unsegmented_texts(tokenizer, [text])
    assert len(tokenizer.tokenize(text)) > 3


@pytest.mark.parametrize(
    "text",
    [
        " ".join(CHINESE),
        "\u4eca\u5929 \u5929\u6c14 \u5f88 \u597d",
        "\u0e27\u0e31\u0e19 \u0e19\u0e35\u0e49 \u0e2d\u0e32\u0e01\u0e32\u0e28 \u0e14\u0e35",
        "\ud55c\uad6d\uc5b4\ub294 \ub744\uc5b4\uc4f0\uae30\ub97c \ud55c\ub2e4",  # Korean has blanks
        f"an English text about the many meanings of the sentence {CHINESE} in a long description of it all",
        "\u0434\u043b\u0438\u043d\u043d\u043e\u0435\u043f\u0440\u0435\u0434\u043b\u043e\u0436\u0435\u043d\u0438\u0435",
    ],
)
def test_words_between_blanks(tmp_path, text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        encode(tmp_path, text)


def test_classifiers_of_clauses():
    texts, labels = [CHINESE, CHINESE[6:] + CHINESE[:5]] * 6, ["a", "b"] * 6
    with pytest.warns(
        UserWarning,
        match=r"spacy:zh.*; or let n-grams .* \(--model tfidf --characters 4\)",
    ):
        TfidfClassifier(min_df=1).fit(texts, labels)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = TfidfClassifier(min_df=1, characters=3).fit(texts, labels)
    assert model.predictor_.reads_characters
    assert model.predict([CHINESE[:5]]).tolist() == ["b"]
    assert model.predictor_.unknown_shares([CHINESE[:3]]).tolist() == [1]
    assert unknown_words_warning([1.0], reads_characters=True) is None
    assert "100% of the words are unknown" in unknown_words_warning([1.0])
