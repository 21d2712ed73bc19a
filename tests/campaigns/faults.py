"""Runs commands in a faulty world: the work is done, or a sentence and exit code 2 say why not.

`python -m tests.campaigns.faults [--only FAULT]`, on Linux; what needs root is left out for others. In a
folder that holds an older result, each command is run with a full disk, closed streams, no memory, another
user, a damaged cache and so on. Either it works, and writes the bytes that it writes undisturbed, or it is
refused: the older result stands as it was. Faults of embedkit are a traceback, another exit code, a refusal
that is no sentence, a result that is neither the old nor the new one, and anything that is left beside it or
among the temporary files. The exit code is 1 if there was one.
"""

import hashlib
import os
import random
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np

from embedkit import Embeddings

EMBEDKIT = [sys.executable, "-m", "embedkit"]
SECONDS = 300  # of a run, which may have to compile its kernels
WORKS, REFUSED = "works", "refused"
EITHER = {WORKS, REFUSED}
CLOSED = "Error: the answer cannot be printed"  # exit code 1: nobody is there to read it
LINES = {  # OUT stands in a folder of its own
    "convert": "convert in/v.safetensors out/v.txt -q",
    "tokenize": "tokenize in/text.txt -o out/corpus -q",
    "train-w2v": "train-w2v in/corpus -o out/v.bin --vector-size 16 --epochs 2 --workers 1 --seed 1 -q",
    "train-glove": "train-glove in/counts.safetensors -o out/v.bin --vector-size 16 --epochs 2 --seed 1 -q",
    "train-classifier": "train-classifier in/labeled.csv -o out/c.safetensors --model tfidf -q",
    "neighbors": "neighbors café -v in/v.safetensors",
}
MADE = ("tokenize in/text.txt -o in/corpus -q", "cooccurrences in/corpus -o in/counts.safetensors -q")
WRITING = tuple(name for name in LINES if "out/" in LINES[name])
OLDER = {"in/text": "in/more", "in/labeled": "in/relabeled", "in/v.": "in/u.", "--seed 1": "--seed 2"}
FED = ("tokenize", "train-w2v")  # these read text from a pipe, too
TRAINING = ("train-w2v", "train-glove")
NOBODY = (
    "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_read_search "
    "--ambient-caps=+dac_read_search"  # so that it can read Python itself, wherever that lies
)
DISKS = {"full": (0, 20), "nearly full": (8192, 20), "full of files": (1 << 19, 0)}  # free bytes and files
FILLING = "filling"
BACKWARDS = "import itertools, time; time.time = itertools.count(2e9, -3600).__next__"
PATCHED = "PYTHONPATH=$PWD/patch:$PYTHONPATH"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Args:
        shell: how a command is run, as `"$@"`, with the folder of all as the current one.
        expected: `WORKS`, `REFUSED`, or either, with a reason to leave it open.
        commands: those that are tried.
        disk: the state of a small disk that the results are to be written to.
        root: whether only root, who may mount disks, can arrange it.
    """

    shell: str = '"$@"'
    expected: frozenset | set = field(default_factory=lambda: {WORKS})
    commands: tuple[str, ...] = tuple(LINES)
    disk: str = ""
    root: bool = False


UNCOMPILED = ("convert", "tokenize", "train-classifier", "neighbors")
OWN_DISK = 'mkdir own; mount -t tmpfs -o %s none own; %s="$PWD/own" "$@"; code=$?; umount own; exit $code'
KERNELS = "NUMBA_CACHE_DIR"
MEMORY = (200, 300, 500, 800, 1600)  # MB of addresses
FAULTS = {
    "disk full": Fault(expected={REFUSED}, commands=WRITING, disk="full", root=True),
    "disk full on the way": Fault(expected=EITHER, commands=WRITING, disk="nearly full", root=True),
    "no inode left": Fault(expected={REFUSED}, commands=WRITING, disk="full of files", root=True),
    "files of at most 1 KB": Fault('prlimit --fsize=1000 "$@"', {REFUSED}, WRITING),
    "read-only folder": Fault(expected={REFUSED}, commands=WRITING, disk="read-only", root=True),
    "folder of another user": Fault(f'chown 1 out; {NOBODY} "$@"', {REFUSED}, UNCOMPILED[:3], root=True),
    "another user": Fault(f'chown -R 65534 out; HOME=/nonexistent {NOBODY} "$@"', root=True),
    "clock going backwards": Fault(f'{PATCHED} "$@"'),
    "files of the year 1970": Fault('touch -d @0 in/*; "$@"'),
    **{f"{size} MB of addresses": Fault(f'ulimit -v {size}000; "$@"', EITHER) for size in MEMORY},
    **{f"{count} open files": Fault(f'ulimit -n {count}; "$@"', EITHER) for count in (8, 16, 64)},
    "one process": Fault(f'chown -R 65534 out; prlimit --nproc=1 {NOBODY} "$@"', EITHER, root=True),
    "closed stdin": Fault('"$@" <&-'),
    "closed stdout": Fault('"$@" >&-', commands=WRITING),  # and what has an answer says so
    "closed stdout, nothing but an answer": Fault('"$@" >&-', {REFUSED}, ("neighbors",)),
    "closed stderr": Fault('"$@" 2>&-'),
    "all closed": Fault('"$@" <&- >&- 2>&-', commands=WRITING[:-1]),
    "stderr on a full disk": Fault('"$@" 2> /dev/full'),
    "no environment": Fault('env -i PYTHONPATH="$PYTHONPATH" TMPDIR="$TMPDIR" "$@"'),
    "no HOME": Fault('unset HOME; "$@"'),
    "HOME is nowhere": Fault('HOME=/nonexistent "$@"'),
    "HOME is a file": Fault('HOME="$PWD/in/text.txt" XDG_CACHE_HOME="$PWD/in/text.txt" "$@"'),
    "no locale": Fault('unset LANG LC_CTYPE; LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 "$@"'),
    "unknown locale": Fault('LC_ALL=xx_XX.nothing "$@"'),
    "TMPDIR is nowhere": Fault('TMPDIR=/nonexistent "$@"'),
    "TMPDIR cannot be written to": Fault('TMPDIR=/proc "$@"'),
    "TMPDIR is full": Fault(OWN_DISK % ("nr_inodes=1", "TMPDIR"), EITHER, root=True),
    "no rights for new files (umask 777)": Fault('umask 777; "$@"', EITHER),
    "current folder removed": Fault('mkdir own; cd own; rmdir ../own; "$@"', {REFUSED}, WRITING),
    "compiled kernels on a read-only disk": Fault(OWN_DISK % ("ro", KERNELS), commands=TRAINING, root=True),
    "compiled kernels on a full disk": Fault(OWN_DISK % ("size=8k", KERNELS), commands=TRAINING, root=True),
    "NUMBA_DISABLE_JIT": Fault('NUMBA_DISABLE_JIT=1 "$@"', {REFUSED}, TRAINING),
    "NUMBA_DISABLE_JIT, nothing to compile": Fault('NUMBA_DISABLE_JIT=1 "$@"', commands=UNCOMPILED),
    "unknown processor (NUMBA_CPU_NAME)": Fault('NUMBA_CPU_NAME=nonsense "$@"', EITHER, TRAINING),
}


class World:
    """A folder with inputs, what the commands make of them undisturbed, and an older result of each."""

    def __init__(self, root: Path, commands: Iterable[str] = tuple(LINES)) -> None:
        self.root, self.out, self.temporary = root, root / "out", root / "temporary"
        self.commands = tuple(commands)
        root.chmod(0o755)
        for name in ("in", "out", "temporary", "patch", "old"):
            (root / name).mkdir()
        (root / "patch/sitecustomize.py").write_text(BACKWARDS, encoding="utf-8")
        write_inputs(root / "in")
        for line in MADE if {*TRAINING} & {*commands} else ():
            self.undisturbed(shlex.split(line))
        self.expected = {name: self._made(name) for name in commands}
        self.text = 12 * (root / "in/text.txt").read_text(encoding="utf-8")
        self.of_text = {name: self._made_of_text(name) for name in self.chosen(FED)}
        self.mounts = not os.geteuid() and not os.system(
            f"mount -t tmpfs none {self.out} && umount {self.out}"
        )

    def chosen(self, names: Iterable[str]) -> list[str]:
        """Those of some commands that this is about."""
        return [name for name in names if name in self.commands]

    def _made(self, name: str) -> str:
        """What a command makes: a hash of its file or folder, or its answer. An older result is kept."""
        answer = self.undisturbed(shlex.split(LINES[name]))
        if name not in WRITING:
            return answer
        made = content(self.target(name))
        remove(self.target(name))
        older = LINES[name]
        for one, other in OLDER.items():
            older = older.replace(one, other)
        self.undisturbed(shlex.split(older))
        assert content(self.target(name)) != made
        self.target(name).rename(self.old(name))
        return made

    def _made_of_text(self, name: str) -> str:
        """What a command that is fed makes."""
        with self.disk("", name):
            code, _, errors = ended(self.fed(name), self.text[-100:])
            assert code == 0, errors
            return content(self.target(name))

    def target(self, name: str) -> Path:
        """What a command writes."""
        return self.root / next(word for word in shlex.split(LINES[name]) if word.startswith("out/"))

    def old(self, name: str) -> Path:
        """The older result, to be copied to the target."""
        return self.root / "old" / f"{name}{self.target(name).suffix}"

    def prepare(self, name: str) -> None:
        """Let the older result stand where the command writes."""
        if name in WRITING:
            (shutil.copytree if self.old(name).is_dir() else shutil.copy)(self.old(name), self.target(name))

    def undisturbed(self, arguments: list[str]) -> str:
        """Run a command line that has to work; its answer."""
        ran = self.start(arguments)
        answer, errors = ran.communicate(timeout=SECONDS)
        if ran.returncode:
            raise SystemExit(f"embedkit {shlex.join(arguments)}: {errors}")
        return answer

    def fed(self, name: str) -> subprocess.Popen:
        """Start a command and give it all of its text but the last lines, so that it is under way."""
        words = shlex.split(LINES[name])
        ran = self.start([words[0], "-", *words[2:]], stdin=subprocess.PIPE)
        ran.stdin.write(self.text[:-100])  # more than a pipe holds
        ran.stdin.flush()
        return ran

    def start(
        self, arguments: list[str], shell: str = '"$@"', stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen:
        """Start a command line within a line of the shell."""
        return subprocess.Popen(
            ["bash", "-c", shell, "bash", *EMBEDKIT, *arguments],
            cwd=self.root,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(self.temporary)},
        )

    def suffer(self, fault: Fault, name: str) -> tuple[str, str]:
        """What became of a command, and what it said."""
        with self.disk(fault.disk, name):
            ran = self.start(shlex.split(LINES[name]), fault.shell)
            try:
                answer, errors = ran.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(ran.pid, signal.SIGKILL)
                return f"FAULT: longer than {SECONDS} seconds", ""
            found = self.outcome(name, ran.returncode, answer, errors)
        if not found.startswith("FAULT") and found not in fault.expected:
            found = f"FAULT: {found}"
        return found, errors or answer

    @contextmanager
    def disk(self, state: str, name: str) -> Iterator[None]:
        """Let the older result stand where the command writes, on a disk of its own if that has a state."""
        with ExitStack() as stack:
            if state:
                self.mount("size=1m,nr_inodes=40", stack)
            stack.callback(self.clear)
            self.prepare(name)
            if state == "read-only":
                self.mount("remount,ro", stack)
                stack.callback(self.mount, "remount,rw", stack)
            elif state:
                self.fill(*DISKS[state])
            yield

    def mount(self, options: str, stack: ExitStack) -> None:
        """Mount a disk in memory for the results, or mount it again with other options."""
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", self.out], check=True)
        if "remount" not in options:
            stack.callback(subprocess.run, ["umount", self.out], check=True)

    def fill(self, free: int, files: int) -> None:
        """Leave so many bytes and files free on the disk of the results."""
        (self.out / FILLING).mkdir()
        with suppress(OSError), (self.out / FILLING / "bytes").open("wb", 0) as file:
            while True:
                file.write(bytes(4096))
        os.truncate(file.name, (self.out / FILLING / "bytes").stat().st_size - free)
        made = []
        with suppress(OSError):
            while True:
                made.append(self.out / FILLING / str(len(made)))
                made[-1].touch()
        for path in made[-1 - files : -1]:
            path.unlink()

    def outcome(self, name: str, code: int, answer: str, errors: str) -> str:
        """Judge a run by its exit code, what it said, and what is there now."""
        if "Traceback" in errors:
            return "FAULT: traceback"
        if left := self.left(name):
            return f"FAULT: left {', '.join(left)}"
        now = content(self.target(name)) if name in WRITING else answer.replace("\\xe9", "é")
        if code == 0 or (CLOSED in errors and name in WRITING):
            return WORKS if now in {self.expected[name], self.of_text.get(name)} else "FAULT: another result"
        if name in WRITING and now != content(self.old(name)):
            return "FAULT: the older result is lost"
        if code != (1 if CLOSED in errors else 2):
            return f"FAULT: exit code {code}"
        said = [line for line in errors.splitlines() if line.startswith("Error: ")]
        return REFUSED if len(said) == 1 else "FAULT: no sentence"

    def left(self, name: str) -> list[str]:
        """What lies beside the target or among the temporary files."""
        allowed = {self.target(name).name} if name in WRITING else set()
        return [path.name for path in self.out.iterdir() if path.name not in {*allowed, FILLING}] + [
            path.name for path in self.temporary.iterdir()
        ]

    def clear(self) -> None:
        """Remove what a run wrote."""
        for path in [*self.out.iterdir(), *self.temporary.iterdir()]:
            remove(path)
        shutil.rmtree(self.root / "own", ignore_errors=True)
        os.chown(self.out, os.getuid(), os.getgid())


def linked(world: World) -> Iterator[tuple[str, str, str]]:
    """The target is a link to a file or folder with rights of its own: both are kept."""
    for name in world.chosen(WRITING):
        with world.disk("", name):
            real, target = world.root / "elsewhere", world.target(name)
            target.rename(real)
            target.symlink_to(real)
            real.chmod(mode := 0o750 if real.is_dir() else 0o640)
            ran = world.start(shlex.split(LINES[name]))
            what = world.outcome(name, *ended(ran))
            if not target.is_symlink() or stat.S_IMODE(real.stat().st_mode) != mode:
                what = "FAULT: another file"
            remove(real)
            yield name, what, ""


def replaced(world: World) -> Iterator[tuple[str, str, str]]:
    """Another result takes the place of the target while a run is under way: the later one stands."""
    for name in world.chosen(FED):
        with world.disk("", name):
            ran = world.fed(name)
            remove(world.target(name))
            world.prepare(name)
            yield name, world.outcome(name, *ended(ran, world.text[-100:])), ""


def taken(world: World) -> Iterator[tuple[str, str, str]]:
    """Somebody's folder takes the place of the target while a run is under way: it is kept."""
    for name in world.chosen(FED):
        with world.disk("", name):
            ran = world.fed(name)
            remove(world.target(name))
            work = world.target(name) / "thesis.txt"
            work.parent.mkdir()
            work.write_text("years of work", encoding="utf-8")
            code, _, errors = ended(ran, world.text[-100:])
            kept = work.is_file() and not world.left(name) and "Traceback" not in errors
            yield name, REFUSED if kept and code == 2 else f"FAULT: exit code {code}, kept: {kept}", errors


