"""The compiled kernels of hierarchical softmax against their numpy twin."""

import numpy as np
import pytest

from embedkit.simd.storage import aligned_matrix
from embedkit.training.huffman import HuffmanTree
from embedkit.training.kernels.hierarchical_softmax import path_trainer
from embedkit.training.kernels.path_tiles import PART
from embedkit.training.reference import hierarchical_softmax as twin
from embedkit.training.reference.negative_sampling import Draws

KEY = np.uint64(0x123456789ABCDEF)
VOCABULARY = 60


class Setting:
    """A random shard, some of whose ids are outside the vocabulary, a tree, and matrices to train."""

    def __init__(self, counts, size=16, words=300):
        random = np.random.default_rng(1)
        self.ids = (random.integers(0, VOCABULARY * 5 // 4, size=words)).astype(np.int32)
        self.offsets = np.array([0, words // 3, words])
        for array in (self.ids, self.offsets):
            array.flags.writeable = False  # as those of a corpus, so that kernels are compiled once
        self.keep = np.full(VOCABULARY, 3 << 30, np.uint32)
        self.size = size
        self.paths = HuffmanTree(counts).paths
        self.inputs, self.nodes = (aligned_matrix(VOCABULARY, size) for _ in range(2))
        self.inputs[:, :size] = random.normal(size=(VOCABULARY, size)) / 4
        self.nodes[:-1, :size] = random.normal(size=(VOCABULARY - 1, size)) / 4

    def train(self, start, stop, window, cbow):
        return path_trainer(self.size, cbow)(
            self.inputs.reshape(-1), self.nodes.reshape(-1), self.ids, self.offsets, start, stop,
            self.keep, self.paths, window, 0.1, 0.1, KEY, True, None, None,
        )  # fmt: skip

    def windows(self, window):
        draws = Draws(self.keep, np.zeros((0, 2), np.uint32), int(KEY))
        return draws.windows(self.ids.tolist(), self.offsets.tolist(), window, negative=0)


FLAT = np.full(VOCABULARY, 7)
STEEP = (2 ** np.arange(VOCABULARY, 0, -1, dtype=object)).astype(np.int64)  # every path one node longer


@pytest.mark.parametrize(
    ("counts", "longest", "cbow", "size"),
    [(FLAT, 1, False, 16), (STEEP, 8, False, 16), (FLAT, 1, True, 16), (STEEP, 8, True, 37)],
)
def test_kernel_and_twin_agree(counts, longest, cbow, size):
    setting = Setting(counts, size)
    assert -(-setting.paths.longest // PART) == longest
    inputs, nodes = setting.inputs.astype(np.float64), setting.nodes.astype(np.float64)
    made, loss = setting.train(0, 300, 4, cbow)
    expected = twin.train_shard(inputs, nodes, setting.windows(4), setting.paths, 0.1, cbow)
    assert made == expected[0]
    assert loss == pytest.approx(expected[1], rel=1e-5)
    np.testing.assert_allclose(setting.inputs, inputs, atol=1e-4)
    np.testing.assert_allclose(setting.nodes, nodes, atol=1e-4)
    assert not setting.nodes[-1].any()  # what pads the paths
    assert not setting.inputs[:, size:].any()


def test_the_shard_may_be_cut_into_pieces():
    whole, cut = Setting(STEEP), Setting(STEEP)
    predictions, _ = whole.train(0, 300, 3, False)
    assert predictions == sum(cut.train(start, start + 50, 3, False)[0] for start in range(0, 300, 50))
    np.testing.assert_array_equal(cut.inputs, whole.inputs)
    np.testing.assert_array_equal(cut.nodes, whole.nodes)
