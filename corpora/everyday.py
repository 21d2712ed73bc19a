"""Training the vectors of everyday English: those behind the bundled emojifier, and those that ship.

`python -m embedkit_corpora.everyday DATA -o everyday.safetensors`, about ten minutes on two cores; DATA is
a folder with film reviews, tweets, Simple Wikipedia and the phrases of SST-2, see `TEXTS` and `PHRASES`.
Beside one another stand, for each word,

- skip-gram vectors of a wide window, in which words of one topic are near, and of a narrow one, in which
  words of one kind are;
- what two small networks make of the word: one has learned which emoji our own training sentences ask for,
  one whether phrases of reviews are positive. A network reads word by word and takes the mean, so that what
  it makes of a word is a vector that knows what such labels ask for (in the way of the sentiment-specific
  vectors of Tang et al. 2014, ACL), and words that the labeled texts lack get theirs from their neighbors.

Those that ship, `--bundled`, take less room and time: the English vectors that ship stand in the place of the
wide window, beside all stands what the network of the bundled emojifier makes of each word, and of this are
kept the principal components of the most frequent words, as int8.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.stats import ortho_group

from embedkit import Embeddings, Word2Vec, load, load_model
from embedkit.arrays import Floats2d
from embedkit.errors import EmbedkitError
from embedkit.models.given_vectors import principal_components
from embedkit.models.networks.classifier import TextClassifier
from embedkit.progress import Progress, console_progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_texts
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.reading.lines import read_lines

REVIEWS = ("imdb/train.tsv.bz2", "imdb/unsup.tsv.bz2")
TEXTS = ("tweeteval_emoji/train_text.txt", "corpus/simplewiki.txt.xz")
PHRASES = "sst2/train.tsv"
SENTENCES = Path(__file__).with_name("emoji") / "sentences.tsv"
WINDOWS = (15, 3)
WORDS = 60_000  # the most frequent are kept
SHORT = 10_500  # of the list behind the emojifier that ships
BUNDLED, COMPONENTS = 30_000, 192  # words and dimensions of the vectors that ship
RIDGE = 100.0  # strength of the penalty
LENGTH = 5.0  # of the vectors that networks read
SPREAD = 0.35  # root of the mean square of the numbers of each part


def main() -> None:
    """Make the vectors and write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder of the texts")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the vectors to write")
    parser.add_argument(
        "--short", type=Path, help=f"also write those of {SHORT:,} words, which the model knows"
    )
    parser.add_argument("--bundled", action="store_true", help="make the vectors that ship")
    arguments = parser.parse_args()
    try:
        tasks = _sentences(), _phrases(arguments.data)
    except EmbedkitError as error:
        parser.error(str(error))
    with console_progress() as progress:
        if arguments.bundled:
            plain = beside_english(skip_grams(arguments.data, progress, WINDOWS[1:]))
        else:
            plain = skip_grams(arguments.data, progress)
        tuned = [tuned_vectors(plain, *task, progress=progress) for task in tasks]
    if arguments.bundled:
        tuned.append(emojifier_states(plain))
    parts = [part * (SPREAD / np.sqrt(np.square(part).mean())) for part in (plain.matrix, *tuned)]
    vectors = Embeddings(np.hstack(parts), plain.vocabulary, plain.metadata)
    if arguments.bundled:
        vectors = shortened(vectors).astype("int8")
    vectors.save(arguments.output)
    if arguments.short:
        vectors.subset(short_list(vectors)).save(arguments.short)


def skip_grams(folder: Path, progress: Progress, windows: Sequence[int] = WINDOWS) -> Embeddings:
    """The vectors of these windows, each of length 1, side by side."""
    with tempfile.TemporaryDirectory() as place:
        text = Path(place, "text.txt")
        with text.open("w", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in text_lines(folder, TEXTS))
        corpus = Corpus.encode(text, Path(place, "corpus"), progress=progress)
        spaces = [
            Word2Vec(vector_size=300, window=window, min_count=8, sample=1e-4)
            .train(corpus, progress=progress)
            .subset(WORDS)
            for window in windows
        ]
    return Embeddings(
        np.hstack([vectors.unit_matrix for vectors in spaces]), spaces[0].vocabulary, spaces[0].metadata
    )


