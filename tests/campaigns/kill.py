"""Kills every command that writes at random moments: is its target always the old or the new file?

`python -m tests.campaigns.kill [--kills N] [--seed N] [--only COMMAND] [--signal NAME]`, on Linux. A run is
killed by SIGKILL, SIGTERM or SIGINT. Its target must then be, byte for byte, what stood there before or what
the command makes undisturbed; no process may go on; nobody may see a traceback. Now and then the same command
is given again, which goes on from a checkpoint if there is one, and must make the same file; and after that
nothing may lie beside the target or among the temporary files.
"""

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import wave
from collections import Counter
from pathlib import Path

import click

from embedkit.leftovers import UNFINISHED

EMBEDKIT = [sys.executable, "-c", "from embedkit_cli.start import main; main()"]
W2V = "train-w2v text.txt -o TARGET --workers 1 --vector-size 16 --epochs 2 -q --seed"
OFTEN = "--checkpoint-minutes 0.001 -q"
COMMANDS = {  # name -> what makes the old target, and what is killed while it makes the new one
    "tokenize": ("tokenize text.txt -o TARGET -q", "tokenize text.txt more.txt -o TARGET -q"),
    "phrases": ("phrases text.txt -o TARGET -q", "phrases more.txt -o TARGET -q"),
    "train-tokenizer": (
        "train-tokenizer text.txt -o TARGET --vocabulary-size 60 -q",
        "train-tokenizer text.txt -o TARGET --vocabulary-size 300 -q",
    ),
    "train-w2v": (f"{W2V} 1", f"{W2V} 2 {OFTEN}"),
    "train-w2v --deterministic": (f"{W2V} 1", f"{W2V} 2 --deterministic {OFTEN}"),
    "train-fasttext": (
        f"{W2V} 1",
        f"train-fasttext text.txt -o TARGET --workers 1 --vector-size 16 --epochs 2 --bucket 999 {OFTEN}",
    ),
    "train-doc2vec": (
        f"{W2V} 1",
        f"train-doc2vec text.txt -o TARGET --workers 1 --vector-size 16 --epochs 2 {OFTEN}",
    ),
    "cooccurrences": ("cooccurrences text.txt -o TARGET -q", "cooccurrences more.txt -o TARGET -q"),
    "train-glove": (f"{W2V} 1", f"train-glove text.txt -o TARGET --epochs 2 {OFTEN}"),
    "train-svd": (f"{W2V} 1", "train-svd text.txt -o TARGET --vector-size 16 -q"),
    "train-lm": (f"{W2V} 1", "train-lm text.txt -o TARGET --model ngram -q"),
    "train-lm --model lstm": (
        f"{W2V} 1",
        f"train-lm lines.txt -o TARGET --vector-size 16 --units 16 --epochs 4 {OFTEN}",
    ),
    "convert": (f"{W2V} 1", "convert v.safetensors TARGET --to word2vec -q"),
    "transform": (f"{W2V} 1", "transform v.safetensors -o TARGET --center -q"),
    "combine": (f"{W2V} 1", "combine v.safetensors v.safetensors -o TARGET --how concatenate -q"),
    "align": (f"{W2V} 1", "align v.safetensors v.safetensors -o TARGET -q"),
    "retrofit": (f"{W2V} 1", "retrofit v.safetensors lexicon.txt -o TARGET -q"),
    "debias": (f"{W2V} 1", "debias -o TARGET -q"),
    "save-pretrained": (
        "save-pretrained v.safetensors -o TARGET --topic topic.toml -q",
        "save-pretrained v.safetensors -o TARGET --topic topic.toml --title Words -q",
    ),
    "encode": ("encode word1 -v v.safetensors -o TARGET.npy", "encode word2 -v v.safetensors -o TARGET.npy"),
    "plot words": (
        "plot words word1 word2 word3 -v v.safetensors -o TARGET.svg -q",
        "plot words word1 word2 word4 -v v.safetensors -o TARGET.svg -q",
    ),
    "train-classifier": (f"{W2V} 1", "train-classifier labeled.csv -o TARGET --model mean-vectors -q"),
    "train-regressor": (f"{W2V} 1", "train-regressor rated.csv -o TARGET --model tfidf -q"),
    "train-tagger": (
        f"{W2V} 1",
        f"train-tagger tagged.conll -o TARGET --epochs 3 -v v.safetensors {OFTEN}",
    ),
    "train-seq2seq": (f"{W2V} 1", f"train-seq2seq pairs.tsv -o TARGET --epochs 2 {OFTEN}"),
    "train-emojify": (f"{W2V} 1", "train-emojify emoji.csv -o TARGET --version 1 --no-augment -q"),
    "train-emojify --version 2": (
        f"{W2V} 1",
        "train-emojify emoji.csv -o TARGET --version 2 --layers mean --epochs 9 --no-augment "
        f"-v v.safetensors {OFTEN}",
    ),
    "train-music": (f"{W2V} 1", f"train-music tunes.abc -o TARGET --vector-size 32 --epochs 9 {OFTEN}"),
    "train-speech": (
        f"{W2V} 1",
        f"train-speech recordings.csv -o TARGET --layers dense:8 --mel-bands 8 --epochs 9 {OFTEN}",
    ),
    "emoji-vectors": (f"{W2V} 1", "emoji-vectors -o TARGET -q"),
    "explore": (
        "explore v.safetensors --export TARGET.html --map pca --top 9 -q",
        "explore v.safetensors --export TARGET.html --map pca -q",
    ),
    "index": (
        "index v.safetensors -o TARGET --workers 1 -q",
        "index v.safetensors -o TARGET --workers 1 --expansion-add 3000 -q",
    ),
}
REPEATED = 0.25  # of the killed runs that are given again
CODES = {signal.SIGKILL: {-9}, signal.SIGTERM: {143, -15}, signal.SIGINT: {130, -2}}
GRACE = 5.0  # seconds in which worker processes have to notice that their parent is gone


