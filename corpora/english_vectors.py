"""Training small English vectors of word2vec and fastText together, better ones than those that ship.

`python -m embedkit_corpora.english_vectors simplewiki.txt.xz enwiki.txt.xz -o english.safetensors`, about ten
minutes on two cores. Beside one another stand, for each of the most frequent words, the vectors of word2vec
and its output vectors, which know what a word is about, and the vectors of fastText, which know its form:
king - man + woman is a question for the first, walking - walk + swim for the last. Of all of them the
principal components are kept, whitened partly, as int8. Both train with one worker, side by side, so that the
same text gives the same bytes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from embedkit import Embeddings, FastText, Word2Vec, concatenate, whiten
from embedkit.errors import EmbedkitError
from embedkit.text.corpus.corpus import Corpus

WORDS, DIMENSIONS = 50_000, 96
WINDOWS = {"model": "cbow", "vector_size": DIMENSIONS, "sample": 1e-4, "min_count": 20, "workers": 1}
MEANING = Word2Vec(**WINDOWS, window=10, negative=10, epochs=10, keep_output=True)
FORM = FastText(**WINDOWS, window=5, negative=5, epochs=5)
OUTPUT_WEIGHT, FORM_WEIGHT = 0.5, 0.8  # where the vectors of word2vec weigh 1
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
    vectors.with_metadata(command=told).save(arguments.output, dtype="int8")


def trained(text: list[Path]) -> Embeddings:
    """The vectors made of these files of text."""
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(2) as pool:
        corpus = Corpus.encode(text, Path(place, "corpus"))
        meaning, form = pool.map(lambda trainer: trainer.train(corpus).subset(WORDS), (MEANING, FORM))
    return joined(meaning, form)


def joined(
    meaning: Embeddings,
    form: Embeddings,
    weights: Sequence[float] = (OUTPUT_WEIGHT, FORM_WEIGHT),
    whitening: float = WHITENING,
) -> Embeddings:
    """The principal components of these spaces of the same words, (V, 96).

    Args:
        meaning: vectors with output vectors, which stand beside them.
        form: the vectors that stand behind these.
        weights: of the output vectors and of those of form, where those of meaning weigh 1.
        whitening: how far the components are whitened, see `whiten`.
    """
    output = meaning.transformed(meaning.output_vectors, "output vectors")
    spaces = [space.normalize().center().normalize() for space in (meaning, output, form)]
    return whiten(concatenate(*spaces, weights=[1, *weights]), DIMENSIONS, strength=whitening)


if __name__ == "__main__":
    main()
