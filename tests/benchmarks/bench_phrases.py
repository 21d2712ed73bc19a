"""Phrases: words/s and peak memory of finding and of joining them, beside gensim on the same tokens.

`python -m tests.benchmarks.bench_phrases FILE`, or without FILE on simplewiki.txt (also compressed) anywhere
in the folder $EMBEDKIT_DATA. gensim is given its tokens as lists in memory, embedkit maps a corpus; the time
to make either is not counted, but that of everything else, checksums and the vocabulary of the corpus
included; of gensim that of `Phrases(...)`, not of `freeze`, which lists what it found. Words that hold a "_"
are left out, as gensim would take them for phrases. Each run is a process of its own, and both libraries run
in turns.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from embedkit import Corpus
from embedkit.parallel.cores import available_cores
from tests.benchmarks.data import find, skipped, unpacked

REPEATS = 3
SETTINGS = {
    "Mikolov's score": {"score": "mikolov", "min_count": 5, "threshold": 10.0, "connectors": "none"},
    "NPMI, gensim's connectors": {"score": "npmi", "min_count": 5, "threshold": 0.5, "connectors": "gensim"},
}
GENSIM = """
import json, resource, sys, time
from gensim.models.phrases import ENGLISH_CONNECTOR_WORDS, Phrases
from embedkit import Corpus
corpus, settings = Corpus.open(sys.argv[1]), json.loads(sys.argv[2])
words = corpus.vocabulary.words
documents = [[words[word] for word in ids.tolist()] for ids in corpus]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = time.perf_counter()
phrases = Phrases(
    documents, min_count=settings["min_count"], threshold=settings["threshold"],
    scoring={"mikolov": "default"}.get(settings["score"], settings["score"]),
    connector_words=ENGLISH_CONNECTOR_WORDS if settings["connectors"] == "gensim" else frozenset(),
)
found = time.perf_counter()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
phrases = phrases.freeze()
frozen = time.perf_counter()
tokens = sum(len(phrases[document]) for document in documents)
joined = time.perf_counter()
print(json.dumps({
    "find": found - begin, "apply": joined - frozen, "kilobytes": memory - before, "tokens": tokens,
    "phrases": phrases.phrasegrams,
}))
"""
EMBEDKIT = """
import json, resource, sys, time
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from gensim.models.phrases import ENGLISH_CONNECTOR_WORDS
from embedkit import Corpus, find_phrases
from embedkit.text.tokenization.numbered import NumberedWords, number_words
settings, workers = json.loads(sys.argv[2]), int(sys.argv[3])
if settings["connectors"] == "gensim":
    settings["connectors"] = tuple(ENGLISH_CONNECTOR_WORDS)
find_phrases([["a", "b", "a", "b"]], **settings).join(number_words([]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = time.perf_counter()
corpus = Corpus.open(sys.argv[1])
phrases = find_phrases(corpus, passes=1, workers=workers, **settings)
found = time.perf_counter()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
words, blocks = corpus.vocabulary.words, []
for ids, offsets in corpus.shards():
    different, numbers, counts = np.unique(ids, return_inverse=True, return_counts=True)
    blocks.append(NumberedWords(
        numbers.astype(np.int32), np.array(offsets), np.arange(len(offsets) - 1),
        [words[word] for word in different.tolist()], counts,
    ))
joining = time.perf_counter()
with ThreadPoolExecutor(workers) as pool:
    tokens = sum(len(joined.ids) for joined in pool.map(phrases.join, blocks))
joined = time.perf_counter()
documents = [[words[word] for word in ids.tolist()] for ids in corpus]
applying = time.perf_counter()
assert sum(len(phrases.apply(document)) for document in documents) == tokens
applied = time.perf_counter()
print(json.dumps({
    "find": found - begin, "join": joined - joining, "apply": applied - applying,
    "kilobytes": memory - before, "tokens": tokens,
    "phrases": {phrase.token: phrase.score for phrase in phrases},
}))
"""


def run(file=None):
    """Rows of (what, embedkit, gensim, ratio); or one row that says why there is nothing to measure."""
    source = Path(file) if file else find("simplewiki.txt")
    if source is None:
        return skipped("phrases")
    with tempfile.TemporaryDirectory() as folder:
        corpus = _corpus(unpacked(source, folder), Path(folder))
        return [row for name in SETTINGS for row in _measure(corpus, name)]


def _corpus(text, folder):
    """The corpus of a text, without words that hold a "_"."""
    whole = Corpus.encode(text, folder / "whole")
    words = whole.vocabulary.words
    documents = ([words[word] for word in ids.tolist() if "_" not in words[word]] for ids in whole)
    return Corpus.from_documents(documents, folder / "corpus")


def _measure(corpus, name):
    cores = sorted({1, available_cores()})
    settings = json.dumps(SETTINGS[name])
    runs = {who: [] for who in ("gensim", *cores)}
    for _ in range(REPEATS):
        for who, done in runs.items():
            program = GENSIM if who == "gensim" else EMBEDKIT
            command = [sys.executable, "-c", program, str(corpus.path), settings, str(who)]
            done.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    _check(runs["gensim"][0], [runs[count][0] for count in cores])
    for count in cores:
        yield _row(f"finding phrases, {name}", corpus.words, count, runs, "find", "find")
        yield _row("joining them in numbered words", corpus.words, count, runs, "join", "apply")
    yield _row("joining them in lists of words", corpus.words, 1, runs, "apply", "apply")


def _check(theirs, all_ours):
    """Stop unless the phrases, their scores and the length of the joined text are the same."""
    for ours in all_ours:
        assert ours["tokens"] == theirs["tokens"], "other sentences"
        assert ours["phrases"].keys() == theirs["phrases"].keys(), "other phrases"
        differences = [abs(ours["phrases"][key] - score) for key, score in theirs["phrases"].items()]
        assert max(differences) < 1e-9, "other scores"


def _row(what, words, cores, runs, ours, theirs):
    own = statistics.median(run[ours] for run in runs[cores])
    gensim = statistics.median(run[theirs] for run in runs["gensim"])
    memory, their_memory = "", ""
    if ours == "find":
        memory, their_memory = (
            f", {max(run['kilobytes'] for run in runs[who]) / 1e6:.2f} GB" for who in (cores, "gensim")
        )
    return {
        "what": f"{what}, {words / 1e6:.1f} M words, {cores} threads",
        "embedkit": f"{words / own / 1e6:.1f} M words/s{memory}",
        "gensim": f"{words / gensim / 1e6:.2f} M words/s{their_memory}",
        "ratio": f"{gensim / own:.1f}",
    }


if __name__ == "__main__":
    for row in run(*sys.argv[1:]):
        sys.stdout.write(" | ".join(row.values()) + "\n")
        sys.stdout.flush()
