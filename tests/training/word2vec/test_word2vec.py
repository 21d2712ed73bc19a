"""The trainer as a user meets it: quality on the atlas, reproducibility, bad input."""

import hashlib
import subprocess
import sys
import threading
from collections import Counter
from itertools import permutations

import gensim.models
import numpy as np
import pytest

from embedkit import Corpus, Embeddings, InputError, Word2Vec
from embedkit.progress import Progress
from embedkit_corpora import atlas

SMALL = {"vector_size": 16, "min_count": 1, "epochs": 2, "workers": 1, "sample": 0.01}


@pytest.fixture(scope="session")
def atlas_corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    atlas.write_corpus(folder / "atlas.txt", words=500_000)
    return Corpus.encode(folder / "atlas.txt", folder / "corpus")


@pytest.fixture
def corpus(tmp_path):
    random = np.random.default_rng(0)
    words = [f"w{i}" for i in range(60)]
    documents = [[words[i] for i in random.zipf(1.3, 40) % 60] for _ in range(200)]
    return Corpus.from_documents(documents, tmp_path / "corpus")


def solved(vectors: Embeddings) -> float:
    """The share of the atlas's questions that are answered rightly, all words being candidates."""
    questions = atlas.questions()
    answers = vectors.analogies([(q.a, q.b, q.c) for q in questions], top=1)
    return sum(found[0].word == q.d for q, found in zip(questions, answers, strict=True)) / len(questions)


def digest(vectors: Embeddings) -> str:
    return hashlib.sha256(vectors.matrix.tobytes()).hexdigest()


@pytest.mark.parametrize(("model", "epochs"), [("skipgram", 5), ("cbow", 10)])
def test_training_solves_the_analogies_of_the_atlas(atlas_corpus, model, epochs):
    vectors = Word2Vec(model=model, vector_size=64, epochs=epochs).train(atlas_corpus)
    assert solved(vectors) >= 0.95


def test_matrices_of_bfloat16_learn_as_well(atlas_corpus):
    vectors = Word2Vec(vector_size=16, epochs=5, precision="bfloat16").train(atlas_corpus)
    assert solved(vectors) >= 0.9
    assert vectors.metadata["parameters"]["precision"] == "bfloat16"


def test_rounds_of_bfloat16_give_the_same_bytes_with_any_number_of_threads(corpus):
    settings = {**SMALL, "precision": "bfloat16", "deterministic": True, "round_words": 500}
    made = {digest(Word2Vec(**{**settings, "workers": workers}).train(corpus)) for workers in (1, 2)}
    assert len(made) == 1


@pytest.mark.parametrize(("model", "epochs", "share"), [("skipgram", 5, 0.9), ("cbow", 10, 0.7)])
def test_hierarchical_softmax_solves_analogies_with_short_vectors(atlas_corpus, model, epochs, share):
    """As many as gensim's: 0.76 with CBOW."""
    parameters = Word2Vec(model=model, vector_size=16, epochs=epochs, hierarchical_softmax=True)
    assert solved(parameters.train(atlas_corpus)) >= share


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_hierarchical_softmax_learns_the_distribution_of_neighbors(model):
    """Its loss falls to the entropy of a word given its neighbor, and not below."""
    documents = ([["a", "b"]] * 6 + [["a", "c"]] * 3 + [["d", "e"]] * 4 + [["d", "b"]] * 2) * 10
    pairs = Counter(pair for document in documents for pair in permutations(document))
    contexts = Counter()
    for (context, _), count in pairs.items():
        contexts[context] += count
    entropy = -sum(n * np.log(n / contexts[pair[0]]) for pair, n in pairs.items()) / pairs.total()
    settings = {**SMALL, "sample": 0, "epochs": 300, "learning_rate": 0.1, "model": model}
    losses = Word2Vec(**settings, hierarchical_softmax=True).train(documents).metadata["losses"]
    assert entropy < losses[-1] < 1.05 * entropy


def test_gensim_trained_on_the_same_corpus_agrees_on_the_analogies(atlas_corpus):
    vectors = Word2Vec(vector_size=32, epochs=3, engine="gensim").train(atlas_corpus)
    assert vectors.vocabulary.words == atlas_corpus.vocabulary.prefix(min_count=5).words
    assert vectors.metadata["losses"] is None
    assert solved(vectors) >= 0.95


