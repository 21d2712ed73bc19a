"""Gives every command bad files and arguments: a sentence and exit code 2, and nothing written.

`python -m tests.campaigns.hostile_input [--cases N] [--seed N] [--only COMMAND] [--short]`, on Linux. Each
command has a line that works. In place of its files come bad ones (`bad_files.py`), in place of its words and
behind each of its options come values that are none, two at once where a command has few. A fork of a process
that has loaded the command line runs each case, within bounds of memory and time. The table tells how many
were refused, and how many accepted, since a reader of text takes what it can; faults are a traceback, another
exit code, a signal, a refusal that is no sentence or that left a file behind, and what took too long.
`--short` leaves out what trains a network. The exit code is 1 if there was a fault.
"""

import os
import random
import resource
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from itertools import product
from pathlib import Path

import click

from embedkit_cli.main import COMMANDS, main
from tests.campaigns.bad_files import ZEROS, write_bad_files

MEMORY = 3 << 30  # bytes of address space beyond what the parent has
SECONDS = 60  # of the processor's time for a case
WAIT = 600  # seconds by the clock, on a busy machine
SMALL_BOMB = 1 << 22  # bytes, in the short form
REFUSED, ACCEPTED = "refused", "accepted"
NONE = ["", "-1", "0", "nan", "inf", "1e999", "9" * 30, "x", "\x1b[31m", "é", "--", "../..", "a,b=c"]
WORDS = ["", " ", "zzzz", "the " * 9, "-", "'", "((", "king -", "1e999*king", "\x1b[2J", "\udcff", "x" * 5000]
LINES = {  # command -> a line that works; OUT is what it writes
    "tokenize": "tokenize text.txt -o OUT -q",
    "phrases": "phrases text.txt -o OUT -q",
    "train-tokenizer": "train-tokenizer text.txt -o OUT --vocabulary-size 60 -q",
    "corpus-info": "corpus-info corpus",
    "train-w2v": "train-w2v corpus -o OUT.txt --vector-size 16 --epochs 1 --workers 1 -q",
    "train-fasttext": "train-fasttext corpus -o OUT.txt --vector-size 16 --epochs 1 --bucket 99 -q",
    "train-doc2vec": "train-doc2vec text.txt -o OUT --vector-size 16 --epochs 1 --workers 1 -q",
    "cooccurrences": "cooccurrences corpus -o OUT -q",
    "train-svd": "train-svd counts.safetensors -o OUT.txt --vector-size 3 -q",
    "train-glove": "train-glove counts.safetensors -o OUT.txt --vector-size 16 --epochs 1 -q",
    "emoji-vectors": "emoji-vectors -o OUT.txt -q",
    "analogy": "analogy w1 w2 w3 -v v.safetensors",
    "similarity": "similarity w1 w2 -v v.safetensors",
    "neighbors": "neighbors w1 -v v.safetensors",
    "vector": "vector w1 -v v.safetensors",
    "odd-one-out": "odd-one-out w1 w2 w3 -v v.safetensors",
    "predict-word": "predict-word w1 w2 -v v.safetensors",
    "search": "search w1 text.txt -v v.safetensors",
    "encode": "encode 'w1 w2' -v v.safetensors",
    "infer": "infer -m documents.safetensors 'w1 w2'",
    "align": "align v.safetensors v.txt",
    "combine": "combine v.safetensors v.txt -o OUT.txt -q",
    "transform": "transform v.safetensors -o OUT.txt --center -q",
    "retrofit": "retrofit v.safetensors lexicon.txt -o OUT.txt -q",
    "evaluate": "evaluate v.safetensors -b analogies.txt",
    "plot": "plot words w1 w2 w3 -v v.safetensors -o OUT.svg -q",
    "bias": "bias -v v.safetensors --topic topic.toml",
    "debias": "debias -v v.safetensors --topic topic.toml -o OUT.txt -q",
    "train-classifier": "train-classifier labeled.csv -o OUT --model tfidf -q",
    "find-learning-rate": "find-learning-rate labeled.csv",
    "train-regressor": "train-regressor rated.csv -o OUT --model tfidf -q",
    "classify": "classify -m classifier.safetensors 'w1 w2'",
    "evaluate-classifier": "evaluate-classifier classifier.safetensors labeled.csv",
    "compare-classifiers": "compare-classifiers labeled.csv --config tfidf.toml --no-baselines",
    "plot-gradients": "plot-gradients -o OUT.png",
    "plot-gates": "plot-gates 'w1 w2' -o OUT.png",
    "train-tagger": "train-tagger tagged.conll -o OUT --epochs 1 -v v.safetensors -q",
    "tag": "tag -m tagger.safetensors 'w1 w2'",
    "evaluate-tagger": "evaluate-tagger tagger.safetensors tagged.conll",
    "train-lm": "train-lm text.txt -o OUT --model ngram -q",
    "generate": "generate -m lines.safetensors --seed 1",
    "perplexity": "perplexity -m lines.safetensors text.txt",
    "next": "next -m lines.safetensors 'w1 w2'",
    "train-music": "train-music tunes.abc -o OUT --epochs 1 -q",
    "compose": "compose -m tunes.safetensors -n 1",
    "train-seq2seq": "train-seq2seq pairs.tsv -o OUT --epochs 1 -q",
    "translate": "translate -m translator.safetensors w1",
    "evaluate-seq2seq": "evaluate-seq2seq translator.safetensors pairs.tsv",
    "score-translations": "score-translations text.txt text.txt",
    "transcribe": "transcribe sound.wav",
    "train-speech": "train-speech recordings.csv -o OUT --epochs 1 -q",
    "emojify": "emojify 'w1 w2'",
    "train-emojify": "train-emojify emoji.csv -o OUT --version 1 --no-augment -v v.safetensors -q",
    "convert": "convert v.safetensors OUT.txt -q",
    "save-pretrained": "save-pretrained v.safetensors -o OUT --topic topic.toml -b analogies.txt -q",
    "index": "index v.safetensors -o OUT -q",
    "info": "info v.safetensors",
    "explore": "explore v.safetensors --export OUT.html --map pca -q",
    "completion": "completion bash",
}
WITHOUT = {"serve", "download"}  # wait for a request or a network
MADE = [  # what the lines above need
    "tokenize text.txt -o corpus -q",
    "train-w2v corpus -o v.safetensors --vector-size 16 --epochs 1 --workers 1 --keep-output -q",
    "convert v.safetensors v.txt -q",
    "cooccurrences corpus -o counts.safetensors -q",
    "train-classifier labeled.csv -o classifier.safetensors --model tfidf -q",
    "train-lm text.txt -o lines.safetensors --model ngram -q",
]
TRAINED = [  # and these, unless in short
    "train-doc2vec text.txt -o documents.safetensors --vector-size 16 --epochs 1 --workers 1 -q",
    "train-tagger tagged.conll -o tagger.safetensors --epochs 1 -v v.safetensors -q",
    "train-music tunes.abc -o tunes.safetensors --epochs 15 --validation 0 -q",
    "train-seq2seq pairs.tsv -o translator.safetensors --epochs 1 -q",
]
OF_NETWORKS = {
    *("find-learning-rate", "plot-gradients", "train-tagger", "tag", "evaluate-tagger", "train-music"),
    *("compose", "train-seq2seq", "translate", "evaluate-seq2seq", "train-speech", "train-emojify"),
    *("train-doc2vec", "infer", "plot-gates"),
}
DAMAGED = ("v.safetensors", "v.txt", "counts.safetensors", "classifier.safetensors", "lines.safetensors")


