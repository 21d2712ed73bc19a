"""Maps by t-SNE: what they keep together, and where they are kept."""

import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.maps.cached import fingerprint, kept_map
from embedkit.maps.neighbor_map import neighbor_map
from embedkit.maps.tsne import TSNE
from embedkit.progress import Progress
from embedkit.vectors.rows import StoredRows

QUICK = TSNE(neighbors=5, iterations=60, exaggerated=40)


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def groups():
    """Three groups of twenty rows each, far from one another in ten dimensions."""
    rng = np.random.default_rng(1)
    centers = np.eye(3, 10) * 4
    return StoredRows(
        (np.repeat(centers, 20, axis=0) + 0.3 * rng.standard_normal((60, 10))).astype(np.float32)
    )


def test_groups_stay_together(groups):
    made = neighbor_map(groups, QUICK)
    kinds = np.repeat(np.arange(3), 20)
    distances = np.linalg.norm(made.points[:, None] - made.points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (kinds[distances.argmin(axis=1)] == kinds).all()
    assert made.neighbors_kept > 0.9


def test_the_same_seed_gives_the_same_map_and_the_next_run_finds_it(groups, tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("")
    made = neighbor_map(groups, QUICK, beside=file)
    [kept] = tmp_path.glob("words.txt.map-*.safetensors")
    told = []

    class Told(Progress):
        def start(self, task, total=None):
            told.append(task)

    again = neighbor_map(groups, QUICK, beside=file, progress=Told())
    assert again.points.tolist() == made.points.tolist()
    assert not told
    kept.unlink()
    assert neighbor_map(groups, QUICK, beside=file).points.tolist() == made.points.tolist()


def test_a_map_belongs_to_its_vectors_and_its_parameters(groups):
    others = StoredRows(groups.values[::-1].copy())
    start = np.zeros((60, 2), np.float32)
    keys = [
        fingerprint(groups, QUICK),
        fingerprint(others, QUICK),
        fingerprint(groups.astype("int8"), QUICK),
        fingerprint(groups, TSNE()),
        fingerprint(groups, QUICK, start),
    ]
    assert len({*keys}) == len(keys)


def test_where_nothing_can_be_written_beside_the_file_the_cache_has_the_map(groups, tmp_path):
    made = neighbor_map(groups, QUICK, beside=tmp_path / "missing" / "words.txt")
    key = fingerprint(groups, QUICK)
    found = kept_map(key, None)
    assert found is not None
    assert found.points.tolist() == made.points.tolist()


def test_a_damaged_map_is_made_anew(groups, tmp_path):
    made = neighbor_map(groups, QUICK)
    [path] = (tmp_path / "cache").rglob("map-*.safetensors")
    content = bytearray(path.read_bytes())
    content[-4] ^= 0xFF
    path.write_bytes(content)
    assert kept_map(fingerprint(groups, QUICK), None) is None
    assert neighbor_map(groups, QUICK).points.tolist() == made.points.tolist()


def test_points_are_shown_while_they_move(groups):
    seen = []
    neighbor_map(groups, QUICK, watch=seen.append)
    assert len(seen) == 20
    assert {points.shape for points in seen} == {(60, 2)}


@pytest.mark.parametrize("count", [1, 2, 6, 7, 8])
def test_few_rows_have_a_map(count):
    rows = StoredRows(np.random.default_rng(1).standard_normal((count, 3)).astype(np.float32))
    made = neighbor_map(rows, QUICK)
    assert made.points.shape == (count, 2)
    assert np.isfinite(made.points).all()


def test_the_same_row_many_times_has_a_map():
    made = neighbor_map(StoredRows(np.ones((30, 4), np.float32)), QUICK)
    assert np.isfinite(made.points).all()


def test_an_interruption_ends_the_work_and_keeps_nothing(groups, tmp_path):
    class Interrupted(Progress):
        def update(self, completed, figures=""):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        neighbor_map(groups, QUICK, progress=Interrupted())
    assert not list(tmp_path.rglob("*.safetensors"))


def test_parameters_are_checked():
    with pytest.raises(InputError, match="neighbors"):
        TSNE(neighbors=0)
