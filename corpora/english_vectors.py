"""Training the English vectors that ship, of word2vec and fastText together.

`python -m embedkit_corpora.english_vectors simplewiki.txt.xz enwiki.txt.xz -o english.safetensors`, about a
quarter of an hour on two cores. Beside one another stand, for each of the most frequent words, the vectors of
word2vec, which know what a word is about, and those of fastText, which know its form: king - man + woman is a
question for the first, walking - walk + swim for the second. Of both the principal components are kept,
whitened partly, as int8. Both train with one worker, side by side, so that the same text gives the same
bytes.
"""

from __future__ import annotations

import argparse
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from embedkit import Embeddings, FastText, Word2Vec, concatenate, whiten
from embedkit.errors import EmbedkitError
from embedkit.text.corpus.corpus import Corpus
from embedkit.vectors.formats import native

WORDS, DIMENSIONS = 50_000, 96
WINDOWS = {"model": "cbow", "vector_size": DIMENSIONS, "sample": 1e-4, "min_count": 20, "workers": 1}
MEANING = Word2Vec(**WINDOWS, window=10, negative=15, epochs=20)
FORM = FastText(**WINDOWS, window=5, negative=5, epochs=5)
FORM_WEIGHT = 0.8  # where meaning weighs 1
WHITENING = 0.3  # 0 would leave the variances of the components, 1 make them all 1


def main() -> None:
    """Make the vectors and write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("text", type=Path, nargs="+", help="the files of text")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the vectors to write")
    arguments = parser.parse_args()
    try:
        vectors = trained(arguments.text)
    except EmbedkitError as error:
        parser.error(str(error))
    names = " ".join(path.name for path in arguments.text)
    told = f"python -m embedkit_corpora.english_vectors {names} -o {arguments.output.name}"
    contents = vectors.with_metadata(command=told).astype("int8").contents()
    native.write(arguments.output, contents, indexed=False)


def trained(text: list[Path]) -> Embeddings:
    """The vectors made of these files of text."""
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(2) as pool:
        corpus = Corpus.encode(text, Path(place, "corpus"))
        meaning, form = pool.map(lambda trainer: trainer.train(corpus).subset(WORDS), (MEANING, FORM))
    return joined(meaning, form)


def joined(
    meaning: Embeddings, form: Embeddings, weight: float = FORM_WEIGHT, whitening: float = WHITENING
) -> Embeddings:
    """The principal components of two spaces of the same words, (V, 96).

    Args:
        meaning: the vectors that stand first.
        form: the vectors that stand behind these.
        weight: of form, where meaning weighs 1.
        whitening: how far the components are whitened, see `whiten`.
    """
    spaces = [space.normalize().center().normalize() for space in (meaning, form)]
    return whiten(concatenate(*spaces, weights=[1, weight]), DIMENSIONS, strength=whitening)


if __name__ == "__main__":
    main()
