"""Makes the files in `data`, and what is expected of them, with the code of version 0.1.0.

It runs with 0.1.0 alone, whose names it uses, and stays here to say how each file was made:

    PYTHONPATH=FOLDER_OF_0.1.0 python tests/compatibility/make_files.py

The texts are written here, by a grammar of a few sentences about a harbour. `data/expected.json` holds what
0.1.0 answered: of vectors neighbours and an analogy, of a corpus its documents, of counts some of them, of
models the probabilities of each text.
"""

import json
import shutil
from pathlib import Path

import numpy as np

from embedkit import (
    PPMISVD,
    Cooccurrences,
    Corpus,
    Embeddings,
    EmojiVectors,
    EnsembleClassifier,
    GloVe,
    MeanVectorClassifier,
    TextClassifier,
    TfidfClassifier,
    Vocabulary,
    Word2Vec,
    debias,
    load,
    load_model,
)
from embedkit.models.emojify import Emojifier  # where it stood in 0.1.0
from embedkit.text.emoji import without_emoji

DATA = Path(__file__).parent / "data"
PEOPLE = {"he": "she", "man": "woman", "boy": "girl", "father": "mother", "king": "queen", "son": "daughter"}
WORKS = ["mends", "paints", "counts", "sells", "watches", "carries", "steers", "cleans"]
THINGS = ["nets", "boats", "ropes", "sails", "lamps", "barrels", "oars", "anchors", "maps", "bells"]
PLACES = ["harbour", "quay", "island", "lighthouse", "market", "river"]
GOOD = ["bright", "calm", "lovely", "warm", "merry"]
BAD = ["dark", "stormy", "dreadful", "cold", "gloomy"]
TOPICS = {
    "sea": ["wave", "salt", "tide", "ship"],
    "sky": ["cloud", "wing", "blue", "wind"],
    "soil": ["root", "worm", "seed", "mud"],
}
SIGNS = {"sea": "\U0001f6a2", "sky": "\u2601\ufe0f", "soil": "\U0001f331"}
TOPIC = """name = "gender"
definitional = [["he", "she"], ["man", "woman"], ["boy", "girl"], ["father", "mother"]]
equalize = [["king", "queen"], ["son", "daughter"]]
specific = ["he", "she", "man", "woman", "boy", "girl", "father", "mother", "king", "queen", "son"]
neutral = ["nets", "boats", "ropes", "sails"]

[classes]
men = ["he", "man", "boy", "father"]
women = ["she", "woman", "girl", "mother"]
"""
QUESTIONS = [
    "a calm and lovely quay, he mends the nets",
    "stormy dreadful night",
    "The bright lamps of a cold harbour",
    "zzz",
    "",
]
NETWORK = {"units": 4, "vector_size": 8, "epochs": 6, "learning_rate": 0.02, "embeddings": None}


