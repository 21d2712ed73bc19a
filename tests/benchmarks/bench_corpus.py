"""Raw text to a corpus: words/s and peak memory by tokenizer and cores, beside other tokenizers.

`python -m tests.benchmarks.bench_corpus FILE`, or without FILE on simplewiki.txt and enwiki.txt (also
compressed) anywhere in the folder $EMBEDKIT_DATA. Compressed text is unpacked before the clock
starts. The others only split the beginning of the text into tokens, in one process and from memory; embedkit
also reads it, numbers the words and writes the corpus. Words are those of embedkit's tokenizer `words`, so
that speeds of tokenizers which part text otherwise can be compared.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from embedkit.parallel.cores import available_cores
from embedkit.text.tokenization.factory import make_tokenizer
from tests.benchmarks.data import find, skipped, unpacked

REPEATS = 3
TOKENIZERS = ("words", "whitespace")
SAMPLE = 20_000  # lines that the others tokenize
ENCODE = """
import json, resource, sys, time
from embedkit.text.corpus.corpus import Corpus
begin = time.perf_counter()
workers = int(sys.argv[4])
corpus = Corpus.encode(sys.argv[1], sys.argv[2], tokenizer=sys.argv[3], workers=workers)
seconds = time.perf_counter() - begin
own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"words": corpus.words, "seconds": seconds, "kilobytes": own + workers * child}))
"""


def run(file=None):
    """Rows of (what, embedkit, gensim, ratio); or one row that says why there is nothing to measure."""
    sources = [Path(file)] if file else [find("simplewiki.txt"), find("enwiki.txt")]
    if None in sources:
        return skipped("corpus")
    with tempfile.TemporaryDirectory() as folder:
        return [row for source in sources for row in _measure_all(unpacked(source, folder))]


def _measure_all(text):
    """The rows of a text in lines, and one of the same text in one line, the worst shape for the memory."""
    rows = _measure(text)
    line = text.with_name("line.txt")
    line.write_bytes(text.read_bytes().replace(b"\n", b" "))
    cores = available_cores()
    runs = [_encode(line, "words", cores) for _ in range(REPEATS)]
    return [*rows, _row(f"text in one line, words, {cores} cores", runs)]


def _measure(text):
    """A row for each tokenizer and number of cores, then one for each peer; all measured in turns."""
    cores = sorted({1, available_cores()})
    lines, words = _sample(text)
    ours = {(name, workers): [] for name in TOKENIZERS for workers in cores}
    theirs = {name: [] for name in PEERS}
    for _ in range(REPEATS):
        for (name, workers), runs in ours.items():
            runs.append(_encode(text, name, workers))
        for name, seconds in theirs.items():
            seconds.append(_timed(PEERS[name](), lines))
    rows = [
        _row(f"text, {name}, {workers} core{'s' * (workers > 1)}", runs)
        for (name, workers), runs in ours.items()
    ]
    one = _speed(ours["words", 1])
    for name, seconds in theirs.items():
        speed = words / statistics.median(seconds)
        rows.append(
            {
                "what": f"text, words, 1 core, beside {name}",
                "embedkit": f"{one / 1e6:.2f} M words/s",
                "gensim": f"{name}: {speed / 1e6:.2f} M words/s, tokens only",
                "ratio": f"{one / speed:.1f}",
            }
        )
    return rows


def _speed(runs):
    """Words per second."""
    return runs[0]["words"] / statistics.median(run["seconds"] for run in runs)


def _row(what, runs):
    memory = max(run["kilobytes"] for run in runs) / 1e6
    return {
        "what": f"{runs[0]['words'] / 1e6:.1f} M words of {what}, to a corpus",
        "embedkit": f"{_speed(runs) / 1e6:.2f} M words/s, {memory:.2f} GB at most",
    }


def _encode(text, tokenizer, workers):
    """One run in a process of its own; its memory is the sum of the peaks of all processes."""
    target = text.with_name("corpus")
    command = [sys.executable, "-c", ENCODE, str(text), str(target), tokenizer, str(workers)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def _sample(text):
    """The first lines of the text, and how many words are in them."""
    with text.open(encoding="utf-8") as stream:
        lines = list(islice(stream, SAMPLE))
    return lines, sum(map(len, make_tokenizer("words").tokenize_all(lines)))


def _timed(tokenize, lines):
    """The seconds that it takes to tokenize all lines."""
    begin = time.perf_counter()
    for line in lines:
        tokenize(line)
    return time.perf_counter() - begin


def _gensim():
    from gensim.utils import simple_preprocess

    return simple_preprocess


def _spacy():
    import spacy

    return spacy.blank("en").tokenizer


def _bert():
    from tokenizers.pre_tokenizers import BertPreTokenizer

    return BertPreTokenizer().pre_tokenize_str


def _whitespace():
    from tokenizers.pre_tokenizers import Whitespace

    return Whitespace().pre_tokenize_str


def _re():
    find_all = re.compile(r"\w+").findall
    return lambda line: find_all(line.lower())


PEERS = {  # name -> what makes a function that tokenizes a line
    "gensim's simple_preprocess": _gensim,
    "spaCy's blank English": _spacy,
    "Hugging Face's BertPreTokenizer": _bert,
    "Hugging Face's Whitespace": _whitespace,
    r"re.findall(r'\w+')": _re,
}


if __name__ == "__main__":
    for row in run(*sys.argv[1:]):
        sys.stdout.write(" | ".join(row.values()) + "\n")
