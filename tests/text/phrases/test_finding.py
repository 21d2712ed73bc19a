"""What is found, against closed forms, gensim and a search by hand."""

import random
from math import log

import pytest
from gensim.models.phrases import ENGLISH_CONNECTOR_WORDS
from gensim.models.phrases import Phrases as GensimPhrases
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit import Corpus, InputError, find_phrases
from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.tokenized_documents import encode_documents
from embedkit.text.phrases.phrases import Phrase

# 12 words; "new york" 3 times, "new" 4, "york" 3
CITIES = [
    ["new", "york", "is", "big"],
    ["old", "new", "york"],
    ["york", "new"],
    ["new", "york", "wins"],
]
BANKS = [["bank", "of", "england"], ["bank", "of", "the", "england"], ["bank", "england"]] * 3


def tokens(phrases):
    return [phrase.token for phrase in phrases]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("pmi", log((3 / 12) / (4 / 12 * 4 / 12))),
        ("npmi", log((3 / 12) / (4 / 12 * 4 / 12)) / -log(3 / 12)),
        ("mikolov", (3 - 2) / (4 * 4) * (6 + 6)),  # different words and pairs
    ],
)
def test_scores_in_closed_form(score, expected):
    [phrase] = find_phrases(CITIES, score=score, min_count=2, threshold=0.1, connectors="none", passes=1)
    assert (phrase.words, phrase.frequency) == (("new", "york"), 3)
    assert phrase.score == pytest.approx(expected, rel=1e-12)


def test_a_score_must_exceed_the_threshold():
    exact = (3 - 2) / 16 * 12
    chosen = {"score": "mikolov", "min_count": 2, "passes": 1}
    assert len(find_phrases(CITIES, threshold=exact, **chosen)) == 0
    assert len(find_phrases(CITIES, threshold=exact - 1e-9, **chosen)) == 1


def test_words_that_are_the_whole_text_have_the_highest_npmi():
    assert find_phrases([["a", "b"]], min_count=1, connectors="none").phrases == (
        Phrase(("a", "b"), pytest.approx(log(2) / log(2)), 1),
    )


def test_connectors_stand_inside_phrases_and_tell_them_apart():
    found = find_phrases(BANKS, min_count=3, threshold=-1, passes=1)
    assert {phrase.words: phrase.frequency for phrase in found} == {
        ("bank", "england"): 3,
        ("bank", "of", "england"): 3,
        ("bank", "of", "the", "england"): 3,
    }
    own = find_phrases(BANKS, min_count=3, threshold=-1, passes=1, connectors=("of",))
    assert ("of", "england") not in {phrase.words for phrase in own}
    assert ("the", "england") in {phrase.words for phrase in own}


def test_pairs_do_not_cross_documents():
    assert len(find_phrases([["a"], ["b"]] * 9, min_count=1, threshold=-1, connectors="none")) == 0


