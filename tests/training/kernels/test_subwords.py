"""The compiled kernels of fastText against their numpy twin."""

import numpy as np
import pytest
from numba import njit

from embedkit.simd.storage import aligned_matrix
from embedkit.training.fasttext.ngram_rows import NgramRows
from embedkit.training.kernels import row_lists
from embedkit.training.kernels.row_lists import judge, learn_rows, move_rows, score_rows, sum_rows
from embedkit.training.kernels.subword_cbow import subword_cbow_trainer
from embedkit.training.kernels.subword_skipgram import subword_skipgram_trainer
from embedkit.training.reference import negative_sampling, subwords
from tests.training.kernels.test_negative_sampling import KEY, Setting

SIZE, NEGATIVE, SHARED, RATE = 20, 5, 7, 0.1
LETTERS = "abcdefghijklmnopqrstuvwxyzäö"


class Spelling:
    """Words, the rows that the kernels have for them, and a row for each n-gram, as the twin has."""

    def __init__(self, words, bucket=50):
        self.rows = NgramRows.of(words, 2, 4, bucket)
        self.inputs, self.outputs = aligned_matrix(self.rows.size, SIZE), aligned_matrix(len(words), SIZE)
        random = np.random.default_rng(3)
        self.inputs[:, :SIZE] = random.normal(size=(self.rows.size, SIZE)) / 4
        self.outputs[:, :SIZE] = random.normal(size=(len(words), SIZE)) / 4
        places = {bucket: place for place, bucket in enumerate(self.rows.buckets.tolist(), len(words))}
        self.ngrams = [
            [word, *(places[hashed] for hashed in hashes)]
            for word, hashes in enumerate(_buckets(words, bucket))
        ]
        self.row_of = np.concatenate([self.rows.own, self.rows.bucket_rows])
        self.twin_inputs = self.inputs[self.row_of].astype(np.float64)
        self.twin_outputs = self.outputs.astype(np.float64)

    def train(self, trainer, setting, start, stop, window, own, shrink=True):
        rows = self.rows
        return trainer(
            self.inputs.reshape(-1), self.outputs.reshape(-1), rows.rows, rows.weights, rows.offsets,
            rows.lengths, own, setting.ids, setting.offsets, start, stop, setting.keep,
            setting.noise, window, shrink, NEGATIVE, RATE, RATE, KEY,
        )  # fmt: skip

    def check(self, atol):
        np.testing.assert_allclose(self.inputs[self.row_of], self.twin_inputs, atol=atol)
        np.testing.assert_allclose(self.outputs, self.twin_outputs, atol=atol)
        assert not self.inputs[:, SIZE:].any()


def _buckets(words, bucket):
    """The hashes of each word's n-grams, by fastText itself in readable Python."""
    for word in words:
        text = f"<{word}>"
        hashes = []
        for begin in range(len(text)):
            for end in range(begin + 2, min(begin + 4, len(text)) + 1):
                value = 2166136261
                for byte in text[begin:end].encode():
                    signed = byte if byte < 128 else byte + 0xFFFFFF00
                    value = (value ^ signed) * 16777619 % 2**32
                hashes.append(value % bucket)
        yield hashes


def drawn(setting, window, noise, distinct, shrink=True):
    """The window of each position, None where no word was kept."""
    draws = negative_sampling.Draws(setting.keep, setting.noise, int(KEY))
    return list(
        draws.windows(setting.ids.tolist(), setting.offsets.tolist(), window, noise, shrink, distinct)
    )


def random_words(count):
    random = np.random.default_rng(5)
    return ["".join(random.choice(list(LETTERS[:6]), random.integers(1, 7))) for _ in range(count)]


@pytest.mark.parametrize("shrink", [True, False])
def test_skipgram_and_its_twin_agree(shrink):
    """Over all windows of a shard at once: nothing lags behind."""
    setting, window = Setting(words=300), 3
    spelling = Spelling(list(dict.fromkeys(random_words(80)))[: setting.vocabulary])
    trainer = subword_skipgram_trainer(SIZE)
    made, loss = spelling.train(trainer, setting, 0, 300, window, SHARED, shrink=shrink)
    total, summed = 0, 0.0
    for target, contexts, noise in drawn(setting, window, SHARED, False, shrink):
        if contexts:
            step = subwords.train_skipgram_window(
                spelling.twin_inputs, spelling.twin_outputs, spelling.ngrams[target], contexts, noise,
                NEGATIVE, RATE,
            )  # fmt: skip
            total, summed = total + step[0], summed + step[1]
    assert made == total
    assert loss == pytest.approx(summed, rel=1e-5)
    spelling.check(atol=1e-4)


