"""What classifiers are worth on long reviews: accuracy, what each ingredient brings, speed.

`python -m tests.benchmarks.bench_classifier [accuracy] [together] [pretrained] [ingredients] [documents]
[speed]`, with the folder $EMBEDKIT_DATA set; some hours for all of it, so `make bench` leaves it out.
`together` has the last three models of `accuracy` and their ensembles alone, `pretrained` a network that
begins as a language model.

IMDB's official test is never touched. The reviews of its training split stand in the order of their films,
which both classes share in the first 32 % of the negative ones (neighbors in the file, and no others, share
rare words). A part that is held out is a run of films, with a margin: otherwise a model is asked about films
whose names it has learned to like or dislike.
"""

import os
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.base import clone

from embedkit import (
    DocumentVectorClassifier,
    Embeddings,
    MeanVectorClassifier,
    RecurrentLanguageModel,
    TextClassifier,
    Texts,
    TfidfClassifier,
    Word2Vec,
)
from embedkit.models.networks.backend import load_backend
from embedkit.models.word_ids import encode
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_texts
from embedkit.text.pipeline.parameters import text_pipeline
from tests.benchmarks.data import interval

PARTS_OF_FILMS, TUNED, ASKED, MARGIN, SHARED = 5, 1, (2, 3, 4), 0.02, 0.32
READING = {"punctuation": True, "min_count": 5}
NETWORK = {
    **READING,
    "layers": "dropout:0.4 bilstm:64 max dropout:0.5",
    "epochs": 3,
    "decay": "cosine",
    "validation_fraction": 0.0,
}
STRONG = "dropout:0.4 {} dropout:0.5"
GENTLE = {"layers": "dropout:0.2 bilstm:64 max dropout:0.2"}
NGRAMS = {"punctuation": True, "ngrams": 4, "min_df": 3, "C": 100.0}
DOCUMENTS = {"punctuation": True, "min_df": 10, "sample": 1e-5}
DOCUMENT_CHANGES = {  # of document vectors, one at a time
    "document vectors": {},
    "words alone": {"ngrams": 1},
    "no unlabeled reviews": {"unlabeled": None},
    "128 dimensions": {"vector_size": 128},
    "20 epochs": {"epochs": 20},
    "all occurrences count": {"sample": 0.0},
    "n-grams in the same regression": {"with_ngrams": True, "C": 100.0},
}
LANGUAGE_MODEL = {
    "lowercase": True,
    "vocabulary_size": 30_000,
    "vector_size": 128,
    "epochs": 1,
    "batch_size": 64,
    "steps": 50,
    "softmax_samples": 512,
    "input_dropout": 0.05,
    "output_dropout": 0.05,
    "order": 1,
}
BEGUN = {
    **NETWORK,
    "layers": "dropout:0.2 lstm:128 attention:64 dropout:0.5",
    "learning_rate": 2e-3,
    "adversarial": 0.02,
}
WIDE, BOTH = "wide", "both"
INGREDIENTS = {  # what is changed of a network on vectors of all reviews, one at a time
    "network on vectors of all reviews": {},
    "random initial vectors": {"embeddings": "random"},
    "vectors of two window sizes": {"embeddings": BOTH},
    "frozen vectors": {"fine_tune": False},
    "the first 400 tokens": {"first_tokens": 400, "last_tokens": 0},
    "the last 400 tokens": {"first_tokens": 0, "last_tokens": 400},
    "unidirectional": {"layers": STRONG.format("lstm:64 max")},
    "last state": {"layers": STRONG.format("bilstm:64")},
    "attention": {"layers": STRONG.format("bilstm:64 attention:64")},
    "less dropout": GENTLE,
    "without punctuation": {"punctuation": False},
    "convolutions, kernel width 5": {"layers": STRONG.format("conv:64:5 max")},
}
SPEED_TEXTS, LENGTH, WORDS, UNITS, BATCH = 3000, 400, 10_000, 64, 64
ROUNDS = 3
NB_WEIGHTED = "TF-IDF n-grams weighted by naive-Bayes log-count ratios (NB-LR; Wang and Manning 2012)"
LAST = 3  # models that are averaged
ENSEMBLES = {  # shares of the network, the n-grams and the document vectors, the last chosen on part 1
    "ensemble: network and n-grams": (0.5, 0.5, 0.0),
    "ensemble: n-grams and document vectors": (0.0, 0.7, 0.3),
    "ensemble: network, n-grams and document vectors": (0.3, 0.5, 0.2),
}


def held_out(labels, part):
    """The reviews to learn from and those of a part of the films, as numbers."""
    begin, end = part / PARTS_OF_FILMS, (part + 1) / PARTS_OF_FILMS
    positive, negative = np.flatnonzero(labels == "1"), np.flatnonzero(labels == "0")

    def cut(rows, first, last):
        return rows[max(0, round(len(rows) * first)) : round(len(rows) * last)]

    def of_films(first, last):
        return [cut(positive, first, last), cut(negative, SHARED * first, SHARED * last)]

    alone = cut(negative, SHARED + (1 - SHARED) * begin, SHARED + (1 - SHARED) * end)
    held = np.sort(np.concatenate([*of_films(begin, end), alone]))
    left_out = np.concatenate([*of_films(begin - MARGIN, end + MARGIN), alone])
    return np.setdiff1d(np.arange(len(labels)), left_out), held


