"""Texts to ids, rows and matrices, beside Keras and scikit-learn, which must give the same.

`python -m tests.benchmarks.bench_sequences [TEXTS]`, with $EMBEDKIT_DATA set: on 25,000 reviews of IMDB, or
fewer. Texts are split at blanks by all of them. Runs take turns; the ratio is the median of the others' time
by ours, round by round.
"""

import statistics
import sys

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from embedkit import Vocabulary, character_ngrams, ngrams, one_hot, pad
from embedkit.models.networks.backend import load_backend
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.pipeline.parameters import text_pipeline
from tests.benchmarks.data import find, skipped, timed

ROUNDS, SIZE, MAXLEN, CHARACTER_TEXTS = 3, 20_000, 400, 2000


def run(count=25_000):
    """Rows of (what, embedkit, peer, ratio); or one row that says why there is nothing to measure."""
    source = find("train.tsv")
    if source is None:
        return skipped("sequences")
    tokens = text_pipeline().tokenize_all(read_labeled(source).texts[:count])
    return _rows([" ".join(document) for document in tokens])


def _rows(texts):
    keras = load_backend()[1]
    from keras.src.legacy.preprocessing.text import Tokenizer

    def learned():
        return Vocabulary.from_documents(
            map(str.split, texts), max_size=SIZE, padding_token="", oov_token="[UNK]"
        )

    def adapted():
        layer = keras.layers.TextVectorization(
            SIZE, standardize=None, output_sequence_length=MAXLEN, pad_to_max_tokens=True
        )
        layer.adapt(texts, batch_size=1024)
        return layer

    def fitted():
        tokenizer = Tokenizer(SIZE, filters="", lower=False, oov_token="[UNK]")
        tokenizer.fit_on_texts(texts)
        return tokenizer

    yield _row("vocabulary; TextVectorization.adapt", learned, adapted)
    yield _row("vocabulary; Tokenizer.fit_on_texts", learned, fitted)
    layer, tokenizer = adapted(), fitted()
    theirs = Vocabulary(layer.get_vocabulary(), padding_token="", oov_token="[UNK]")
    words = [word for word, number in tokenizer.word_index.items() if number < SIZE]
    indexed = Vocabulary(["", *words], padding_token="", oov_token="[UNK]")

    yield _row(
        f"encode and pad to {MAXLEN}; TextVectorization",
        lambda: pad(theirs.encode_all(map(str.split, texts)), MAXLEN),
        lambda: np.concatenate([layer(texts[i : i + 1024]) for i in range(0, len(texts), 1024)]),
        np.array_equal,
    )
    yield _row(
        "encode; Tokenizer.texts_to_sequences",
        lambda: indexed.encode_all(map(str.split, texts)),
        lambda: tokenizer.texts_to_sequences(texts),
        lambda ours, lists: ours.tolist() == lists,
    )
    encoded = indexed.encode_all(map(str.split, texts))
    for given, rows in (("arrays", list(encoded)), ("lists", encoded.tolist())):
        for end in ("pre", "post"):
            yield _row(
                f"pad {given} to {MAXLEN}, {end}; pad_sequences",
                lambda rows=rows, end=end: pad(rows, MAXLEN, padding=end, truncating=end),
                lambda rows=rows, end=end: keras.utils.pad_sequences(
                    rows, MAXLEN, padding=end, truncating=end
                ),
                np.array_equal,
            )
    yield from _matrices(texts)


def _matrices(texts):
    split = {"analyzer": "word", "tokenizer": str.split, "lowercase": False, "token_pattern": None}
    few = texts[:CHARACTER_TEXTS]
    cases = {
        "one_hot": (lambda: one_hot(map(str.split, texts)), CountVectorizer(binary=True, **split), texts),
        "ngrams, 1 word": (lambda: ngrams(map(str.split, texts), longest=1), CountVectorizer(**split), texts),
        "ngrams, 1 and 2 words in 3 texts": (
            lambda: ngrams(map(str.split, texts), longest=2, min_df=3),
            CountVectorizer(ngram_range=(1, 2), min_df=3, **split),
            texts,
        ),
        f"characters in words, 2 to 4, {len(few):,} texts": (
            lambda: character_ngrams(map(str.split, few), shortest=2, longest=4),
            CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=False),
            few,
        ),
        f"characters, 1 to 3, {len(few):,} texts": (
            lambda: character_ngrams(few, shortest=1, longest=3),
            CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False),
            few,
        ),
    }
    for what, (ours, vectorizer, given) in cases.items():
        yield _row(
            f"{what}; CountVectorizer",
            ours,
            lambda vectorizer=vectorizer, given=given: vectorizer.fit_transform(given),
            lambda found, counts, vectorizer=vectorizer: _same(found, counts, vectorizer.vocabulary_),
        )


def _same(found, counts, columns):
    """Whether two matrices hold the same under the same names."""
    ordered = counts[:, [columns[name] for name in found.names]]
    return len(columns) == len(found.names) and (ordered != found.matrix).nnz == 0


def _row(what, ours, theirs, same=None):
    """The median times in turns, and whether the results are the same."""
    mine, peers = [], []
    for _ in range(ROUNDS):
        seconds, found = timed(ours)
        mine.append(seconds)
        seconds, expected = timed(theirs)
        peers.append(seconds)
    if same is not None and not same(found, expected):
        raise SystemExit(f"{what}: not the same")
    ratio = statistics.median(peer / own for own, peer in zip(mine, peers, strict=True))
    return {
        "what": what,
        "embedkit": f"{statistics.median(mine):.2f} s",
        "peer": f"{statistics.median(peers):.2f} s",
        "ratio": f"{ratio:.1f}",
    }


if __name__ == "__main__":
    sys.stdout.write("| what | embedkit | peer | ratio |\n| --- | --- | --- | --- |\n")
    for row in run(*map(int, sys.argv[1:])):
        sys.stdout.write(f"| {' | '.join(row.values())} |\n")
        sys.stdout.flush()
