"""Spoken digits: errors on held-out recordings and on speakers never heard, and the speed of transcription.

`python -m tests.benchmarks.bench_speech RECORDINGS [shipped] [speakers] [speed]`; RECORDINGS is the folder
`recordings` of the Free Spoken Digit Dataset, of which recordings 0 to 4 are not read. `shipped` measures the
model that ships, greedily and by a beam, clean and in noise; `speakers` trains six models, each without one
speaker (a quarter of an hour of processor time), and measures them by that speaker; `speed` times an hour.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
import numpy as np

from embedkit import load_predictor, transcript_errors
from embedkit.speech.augmentation import coloured_noise, decibels, swelling
from embedkit_cli.shared.tables import text_table
from embedkit_cli.speech.tables import error_table
from embedkit_corpora.digits import (
    CHOOSE,
    LEARN,
    RATE,
    REPORT,
    joined_digits,
    measures,
    pairs,
    read_digits,
    told,
    trained,
)

NOISE = (20, 10, 5)  # decibels below the recording


def main() -> None:
    """Print the tables that are asked for."""
    digits = read_digits(Path(sys.argv[1]))
    parts = sys.argv[2:] or ["shipped", "speed"]
    held = [digit for digit in digits if digit.number in REPORT]
    if "shipped" in parts:
        shipped(held)
    if "speakers" in parts:
        speakers(digits)
    if "speed" in parts:
        speed(held)


def shipped(held):
    """The model that ships on recordings that it did not learn from."""
    predictor = load_predictor("digits")
    samples, words = pairs(held)
    joined, spoken = joined_digits(held, np.random.default_rng(1))
    for name, recordings, said in (("one digit", samples, words), ("five digits", joined, spoken)):
        for beam in (1, 10):
            heard = [predictor.transcribe(recording, beam=beam).text for recording in recordings]
            click.echo(f"\n{name}, beam {beam}\n{text_table(error_table(transcript_errors(said, heard)))}")
    generator = np.random.default_rng(2)
    for below in NOISE:
        heard = [predictor.transcribe(noisy(recording, below, generator)).text for recording in joined]
        click.echo(f"five digits in noise {below} dB below: {told(transcript_errors(spoken, heard))}")


def noisy(samples, below, generator):
    """A recording in noise that swells, so many decibels below it."""
    noise = coloured_noise(len(samples), 0.7, generator) * swelling(len(samples), RATE // 3, generator)
    return samples + noise * np.sqrt(np.mean(samples**2) / np.mean(noise**2)) * decibels(-below)


def speakers(digits):
    """Models that never heard a speaker, measured by all recordings of that speaker."""
    for speaker in sorted({digit.speaker for digit in digits}):
        others = [digit for digit in digits if digit.speaker != speaker]
        begin = time.process_time()
        learn, choose = ([d for d in others if d.number in some] for some in (LEARN, CHOOSE))
        recognizer = trained(learn, choose)
        seconds = time.process_time() - begin
        own = [digit for digit in digits if digit.speaker == speaker]
        rates = ", ".join(f"{name} {told(errors)}" for name, errors in measures(recognizer, own).items())
        click.echo(f"without {speaker}: {rates}; {seconds:.0f} s of processor")


def speed(held):
    """An hour of digits, as samples in memory."""
    predictor = load_predictor("digits")
    samples = np.concatenate([digit.samples for digit in held])
    hour = np.tile(samples, 3600 * RATE // len(samples) + 1)[: 3600 * RATE]
    begin, wall = time.process_time(), time.perf_counter()
    words = len(predictor.transcribe(hour).words)
    seconds = time.process_time() - begin, time.perf_counter() - wall
    click.echo(f"an hour, {words:,} words: {seconds[0]:.1f} s of processor, {seconds[1]:.1f} s")


if __name__ == "__main__":
    main()