def accuracy(texts, labels, unlabeled, last=None):
    """Lines of the accuracy of all models, or the `last`, over parts of the films; the part is the seed."""
    found, seconds = {}, {}
    for part in ASKED:
        kept, held = held_out(labels, part)
        given = texts[kept], labels[kept]
        ngrams = TfidfClassifier(unlabeled=unlabeled, **NGRAMS)
        network = TextClassifier(unlabeled=unlabeled, seed=part, **{**NETWORK, **GENTLE})
        models = {
            "mean of shipped vectors": MeanVectorClassifier(),
            "TF-IDF of 1- to 3-grams": TfidfClassifier(naive_bayes=False),
            NB_WEIGHTED: TfidfClassifier(),
            "1- to 4-grams with punctuation": clone(ngrams).set_params(unlabeled=None),
            "n-grams: the same, self-trained on unlabeled reviews": ngrams,
            "recurrent: with vectors and pseudo-labels of unlabeled reviews": network,
            "document vectors of n-grams, with unlabeled reviews": DocumentVectorClassifier(
                unlabeled=unlabeled, seed=part, **DOCUMENTS
            ),
        }
        models = dict(list(models.items())[-last if last else None :])
        taught = {"teacher": ngrams}
        for name, model in models.items():
            begin = time.perf_counter()
            model.fit(*given, **(taught if model is network else {}))
            seconds.setdefault(name, []).append(time.perf_counter() - begin)
            found.setdefault(name, []).append(100 * model.score(texts[held], labels[held]))
            sys.stderr.write(f"part {part}: {name}: {found[name][-1]:.2f}, {seconds[name][-1]:.0f} s\n")
        # what `EnsembleClassifier` does, without fitting its parts again
        parts = [(name, models[name]) for name in list(models)[-LAST:]]
        parts[:2] = parts[1::-1]  # the network first
        scores = [model.decision_function(texts[held]) for _, model in parts]
        for name, shares in ENSEMBLES.items():
            together = np.average(scores, axis=0, weights=shares)
            found.setdefault(name, []).append(100 * np.mean((together > 0) == (labels[held] == "1")))
            used = [part for (part, _), share in zip(parts, shares, strict=True) if share]
            seconds.setdefault(name, []).append(sum(seconds[part][-1] for part in used))
    for name, shares in found.items():
        each = " ".join(f"{share:.2f}" for share in shares)
        yield f"| {name} | {interval(shares)} | {each} | {np.median(seconds[name]):.0f} |"


def pretrained(texts, labels, unlabeled):
    """Lines of a network that begins as a language model of the unlabeled reviews, alone and with others."""
    begin = time.process_time()
    begun = RecurrentLanguageModel(**LANGUAGE_MODEL).train(Texts(unlabeled), validation=0)
    yield f"| the language model | | | {time.process_time() - begin:.0f} |"
    for part in (TUNED, *ASKED[:2]):
        kept, held = held_out(labels, part)
        both = {**DOCUMENTS, "with_ngrams": True, "C": 100.0}
        models = {
            "network that begins as the language model": TextClassifier(
                language_model=begun, seed=part, **BEGUN
            ),
            "n-grams, self-trained": TfidfClassifier(unlabeled=unlabeled, **NGRAMS),
            "n-grams and document vectors in one regression": DocumentVectorClassifier(
                unlabeled=unlabeled, seed=part, **both
            ),
        }
        truth, scores, seconds = labels[held] == "1", {}, {}
        for name, model in models.items():
            begin = time.process_time()
            model.fit(texts[kept], labels[kept])
            seconds[name] = time.process_time() - begin
            scores[name] = model.decision_function(texts[held])
        scores["the mean of the three"] = sum(scores.values())
        seconds["the mean of the three"] = sum(seconds.values())
        for name, found in scores.items():
            yield f"| {name} | {part} | {100 * np.mean((found > 0) == truth):.2f} | {seconds[name]:.0f} |"


def ingredients(texts, labels, unlabeled):
    """Lines of the accuracy after each change, on the part of the films by which settings were chosen."""
    kept, held = held_out(labels, TUNED)
    vectors = _vectors([*texts[kept], *unlabeled])
    for name, changes in INGREDIENTS.items():
        chosen = {"embeddings": WIDE, **NETWORK, **changes}
        model = TextClassifier(**{**chosen, "embeddings": vectors.get(chosen["embeddings"], "random")})
        begin = time.perf_counter()
        model.fit(texts[kept], labels[kept])
        took, share = time.perf_counter() - begin, 100 * model.score(texts[held], labels[held])
        yield f"| {name} | {share:.2f} | {took:.0f} |"