def main():
    """Make everything again."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir()
    expected = {"vectors": {}, "corpus": {}, "counts": {}, "models": {}}
    made = corpus(expected)
    make_vectors(made, expected["vectors"])
    make_models(expected["models"])
    text = json.dumps(expected, ensure_ascii=False, indent=1, default=lambda value: value.item())
    (DATA / "expected.json").write_text(text + "\n", encoding="utf-8")


def sentences():
    """Text of 400 lines in which men and women do the same, but where they stand."""
    random = np.random.default_rng(1)
    for number in range(400):
        who = random.choice(list(PEOPLE))
        place = random.choice(PLACES[:4] if number % 2 else PLACES[2:])
        mood = random.choice(GOOD if number % 3 else BAD)
        work, thing = random.choice(WORKS), random.choice(THINGS)
        yield f"the {PEOPLE[who] if number % 2 else who} {work} {mood} {thing} at the {place}"


def corpus(expected):
    """A corpus of two files, and its counts."""
    lines, folder = list(sentences()), DATA / "texts"
    folder.mkdir()
    for name, part in (("one.txt", lines[:200]), ("two.txt", lines[200:])):
        (folder / name).write_text("\n".join(part) + "\n", encoding="utf-8")
    found = Corpus.encode([folder / "one.txt", folder / "two.txt"], DATA / "harbour.corpus", workers=1)
    shutil.rmtree(folder)
    words = found.vocabulary.words
    expected["corpus"]["harbour.corpus"] = {
        "words": found.words,
        "fingerprint": found.fingerprint,
        "vocabulary": {word: found.vocabulary.counts[row] for row, word in enumerate(words)},
        "documents": [[words[row] for row in document] for document in list(found)[::100]],
    }
    counts = Cooccurrences.count(found, DATA / "harbour.counts", window=4, min_count=1, workers=1)
    rows = {}
    for word in ("she", "nets", "harbour"):
        row = counts.vocabulary[word]
        part = slice(counts.offsets[row], counts.offsets[row + 1])
        near = zip(counts.columns[part], counts.counts[part].astype(float), strict=True)
        rows[word] = {counts.vocabulary.words[column]: count for column, count in near}
    expected["counts"]["harbour.counts"] = {"nonzeros": counts.nonzeros, "rows": rows}
    return found


def make_vectors(made, expected):
    """Vectors in every format; what an answer must be is read from the file."""
    trained = Word2Vec(vector_size=12, epochs=40, min_count=1, workers=1, seed=1, sample=0).train(made)
    plain = Embeddings(trained.matrix, Vocabulary(trained.vocabulary.words), trained.metadata)
    topic = DATA / "topic.toml"
    topic.write_text(TOPIC, encoding="utf-8")
    debiased = {
        "debiased-hard.safetensors": debias(trained, topic, "hard"),
        "debiased-inlp.safetensors": debias(trained.center().normalize(), topic, "inlp", iterations=2),
    }
    topic.unlink()
    escaped = Embeddings(np.eye(3, 4), Vocabulary(["new\nline", "back\\slash", "⚓"]))
    emoji = EmojiVectors(coverage=0.5).add_to(trained.subset(["man", "woman", "boy", "king", "queen"]))
    native = {
        "float32.safetensors": plain,
        "counts.safetensors": trained,
        "escaped.safetensors": escaped,
        "emoji.safetensors": emoji,
        "glove.safetensors": GloVe(vector_size=8, epochs=5, min_count=1, workers=1, seed=1).train(made),
        "svd.safetensors": PPMISVD(vector_size=8, min_count=1, seed=1).train(made),
        **debiased,
    }
    for name, vectors in native.items():
        vectors.save(DATA / name)
    trained.save(DATA / "int8.safetensors", dtype="int8")
    for name, kind in (("w2v.bin", "word2vec-binary"), ("w2v.txt", "word2vec"), ("glove.txt", "glove")):
        plain.save(DATA / name, kind)
    for name in (*native, "int8.safetensors", "w2v.bin", "w2v.txt", "glove.txt"):
        expected[name] = answers(load(DATA / name))


def answers(vectors):
    """What is asked of vectors, and what they answer."""
    words = vectors.vocabulary.words
    counts = vectors.vocabulary.counts
    found = {
        "words": len(words),
        "vector_size": vectors.vector_size,
        "counts": None if counts is None else counts[:3].tolist(),
        "metadata": vectors.metadata,
        "first": vectors[words[0]].astype(float).tolist(),
        "neighbors": {
            word: [list(answer) for answer in vectors.neighbors(word, top=2)]
            for word in (words[0], words[-1])
        },
    }
    if "boats" in words:
        found["analogy"] = [list(answer) for answer in vectors.analogy("man", "woman", "king", top=2)]
    return found


def reviews():
    """240 texts, good or bad by two of their words."""
    random = np.random.default_rng(2)
    for number in range(240):
        moods = random.choice(GOOD if number % 2 else BAD, 2)
        others = random.choice([*WORKS, *THINGS, *PLACES], 5)
        yield " ".join(random.permutation([*moods, *others])), "good" if number % 2 else "bad"


def topics():
    """180 texts of three classes."""
    random = np.random.default_rng(3)
    for number in range(180):
        label = list(TOPICS)[number % 3]
        yield " ".join(random.choice(TOPICS[label], 4)), label


def make_models(expected):
    """Every kind of model, and the texts of two classes and of three that most of them learnt from."""
    texts, labels = map(list, zip(*reviews(), strict=True))
    three, of_three = map(list, zip(*topics(), strict=True))
    write_table("reviews.tsv", texts, labels)
    write_table("topics.tsv", three, of_three)
    joined = [f"{three[row]} {three[row + 1]}" for row in range(178)]
    several = [tuple(sorted({of_three[row], of_three[row + 1]})) for row in range(178)]
    vectors = load(DATA / "counts.safetensors")
    models = {
        "tfidf.safetensors": TfidfClassifier().fit(texts, labels),
        "tfidf-plain.safetensors": TfidfClassifier(naive_bayes=False, ngrams=1).fit(texts, labels),
        "tfidf-characters.safetensors": TfidfClassifier(ngrams=1, characters=4).fit(three, of_three),
        "tfidf-unlabelled.safetensors": TfidfClassifier(ngrams=1, unlabelled=texts[200:]).fit(
            texts[:200], labels[:200]
        ),
        "tfidf-several.safetensors": TfidfClassifier(ngrams=1).fit(joined, several),
        "mean-vectors.safetensors": MeanVectorClassifier(vectors).fit(texts, labels),
        "mean-vectors-smoothed.safetensors": MeanVectorClassifier(
            vectors, smoothing=1e-3, class_weight="balanced"
        ).fit(texts, labels),
        "lstm.safetensors": TextClassifier(**NETWORK).fit(texts, labels),
        "gru.safetensors": TextClassifier(cell="gru", pooling="max", **NETWORK).fit(three, of_three),
        "rnn.safetensors": TextClassifier(
            cell="rnn", pooling="last", layers=2, bidirectional=False, **NETWORK
        ).fit(texts, labels),
        "conv.safetensors": TextClassifier(cell="conv", width=3, pooling="mean", **NETWORK).fit(
            joined, several
        ),
        "lstm-vectors.safetensors": TextClassifier(
            **{**NETWORK, "embeddings": vectors, "fine_tune": False, "tokenizer": "whitespace"}
        ).fit(texts, labels),
        "ensemble.safetensors": EnsembleClassifier(
            TextClassifier(**NETWORK), TfidfClassifier(ngrams=2), share=0.4
        ).fit(texts, labels),
    }
    for name, model in models.items():
        model.save(DATA / name, {"note": name})
    models["lstm.safetensors"].save(DATA / "lstm-int8.safetensors", dtype="int8")
    asked = {
        name: QUESTIONS + (three[:3] if len(model.classes_) == 3 else []) for name, model in models.items()
    }
    asked["lstm-int8.safetensors"] = asked["lstm.safetensors"]
    asked |= emojifiers(three, of_three)
    for name, questions in asked.items():
        expected[name] = predictions(load_model(DATA / name), questions)


def write_table(name, texts, labels):
    """Labelled texts as a table."""
    rows = (f"{label}\t{text}\n" for text, label in zip(texts, labels, strict=True))
    (DATA / name).write_text("label\ttext\n" + "".join(rows), encoding="utf-8")


def emojifiers(texts, labels):
    """The three versions of the emojifier."""
    words = [word for known in TOPICS.values() for word in known]
    counts = np.arange(60, 60 - len(words), -1)
    space = Embeddings(np.random.default_rng(4).normal(size=(len(words), 8)), Vocabulary(words, counts))
    small = {"units": 4, "epochs": 6, "learning_rate": 0.03}
    for version in (1, 2, 3):
        model = Emojifier(
            version,
            space,
            labels=SIGNS if version == 2 else list(SIGNS.values()),
            network=None if version == 1 else small,
            components=6 if version == 3 else None,
        )
        numbers = [list(SIGNS).index(label) for label in labels]
        model.fit(texts, labels if version == 2 else numbers)
        model.save(DATA / f"emojify{version}.safetensors", {"note": version})
    questions = [*texts[:3], "a ship in the wind", "worm \U0001f6a2", without_emoji("\U0001f331"), "zzz"]
    return {f"emojify{version}.safetensors": questions for version in (1, 2, 3)}


def predictions(model, texts):
    """What a model says of texts."""
    labels = model.predict(texts)
    return {
        "texts": texts,
        "classes": model.classes_.tolist(),
        "probabilities": model.predict_proba(texts).tolist(),
        "unknown": model.unknown_shares(texts).tolist(),
        "predicted": labels.tolist() if isinstance(labels, np.ndarray) else [list(entry) for entry in labels],
        "metadata": dict(model.metadata_),
    }


if __name__ == "__main__":
    main()
