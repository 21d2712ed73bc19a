"""Every reader of files, fuzzed with coverage guidance: documented errors alone.

`python -m tests.campaigns.fuzz_readers [--minutes X] [--only READER] [--log FOLDER]`, with atheris installed
(`pip install atheris`), on Linux. Each reader has processes of its own, which begin with small valid files
and keep what reaches new code. What is neither read nor refused by an `EmbedkitError`, takes more than a
minute or more than 2 GB ends it; the input is kept in the folder of the log. The table tells how many inputs
were tried, in how many CPU minutes, and how many places in the code they reached. The exit code is 1 if a
reader failed.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import wave
from contextlib import suppress
from pathlib import Path

import click

from embedkit.errors import EmbedkitError

MEMORY = 2048  # MB
SECONDS = 60  # by the clock, for an input on a busy machine
INPUTS = 40_000  # of a process: what atheris instruments keeps up to 36 KB for each
LONGEST = 1 << 14  # bytes of an input
DATA = Path(__file__).parents[1] / "compatibility/data"


def _vectors(path):
    from embedkit import load

    load(path)


def _corpus_manifest(path):
    from embedkit.text.corpus.manifest import Manifest

    Manifest.load(path.parent)


def _counts(path):
    from embedkit import Cooccurrences

    Cooccurrences.open(path)


def _model(path):
    from embedkit import load_predictor

    load_predictor(path)


def _facts(path):
    from embedkit.file_facts import describe_file

    describe_file(path)


def _topic(path):
    from embedkit import Topic

    Topic.open(path)


def _table(path):
    from embedkit import read_labeled

    read_labeled(path)


def _tagged(path):
    from embedkit import read_tagged

    read_tagged(path)


def _pairs(path):
    from embedkit import read_pairs

    read_pairs(path)


def _benchmark(path):
    from embedkit.evaluation.benchmarks.detection import read_benchmark

    read_benchmark(path)


def _tunes(path):
    from embedkit import read_tunes

    read_tunes([path])


def _sound(path):
    from embedkit.speech.recording import Recording

    with Recording(path) as recording:
        for _ in recording.blocks(16000):
            pass


def _recipe(path):
    from embedkit.text.pipeline.recipes import pipeline_from_recipe

    try:
        recipe = json.loads(path.read_bytes())
    except ValueError:  # whoever holds a recipe has read the JSON around it
        return
    pipeline_from_recipe(recipe)


TOPIC = b'name = "a"\ndefinitional = [["w", "x"]]\n[classes]\na = ["w"]\nb = ["x"]\n'
TREES = b"1\ta\ta\tX\t_\t_\t0\tr\t_\t_\n\n"
JSON_LINES = b'{"text": "a", "label": ["b"]}\n{"text": "c", "label": ["d"]}\n'
ABC = b"X:1\nT:t\nM:2/4\nL:1/8\nK:G\nG2 A>B | c2 (3ABc |]\n"
NOTE = b"\0\x90\x40\x40\x60\x80\x40\0\0\xff\x2f\0"
MIDI = b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x0c" + NOTE
TABLE = "| reader | inputs | CPU minutes | places reached | outcome |\n| --- | --- | --- | --- | --- |\n"
READERS = {  # name -> (what reads it, the name of its file, valid content, or a file of `DATA`)
    "vectors": (_vectors, "v", ["int8.safetensors", "w2v.bin", "w2v.txt"]),
    "corpus": (_corpus_manifest, "manifest.json", ["harbour.corpus/manifest.json"]),
    "counts": (_counts, "c.safetensors", ["harbour.counts"]),
    "models": (_model, "m.safetensors", ["mean-vectors.safetensors", "tfidf.safetensors"]),
    "any file": (_facts, "f", ["int8.safetensors", "mean-vectors.safetensors"]),
    "topics": (_topic, "t.toml", [TOPIC]),
    "tables": (_table, "t.csv", [b'text,label\n"a ""b""",good\nc,bad\n', b"good\ta b\nbad\tc\n"]),
    "JSON lines": (_table, "t.jsonl", [JSON_LINES]),
    "tags": (_tagged, "t.conll", [b"a B-x\nb I-x\n\nc O\n", TREES]),
    "pairs": (_pairs, "p.tsv", [b"a\tb\nc d\te f\n"]),
    "benchmarks": (_benchmark, "b", [b": x\na b c d\n", b"a\tb\t0.5\n", b"word1,word2,score\na,b,1\n"]),
    "ABC": (_tunes, "t.abc", [ABC]),
    "MIDI": (_tunes, "t.mid", [MIDI]),
    "sound": (_sound, "s.wav", []),
    "recipes": (_recipe, "r.json", []),
}


