"""Vectors for short texts: skip-gram with a wide and with a narrow window, side by side.

Words of the same topic are neighbors in a wide window, words of the same kind in a narrow one. They are
trained on two slices of Wikipedia and on film reviews, whose labels are not read. Others may stand beside the
bundled everyday vectors instead.
"""

import re
import tempfile
from pathlib import Path

import numpy as np

from embedkit import Embeddings, Word2Vec, load
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.tokenization.words import WordsTokenizer
from embedkit_corpora.everyday import completed, text_lines

WORDS = 60_000  # the most frequent are kept
CORPUS = ("corpus/simplewiki.txt.xz", "corpus/enwiki.txt.xz")
TRAINERS = {
    "wide": Word2Vec(vector_size=300, window=5, sample=1e-4, epochs=3, max_vocabulary=150_000),
    "narrow": Word2Vec(vector_size=300, window=2, sample=1e-4, epochs=5, max_vocabulary=150_000),
}
SPREAD = 0.35  # root of the mean square of the numbers of vectors beside the everyday ones, and of these
SCALE = 1.5  # networks learn faster from longer vectors
# n't, 's and so on become words of their own, as they are in published data sets
CLITICS = re.compile(r"(n't|'(?:s|re|ve|ll|d|m))\b", re.IGNORECASE)


def scratch_option(parser):
    """The option of a benchmark for the folder in which the vectors stay."""
    default = Path(tempfile.gettempdir(), "two-windows")
    told = f"where the vectors stay for the next run, default {default}; empty it when their settings change"
    parser.add_argument("--scratch", type=Path, metavar="FOLDER", default=default, help=told)


def trained_vectors(folder, scratch):
    """The vectors of both windows side by side; those that are not in `scratch` yet are trained."""
    scratch.mkdir(parents=True, exist_ok=True)
    missing = [name for name in TRAINERS if not _path(scratch, name).exists()]
    if missing:
        with tempfile.TemporaryDirectory(dir=scratch) as place:
            text = Path(place, "text.txt")
            with text.open("w", encoding="utf-8") as stream:
                stream.writelines(CLITICS.sub(r" \1", line) + "\n" for line in text_lines(folder, CORPUS))
            corpus = Corpus.encode(text, Path(place, "corpus"), tokenizer=WordsTokenizer(punctuation=True))
            for name in missing:
                TRAINERS[name].train(corpus).subset(WORDS).save(_path(scratch, name))
    wide, narrow = (load(_path(scratch, name)) for name in TRAINERS)
    return Embeddings(SCALE * np.hstack([wide.matrix, narrow.matrix]), wide.vocabulary, wide.metadata)


def beside_everyday(vectors):
    """The most frequent words with their vectors and the bundled everyday ones side by side.

    Everyday vectors of words that lack one are guessed. They know what the phrases of SST-2's training set
    and embedkit's own sentences with emoji taught; nothing of TREC or of any development set is in them.
    """
    vectors, everyday = vectors.subset(WORDS), load("everyday")
    more = completed(vectors, everyday.subset(word for word in vectors if word in everyday))
    parts = [part * (SPREAD / np.sqrt(np.square(part).mean())) for part in (vectors.matrix, more)]
    return Embeddings(np.hstack(parts), vectors.vocabulary, vectors.metadata)


def _path(scratch, name):
    return scratch / f"{name}.safetensors"
