"""Two checkouts of embedkit beside one another: is the one here as fast as that in another folder?

`python -m tests.benchmarks.compare_checkouts BEFORE_FOLDER [--text FILE] [--megabytes N] [--repeats N]
[--cold-start]`. Every measurement is a process of its own, and the two checkouts take turns, so that a busy
machine slows both; the ratio is the median of those of the turns, and of processor time where commands start.
What is measured must exist in both by the same public name. Without a text, the atlas is generated.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from embedkit_corpora import atlas
from tests.benchmarks.bench_cold_start import cold_start, commands, told

HERE = Path(__file__).parents[2]
PACKAGES = {"embedkit": "embedkit", "embedkit_cli": "cli", "embedkit_corpora": "corpora"}
START = "from embedkit_cli.main import main; main()"
PRELUDE = """
import json, sys, tempfile, time
from pathlib import Path
import embedkit
temporary = tempfile.TemporaryDirectory(dir=sys.argv[2])
text, folder, workers = Path(sys.argv[1]), Path(temporary.name), 2
def corpus_of(path, name):
    return embedkit.Corpus.encode(path, folder / name, workers=workers)
def few():
    small = folder / "small.txt"
    small.write_text("\\n".join(["one two three four five six seven"] * 200))
    return corpus_of(small, "small")
def timed(work, amount):
    begin = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - begin
    print(json.dumps(amount(result) / seconds))
"""
TRAINING = """
def trained(corpus, epochs):
    return embedkit.Word2Vec(model={model!r}, vector_size=100, epochs=epochs, workers=workers).train(corpus)
trained(few(), 1)  # compiles
corpus = corpus_of(text, "corpus")
timed(lambda: trained(corpus, 3), lambda _: 3 * corpus.words / 1e6)
"""
MEASUREMENTS = {  # what is measured -> its unit, and the code that prints how many a second
    "text to a corpus": (
        "M words/s",
        'few(); timed(lambda: corpus_of(text, "corpus"), lambda corpus: corpus.words / 1e6)',
    ),
    "skip-gram": ("M words/s", TRAINING.format(model="skipgram")),
    "CBOW": ("M words/s", TRAINING.format(model="cbow")),
    "co-occurrence counts": (
        "M words/s",
        """
embedkit.Cooccurrences.count(few(), workers=workers)
corpus = corpus_of(text, "corpus")
counted = lambda: embedkit.Cooccurrences.count(corpus, folder / "counts", workers=workers)
timed(counted, lambda _: corpus.words / 1e6)
""",
    ),
    "GloVe": (
        "M nonzeros/s",
        """
def trained(counts, epochs):
    return embedkit.GloVe(vector_size=100, epochs=epochs, workers=workers).train(counts)
trained(embedkit.Cooccurrences.count(few(), workers=workers), 1)  # compiles
counts = embedkit.Cooccurrences.count(corpus_of(text, "corpus"), folder / "counts", workers=workers)
timed(lambda: trained(counts, 10), lambda _: 10 * counts.nonzeros / 1e6)
""",
    ),
    "neighbors in the English vectors": (
        "thousand words/s",
        """
vectors = embedkit.load()
words = vectors.vocabulary.words[:4000]
vectors.neighbors_many(words[:10])
timed(lambda: vectors.neighbors_many(words), lambda found: len(found) / 1e3)
""",
    ),
    "sentiment": (
        "thousand texts/s",
        """
with text.open(encoding="utf-8") as lines:
    texts = [line[:500] for line, _ in zip(lines, range(2000))]
model = embedkit.load_model()
model.predict_proba(texts[:10])
timed(lambda: model.predict_proba(texts), lambda found: len(found) / 1e3)
""",
    ),
}


@click.command()
@click.argument("before", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--text", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Text to read.")
@click.option("--megabytes", default=20.0, show_default=True, help="How much of the text to read.")
@click.option("--repeats", default=5, show_default=True, help="Measurements of each checkout.")
@click.option("--cold-start", "alone", is_flag=True, help="Measure the start of commands alone.")
def main(before, text, megabytes, repeats, alone):
    """Print a Markdown table of medians and ratios."""
    click.echo("| what | before | after | ratio after / before |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checkouts = [_linked(before.resolve(), folder / "before"), _linked(HERE, folder / "after")]
        if not alone:
            cut = _cut(text, folder / "text.txt", int(megabytes * 1e6))
            for what, (unit, code) in MEASUREMENTS.items():
                turns = _turns(checkouts, repeats, lambda path, code=code: _speed(path, code, cut, folder))
                click.echo(_row(what, turns, unit))
        for command, arguments in commands(folder).items():
            turns = _turns(checkouts, repeats, lambda path, arguments=arguments: _start(path, arguments))
            click.echo(_start_row(command, turns))


def _linked(checkout, folder):
    """A folder for Python's path in which the packages of a checkout have their names."""
    folder.mkdir()
    for package, source in PACKAGES.items():
        (folder / package).symlink_to(checkout / source, target_is_directory=True)
    return folder


def _cut(text, path, size):
    """The first `size` bytes of a text, or of the atlas, up to the end of a line."""
    if text is None:
        atlas.write_corpus(path)
        text = path
    with text.open("rb") as stream:
        start = stream.read(size)
    path.write_bytes(start[: start.rfind(b"\n") + 1])
    return path


def _turns(checkouts, repeats, measure):
    """Pairs of measurements (before, after), without the first, which warms up; who is first alternates."""
    pairs = []
    for number in range(repeats + 1):
        order = (0, 1) if number % 2 else (1, 0)
        measured = {which: measure(checkouts[which]) for which in order}
        pairs.append((measured[0], measured[1]))
    return pairs[1:]


def _speed(path, code, text, folder):
    command = [sys.executable, "-c", PRELUDE + code, str(text), str(folder)]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=folder, env=_environment(path))
    return json.loads(ran.stdout.splitlines()[-1])


def _start(path, arguments):
    return cold_start([sys.executable, "-c", START, *arguments], cwd=path, env=_environment(path))


def _environment(path):
    return {**os.environ, "PYTHONPATH": str(path)}


def _row(what, turns, unit):
    before, after = (statistics.median(values) for values in zip(*turns, strict=True))
    return f"| {what} | {before:.3g} {unit} | {after:.3g} {unit} | {_ratio(turns)} |"


def _start_row(command, turns):
    before, after = map(told, zip(*turns, strict=True))
    ratio = _ratio([(first.processor, second.processor) for first, second in turns])
    return f"| {command} | {before} | {after} | {ratio} |"


def _ratio(turns):
    ratios = [second / first for first, second in turns]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    main()
