import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary


@pytest.fixture
def two_spaces(tmp_path):
    """en.safetensors and fr.safetensors: 60 words of a space, and the same turned; and two dictionaries."""
    generator = np.random.default_rng(0)
    rows, turn = generator.normal(size=(60, 4)), np.linalg.qr(generator.normal(size=(4, 4)))[0]
    counts = np.arange(60, 0, -1)
    english = Embeddings(rows, Vocabulary([f"en{i}" for i in range(60)], counts))
    french = Embeddings(rows @ turn, Vocabulary([f"fr{i}" for i in range(60)], counts))
    english.save(tmp_path / "en.safetensors")
    french.save(tmp_path / "fr.safetensors")
    pairs = [f"en{i} fr{i}\n" for i in range(60)]
    (tmp_path / "train.txt").write_text("".join(pairs[:20]) + "cat chat\ndog chien\n")
    (tmp_path / "test.txt").write_text("".join(pairs[20:30]) + "cow vache\n")
    return english, french