def write_good_files(folder: Path) -> None:
    """Small inputs of every kind."""
    draw = random.Random(1)
    words = [f"w{number}" for number in range(30)]
    lines = [" ".join(draw.choices(words, k=12)) for _ in range(200)]
    texts = {
        "text.txt": lines,
        "labeled.csv": ["text,label", *(f"{line},{'good' if 'w7 ' in line else 'bad'}" for line in lines)],
        "rated.csv": ["text,label", *(f"{line},{draw.randint(1, 5)}" for line in lines)],
        "emoji.csv": ["text,label", *(f"{line},{draw.choice('❤😞')}" for line in lines)],
        "pairs.tsv": [f"{line[:9]}\t{line[9:20]}" for line in lines],
        "tagged.conll": [f"{word} A\n{word} B\n" for line in lines for word in line.split()[:1]],
        "lexicon.txt": [" ".join(words[:3]), " ".join(words[3:6])],
        "analogies.txt": ["w1 w2 w3 w4", "w2 w3 w4 w5"],
        "topic.toml": [
            'name = "made"',
            'definitional = [["w1", "w2"], ["w3", "w4"], ["w5", "w6"]]',
            'equalize = [["w7", "w8"]]',
            'neutral = ["w9", "w10", "w11"]',
            "[classes]",
            'a = ["w1", "w3", "w5"]',
            'b = ["w2", "w4", "w6"]',
        ],
        "tfidf.toml": ['model = "tfidf"'],
        "tunes.abc": [f"X:{number}\nT:t\nM:2/4\nL:1/8\nK:G\nG2 A B | c2 d2 ||\n" for number in range(20)],
        "recordings.csv": ["file,transcript", *["sound.wav,one"] * 20],
    }  # fmt: skip
    for name, content in texts.items():
        (folder / name).write_text("\n".join(content) + "\n", encoding="utf-8")
    import wave

    with wave.open(str(folder / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(draw.randbytes(8000))


def run(arguments: list[str], folder: Path) -> tuple[str, str]:
    """Run a command line in a fork; what became of it, and what it wrote to stderr."""
    errors = folder.with_name("errors")
    child = os.fork()
    if not child:
        _become(arguments, folder, errors)
    begin = time.monotonic()
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() - begin > WAIT:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return f"FAULT: longer than {WAIT} seconds", ""
        time.sleep(0.002)
    return _outcome(os.waitstatus_to_exitcode(ended[1]), errors.read_text(errors="replace"))


def _become(arguments: list[str], folder: Path, errors: Path) -> None:
    """In the fork: be the command."""
    os.chdir(folder)
    for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, os.devnull, os.O_WRONLY)):
        os.dup2(os.open(path, flags), number)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    sys.stdin, sys.stdout, sys.stderr = (open(n, mode, closefd=False) for n, mode in enumerate("rww"))  # noqa: SIM115
    size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, 2 * SECONDS))
    code = 70
    try:
        main(arguments, prog_name="embedkit")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _outcome(code: int, errors: str) -> tuple[str, str]:
    if "Traceback" in errors:
        return "FAULT: traceback", errors
    if code < 0:
        return f"FAULT: {signal.Signals(-code).name}", errors
    if "\x1b" in errors:
        return "FAULT: control characters", errors
    if code == 0:
        return ACCEPTED, errors
    if code != 2:
        return f"FAULT: exit code {code}", errors
    if not any(line.startswith("Error: ") for line in errors.splitlines()):
        return "FAULT: no sentence", errors
    return REFUSED, errors