def test_pairs_cross_shards_where_a_document_does(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("red fox " * 40)
    encode_text(text, tmp_path / "corpus", block_bytes=28)
    corpus = Corpus.open(tmp_path / "corpus")
    assert len(corpus.shards()) > 3
    [fox, red] = sorted(find_phrases(corpus, min_count=1, threshold=-1, passes=1))
    assert (fox.frequency, red.frequency) == (39, 40)


def test_the_second_pass_makes_longer_phrases():
    documents = [["in", "new", "york", "city"], ["new", "york", "city"], ["a", "city"], ["new", "york"]] * 5
    chosen = {"min_count": 6, "threshold": 0.3, "connectors": "none"}
    assert tokens(find_phrases(documents, passes=1, **chosen)) == ["new_york", "york_city"]
    longer = find_phrases(documents, passes=2, **chosen)
    assert "new_york_city" in tokens(longer)
    assert longer.apply(["new", "york", "city", "new", "york"]) == ["new_york_city", "new_york"]
    # 60 tokens become 40: 15 new_york, 10 of them before one of 15 city
    [phrase] = [phrase for phrase in longer if phrase.token == "new_york_city"]
    assert phrase.frequency == 10
    assert phrase.score == pytest.approx(log((10 / 40) / (15 / 40 * 15 / 40)) / -log(10 / 40))


def random_documents(seed, words=60, documents=150):
    """Documents with a few words that like each other, and connectors between some."""
    draw = random.Random(seed)
    vocabulary = [f"w{number}" for number in range(words)] + ["of", "the", "in", "and"] * 6
    weights = [1 / (1 + number % words) for number in range(len(vocabulary))]
    made = []
    for _ in range(documents):
        document = draw.choices(vocabulary, weights, k=draw.randrange(1, 40))
        for number in range(len(document) - 3):
            if document[number] in ("w3", "w9") and draw.random() < 0.7:
                document[number + 1 : number + 4] = ["of", "the", f"{document[number]}0"]
        made.append(document)
    return made


@pytest.mark.parametrize("connectors", [frozenset(), ENGLISH_CONNECTOR_WORDS], ids=["none", "english"])
@pytest.mark.parametrize(
    ("score", "theirs", "min_count", "threshold"),
    [
        ("mikolov", "default", 2, 0.2),
        ("mikolov", "default", 5, 0.1),
        ("mikolov", "default", 8, 0.05),
        ("npmi", "npmi", 1, 0.3),
        ("npmi", "npmi", 5, 0.0),
        ("npmi", "npmi", 8, -1.0),
    ],
)
def test_the_same_phrases_scores_and_sentences_as_gensim(score, theirs, min_count, threshold, connectors):
    documents = random_documents(min_count)
    found = find_phrases(
        documents,
        score=score,
        min_count=min_count,
        threshold=threshold,
        connectors=tuple(connectors),
        passes=1,
    )
    gensim = GensimPhrases(
        documents, min_count=min_count, threshold=threshold, scoring=theirs, connector_words=connectors
    )
    expected = gensim.export_phrases()
    assert len(expected) > 5
    assert {phrase.token: phrase.score for phrase in found} == pytest.approx(expected, rel=1e-9, abs=1e-9)
    for document in documents:
        assert found.apply(document) == gensim[document]


@settings(max_examples=30)
@given(
    st.lists(st.lists(st.sampled_from(["a", "b", "c", "of", "the"]), min_size=1), min_size=1),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_each_pass_counts_what_the_one_before_joined(documents, min_count, passes):
    """The pairs of a search by hand over joined documents are those of the search over ids."""
    chosen = {"min_count": min_count, "threshold": 0.2, "score": "pmi", "connectors": ("of", "the")}
    expected = by_hand(documents, passes, min_count, 0.2, {"of", "the"})
    found = find_phrases(documents, passes=passes, **chosen)
    assert {phrase.words: phrase.frequency for phrase in found} == {
        words: frequency for words, (_, frequency) in expected.items()
    }
    assert [phrase.score for phrase in found] == pytest.approx(
        sorted((score for score, _ in expected.values()), reverse=True)
    )


def by_hand(documents, passes, min_count, threshold, connectors):
    """Phrases with score and frequency, by tuples of words; a token is such a tuple, too."""
    found = {}
    texts = [[(word,) for word in document] for document in documents]
    for _ in range(passes):
        words, pairs = {}, {}
        for text in texts:
            for number, token in enumerate(text):
                words[token] = words.get(token, 0) + 1
                if token[0] in connectors and len(token) == 1:
                    continue
                before = number - 1
                while before >= 0 and len(text[before]) == 1 and text[before][0] in connectors:
                    before -= 1
                if before >= 0:
                    pair = tuple(text[before : number + 1])
                    pairs[pair] = pairs.get(pair, 0) + 1
        total, new = sum(words.values()), {}
        for pair, count in pairs.items():
            score = log(count / total / (words[pair[0]] / total * words[pair[-1]] / total))
            phrase = sum(pair, ())
            if count >= min_count and score > threshold:
                new[phrase] = max(new.get(phrase, (score, count)), (score, count))
        found |= new
        texts = [joined_by_hand(document, found) for document in documents]
    return found


def joined_by_hand(document, found):
    """The document with the longest phrase at each place, from left to right."""
    tokens, begin = [], 0
    while begin < len(document):
        ends = [end for end in range(len(document), begin + 1, -1) if tuple(document[begin:end]) in found]
        end = ends[0] if ends else begin + 1
        tokens.append(tuple(document[begin:end]))
        begin = end
    return tokens


@pytest.mark.parametrize("score", ["npmi", "mikolov"])
def test_neither_workers_nor_memory_change_the_result(tmp_path, score):
    encode_documents(random_documents(0, words=2000, documents=300), tmp_path / "c", shard_words=900)
    corpus = Corpus.open(tmp_path / "c")
    chosen = {"score": score, "min_count": 2, "threshold": 0.1}
    one = find_phrases(corpus, workers=1, **chosen)
    assert len(one) > 20
    assert find_phrases(corpus, workers=3, **chosen) == one
    assert find_phrases(corpus, workers=2, max_candidates=1000, **chosen) == one


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"score": "chi"}, "score must be one of 'npmi', 'pmi', 'mikolov', got 'chi'"),
        ({"min_count": 0}, "min_count must be at least 1, got 0"),
        ({"threshold": 2}, "threshold must be between -1 and 1 for npmi, got 2"),
        ({"score": "mikolov", "threshold": 0}, "threshold must be more than 0 for mikolov, got 0"),
        ({"threshold": float("nan")}, "threshold must be a finite number, got nan"),
        ({"passes": 11}, "passes must be at most 10, got 11"),
        ({"connectors": "no/such/file"}, "no such file of connector words: no/such/file"),
        ({"connectors": ("of the",)}, "a connector must be one word, got 'of the'"),
        ({"connectors": 3}, "connectors must be"),
        ({"max_candidates": 1}, "max_candidates must be at least 1000, got 1"),
    ],
)
def test_settings_out_of_range(chosen, message):
    with pytest.raises(InputError, match=message):
        find_phrases(CITIES, **chosen)