class Campaign:
    """A folder in which one command is killed again and again."""

    def __init__(self, folder, command, signals):
        self.folder, self.command, self.signals = folder, command, signals
        self.old_line, self.new_line = (
            re.sub(r"TARGET(?!\.)", "TARGET.safetensors", line) for line in COMMANDS[command]
        )
        target = re.search(r"TARGET\S+", self.new_line)[0]
        self.place, self.temporary = folder / "place", folder / "temporary"
        self.target, self.mark = self.place / target, uuid.uuid4().hex
        for part in (self.place, self.temporary, folder / "saved"):
            part.mkdir()
        write_texts(self.place)
        self.run(f"{W2V} 1".replace("TARGET", "v.safetensors"))
        self.seen = Counter()

    def start(self, line):
        """Start a command line, marked so that its children can be found."""
        environment = {**os.environ, "TMPDIR": str(self.temporary), "EMBEDKIT_MARK": self.mark}
        return subprocess.Popen(
            [*EMBEDKIT, *line.split()],
            cwd=self.place,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def run(self, line):
        """Run it undisturbed; the seconds it takes."""
        begin = time.monotonic()
        process = self.start(line)
        errors = process.communicate()[1]
        if process.returncode:
            raise SystemExit(f"{line} failed: {errors}")
        return time.monotonic() - begin

    def kills(self, count):
        """Kill so often; counts what was seen."""
        self.run(self.new_line)
        self.new = content(self.target)
        remove(self.target)
        self.run(self.old_line)
        self.old = content(self.target)
        self.entries = {path.name for path in self.place.iterdir()}
        shutil.copytree(self.place, self.folder / "saved", dirs_exist_ok=True)
        seconds = self.run(self.new_line)
        for _ in range(count):
            self.restore()
            self.kill(random.choice(self.signals), random.uniform(0, 1.05 * seconds))
            if random.random() < REPEATED:
                self.repeat()
        self.repeat()
        return self.seen

    def repeat(self):
        """Give the same command again, and let it come to its end."""
        self.run(self.new_line)
        self.seen["made when given again"] += 1
        if content(self.target) != self.new:
            self.note("another file when given again", [str(self.target)])
        self.note("left after the next run", self.left())

    def restore(self):
        """Put the old target back."""
        remove(self.target)
        saved = self.folder / "saved" / self.target.name
        (shutil.copytree if saved.is_dir() else shutil.copy)(saved, self.target)

    def kill(self, number, seconds):
        """Start the command, kill it after so many seconds, and look at what it leaves."""
        before = self.left()  # by runs that were killed
        process = self.start(self.new_line)
        time.sleep(seconds)
        process.send_signal(number)
        errors = process.communicate()[1]
        name = signal.Signals(number).name
        ended = process.returncode == 0
        self.seen["ended before"] += ended
        self.seen[name] += not ended
        if "Traceback" in errors and "embedkit_cli" not in errors:
            self.seen["before Python had loaded it"] += 1
        elif "Traceback" in errors:
            self.note("traceback", [errors])
        elif not ended and process.returncode not in CODES[number]:
            self.note("wrong exit code", [f"{name} {process.returncode} {errors}"])
        now = content(self.target)
        if now == self.old:
            self.seen["old"] += 1
        elif now == self.new:
            self.seen["new"] += 1
        else:
            self.note("neither old nor new", [str(now)])
        deadline = time.monotonic() + GRACE
        while (alive := marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.note("orphan", alive)
        if left := [name for name in self.left() if name not in before]:
            self.seen[f"{name} left something for the next run"] += 1
            if number != signal.SIGKILL:
                self.note(f"{name} left", [path for path in left if self.is_full(path)])

    def left(self):
        """What lies beside the target and among the temporary files."""
        return [
            path.name
            for path in [*self.place.iterdir(), *self.temporary.iterdir()]
            if path.name not in self.entries
        ]

    def is_full(self, name):
        """Whether what a run left holds anything, and is not kept for the next run.

        An interrupt may come between the making of a file and the first line that would remove it.
        """
        if name.endswith(UNFINISHED):
            return False
        path = next(folder / name for folder in (self.place, self.temporary) if (folder / name).exists())
        return any(path.iterdir()) if path.is_dir() else path.stat().st_size > 0

    def note(self, fault, found):
        """Count a fault, and say what it was."""
        for what in found:
            self.seen[f"FAULT: {fault}"] += 1
            sys.stderr.write(f"{self.command}: {fault}: {what}\n")


def content(path):
    """A hash of a file, or of all files of a folder; None if there is nothing."""
    if not path.exists():
        return None
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def remove(path):
    """Remove a file or a folder."""
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def marked(mark):
    """The processes that have this mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"EMBEDKIT_MARK={mark}".encode() in (process / "environ").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found


def write_texts(folder):
    """Texts, texts with labels or emoji, tunes and recordings: enough for a second or two."""
    words = [f"word{number}" for number in range(2000)]
    for name in ("text.txt", "more.txt"):
        lines = (
            " ".join(random.choices(words, k=12)) for _ in range(200_000 if name == "more.txt" else 20_000)
        )
        (folder / name).write_text("\n".join(lines) + "\n")
    for name, labels in (("labeled.csv", ("good", "bad")), ("emoji.csv", ("❤️", "😞"))):
        rows = (f"{label} {random.choice(words)} day,{label}" for _ in range(300) for label in labels)
        (folder / name).write_text("\n".join(["text,label", *rows]) + "\n")
    rows = (f"{random.choice(words)} day,{rating}" for _ in range(100) for rating in range(5))
    (folder / "rated.csv").write_text("\n".join(["text,rating", *rows]) + "\n")
    sentences = [random.choices(words[:50], k=6) for _ in range(400)]
    (folder / "lines.txt").write_text("\n".join(map(" ".join, sentences)) + "\n")
    tagged = ("\n".join(f"{word} {word[-1]}" for word in sentence) for sentence in sentences)
    (folder / "tagged.conll").write_text("\n\n".join(tagged) + "\n")
    pairs = (f"{' '.join(sentence)}\t{' '.join(sentence[::-1])}" for sentence in sentences)
    (folder / "pairs.tsv").write_text("\n".join(pairs) + "\n")
    pairs = (
        "[['word0', 'word1'], ['word2', 'word3']]\n[classes]\na = ['word0', 'word2']\nb = ['word1', 'word3']"
    )
    (folder / "topic.toml").write_text(f"name = 'words'\ndefinitional = {pairs}\n")
    (folder / "lexicon.txt").write_text("\n".join(" ".join(random.choices(words, k=3)) for _ in words) + "\n")
    bars = ("G2 A B", "c2 d2", "e2 d c", "B2 A2")
    tunes = (f"X:{n}\nM:2/4\nL:1/8\nK:G\n{' | '.join(random.choices(bars, k=8))} |]\n" for n in range(300))
    (folder / "tunes.abc").write_text("\n".join(tunes))
    for name in ("low", "high"):
        with wave.open(str(folder / f"{name}.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(random.randbytes(3200))
    rows = [f"{name}.wav,{name}" for name in ("low", "high")] * 40
    (folder / "recordings.csv").write_text("\n".join(["file,transcript", *rows]) + "\n")


@click.command()
@click.option("--kills", default=20, show_default=True, help="Kills of each command.")
@click.option("--seed", default=1, show_default=True, help="Random seed.")
@click.option("--only", type=click.Choice(list(COMMANDS)), multiple=True, help="Kill these alone.")
@click.option(
    "--signal", "names", type=click.Choice([one.name for one in CODES]), multiple=True, help="These."
)
def main(kills, seed, only, names):
    """Print what was seen of each command, and of all."""
    random.seed(seed)
    signals = [one for one in CODES if one.name in names] or list(CODES)
    total = Counter()
    for command in only or COMMANDS:
        with tempfile.TemporaryDirectory() as folder:
            seen = Campaign(Path(folder), command, signals).kills(kills)
        total += seen
        sys.stdout.write(f"{command}: {', '.join(f'{what} {count}' for what, count in seen.items())}\n")
        sys.stdout.flush()
    sys.stdout.write(f"all: {', '.join(f'{what} {count}' for what, count in total.items())}\n")
    sys.exit(any(what.startswith("FAULT") for what in total))


if __name__ == "__main__":
    main()
