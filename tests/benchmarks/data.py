"""What the benchmarks run on: text in the folder $EMBEDKIT_DATA, evaluation sets in gensim's package."""

import os
import time
from pathlib import Path

import numpy as np
from gensim.test.utils import datapath

from embedkit import Corpus
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.benchmarks.analogy_items import is_syntactic
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.similarity import evaluate_similarity
from embedkit.text.reading.lines import read_lines
from embedkit.training.word2vec.gensim_engine import Sentences


def find(name):
    """The file `name`, also compressed, anywhere in $EMBEDKIT_DATA; None if there is none."""
    folder = os.environ.get("EMBEDKIT_DATA")
    return min(Path(folder).rglob(f"{name}*"), default=None) if folder else None


def skipped(what):
    """The row of a benchmark that has no text to run on."""
    return [{"what": f"{what}: skipped, $EMBEDKIT_DATA names no folder with the text"}]


def unpacked(source, folder):
    """The text of `source`, decompressed, as a file in `folder`."""
    text = Path(folder, "text.txt")
    with text.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in read_lines(source))
    return text


def written_for_gensim(corpus: Corpus, path):
    """The tokens of a corpus as gensim's `corpus_file` wants them: a document a line, words by spaces.

    Documents are cut at 10,000 words, beyond which gensim would drop the rest.
    """
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(" ".join(words) + "\n" for words in Sentences(corpus, corpus.vocabulary))


def google_answers(vectors):
    """Whether each covered Google question is answered rightly: 3CosAdd, every word a candidate."""
    benchmark = read_benchmark(datapath("questions-words.txt"))
    outcomes = evaluate_analogies(vectors, benchmark, lowercase=True).outcomes
    return outcomes[~np.isnan(outcomes)] == 1


def google_syntactic(vectors):
    """Whether each covered Google question asks for an inflection."""
    questions = read_benchmark(datapath("questions-words.txt")).questions
    covered = [each for each in questions if all(word.lower() in vectors for word in each.words)]
    return np.array([is_syntactic(each.category) for each in covered])


def wordsim_correlation(vectors):
    """Spearman's correlation with WordSim-353, times 100, over the pairs covered."""
    benchmark = read_benchmark(datapath("wordsim353.tsv"))
    return 100 * evaluate_similarity(vectors, benchmark, lowercase=True, resamples=1).spearman.value


def timed(work):
    """Seconds that `work` took, and what it returned."""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def learned(models, texts, labels, unseen):
    """The mean seconds of training of classifiers, and the probabilities of the unseen texts by each."""
    runs = [timed(lambda model=model: model.fit(texts, labels)) for model in models]
    seconds, fitted = zip(*runs, strict=True)
    return float(np.mean(seconds)), [model.predict_proba(unseen) for model in fitted]


def interval(values):
    """The mean of a few runs with a 95 % t-interval, or what a single one gave, as text."""
    from scipy.stats import t

    if len(values) == 1:
        return f"{values[0]:.1f}"
    half = t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return f"{np.mean(values):.1f} ± {half:.1f}"
