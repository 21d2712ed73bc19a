"""Names of dinosaurs and WikiText-2, in the folder $EMBEDKIT_DATA; skipped without it."""

import os
from pathlib import Path

import pytest

from embedkit import NgramLanguageModel
from embedkit.shipped_files import shipped_path

DATA = Path(os.environ.get("EMBEDKIT_DATA", "none"), "more")
if not (DATA / "lm_dinos").is_dir():
    pytest.skip("needs $EMBEDKIT_DATA", allow_module_level=True)


def test_no_creature_that_ships_is_a_dinosaur():
    dinosaurs = (DATA / "lm_dinos/dinos.txt").read_text().lower().split()
    assert len(dinosaurs) == 1536
    assert not {*dinosaurs} & {*shipped_path("creatures.txt").read_text().lower().split()}


@pytest.mark.slow
def test_tokens_and_trigrams_of_wikitext2():
    """The published numbers of tokens; the perplexity is ours."""
    folder = DATA / "lm_wikitext2"
    trainer = NgramLanguageModel(order=3, tokenizer="whitespace", min_count=1)
    model = trainer.train(folder / "train.txt.xz", validation=folder / "valid.txt.xz")
    measured = model.validation["3-grams"]
    assert (model.metadata["tokens"], measured.tokens) == (2_088_628, 217_646)
    assert (len(model.units), measured.perplexity) == (33_278, pytest.approx(241.22, abs=0.01))