def test_the_learning_rate_of_gensim_falls_to_its_end(tmp_path, monkeypatch):
    words = np.random.default_rng(0).integers(0, 50, 400_000)
    corpus = Corpus.from_documents(
        (list(map(str, line)) for line in words.reshape(-1, 50)), tmp_path / "corpus"
    )
    models = []
    train = gensim.models.Word2Vec.train
    monkeypatch.setattr(
        gensim.models.Word2Vec, "train", lambda self, *a, **k: models.append(self) or train(self, *a, **k)
    )
    Word2Vec(vector_size=8, epochs=2, engine="gensim").train(corpus)
    assert models[0].min_alpha_yet_reached < 0.02 * 0.05


def test_hierarchical_softmax_trains_through_gensim(corpus):
    vectors = Word2Vec(**SMALL, engine="gensim", hierarchical_softmax=True).train(corpus)
    assert vectors.matrix.shape == (60, 16)
    assert vectors.matrix.std() > 0


def test_one_worker_and_one_seed_give_the_same_bytes_also_in_another_process(corpus):
    models = "skipgram", "cbow"
    first, again, other = (
        [digest(Word2Vec(**SMALL, model=model, seed=seed).train(corpus)) for model in models]
        for seed in (7, 7, 8)
    )
    assert again == first
    assert not set(other) & set(first)
    program = (
        "import hashlib; from embedkit import Word2Vec\n"
        f"for model in {models!r}:\n"
        f"    e = Word2Vec(**{SMALL!r}, model=model, seed=7).train({str(corpus.path)!r})\n"
        "    print(hashlib.sha256(e.matrix.tobytes()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert there.stdout.split() == first


def test_several_workers_learn_the_same_space(atlas_corpus):
    one, three = (
        Word2Vec(vector_size=16, epochs=1, workers=workers).train(atlas_corpus) for workers in (1, 3)
    )
    assert three.metadata["losses"][0] == pytest.approx(one.metadata["losses"][0], rel=0.02)


def test_losses_are_true_means_and_fall(atlas_corpus):
    losses = Word2Vec(vector_size=16, epochs=3).train(atlas_corpus).metadata["losses"]
    assert losses == sorted(losses, reverse=True)
    untrained = Word2Vec(vector_size=16, epochs=1, learning_rate=1e-9, min_learning_rate=0.0)
    [loss] = untrained.train(atlas_corpus).metadata["losses"]
    assert loss == pytest.approx(
        6 * np.log(2), rel=1e-4
    )  # all scores are zero: log 2 for each of 1 + 5 words


def test_metadata_tell_how_the_vectors_were_made(corpus):
    metadata = Word2Vec(**SMALL, window=3).train(corpus).metadata
    assert metadata["trainer"] == "word2vec"
    assert metadata["parameters"]["window"] == 3
    assert metadata["corpus"]["fingerprint"] == corpus.fingerprint
    assert len(metadata["losses"]) == 2
    assert set(metadata["versions"]) == {"embedkit", "numpy", "numba"}


@pytest.mark.parametrize("engine", ["embedkit", "gensim"])
def test_the_vectors_can_be_looked_at_after_each_epoch(corpus, engine):
    seen = []
    trained = Word2Vec(**SMALL, engine=engine).train(corpus, after_epoch=lambda *state: seen.append(state))
    assert [epoch for epoch, _ in seen] == [1, 2]
    assert digest(seen[0][1]) != digest(seen[1][1]) == digest(trained)
    assert engine == "gensim" or [len(vectors.metadata["losses"]) for _, vectors in seen] == [1, 2]


def test_documents_may_come_from_a_generator(corpus):
    documents = [[corpus.vocabulary.words[i] for i in ids] for ids in corpus]
    streamed = Word2Vec(**SMALL).train(document for document in documents)
    assert digest(streamed) == digest(Word2Vec(**SMALL).train(documents))


def test_text_files_and_documents_are_sources_too(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("the cat sat on the mat\nthe dog sat on the cat\n" * 30, encoding="utf-8")
    from_text = Word2Vec(**SMALL).train(text)
    documents = [line.split() for line in text.read_text(encoding="utf-8").splitlines()]
    from_documents = Word2Vec(**SMALL).train(documents)
    assert digest(from_text) == digest(from_documents)
    assert from_text.tokenizer.tokenize("The Cat") == ["the", "cat"]
    assert from_documents.tokenizer is None


def test_a_line_of_any_length_trains_whole(tmp_path):
    words = [f"w{i % 50}" for i in range(70_000)]  # longer than a batch of the kernel and than a piece
    corpus = Corpus.from_documents([words], tmp_path / "corpus")
    seen = []

    class Spy(Progress):
        def start(self, task, total=None):
            seen.append(total)

    vectors = Word2Vec(**{**SMALL, "epochs": 1, "sample": 0}, window=1).train(corpus, progress=Spy())
    assert seen == [70_000]
    assert vectors.neighbors("w20", 2)[0].score > 0.3


def test_min_count_and_max_vocabulary_cut_the_rare_words(corpus):
    full = Word2Vec(**SMALL).train(corpus).vocabulary
    cut = Word2Vec(**{**SMALL, "min_count": 20}, max_vocabulary=25).train(corpus).vocabulary
    assert cut.words == full.words[: len(cut)]
    assert len(cut) <= 25
    assert min(cut.counts) >= 20


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vector_size": 0}, "vector_size must be at least 1"),
        ({"sample": float("nan")}, "sample must be a finite number"),
        ({"learning_rate": float("inf")}, "learning_rate must be a finite number"),
        ({"model": "glove"}, "model must be one of 'skipgram', 'cbow'"),
        ({"learning_rate": 0.01, "min_learning_rate": 0.02}, "min_learning_rate must be at most"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"ns_exponent": 100.0}, "ns_exponent must be at most 2"),
    ],
)
def test_wrong_settings_are_refused_at_construction(settings, message):
    with pytest.raises(InputError, match=message):
        Word2Vec(**settings)


