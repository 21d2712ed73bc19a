"""A small space that leans, topics and a benchmark in files, for the commands about bias."""

from itertools import product
from string import ascii_lowercase

import numpy as np

from embedkit import Embeddings, Vocabulary

TOPIC = """\
name = "sex <b>"
citations = ["Some & body (2020)"]
definitional = [["she", "he"], ["her", "his"], ["woman", "man"]]
equalize = [["she", "he"], ["her", "his"]]
neutral = ["nurse", "cook", "maid", "smith", "<i>boss</i>", "clerk"]

[classes]
female = ["she", "her", "woman"]
male = ["he", "his", "man"]
"""
THREE = """\
name = "three"
definitional = [["she", "he", "it"], ["her", "his", "its"]]
neutral = ["nurse", "cook", "maid", "smith"]
[classes]
a = ["she", "her"]
b = ["he", "his"]
c = ["it", "its"]
"""
WORDS = tuple("she he her his woman man it its nurse cook maid smith <i>boss</i> clerk".split())  # noqa: SIM905
LEANS = (1, -1, 1, -1, 1, -1, 0, 0, 0.6, 0.3, 0.5, -0.6, -0.5, -0.1)
BIAS = "bias -v space.safetensors --topic sex.toml"
DEBIAS = "debias -v space.safetensors --topic sex.toml -b pairs.txt"


def write_files(folder):
    """Write space.safetensors, whose words lean along the first dimension, topics, and a benchmark."""
    generator = np.random.default_rng(0)
    others = ["".join(letters) for letters in product(ascii_lowercase, repeat=2)][:300]
    others = [f"{word}x" for word in others]
    matrix = generator.normal(0, 0.4, (len(WORDS) + len(others), 12))
    matrix[: len(WORDS), 0] = LEANS
    matrix[[1, 3, 5], 1:] = matrix[[0, 2, 4], 1:] + generator.normal(0, 0.05, (3, 11))
    Embeddings(matrix, Vocabulary([*WORDS, *others])).save(folder / "space.safetensors")
    pairs = "".join(
        f"{a} {b} {score}\n" for score, (a, b) in enumerate(zip(others[:20], others[20:40], strict=True))
    )
    contents = {"sex.toml": TOPIC, "three.toml": THREE, "pairs.txt": pairs}
    for name, content in contents.items():
        (folder / name).write_text(content)