def cbow_twin(spelling, windows):
    """Train the twin on windows; returns the sum of losses."""
    return sum(
        subwords.train_cbow_window(
            spelling.twin_inputs, spelling.twin_outputs, [spelling.ngrams[word] for word in contexts],
            target, noise, RATE,
        )[1]
        for target, contexts, noise in windows
        if contexts
    )  # fmt: skip


def test_cbow_and_its_twin_agree_window_by_window():
    """Rows that words of a window have in common, and words that stand there twice, move as often."""
    setting, window = Setting(words=200), 4
    spelling = Spelling(list(dict.fromkeys(random_words(80)))[: setting.vocabulary])
    trainer = subword_cbow_trainer(SIZE)
    windows = iter(drawn(setting, window, NEGATIVE, True))
    for position in range(200):
        kept = setting.ids[position] < setting.vocabulary
        made, loss = spelling.train(trainer, setting, position, position + 1, window, spelling.rows.gains)
        if not kept or not _is_kept(setting, position):
            assert made == 0
            continue
        assert loss == pytest.approx(cbow_twin(spelling, [next(windows)]), rel=1e-4, abs=1e-5)
        spelling.check(atol=1e-4)


def _is_kept(setting, position):
    stream = negative_sampling.Draws(setting.keep, setting.noise, int(KEY)).stream(position)
    return next(stream) >> 32 <= setting.keep[setting.ids[position]]


def test_cbow_over_many_windows_is_as_exact_where_neighbours_share_no_rows():
    """Each word has letters of its own, and stands nowhere near itself; slots are used again."""
    setting, window = Setting(words=240), 2
    setting.vocabulary = len(LETTERS)
    setting.ids = np.arange(240, dtype=np.int32) % len(LETTERS)
    setting.keep = np.full(len(LETTERS), 2**32 - 1, np.uint32)
    setting.noise = setting.noise[: len(LETTERS)] % len(LETTERS)
    spelling = Spelling([letter * 3 for letter in LETTERS], bucket=1_000_003)
    _, loss = spelling.train(subword_cbow_trainer(SIZE), setting, 0, 240, window, spelling.rows.gains)
    assert loss == pytest.approx(cbow_twin(spelling, drawn(setting, window, NEGATIVE, True)), rel=1e-5)
    spelling.check(atol=1e-4)


@pytest.mark.parametrize(("blocks", "chunk"), [(1, 8), (3, 2), (7, 8)])
def test_lists_of_rows_match_numpy(blocks, chunk, monkeypatch):
    """In one go, and in several where a row has more vectors than registers hold."""
    monkeypatch.setattr(row_lists, "_CHUNK", chunk)
    random, stride = np.random.default_rng(blocks), 16 * blocks
    matrix, vector, change = (aligned_matrix(rows, stride) for rows in (9, 1, 1))
    matrix[:] = random.normal(size=matrix.shape) / 4
    rows, weights = np.array([4, 1, 8, 1], np.int32), np.array([1, 2, 3, 0.5], np.float32)
    sides, steps, totals = (aligned_matrix(1, 16)[0] for _ in range(3))
    sides[:4] = 1, 1, -2, -0.5
    products = aligned_matrix(1, 256)[0]
    products[:] = np.nan

    @njit
    def run(matrix, rows, weights, vector, sides, products, steps, totals, change):
        sum_rows(matrix, rows, weights, 1, 3, np.float32(0.1), vector, 0, blocks)
        score_rows(vector, matrix, rows, 4, products, blocks)
        judge(products, sides, 4, np.float32(0.2), steps, totals)
        learn_rows(vector, matrix, rows, 4, steps, change, blocks)
        move_rows(matrix, rows, 2, weights, 2, change, 0, blocks)

    expected = matrix.astype(np.float64)
    mean = 0.1 * (weights[1:, None] * expected[rows[1:]]).sum(axis=0)
    signed = sides[:4].astype(np.float64)
    loss = subwords.weighted_loss(mean, expected[rows], signed)
    errors = subwords.score_errors(mean, expected[rows], signed)
    moved = np.zeros(stride)
    for row, error in zip(rows, errors, strict=True):
        moved -= 0.2 * error * expected[row]
        expected[row] -= 0.2 * error * mean
    expected[8] += moved
    expected[1] += 2 * moved
    run(matrix.ravel(), rows, weights, vector[0], sides, products, steps, totals, change[0])
    assert -totals.sum() == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(change[0], moved, atol=1e-5)
    np.testing.assert_allclose(matrix, expected, atol=1e-5)
