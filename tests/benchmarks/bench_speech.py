"""Spoken digits: errors on recordings and speakers never heard, a word in long recordings, and speed.

`python -m tests.benchmarks.bench_speech RECORDINGS [PART]...`; RECORDINGS is the folder `recordings` of the
Free Spoken Digit Dataset, of which recordings 0 to 4 are not read. `shipped` measures the model that ships,
greedily and by a beam, clean and in noise; `speakers`, or `speakers=NAME,...`, trains models that never heard
a speaker (two minutes of processor time each) and measures them by that speaker; `language` decodes years in
noise with a language model and without; `trigger` trains on voices of espeak-ng and finds a word in voices
that it never heard; `speed` reads files of up to three hours.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np
from scipy.io import wavfile

from embedkit import (
    LabelScores,
    NgramLanguageModel,
    SpeechRecognizer,
    Texts,
    join_recordings,
    load_predictor,
    transcript_errors,
)
from embedkit.speech.augmentation import colored_noise, decibels, swelling
from embedkit_cli.shared.tables import text_table
from embedkit_cli.speech.tables import error_table
from embedkit_corpora.digits import (
    CHOOSE,
    LEARN,
    RATE,
    REPORT,
    WORDS,
    joined_digits,
    measures,
    pairs,
    read_digits,
    synthesized_digits,
    told,
    trained,
)
from embedkit_corpora.voices import UNHEARD, drawn_voices, spoken

NOISE = (20, 10, 5)  # decibels below the recording
TRIGGER = "activate"
OTHERS = ("banana", "window", "seventy", "animal", "octopus", "actor", "motivate", "evening", "corner")
READ = """
import sys
from pathlib import Path
from embedkit import load_predictor
words = load_predictor("digits").transcribe(sys.argv[1]).words
[peak] = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(len(words), peak)
"""


def main() -> None:
    """Print the tables that are asked for."""
    digits = read_digits(Path(sys.argv[1]))
    held = [digit for digit in digits if digit.number in REPORT]
    for part in sys.argv[2:] or ["shipped", "language", "speed"]:
        name, _, chosen = part.partition("=")
        if name == "speakers":
            speakers(digits, chosen.split(",") if chosen else sorted({digit.speaker for digit in digits}))
        else:
            {"shipped": shipped, "language": language, "trigger": trigger, "speed": speed}[name](held)


def shipped(held):
    """The model that ships on recordings that it did not learn from."""
    predictor = load_predictor("digits")
    samples, words = pairs(held)
    joined, spoken_words = joined_digits(held, np.random.default_rng(1))
    for name, recordings, said in (("one digit", samples, words), ("five digits", joined, spoken_words)):
        for beam in (1, 10):
            heard = [predictor.transcribe(recording, beam=beam).text for recording in recordings]
            click.echo(f"\n{name}, beam {beam}\n{text_table(error_table(transcript_errors(said, heard)))}")
    generator = np.random.default_rng(2)
    for below in NOISE:
        heard = [predictor.transcribe(noisy(recording, below, generator)).text for recording in joined]
        click.echo(f"five digits in noise {below} dB below: {told(transcript_errors(spoken_words, heard))}")


def noisy(samples, below, generator):
    """A recording in noise that swells, so many decibels below it."""
    noise = colored_noise(len(samples), 0.7, generator) * swelling(len(samples), RATE // 3, generator)
    return samples + noise * np.sqrt(np.mean(samples**2) / np.mean(noise**2)) * decibels(-below)


def speakers(digits, names):
    """Models that never heard a speaker, measured by all recordings of that speaker."""
    synthesized = synthesized_digits()
    for speaker in names:
        others = [digit for digit in digits if digit.speaker != speaker]
        begin = time.process_time()
        learn, choose = ([d for d in others if d.number in some] for some in (LEARN, CHOOSE))
        recognizer = trained([*learn, *synthesized], choose)
        seconds = time.process_time() - begin
        own = [digit for digit in digits if digit.speaker == speaker]
        rates = ", ".join(f"{name} {told(errors)}" for name, errors in measures(recognizer, own).items())
        click.echo(f"without {speaker}: {rates}; {seconds:.0f} s of processor")


def language(held):
    """Years of four digits of a speaker, in noise: the language model learned all years from 1900 to 2029."""
    years = [" ".join(WORDS[int(digit)] for digit in str(year)) for year in range(1900, 2030)]
    model = NgramLanguageModel(order=4, independent_lines=True).train(Texts(years))
    predictor = load_predictor("digits")
    scores = LabelScores(model, predictor.labels.names)
    generator = np.random.default_rng(3)
    said = [years[place] for place in generator.integers(0, len(years), 150)]
    names = sorted({digit.speaker for digit in held})
    recordings = [noisy(year_said(text, held, names, generator), 5, generator) for text in said]
    for name, options in (
        ("greedy", {}),
        ("beam 10", {"beam": 10}),
        ("language model of years", {"language_model": scores}),
    ):
        heard = [predictor.transcribe(recording, **options).text for recording in recordings]
        click.echo(f"years in noise 5 dB below, {name}: {told(transcript_errors(said, heard))}")


def year_said(text, held, names, generator):
    """The words of a year, all by one speaker."""
    speaker = generator.choice(names)
    parts = []
    for word in text.split():
        own = [digit for digit in held if (digit.speaker, digit.word) == (speaker, word)]
        parts.append(own[generator.integers(len(own))].samples)
    return join_recordings(parts, RATE, generator=generator)[0]


def trigger(_):
    """A word among others in ten minutes with noise, by voices that the training never heard."""
    generator = np.random.default_rng(4)
    learned = [
        (spoken(word, voice, RATE), word)
        for voice in drawn_voices(40, generator)
        for word in (TRIGGER, *OTHERS)
    ]
    recognizer = SpeechRecognizer(
        epochs=20, validation_fraction=0.0, layers="conv:48:5:strides=3 dropout:0.2 bigru:48 dropout:0.3"
    ).fit(*zip(*learned, strict=True))
    for below in (30, 20, 10):
        parts, words = [], []
        for voice in drawn_voices(400, generator, UNHEARD):
            words.append(str(generator.choice([TRIGGER, *OTHERS])))
            parts.append(spoken(words[-1], voice, RATE))
        joined, times = join_recordings(parts, RATE, pauses=(0.3, 1.5), generator=generator)
        hits = recognizer.predictor_.find(TRIGGER, noisy(joined, below, generator))
        wanted = times[[place for place, word in enumerate(words) if word == TRIGGER]]
        right = sum(any(hit.begin < end and begin < hit.end for hit in hits) for begin, end in wanted)
        wrong = sum(not any(hit.begin < end and begin < hit.end for begin, end in wanted) for hit in hits)
        minutes = len(joined) / RATE / 60
        click.echo(
            f"{TRIGGER!r} in {minutes:.0f} minutes, noise {below} dB below: {right} of {len(wanted)} found, "
            f"{wrong} hits where {len(words) - len(wanted)} other words are said"
        )


def speed(held):
    """WAV files of up to three hours of digits, and the most memory that reading them takes."""
    samples = np.concatenate([np.pad(digit.samples, (0, RATE // 5)) for digit in held])
    hours = np.tile(samples, 3 * 3600 * RATE // len(samples) + 1)[: 3 * 3600 * RATE]
    with tempfile.TemporaryDirectory() as folder:
        for minutes in (3, 60, 180):
            path = Path(folder, f"{minutes}.wav")
            wavfile.write(path, RATE, np.round(hours[: minutes * 60 * RATE] * 32767).astype(np.int16))
            begin, before = time.perf_counter(), processor_seconds()
            told = subprocess.run(
                [sys.executable, "-c", READ, str(path)], capture_output=True, check=True
            ).stdout
            wall, own = time.perf_counter() - begin, processor_seconds() - before
            words, peak = map(int, told.split())
            click.echo(
                f"{minutes} minutes, {words:,} words: {own:.1f} s of processor, {wall:.1f} s, "
                f"{peak / 1024:,.0f} MiB at most"
            )


def processor_seconds():
    """Of processes that were run and ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