def test_a_min_count_above_every_word_says_which_counts_there_are(tmp_path):
    corpus = Corpus.from_documents([["a"] * 4 + ["b", "c"] * 2], tmp_path / "corpus")
    with pytest.raises(InputError, match="1 word with count 4, 2 words with count 2"):
        Word2Vec(min_count=10).train(corpus)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("no such file.txt", "no such file"),
        ("the quick brown fox jumps over the lazy dog " * 50, "list of words"),
        (["one document", ["two"]], "lists of words"),
        ([["two"], "one document"], "list of words"),
        ([], "no text"),
        (5, "expected a Corpus, paths, texts, or documents"),
    ],
)
def test_a_source_that_is_none_is_explained(source, message):
    with pytest.raises(InputError, match=message):
        Word2Vec().train(source)


def test_a_text_that_leaves_nothing_to_learn_from_is_refused():
    with pytest.raises(InputError, match="use sample=0, or more text"):
        Word2Vec(**{**SMALL, "sample": 1e-9}).train([["hello", "world"] * 3])


@pytest.mark.parametrize("sample", [0.0, 1e-3])
def test_documents_of_one_word_are_told_of(sample):
    """No other value of sample, and no more of such text, would help."""
    parameters, documents = {**SMALL, "sample": sample, "min_count": 2}, [["hello"], ["world"]] * 3
    with pytest.raises(InputError, match="no two words of the vocabulary stand in the same document"):
        Word2Vec(**parameters).train([*documents, ["rare", "world"]])


def test_epochs_without_a_prediction_are_told():
    with pytest.warns(UserWarning, match="of 40 epochs made no prediction"):
        trained = Word2Vec(**{**SMALL, "sample": 0.05, "epochs": 40}).train([["hello", "world", "hello"]])
    assert None in trained.metadata["losses"]
    assert 0 not in trained.metadata["losses"]


def test_divergence_is_told_with_the_setting_to_lower(corpus):
    with pytest.raises(InputError, match="diverged in epoch 1; learning_rate must be lower than 1e"):
        Word2Vec(**SMALL, learning_rate=1e30).train(corpus)


def test_an_interrupt_stops_the_threads(atlas_corpus):
    class Interrupt(Progress):
        def update(self, completed, figures=""):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Word2Vec(epochs=50, vector_size=16).train(atlas_corpus, progress=Interrupt())
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]
