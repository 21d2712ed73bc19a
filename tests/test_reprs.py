"""Values that hold thousands of words or texts show themselves in a line."""

import numpy as np
import pytest

from embedkit import (
    Embeddings,
    Labeled,
    MeanVectorClassifier,
    Topic,
    bias_report,
    debias,
    evaluate_classifier,
    find_benchmark,
)
from embedkit.bias.report import DebiasingReport
from embedkit.progress import SILENT

DATA = Labeled(["she works", "he works", "a nurse"], ["pos", "neg", "pos"], name="reviews.csv")
SEX = Topic("sex", {"f": ["she"], "m": ["he"]}, [["she", "he"]], neutral=["nurse", "smith"])


@pytest.fixture(scope="module")
def space():
    words = ["she", "he", "nurse", "smith", "works"]
    return Embeddings(np.random.default_rng(1).normal(size=(5, 6)), words)


def test_words_and_texts(space):
    assert repr(space.vocabulary) == "Vocabulary(5 words)"
    assert repr(DATA) == "<Labeled reviews.csv: 3 texts, 2 labels>"
    assert repr(Labeled(DATA.texts, DATA.labels)) == "<Labeled: 3 texts, 2 labels>"
    assert repr(find_benchmark("english-similarity")) == "SimilarityBenchmark(name='english-similarity')"
    assert repr(SILENT) == "Progress()"


@pytest.mark.filterwarnings("ignore:only one text")
def test_models(space):
    model = MeanVectorClassifier(space).fit(DATA.texts, DATA.labels)
    assert repr(model.predictor_) == "<MeanVectorPredictor: 2 classes, 5 words>"
    assert repr(model.words_) == "<WordIds: 5 words>"
    assert repr(evaluate_classifier(model, DATA)) == "<Assessment of 3 texts: accuracy 1.000>"


def test_bias(space):
    report = bias_report(space, SEX)
    assert repr(report) == "<BiasReport of vectors: sex>"
    assert repr(report.audit) == f"<Audit of sex: {len(report.audit.rows)} metrics>"
    assert repr(report.audit.topic) == "<Topic sex: f, m>"
    debiased = DebiasingReport("vectors", space, debias(space, SEX), report.audit, report.audit, [])
    assert repr(debiased) == "<DebiasingReport of vectors: sex, hard>"