def documents(texts, labels, unlabeled):
    """Lines of the accuracy of document vectors, and beside n-grams, after each change, on that same part."""
    kept, held = held_out(labels, TUNED)
    beside = TfidfClassifier(unlabeled=unlabeled, **NGRAMS).fit(texts[kept], labels[kept])
    odds, truth = beside.decision_function(texts[held]), labels[held] == "1"
    yield f"| n-grams | {100 * np.mean((odds > 0) == truth):.2f} | | |"
    for name, changes in DOCUMENT_CHANGES.items():
        model = DocumentVectorClassifier(**{"unlabeled": unlabeled, **DOCUMENTS, **changes})
        begin = time.perf_counter()
        model.fit(texts[kept], labels[kept])
        took, own = time.perf_counter() - begin, model.decision_function(texts[held])
        alone, together = (100 * np.mean((scores > 0) == truth) for scores in (own, own + odds))
        yield f"| {name} | {alone:.2f} | {together:.2f} | {took:.0f} |"


def _vectors(texts):
    """Vectors of a wide window, and such of half the size beside those of a narrow one."""
    documents = list(text_pipeline("words", punctuation=True).tokenize_all(texts))
    settings = {"min_count": READING["min_count"], "sample": 1e-3}
    wide = Word2Vec(vector_size=128, **settings).train(documents)
    halves = [Word2Vec(vector_size=64, window=window, **settings).train(documents) for window in (5, 2)]
    return {WIDE: wide, BOTH: Embeddings(np.hstack([half.matrix for half in halves]), wide.vocabulary)}


def speed(texts, labels, _):
    """Lines of texts a second: ours and the plain Keras recipe in turn, the same network, one pass each."""
    _, keras = load_backend()
    chosen = np.random.default_rng(1).choice(len(texts), SPEED_TEXTS, replace=False)
    texts, labels = texts[chosen], labels[chosen]
    ours = TextClassifier(
        embeddings="random", max_vocabulary=WORDS, vector_size=128, layers=f"lstm:{UNITS}",
        first_tokens=100, last_tokens=300, batch_size=BATCH, epochs=2,
        validation_fraction=0.0,
    )  # fmt: skip
    wide = TextClassifier(embeddings="random", max_vocabulary=WORDS, epochs=2, validation_fraction=0.0)
    rates = {
        "plain Keras recipe": [],
        "ours": [],
        "predict, same network": [],
        "predict, default network": [],
    }
    wide.fit(texts, labels)
    wide.predict_proba(texts)  # loads what is compiled, or compiles it
    for _ in range(ROUNDS):
        ours.fit(texts, labels)
        rates["ours"].append(SPEED_TEXTS / ours.history_[-1].seconds)
        rates["plain Keras recipe"].append(_plain_recipe(keras, ours, texts, labels))
        for name, model in (("predict, same network", ours), ("predict, default network", wide)):
            begin = time.perf_counter()
            model.predict_proba(texts)
            rates[name].append(SPEED_TEXTS / (time.perf_counter() - begin))
    for name, found in rates.items():
        yield f"| {name} | {np.median(found):,.0f} ({min(found):,.0f} to {max(found):,.0f}) texts/s |"
    ratios = np.array(rates["ours"]) / rates["plain Keras recipe"]
    yield f"| training, ours / plain | {np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |"


def _plain_recipe(keras, model, texts, labels):
    """Texts a second of the second epoch: all rows padded to the same length in front, as courses show it."""
    ids = encode(model.tokenizer_.tokenize_all(texts), model.words_).truncated(100, 300)
    rows = keras.utils.pad_sequences([ids[number] for number in range(len(ids))], LENGTH)
    network = keras.Sequential(
        [
            keras.layers.Embedding(len(model.words_) + 2, 128, mask_zero=True),
            keras.layers.LSTM(UNITS),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    network.compile("adam", "binary_crossentropy")
    targets = (labels == model.classes_[1]).astype(np.float32)
    network.fit(rows, targets, batch_size=BATCH, epochs=1, verbose=0)
    begin = time.perf_counter()
    network.fit(rows, targets, batch_size=BATCH, epochs=1, verbose=0)
    return len(texts) / (time.perf_counter() - begin)


PARTS = {
    "accuracy": accuracy,
    "together": partial(accuracy, last=LAST),
    "pretrained": pretrained,
    "ingredients": ingredients,
    "documents": documents,
    "speed": speed,
}


def main(names):
    """Print the lines of the parts that were asked for, all if none was."""
    folder = Path(os.environ["EMBEDKIT_DATA"], "imdb")
    data = read_labeled(folder / "train.tsv.bz2", text_column="text", label_column="label")
    needed = set(names or PARTS) != {"speed"}
    unlabeled = list(read_texts(folder / "unsup.tsv.bz2", text_column="text")) if needed else None
    texts, labels = np.array(data.texts, object), np.array(data.labels)
    for name in names or PARTS:
        for line in PARTS[name](texts, labels, unlabeled):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
