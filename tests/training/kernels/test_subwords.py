"""The compiled kernels of fastText against their numpy twin."""

import numpy as np
import pytest
from numba import njit

from embedkit.simd.storage import aligned_matrix
from embedkit.training.fasttext.ngram_rows import NgramRows
from embedkit.training.kernels import row_lists
from embedkit.training.kernels.row_lists import move_rows, sum_rows
from embedkit.training.kernels.subword_windows import subword_trainer
from embedkit.training.reference import subwords
from tests.training.kernels.test_negative_sampling import KEY, Setting, drawn, frozen

SIZE, NEGATIVE, RATE = 20, 5, 0.1
BUCKET = 50  # few: n-grams share them
ALPHABET = [chr(letter) for letter in range(ord("α"), ord("α") + 32)]  # noqa: RUF001


def fnv1a(text):
    """fastText's hash: bytes are signed numbers."""
    value = 2166136261
    for byte in text.encode():
        value = (value ^ (byte if byte < 128 else byte + 0xFFFFFF00)) * 16777619 % 2**32
    return value


def ngrams(word, shortest, longest):
    """The n-grams of "<word>" but "<" and ">", in fastText's order."""
    text = f"<{word}>"
    for begin in range(len(text)):
        for end in range(begin + shortest, min(begin + longest, len(text)) + 1):
            if end - begin > 1 or 0 < begin < len(text) - 1:
                yield text[begin:end]


class Spelling:
    """The rows that the kernels have for some words, and the twin's, which has one for each bucket."""

    def __init__(self, words, bucket):
        random = np.random.default_rng(3)
        self.rows = NgramRows.of(words, 2, 4, bucket)
        self.inputs, self.outputs = aligned_matrix(self.rows.size, SIZE), aligned_matrix(len(words), SIZE)
        self.inputs[:, :SIZE] = random.normal(size=(self.rows.size, SIZE)) / 4
        self.outputs[:, :SIZE] = random.normal(size=(len(words), SIZE)) / 4
        places = {bucket: place for place, bucket in enumerate(self.rows.buckets.tolist(), len(words))}
        self.words = [
            [number, *(places[fnv1a(ngram) % bucket] for ngram in ngrams(word, 2, 4))]
            for number, word in enumerate(words)
        ]
        self.row_of = np.concatenate([self.rows.own, self.rows.bucket_rows])
        self.twin_inputs = self.inputs[self.row_of].astype(np.float64)
        self.twin_outputs = self.outputs.astype(np.float64)

    def train(self, cbow, setting, start, stop, window, shrink=True, positions=None):
        rows = self.rows
        return subword_trainer(SIZE, NEGATIVE, cbow)(
            self.inputs.reshape(-1), self.outputs.reshape(-1), rows.rows, rows.weights, rows.offsets,
            rows.lengths, frozen(setting.ids), frozen(setting.offsets), start, stop,
            setting.keep, setting.noise,
            window, shrink, RATE, RATE, KEY, positions, None, None,
        )  # fmt: skip

    def train_twin(self, cbow, windows):
        made, lost = 0, 0.0
        for target, contexts, noise in windows:
            if contexts:
                step = subwords.train_window(
                    self.twin_inputs, self.twin_outputs, [self.words[word] for word in contexts],
                    [target, *noise], RATE, cbow,
                )  # fmt: skip
                made, lost = made + step[0], lost + step[1]
        return made, lost

    def check(self):
        np.testing.assert_allclose(self.inputs[self.row_of], self.twin_inputs, atol=1e-4)
        np.testing.assert_allclose(self.outputs, self.twin_outputs, atol=1e-4)
        assert not self.inputs[:, SIZE:].any()


@pytest.mark.parametrize("cbow", [False, True])
def test_kernel_and_twin_agree_window_by_window(cbow):
    """Rows that words of a window have in common move for each, also for a word that is there twice."""
    setting, window, random = Setting(words=200), 4, np.random.default_rng(5)
    words = dict.fromkeys("".join(random.choice(list("abcdö"), random.integers(1, 7))) for _ in range(80))
    spelling = Spelling(list(words)[: setting.vocabulary], BUCKET)
    for position in range(200):
        made, loss = spelling.train(cbow, setting, position, position + 1, window)
        single = drawn(setting, position, position + 1, window, NEGATIVE)
        expected = spelling.train_twin(cbow, single)
        assert made == expected[0]
        assert loss == pytest.approx(expected[1], rel=1e-4, abs=1e-5)
        spelling.check()