def cases(command: str, bad: list[str], folder: Path, draw: random.Random) -> list[list[str]]:
    """Command lines with one thing wrong in each, and then such with two."""
    line = shlex.split(LINES[command])
    changed = []
    for place, word in enumerate(line[1:], 1):
        if word.startswith("OUT"):
            continue
        if (folder / word).exists():
            values = [f"../bad/{name}" if name != "-" else name for name in bad]
        elif line[place - 1].startswith("-"):
            values = NONE
        else:
            values = WORDS if not word.startswith("-") else []
        changed += [[*line[:place], value, *line[place + 1 :]] for value in values]
    options = _options(command, line, bad)
    one = changed + [[*line, *more] for more in options]
    two = list(product(one, options))
    draw.shuffle(one)
    draw.shuffle(two)
    return one + [[*given, *more] for given, more in two]


def _options(command: str, line: list[str], bad: list[str]) -> list[list[str]]:
    """Every option with values that are none."""
    found = main.get_command(click.Context(main), command)
    if isinstance(found, click.Group):
        found = found.get_command(click.Context(found), line[1])
    added = []
    for option in found.params:
        if not isinstance(option, click.Option) or option.is_flag or option.name in {"output", "help"}:
            continue
        values = [f"../bad/{name}" for name in bad[::5]] if isinstance(option.type, click.Path) else NONE
        added += [[option.opts[-1], value] for value in values]
    return added