def beside_english(vectors: Embeddings) -> Embeddings:
    """The vectors of the words that ship, and the bundled English ones beside them, each of length 1."""
    vectors, english = vectors.subset(BUNDLED), load()
    more = completed(vectors, english.subset(word for word in vectors if word in english))
    more /= np.linalg.norm(more, axis=1, keepdims=True)
    return vectors.transformed(np.hstack([vectors.matrix, more]), "beside", vectors="english")


def emojifier_states(vectors: Embeddings) -> Floats2d:
    """What the network of the bundled emojifier makes of each word alone, (V, units), the mean taken off."""
    [network] = [
        part.model for part in load_model("emojify").parts_ if isinstance(part.model, TextClassifier)
    ]
    words = [word for word in vectors if word in network.words_]
    states = completed(vectors, Embeddings(network.transform(words), words))
    return states - states.mean(axis=0)


def completed(vectors: Embeddings, some: Embeddings) -> Floats2d:
    """Vectors of some words for all words: those that lack them get what ridge regression makes of theirs."""
    from sklearn.linear_model import Ridge

    known = np.array([word in some for word in vectors])
    rows = some.rows([word for word in vectors if word in some])
    matrix = np.empty((len(vectors), some.vector_size), np.float32)
    matrix[known] = rows
    if not known.all():
        matrix[~known] = Ridge(RIDGE).fit(vectors.matrix[known], rows).predict(vectors.matrix[~known])
    return matrix


def shortened(vectors: Embeddings) -> Embeddings:
    """The principal components of vectors, turned at random; the metadata tell whose labels are in them.

    Turned, all dimensions vary alike, so that classifiers that divide each by its standard deviation do not
    blow up the least of the components.
    """
    matrix = principal_components(vectors, COMPONENTS).matrix
    turn = ortho_group.rvs(COMPONENTS, random_state=1).astype(np.float32)
    told = {"components": COMPONENTS, "labels": [SENTENCES.name, PHRASES]}
    return vectors.transformed(matrix @ turn, "principal components", **told)


def tuned_vectors(
    vectors: Embeddings,
    texts: Sequence[str],
    labels: Sequence[str],
    units: int,
    epochs: int,
    progress: Progress,
) -> Floats2d:
    """What a network that learned the labels from means makes of each word, float32 (V, units)."""
    network = TextClassifier(
        embeddings=Embeddings(LENGTH * vectors.matrix, vectors.vocabulary, vectors.metadata),
        fine_tune=False,
        layers=f"dropout:0.3 conv:{units}:1 mean dropout:0.3",
        epochs=epochs,
        batch_size=32,
        learning_rate=2e-3,
        decay="cosine",
        validation_fraction=0.0,
    )
    return network.fit(texts, labels, progress=progress).transform(vectors.vocabulary.words)


def short_list(vectors: Embeddings) -> list[str]:
    """The words of our training sentences, and the most frequent, in the order of the vectors."""
    tokenizer = vectors.tokenizer or text_pipeline()
    used = set(chain.from_iterable(tokenizer.tokenize_all(_sentences()[0])))
    words = vectors.vocabulary.words
    order = sorted(range(len(words)), key=lambda row: (words[row] not in used, row))
    return [words[row] for row in sorted(order[:SHORT])]


def _sentences() -> tuple[Sequence[str], Sequence[str], int, int]:
    """Our training sentences and their emoji, and the units and epochs of their network."""
    data = read_labeled(SENTENCES, only="part=train")
    return data.texts, data.labels, 128, 30


def _phrases(folder: Path) -> tuple[Sequence[str], Sequence[str], int, int]:
    """Phrases and whether they are positive, and the units and epochs of their network."""
    data = read_labeled(folder / PHRASES, text_column="1", label_column="2", header=False)
    return data.texts, data.labels, 64, 2


def text_lines(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """The film reviews of a folder, without their labels, and the lines of these files."""
    for name in REVIEWS:
        yield from (text.replace("<br />", " ") for text in read_texts(folder / name, text_column="text"))
    yield from read_lines([folder / name for name in names])


if __name__ == "__main__":
    main()
