import numpy as np
import pytest

from embedkit.vectors.texts.array_file import write_rows


@pytest.mark.parametrize("lengths", [[], [3], [2, 0, 1000]])
def test_numpy_reads_what_was_written(tmp_path, lengths):
    blocks = [np.random.default_rng(1).normal(size=(length, 3)).astype(np.float32) for length in lengths]
    path = tmp_path / "rows.npy"
    assert write_rows(path, iter(blocks), 3) == sum(lengths)
    expected = np.concatenate([np.zeros((0, 3), np.float32), *blocks])
    np.testing.assert_array_equal(np.load(path, allow_pickle=False), expected)
    np.testing.assert_array_equal(np.load(path, mmap_mode="r"), expected)


def test_a_failed_run_leaves_the_old_file(tmp_path):
    def failing():
        yield np.ones((1, 3), np.float32)
        raise RuntimeError("gone")

    path = tmp_path / "rows.npy"
    write_rows(path, [np.zeros((1, 3), np.float32)], 3)
    with pytest.raises(RuntimeError):
        write_rows(path, failing(), 3)
    assert np.load(path).tolist() == [[0, 0, 0]]
    assert [file.name for file in tmp_path.iterdir()] == ["rows.npy"]