class Campaign:
    """Folders with good and with bad files, and what became of the cases.

    Args:
        root: an empty folder.
        short: without what trains a network.
    """

    def __init__(self, root: Path, short: bool) -> None:
        self.folder, bad = root / "good", root / "bad"
        self.folder.mkdir()
        bad.mkdir()
        write_good_files(self.folder)
        for line in MADE if short else [*MADE, *TRAINED]:
            self.accepted(shlex.split(line))
        good = {name: self.folder / name for name in DAMAGED}
        self.bad = write_bad_files(bad, good, SMALL_BOMB if short else ZEROS)
        self.present = {path.name for path in self.folder.iterdir()}
        self.beside = {path.name for path in root.iterdir()} | {"errors"}

    def accepted(self, arguments: list[str]) -> None:
        """Run a line that works, or else the campaign would be about nothing."""
        what, errors = run(arguments, self.folder)
        if what != ACCEPTED:
            raise SystemExit(f"embedkit {shlex.join(arguments)}: {what}: {errors}")

    def attack(self, command: str, count: int, seed: int) -> Counter[str]:
        """What became of so many cases of a command."""
        self.accepted(shlex.split(LINES[command]))
        self._removed()
        everything = cases(command, self.bad, self.folder, random.Random(f"{seed} {command}"))
        seen: Counter[str] = Counter()
        for arguments in everything[:count]:
            what, errors = run(arguments, self.folder)
            left = self._removed()
            if what == REFUSED and left:
                what = f"FAULT: left {', '.join(left)}"
            if what.startswith("FAULT"):
                self._told(arguments, what, errors)
            seen[what] += 1
        return seen

    def _removed(self) -> list[str]:
        """The names of what was written, which is removed."""
        left = [path for path in self.folder.iterdir() if path.name not in self.present]
        escaped = [path for path in self.folder.parent.iterdir() if path.name not in self.beside]
        for path in [*left, *escaped]:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        return [path.name for path in [*left, *escaped]]

    def _told(self, arguments: list[str], what: str, errors: str) -> None:
        line = ascii(shlex.join(["embedkit", *arguments]))
        sys.stderr.write(f"{what}: {line[:300]}\n{ascii(errors)[-1500:]}\n")


@click.command()
@click.option("--cases", "count", default=200, show_default=True, help="Cases of each command.")
@click.option("--seed", default=1, show_default=True, help="Random seed.")
@click.option("--only", type=click.Choice(list(LINES)), multiple=True, help="These commands alone.")
@click.option("--short", is_flag=True, help="Leave out what trains a network.")
def campaign(count: int, seed: int, only: tuple[str, ...], short: bool) -> None:
    """Print a table of what became of the cases."""
    assert set(COMMANDS) == LINES.keys() | WITHOUT
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        attacked = Campaign(Path(folder), short)
        sys.stdout.write(
            "| command | cases | refused | accepted | faults |\n| --- | --- | --- | --- | --- |\n"
        )
        for command in only or LINES:
            if short and command in OF_NETWORKS:
                continue
            begin, seen = time.monotonic(), attacked.attack(command, count, seed)
            total += seen
            _row(command, seen)
            sys.stderr.write(f"{command}: {time.monotonic() - begin:.0f} s\n")
        _row("all", total)
    sys.exit(any(what.startswith("FAULT") for what in total))


def _row(name: str, seen: Counter[str]) -> None:
    faults = sum(number for what, number in seen.items() if what.startswith("FAULT"))
    sys.stdout.write(f"| {name} | {seen.total()} | {seen[REFUSED]} | {seen[ACCEPTED]} | {faults} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    campaign()