@pytest.mark.parametrize("shrink", [True, False])
@pytest.mark.parametrize("cbow", [False, True])
def test_many_windows_at_once_are_as_exact_where_neighbors_share_no_rows(cbow, shrink):
    """Each word has letters of its own, and does not stand near itself: nothing can lag behind."""
    setting, window, size = Setting(words=240), 2, len(ALPHABET) // 2
    setting.ids = np.arange(240, dtype=np.int32) % size
    setting.keep = np.full(size, 2**32 - 1, np.uint32)
    setting.noise = setting.noise[:size] % size
    spelling = Spelling(["".join(ALPHABET[i : i + 2]) for i in range(0, 2 * size, 2)], bucket=1_000_003)
    made = spelling.train(cbow, setting, 0, 240, window, shrink)
    windows = setting.windows(window, NEGATIVE, shrink)
    assert made == pytest.approx(spelling.train_twin(cbow, windows), rel=1e-5)
    spelling.check()


def test_weights_of_positions_and_their_twin_agree():
    setting, window, random = Setting(words=60), 3, np.random.default_rng(6)
    setting.keep[:] = 2**32 - 1
    spelling = Spelling([first + last for first in "abcdefgh" for last in "abcde"], BUCKET)
    positions = aligned_matrix(2 * window, SIZE)
    positions[:, :SIZE] = random.normal(size=(2 * window, SIZE))
    twin_positions = positions.astype(np.float64)
    for position in range(60):
        made, loss = spelling.train(
            True, setting, position, position + 1, window, shrink=False, positions=positions.reshape(-1)
        )
        if not made:
            continue
        document = int(np.searchsorted(setting.offsets, position, side="right")) - 1
        text = setting.ids[setting.offsets[document] : setting.offsets[document + 1]]
        kept = np.flatnonzero(text < setting.vocabulary)
        center = int(np.searchsorted(kept, position - setting.offsets[document]))
        near = [i for i in range(center - window, center + window + 1) if i != center and 0 <= i < len(kept)]
        places = [i - center + window - (i > center) for i in near]
        target, contexts, noise = next(draws_at(setting, position, window))
        assert contexts == text[kept[near]].tolist()
        expected = subwords.train_positioned_window(
            spelling.twin_inputs, spelling.twin_outputs, twin_positions,
            [spelling.words[word] for word in contexts], places, [target, *noise], RATE,
        )  # fmt: skip
        assert loss == pytest.approx(expected[1], rel=1e-4)
        np.testing.assert_allclose(positions, twin_positions, atol=1e-4)
        spelling.check()


def draws_at(setting, position, window):
    """The full window of one position."""
    return drawn(setting, position, position + 1, window, NEGATIVE, shrink=False)


@pytest.mark.parametrize(("blocks", "chunk"), [(1, 8), (5, 2)])
def test_lists_of_rows_match_numpy(blocks, chunk, monkeypatch):
    """In one go, and in several where a row has more vectors than registers hold."""
    monkeypatch.setattr(row_lists, "_CHUNK", chunk)
    random, stride = np.random.default_rng(blocks), 16 * blocks
    matrix, sums = aligned_matrix(9, stride), aligned_matrix(4, stride)
    matrix[:] = random.normal(size=matrix.shape)
    rows, weights = np.array([4, 1, 8, 1], np.int32), np.array([1, 2, 3, 0.5], np.float32)
    expected = matrix.copy()
    total = 0.1 * (weights[1:, None] * matrix[rows[1:]]).sum(axis=0)
    np.add.at(expected, rows[:3], 7)
    np.add.at(expected, [4, 4], 1)

    @njit
    def run(matrix, rows, weights, sums):
        sum_rows(matrix, rows, weights, 1, 3, np.float32(0.1), sums, 1, 3, blocks)
        for i in range(stride, 2 * stride):
            sums[i] += 7
        move_rows(matrix, rows, 0, 3, sums, 1, 3, blocks)
        sums[:stride] = 1
        move_rows(matrix, np.array([4, 4], np.int32), 0, 2, sums, 0, 2, blocks)

    run(matrix.ravel(), rows, weights, sums.ravel())
    np.testing.assert_allclose(sums[3], total, atol=1e-5)
    np.testing.assert_allclose(matrix, expected, atol=1e-5)
