"""BLEU: closed forms, and equal to sacrebleu on random and real pairs."""

import math
import random
from itertools import product

import pytest

from embedkit import InputError, bleu
from embedkit.evaluation.translations.bleu import bleu_counts
from embedkit.evaluation.translations.tokenization import tokens_13a

PIECES = (
    *(
        ".",
        ",",
        "-",
        "'",
        '"',
        "(",
        "1",
        "22",
        "3.5",
        "1,000",
        "a",
        "the",
        "cat",
        "&amp;",
        "-\n",
        "é",
        "don't",
    ),
    *("x-y", "5-6", "\u00a0", "<skipped>", "!", "…", "»", "  ", "\t", "a.", ".b", "@", "[", "`", "~"),
)
PAIRS = [
    ("The cat sat on the mat.", "The cat is sitting on the mat."),
    ("Il fait beau aujourd'hui, n'est-ce pas ?", "Il fait beau aujourd\u2019hui, pas vrai ?"),
    ("Ein Mann mit 2,5 Hunden läuft.", "Ein Mann läuft mit 2,5 Hunden."),
    ("", "Nothing was said."),
]


def random_text(generator):
    return "".join(
        generator.choice(PIECES) + generator.choice(["", " "]) for _ in range(generator.randint(0, 12))
    )


def random_lists(seed):
    """A few texts, and one to three references for each."""
    generator = random.Random(seed)
    count, several = generator.randint(1, 4), generator.randint(1, 3)
    said = [random_text(generator) for _ in range(count)]
    return said, [[random_text(generator) for _ in range(several)] for _ in range(count)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Hello, world!", "Hello , world !"),
        ("1,000.5 and .5 or 5.", "1,000.5 and . 5 or 5 ."),
        ("state-of-the-art 1990-95", "state-of-the-art 1990 - 95"),
        ("&quot;x&quot; &lt;y&gt;", '" x " < y >'),
        ("don't (stop)", "don't ( stop )"),
        (" ", ""),
    ],
)
def test_tokens_of_13a(text, tokens):
    assert tokens_13a(text) == tokens.split()


def test_equal_texts_score_100():
    score = bleu(["a b c d e"], ["a b c d e"])
    assert score == (pytest.approx(100), (100, 100, 100, 100), 1, 5, 5)


def test_the_score_is_the_geometric_mean_of_the_precisions():
    score = bleu(["the cat sat on the mat"], ["the cat is on the mat"])
    shares = 5 / 6, 3 / 5, 1 / 4, 1 / 6  # no quadruple is right, which smoothing takes for a half
    assert score.precisions == pytest.approx([100 * share for share in shares])
    assert score.score == pytest.approx(100 * math.prod(shares) ** (1 / 4))


def test_short_translations_are_penalized():
    score = bleu(["a b c d"], ["a b c d e f"])
    assert score.brevity_penalty == pytest.approx(math.exp(1 - 6 / 4))
    assert score.score == pytest.approx(100 * math.exp(1 - 6 / 4))


def test_the_closest_reference_gives_the_length_and_counts_are_clipped():
    score = bleu(["the the the the"], [["the the x", "a b c d e f g"]], max_order=1)
    assert score[1:] == ((50,), 1, 4, 3)


@pytest.mark.parametrize(
    ("smoothing", "value", "shares"),
    [
        ("none", None, (2 / 3, 0)),
        ("floor", None, (2 / 3, 0.1 / 2)),
        ("floor", 0.5, (2 / 3, 0.5 / 2)),
        ("add-k", None, (2 / 3, 1 / 3)),
        ("exp", None, (2 / 3, 1 / 4)),
    ],
)
def test_smoothing(smoothing, value, shares):
    score = bleu(["a x b"], ["a y b"], smoothing=smoothing, smoothing_value=value, max_order=2)
    assert score.precisions == pytest.approx([100 * share for share in shares])
    assert score.score == pytest.approx(100 * math.sqrt(math.prod(shares)))


def test_effective_order_leaves_out_ngrams_longer_than_the_text():
    assert bleu(["a b"], ["a b"]).score == 0
    assert bleu(["a b"], ["a b"], effective_order=True).score == pytest.approx(100)


def test_nothing_in_common_scores_0():
    assert bleu(["a b c d"], ["e f g h"], smoothing="add-k").score == 0
    assert bleu([""], ["e f g h"]) == (0, (0, 0, 0, 0), 0, 0, 4)


def test_corpus_counts_are_sums_of_those_of_texts():
    said, truth = zip(*PAIRS, strict=True)
    each = [bleu_counts([text], [own])[0] for text, own in PAIRS]
    assert bleu_counts(said, truth).tolist() == [row.tolist() for row in each]


@pytest.mark.parametrize("seed", range(30))
def test_equal_to_sacrebleu(seed):
    sacrebleu = pytest.importorskip("sacrebleu")
    said, truth = random_lists(seed)
    for smoothing, tokenize, effective in product(
        ("exp", "floor", "add-k", "none"), ("13a", "none", "char"), (True, False)
    ):
        other = sacrebleu.BLEU(
            smooth_method=smoothing, tokenize=tokenize, effective_order=effective, force=True
        ).corpus_score(said, [list(stream) for stream in zip(*truth, strict=True)])
        own = bleu(said, truth, smoothing=smoothing, tokenize=tokenize, effective_order=effective)
        assert own.score == pytest.approx(other.score, abs=1e-6)
        assert own.precisions == pytest.approx(other.precisions)
        assert own[2:] == (pytest.approx(other.bp), other.sys_len, other.ref_len)


def test_equal_to_sacrebleu_on_sentences():
    sacrebleu = pytest.importorskip("sacrebleu")
    said, truth = zip(*PAIRS, strict=True)
    for lowercase in (True, False):
        other = sacrebleu.corpus_bleu(said, [truth], lowercase=lowercase).score
        assert bleu(said, truth, lowercase=lowercase).score == pytest.approx(other)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((["a"], ["a", "b"]), {}, "references for each of 1 texts, got 2"),
        (([], []), {}, "got none"),
        (("a", ["a"]), {}, "got one string"),
        ((["a"], [[]]), {}, "text 1 has no reference"),
        ((["a"], [3]), {}, "expected a reference or a list of them, got 3"),
        (([float("nan")], ["a"]), {}, "expected a string, got nan"),
        ((["a"], ["a"]), {"tokenize": "zh"}, "tokenize must be one of 13a, none, char"),
        ((["a"], ["a"]), {"smoothing": "x"}, "smoothing must be one of exp, floor, add-k, none"),
        ((["a"], ["a"]), {"smoothing_value": 1}, "leave it out with exp"),
        ((["a"], ["a"]), {"smoothing": "floor", "smoothing_value": float("nan")}, "more than 0"),
        ((["a"], ["a"]), {"max_order": 0}, "max_order must be a number from 1 to 16"),
    ],
)
def test_what_cannot_be_scored(arguments, options, message):
    with pytest.raises(InputError, match=message):
        bleu(*arguments, **options)
