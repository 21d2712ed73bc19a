"""`FastText`: what it learns, and what other programs read of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from embedkit import FastText, InputError, load
from embedkit.text.phrases.phrase import Phrase
from embedkit.text.phrases.phrases import Phrases
from embedkit.text.phrases.settings import PhraseSettings
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.vectors.formats import fasttext_writing

DOCUMENTS = [["walking", "talking", "jumping"], ["walked", "talked", "jumped"], ["cats", "dogs", "cows"]] * 40
UNKNOWN = ["barking", "barked", "éèê", "", "x", "zzz"]
SMALL = {"vector_size": 20, "min_count": 1, "sample": 0, "workers": 1, "bucket": 1000}


@pytest.fixture(scope="module")
def vectors():
    return FastText(**SMALL, epochs=20, keep_output=True).train(DOCUMENTS)


def test_unknown_words_are_near_words_of_the_same_form(vectors):
    assert "barking" not in vectors
    assert vectors.similarity("barking", "talking") > vectors.similarity("barking", "cats")
    assert vectors.subwords.kind == "fasttext"
    losses = vectors.metadata["losses"]
    assert len(losses) == 20
    assert losses[-1] < losses[0]


def test_vectors_of_an_epoch_stay_as_they_are_while_training_goes_on():
    kept, unknown = [], []

    def after_epoch(epoch, found):
        kept.append(found)
        unknown.append(found["barking"].copy())

    trained = FastText(**SMALL, epochs=3).train(DOCUMENTS, after_epoch=after_epoch)
    for found, before in zip(kept, unknown, strict=True):
        np.testing.assert_array_equal(found["barking"], before)
    assert not np.array_equal(unknown[0], unknown[1])
    np.testing.assert_array_equal(trained["barking"], unknown[2])


def test_native_files_keep_them_to_the_last_bit(vectors, tmp_path):
    vectors.save(tmp_path / "v.safetensors")
    again = load(tmp_path / "v.safetensors")
    np.testing.assert_array_equal(again.rows([*vectors, *UNKNOWN]), vectors.rows([*vectors, *UNKNOWN]))
    assert (tmp_path / "v.safetensors").stat().st_size < 50_000  # 1000 rows alone would take 80,000


def test_fasttext_reads_the_same_vectors(vectors, tmp_path):
    fasttext = pytest.importorskip("fasttext")
    vectors.save(tmp_path / "v.bin", format="fasttext")
    model = fasttext.load_model(str(tmp_path / "v.bin"))
    assert model.words == list(vectors)
    for word in [*vectors, *UNKNOWN]:
        np.testing.assert_array_equal(model.get_word_vector(word), vectors.rows([word])[0], err_msg=word)
    np.testing.assert_array_equal(model.get_output_matrix(), vectors.output_vectors)
    assert (model.f.getArgs().minn, model.f.getArgs().maxn, model.f.getArgs().bucket) == (3, 6, 1000)
    again = load(tmp_path / "v.bin")
    np.testing.assert_array_equal(again.rows([*vectors, *UNKNOWN]), vectors.rows([*vectors, *UNKNOWN]))


def test_gensim_reads_them_and_goes_on_training(vectors, tmp_path):
    from gensim.models.fasttext import load_facebook_model

    vectors.save(tmp_path / "v.bin", format="fasttext")
    model = load_facebook_model(str(tmp_path / "v.bin"))
    for word in [*vectors, *UNKNOWN[:3]]:
        np.testing.assert_allclose(model.wv[word], vectors.rows([word])[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(model.syn1neg, vectors.output_vectors)
    assert (model.window, model.negative, model.epochs) == (5, 5, 20)
    model.train(DOCUMENTS, total_examples=len(DOCUMENTS), epochs=1)
    keyed = vectors.to_gensim()
    np.testing.assert_allclose(keyed["barking"], vectors["barking"], rtol=1e-5)


def test_quantized_files_leave_out_ngrams_of_no_word(vectors, tmp_path):
    vectors.save(tmp_path / "v.ftz")
    again = load(tmp_path / "v.ftz")
    assert again.subwords.default_row is None
    known = again.rows(["barking"])[0] @ vectors["barking"]
    assert known > 0.9 * np.linalg.norm(again.rows(["barking"])) * np.linalg.norm(vectors["barking"])


def test_one_seed_gives_the_same_bytes_with_one_worker():
    first, second, third = (
        FastText(**SMALL, epochs=1, model="cbow", seed=seed).train(DOCUMENTS).matrix for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert (first != third).any()


def test_phrases_have_ngrams_as_words_have(tmp_path):
    Phrases((Phrase(("new", "york"), 0.5, 1),), PhraseSettings()).save(tmp_path / "phrases.txt")
    (tmp_path / "text.txt").write_text("to new york by rail\nfrom new york by air\n" * 20)
    steps = PipelineParameters(phrases=str(tmp_path / "phrases.txt")).build_pipeline()
    made = FastText(**SMALL, epochs=1).train(tmp_path / "text.txt", tokenizer=steps)
    assert "new_york" in made
    assert made["new_yorker"].any()


def test_without_ngrams_there_are_no_subwords():
    made = FastText(**SMALL, epochs=1, max_n=0).train(DOCUMENTS)
    assert made.subwords is None
    assert len(made) == 9


def test_a_huge_number_of_buckets_takes_no_memory(tmp_path, monkeypatch):
    made = FastText(**{**SMALL, "bucket": 2**31 - 1}, epochs=1).train(DOCUMENTS)
    assert len(made.subwords.table) < 200
    monkeypatch.setattr(fasttext_writing, "disk_usage", lambda folder: SimpleNamespace(free=10**9))
    with pytest.raises(InputError, match=r"takes 171\.8 GB for 2,147,483,647 buckets, and .* has 1\.0 GB"):
        made.save(tmp_path / "v.bin", format="fasttext")


def test_weights_of_positions_are_learned_and_told():
    made = FastText(**SMALL, epochs=10, model="cbow", position_weights=True, window=2).train(DOCUMENTS)
    weights = made.metadata["position_weights"]
    assert len(weights) == 4
    assert weights != [1, 1, 1, 1]
    plain = FastText(**SMALL, epochs=10, model="cbow", window=2).train(DOCUMENTS)
    assert made.metadata["losses"][-1] < plain.metadata["losses"][-1] < plain.metadata["losses"][0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_n": 5, "max_n": 4}, r"min_n must be at most max_n \(4\), got 5"),
        ({"bucket": 0}, "bucket must be at least 1, got 0"),
        ({"bucket": 2**31}, "bucket must be at most 2147483647"),
        ({"max_n": -1}, "max_n must be at least 0"),
        ({"min_learning_rate": 1.0}, "min_learning_rate must be at most"),
        ({"position_weights": True}, 'position_weights needs model="cbow", got "skipgram"'),
        ({"window": 10_001}, "window must be at most 10000"),
    ],
)
def test_bad_parameters_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        FastText(**options)


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([["one"] * 5], "leaves 1 of 1 different words"),
        ([["a"], ["b"]] * 9, "no two words of the vocabulary"),
    ],
)
def test_texts_of_which_nothing_is_learned_are_refused(documents, message):
    with pytest.raises(InputError, match=message):
        FastText(**SMALL).train(documents)