def gone(world: World) -> Iterator[tuple[str, str, str]]:
    """The folder of the target is removed while a run is under way."""
    for name in world.chosen(FED):
        with world.disk("", name):
            ran = world.fed(name)
            remove(world.out)
            code, _, errors = ended(ran, world.text[-100:])
            world.out.mkdir(exist_ok=True)
            said = "Traceback" not in errors and errors.startswith("Error: ") and not world.left(name)
            yield name, REFUSED if said and code == 2 else f"FAULT: exit code {code}", errors


def at_once(world: World) -> Iterator[tuple[str, str, str]]:
    """Two runs write the same target at once: both work, and the later one stands."""
    for name in world.chosen(FED):
        with world.disk("", name):
            runs = [world.fed(name) for _ in range(2)]
            codes = [ended(ran, world.text[-100:]) for ran in runs]
            for code, answer, errors in codes:
                yield name, world.outcome(name, code, answer, errors), errors


def killed_worker(world: World) -> Iterator[tuple[str, str, str]]:
    """One of the processes that tokenize is killed."""
    large = world.root / "in/large.txt"
    large.write_text(world.text * 250, encoding="utf-8")
    for options in ("--tokenizer characters --workers 2", "--cluster local:2"):
        line = shlex.split(f"tokenize in/large.txt -o out/corpus -q {options}")
        world.undisturbed(line)
        world.of_text["tokenize"] = content(world.target("tokenize"))
        world.clear()
        with world.disk("", "tokenize"):
            ran, children = world.start(line, 'exec "$@"'), []
            while ran.poll() is None and not (children := children_of(ran.pid)):
                time.sleep(0.01)
            time.sleep(1)  # it begins to work
            os.kill(children[-1], signal.SIGKILL)
            found = ended(ran)
            yield f"tokenize {options}", world.outcome("tokenize", *found), found[2]
    large.unlink()


