"""Language models: names, tinyshakespeare by characters and WikiText-2 by words, each beside n-grams.

`python -m tests.benchmarks.bench_language_models [creatures] [dinos] [shakespeare] [wikitext2]
[--seeds N ...]`, with $EMBEDKIT_DATA set. Of tinyshakespeare the last tenth of the lines is held out, of
names any tenth, by the seed; the settings of names were chosen on dinos with the seed 2. Of WikiText-2 it is
valid. What is held out also chooses the best epoch. Each line is printed as soon as it is there; progress
goes to stderr.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from embedkit import RecurrentLanguageModel
from embedkit.progress import console_progress

NAMES = {
    "unit": "characters",
    "independent_lines": True,
    "min_count": 1,
    "input_dropout": 0.3,
    "output_dropout": 0.5,
    "weight_dropout": 0.5,
    "averaging": 0.99,
    "epochs": 40,
    "patience": 5,
}
WIKITEXT2 = {"unit": "words", "tokenizer": "whitespace", "min_count": 1}
TASKS = {
    "creatures": (NAMES, "creatures", 0.1),
    "dinos": (NAMES, "lm_dinos/dinos.txt", 0.1),
    "shakespeare": (
        {"unit": "characters", "min_count": 1, "steps": 64, "epochs": 8, "order": 8, "learning_rate": 4e-3},
        "lm_tinyshakespeare/input.txt.xz",
        0.1,
    ),
    "wikitext2": (
        {**WIKITEXT2, "epochs": 12, "learning_rate": 4e-3, "input_dropout": 0.2, "output_dropout": 0.4},
        "lm_wikitext2/train.txt.xz",
        "lm_wikitext2/valid.txt.xz",
    ),
}
MADE = 200  # names, of which those are counted that are new


def rows(folder, name, seed):
    """Lines of perplexity and of speed, and of names how many are new."""
    settings, source, validation = TASKS[name]
    text = source if source == "creatures" else folder / source
    held = validation if isinstance(validation, float) else folder / validation
    wall, cpu = time.monotonic(), time.process_time()
    with console_progress() as progress:
        model = RecurrentLanguageModel(seed=seed, **settings).train(text, validation=held, progress=progress)
    took = f"{time.monotonic() - wall:.0f} s, {time.process_time() - cpu:.0f} s of processors"
    network, ngrams = model.validation
    for kind, one in model.validation.items():
        told = f"; {took}" if kind == network else ""
        bits = f"{one.bits_per_character:.3f} bits a character"
        yield (
            f"{name}, seed {seed}, {kind}: perplexity {one.perplexity:.2f}, {bits}, {one.tokens:,} tokens"
            + told
        )
    less = 1 - model.validation[network].perplexity / model.validation[ngrams].perplexity
    yield f"{name}, seed {seed}: {less:.1%} below {ngrams}"
    if settings is NAMES:
        from embedkit.language_models.data import excluded_lines

        made = model.generate(MADE, seed=seed)
        known = excluded_lines(text)
        yield f"{name}, seed {seed}: {sum(one not in known for one in made)} of {MADE} names made are new"


def main():
    """Print each line as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*TASKS, []], default=[])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    given = parser.parse_args()
    if "EMBEDKIT_DATA" not in os.environ:
        sys.exit("set EMBEDKIT_DATA to the folder with the data")
    for name in given.names or TASKS:
        for seed in given.seeds:
            for line in rows(Path(os.environ["EMBEDKIT_DATA"]) / "more", name, seed):
                sys.stdout.write(line + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