def seeds(name):
    """Small valid content of a reader's files."""
    given = [content if isinstance(content, bytes) else _kept(content) for content in READERS[name][2]]
    return given or [{"sound": _wave, "recipes": _recipe_of_words}[name]()]


def _kept(name):
    return (DATA / name).read_bytes()


def _wave():
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        with wave.open(file.name, "wb") as sound:
            sound.setparams((2, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(800))
        return Path(file.name).read_bytes()


def _recipe_of_words():
    from embedkit.text.pipeline.parameters import text_pipeline

    return json.dumps(text_pipeline("words").recipe()).encode()


def fuzz(name: str, options: list[str]) -> None:
    """In a process of its own: fuzz one reader until its time is up or it fails."""
    import atheris

    read, file, _ = READERS[name]
    with atheris.instrument_imports(include=["embedkit"]), tempfile.TemporaryDirectory() as folder:
        path = Path(folder, file)

        def test(content: bytes) -> None:
            path.write_bytes(content)
            with suppress(EmbedkitError):
                read(path)

        for content in seeds(name):  # everything is imported before the clock runs
            path.write_bytes(content)
            read(path)
        test(b"")
        atheris.Setup(["fuzz_readers", *options], test)
        atheris.Fuzz()


def fuzzed(name: str, minutes: float, kept: Path) -> tuple[str, bool]:
    """The row of a reader, fuzzed in one process after the other, and whether it failed; logs are kept."""
    (kept / "corpus").mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(seeds(name)):
        (kept / "corpus" / f"valid-{number}").write_bytes(content)
    paths = [f"-max_len={LONGEST}", f"-artifact_prefix={kept}/", str(kept / "corpus")]
    limits = [f"-runs={INPUTS}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEMORY}"]
    child = [sys.executable, "-m", "tests.campaigns.fuzz_readers", "--child", name, "--", *limits, *paths]
    end, used, code = time.monotonic() + 60 * minutes, cpu_minutes(), 0
    with (kept / "log").open("w") as told:
        while not code and (left := int(end - time.monotonic())) > 0:
            line = [*child, f"-max_total_time={left}"]
            code = subprocess.run(line, stdout=told, stderr=subprocess.STDOUT, check=False).returncode
    text = (kept / "log").read_text(errors="replace")
    inputs, reached = (map(int, re.findall(told, text)) for told in (r"Done (\d+) runs", r"cov: (\d+)"))
    uncaught = re.findall(r"^ *=== Uncaught Python exception: ===\n(.*)", text, re.MULTILINE)
    outcome = (*uncaught, f"exit code {code}")[0] if code else "no fault"
    facts = f"{sum(inputs):,} | {cpu_minutes() - used:.1f} | {max(reached, default=0):,}"
    return f"| {name} | {facts} | {outcome[:160]} |\n", bool(code)


def cpu_minutes() -> float:
    """Of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) / 60


@click.command()
@click.option("--minutes", default=20.0, show_default=True, help="Time of each reader.")
@click.option("--only", type=click.Choice(list(READERS)), multiple=True, help="These readers alone.")
@click.option("--log", type=click.Path(path_type=Path), help="Folder of what the processes print.")
@click.option("--child", hidden=True)
@click.argument("options", nargs=-1)
def main(minutes, only, log, child, options):
    """Print a table of what became of the readers."""
    if child:
        fuzz(child, list(options))
    folder = log or Path(tempfile.mkdtemp(prefix="fuzz-readers-"))
    failed = False
    sys.stdout.write(TABLE)
    for name in only or READERS:
        row, fault = fuzzed(name, minutes, folder / name.replace(" ", "-"))
        failed |= fault
        sys.stdout.write(row)
        sys.stdout.flush()
    sys.exit(failed)


if __name__ == "__main__":
    main()