def children_of(process: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]


def damaged_kernels(world: World) -> Iterator[tuple[str, str, str]]:
    """The files of compiled kernels hold something else, or are cut off."""
    shell = 'NUMBA_CACHE_DIR=$PWD/kernels "$@"'
    world.suffer(Fault(shell), "train-w2v")
    for pattern in ("*.nbi", "*.nbc"):
        for damaged in (
            lambda content: b"garbage" * len(content),
            lambda content: content[: len(content) // 2],
        ):
            files = list((world.root / "kernels").rglob(pattern))
            assert files
            for file in files:
                file.write_bytes(damaged(file.read_bytes()))
            yield "train-w2v", *world.suffer(Fault(shell), "train-w2v")
    shutil.rmtree(world.root / "kernels")


def ended(ran: subprocess.Popen, text: str | None = None) -> tuple[int, str, str]:
    """The exit code of a run, its answer and what it said, once it is given some text."""
    answer, errors = ran.communicate(text, timeout=SECONDS)
    return ran.returncode, answer, errors


SCENES = {  # faults that take more than one line of the shell
    "target is a link, rights of its own": linked,
    "target replaced while running": replaced,
    "target becomes somebody's folder while running": taken,
    "folder of the target removed while running": gone,
    "two runs with the same target": at_once,
    "a killed worker process": killed_worker,
    "damaged files of compiled kernels": damaged_kernels,
}


def write_inputs(folder: Path) -> None:
    """Texts, labeled texts and vectors."""
    draw = random.Random(1)
    words = ["café", *(f"w{number}" for number in range(30))]
    for name in ("text", "more"):
        lines = [" ".join(draw.choices(words, k=12)) for _ in range(300)]
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, word in (("labeled", "w7 "), ("relabeled", "w8 ")):
        rows = ["text,label", *(f"{line},{'good' if word in line else 'bad'}" for line in lines)]
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for seed, name in enumerate("uv"):
        vectors = np.random.default_rng(seed).normal(size=(len(words), 16))
        Embeddings(vectors, words).save(folder / f"{name}.safetensors")


def content(path: Path) -> str:
    """A hash of a file, or of all files of a folder; "" if there is nothing."""
    if not path.exists():
        return ""
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        digest.update(str(file.relative_to(path)).encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()


def remove(path: Path) -> None:
    """Remove a file or a folder."""
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def tried(world: World, name: str) -> Iterator[tuple[str, str, str]]:
    """Each command that was tried with a fault, what became of it, and what it said."""
    if name in SCENES:
        yield from SCENES[name](world)
        return
    fault = FAULTS[name]
    for command in () if fault.root and not world.mounts else world.chosen(fault.commands):
        yield command, *world.suffer(fault, command)


@click.command()
@click.option("--only", type=click.Choice([*FAULTS, *SCENES]), multiple=True, help="These faults alone.")
def campaign(only: tuple[str, ...]) -> None:
    """Print a table of what became of the commands."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        sys.stdout.write(
            "| fault | commands | worked | refused | faults |\n| --- | --- | --- | --- | --- |\n"
        )
        for name in only or [*FAULTS, *SCENES]:
            found = []
            for command, what, said in tried(world, name):
                sys.stderr.write(f"{name}: {command}: {what}: {said.strip()[-1500:]}\n")
                found.append(what)
            bad = sum(what.startswith("FAULT") for what in found)
            failed += bad
            counts = f"{found.count(WORKS)} | {found.count(REFUSED)} | {bad}"
            sys.stdout.write(f"| {name} | {len(found)} | {counts} |\n")
            sys.stdout.flush()
    sys.exit(failed > 0)


if __name__ == "__main__":
    campaign()
