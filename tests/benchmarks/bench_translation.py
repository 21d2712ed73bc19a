"""Sequence to sequence: dates to ISO, spelling to sound, English to French and to German.

`python -m tests.benchmarks.bench_translation [dates] [cmudict] [stress] [multi30k] [tatoeba]
[--save FOLDER]`, with $EMBEDKIT_DATA set for all but dates; progress goes to stderr. Settings were tried once
a task, and not chosen by what is reported. Pronunciations are learned without stress, as in the published
numbers, or with it; scored is one in forty words of the training data, held out: an answer is right if it is
one of those that the dictionary has. Greedy search stands beside a beam of 5, and errors of this are counted
by who is to blame.
"""

import argparse
import hashlib
import lzma
import os
import re
import sys
import time
from pathlib import Path

from embedkit import PairedTexts, Seq2Seq, TranslationSearch, evaluate_translator
from embedkit.progress import console_progress
from embedkit_corpora.dates import dates

PRONUNCIATION = {
    "source_tokens": "characters",
    "target_tokens": "words",
    "units": 256,
    "vector_size": 128,
    "epochs": 8,
    "learning_rate": 2e-3,
    "dropout": 0.2,
}
TASKS = {
    "dates": {
        "tokens": "characters",
        "units": 128,
        "vector_size": 64,
        "epochs": 4,
        "learning_rate": 3e-3,
        "label_smoothing": 0.0,
        "dropout": 0.1,
    },
    "cmudict": PRONUNCIATION,
    "stress": PRONUNCIATION,
    "multi30k": {"vocabulary_size": 2000, "epochs": 3, "learning_rate": 3e-3, "dropout": 0.1},
    "tatoeba": {"vocabulary_size": 4000, "epochs": 4, "learning_rate": 3e-3, "dropout": 0.1},
}
HELD_OUT = 40  # one word of so many
REPORTED = ("BLEU", "chrF", "exact", "word error rate")


def read_lines(path):
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        return [line.rstrip("\n") for line in stream]


def date_pairs(folder):
    """20,000 pairs, and 2,000 others."""
    training = list(dates())
    held = dates(2000, seed=2, apart={pair.text for pair in training})
    return as_pairs(training), as_pairs(held)


def cmudict_pairs(folder):
    """Phonemes without the digits that tell their stress."""
    return spoken(folder, lambda phones: re.sub(r"\d", "", phones))


def stress_pairs(folder):
    """Phonemes as the dictionary has them."""
    return spoken(folder, str)


def spoken(folder, changed):
    """Each pronunciation of the words that are learned, and all of each of the others together."""
    said = {}
    for line in read_lines(folder / "cmudict/train.dict.xz"):
        word, *phones = line.split()
        said.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(changed(" ".join(phones)))
    held = {word for word in said if bucket(word) == 0}
    training = as_pairs((word, own) for word, several in said.items() if word not in held for own in several)
    return training, as_pairs((word, *said[word]) for word in said if word in held)


def bucket(word):
    """A number below `HELD_OUT`, the same of a word on every machine."""
    return int(hashlib.sha1(f"held:{word}".encode()).hexdigest(), 16) % HELD_OUT


def multi30k_pairs(folder):
    return tuple(
        as_pairs(
            zip(*(read_lines(folder / f"mt_multi30k/{part}.{side}.xz") for side in ("en", "de")), strict=True)
        )
        for part in ("train", "val")
    )


def tatoeba_pairs(folder):
    return tuple(
        as_pairs(line.split("\t") for line in read_lines(folder / f"mt_tatoeba/{part}.tsv.xz"))
        for part in ("train", "dev")
    )


def as_pairs(rows):
    rows = [tuple(row) for row in rows]
    return PairedTexts("", [source for source, *_ in rows], [own for _, *own in rows])


READERS = {
    "dates": date_pairs,
    "cmudict": cmudict_pairs,
    "stress": stress_pairs,
    "multi30k": multi30k_pairs,
    "tatoeba": tatoeba_pairs,
}


def rows(name, folder, save):
    """Lines of the time of training, and of scores and errors with either search."""
    training, held = READERS[name](folder)
    begin, processor = time.monotonic(), time.process_time()
    with console_progress() as progress:
        model = Seq2Seq(**TASKS[name]).train(training.sources, training.targets, progress=progress)
    yield (
        f"{name}: {len(training):,} pairs, {len(model.history)} epochs, {time.monotonic() - begin:,.0f} s, "
        f"{time.process_time() - processor:,.0f} s of processors"
    )
    if save:
        model.save(save / f"{name}.safetensors")
    for beam in (1, 5):
        begin = time.process_time()
        found = evaluate_translator(model, held, TranslationSearch(beam=beam))
        scores = {score.metric: score for score in found.scores}
        told = ", ".join(
            f"{metric} {scores[metric].value:.2f} [{scores[metric].low:.2f}, {scores[metric].high:.2f}]"
            for metric in REPORTED
            if scores[metric].low is not None
        )
        wrong = f"{found.errors.search:,} errors of search, {found.errors.model:,} of the model"
        yield f"  beam {beam}: {told}; {wrong}; {time.process_time() - begin:,.0f} s of processors"


def main():
    """Print each line as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*TASKS, []], default=[])
    parser.add_argument("--save", type=Path, help="a folder for the models")
    given = parser.parse_args()
    names, data = given.names or list(TASKS), os.environ.get("EMBEDKIT_DATA")
    if data is None and set(names) != {"dates"}:
        sys.exit("set EMBEDKIT_DATA to the folder of the data")
    for name in names:
        for line in rows(name, Path(data or ".", "more"), given.save):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
