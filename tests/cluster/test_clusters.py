"""Clusters of every engine keep the same promises. Ray is started once, as processes of its own."""

import gzip
import operator
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from embedkit import Cluster, Cooccurrences, Corpus, GloVe
from embedkit.errors import InputError, WorkerDiedError
from embedkit.parallel import copies
from embedkit.text.corpus import building, encoding, finishing
from embedkit.text.corpus.block_encoding import BlockEncoding
from embedkit.text.corpus.building import encode_text
from embedkit.training.glove import moving_parts
from embedkit.training.glove.moving_parts import PartsWorker

RAY_COMMAND = Path(sys.executable).with_name("ray")
NO_RAY = pytest.mark.skipif(not (find_spec("ray") and RAY_COMMAND.exists()), reason="Ray is not installed")
RAY = pytest.param("ray", marks=[pytest.mark.slow, pytest.mark.ray, NO_RAY])


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def ray_address(tmp_path_factory):
    """A Ray cluster of one head with two workers."""
    address = f"127.0.0.1:{free_port()}"
    folder = tmp_path_factory.mktemp("ray")
    start = [RAY_COMMAND, "start", "--head", "--block", "--num-cpus=2", "--include-dashboard=false"]
    more = [f"--port={address.partition(':')[2]}", f"--temp-dir={folder}", "--disable-usage-stats"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(Path(__file__).parents[2])])}
    with (folder / "log").open("wb") as log:
        head = subprocess.Popen(
            [*start, *more, "--object-store-memory=200000000"], env=env, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 60
        while "Ray runtime started" not in (folder / "log").read_text():
            assert head.poll() is None, (folder / "log").read_text()
            if time.monotonic() > deadline:
                pytest.skip("Ray did not start within a minute on this machine")
            time.sleep(0.2)
        yield address
    finally:
        head.send_signal(signal.SIGTERM)
        try:
            head.wait(30)
        except subprocess.TimeoutExpired:  # it hangs where it could not start
            head.kill()


@pytest.fixture(scope="module", params=["local:2", RAY])
def cluster(request):
    address = request.getfixturevalue("ray_address") if request.param == "ray" else request.param
    with Cluster.connect(address) as cluster:
        yield cluster


class Box:
    """An object to keep."""

    def __init__(self, content):
        self.content = content

    def keep(self, content):
        self.content = content

    def show(self):
        return self.content

    def end(self):
        os._exit(7)

    def pid(self):
        return os.getpid()


def die_once(path):
    """Kill the worker that comes first, and say "done" in the one that comes then."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return "done"
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def test_a_map_draws_lazily_and_keeps_the_order(cluster):
    drawn = []
    results = cluster.map(operator.neg, (drawn.append(i) or i for i in range(50)))
    assert next(results) == 0
    assert len(drawn) <= cluster.workers + 1
    assert list(results) == [-i for i in range(1, 50)]


def test_an_executor_like_others(cluster):
    assert cluster.executor().submit(int, "ff", base=16).result() == 255
    assert isinstance(cluster.executor().submit(int, "x").exception(), ValueError)


def test_an_object_stays_in_its_process(cluster):
    box, other = cluster.actor(Box, np.arange(3)), cluster.actor(Box, content=1)
    assert len({box.call("pid").result(), other.call("pid").result(), os.getpid()}) == 3
    other.call("keep", box.call("show"))
    assert other.call("show").result().tolist() == [0, 1, 2]
    for actor in (box, other):
        actor.close()


def test_a_reference_stands_for_its_value(cluster):
    array = np.arange(1 << 18, dtype=np.float32)
    stored = cluster.put(array)
    sums = [cluster.call(np.add, stored, cluster.call(np.negative, stored)) for _ in range(2)]
    assert all(not total.any() for total in cluster.get(sums))
    assert stored.result().tobytes() == array.tobytes()
    failed = cluster.call(int, "x")
    with pytest.raises(ValueError, match="'x'"):
        cluster.call(abs, failed).result()


def linger(ended):
    """Wait for a file."""
    while not ended.exists():
        time.sleep(0.01)


def test_waiting_for_what_is_done_first(cluster, tmp_path):
    slow, fast = cluster.call(linger, tmp_path / "ended"), cluster.call(abs, -1)
    assert cluster.wait([slow, fast]) == [fast]
    assert (fast.done(), slow.done()) == (True, False)
    (tmp_path / "ended").touch()
    slow.result()


def test_a_task_of_a_worker_that_dies_is_done_again(cluster, tmp_path):
    assert list(cluster.map(die_once, [tmp_path / "first", tmp_path / "second"])) == ["done", "done"]
    assert cluster.call(die_once, tmp_path / "third").result() == "done"


def test_a_task_that_kills_every_worker_is_given_up(cluster):
    with pytest.raises(WorkerDiedError, match="ended"):
        cluster.call(os._exit, 7).result()
    assert list(cluster.map(abs, [-1])) == [1]


def test_an_actor_that_dies_is_told_of(cluster):
    box = cluster.actor(Box, 1)
    with pytest.raises(WorkerDiedError, match="ended"):
        box.call("end").result()
    with pytest.raises(WorkerDiedError, match="ended"):
        box.call("show").result()


def test_an_actor_that_cannot_be_made_says_why(cluster):
    with pytest.raises(ValueError, match="'x'"):
        cluster.actor(int, "x").call("bit_length").result()


def test_what_is_here_is_seen_there(cluster, tmp_path):
    file = tmp_path / "text"
    file.write_text("a")
    cluster.check_visible([file, tmp_path])
    cluster.check_alike()
    assert cluster.hosts == (socket.gethostname(),) * 2
    assert cluster.told == "2 workers on 1 machine"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write_texts(folder):
    """Plain text, text that does not end with a line, and a compressed one."""
    for name, end in ("a.txt", "\n"), ("b.txt", ""):
        lines = [f"line {n} of {name}: word{n % 97} naïve word{n % 13}" for n in range(400)]
        (folder / name).write_text("\n".join(lines) + end)
    (folder / "c.txt.gz").write_bytes(gzip.compress((folder / "a.txt").read_bytes()))
    return [folder / name for name in ("a.txt", "b.txt", "c.txt.gz")]


@dataclass(frozen=True)
class MortalEncoding(BlockEncoding):
    """As ever, but `fate` befalls the first worker that has the third block."""

    fate: Callable[[Path], object]
    met: Path

    def shard(self, task):
        if task[1] == 2:
            self.fate(self.met)
        return super().shard(task)


def test_a_corpus_is_that_of_one_machine_to_the_byte(cluster, tmp_path):
    texts = write_texts(tmp_path)
    encode_text(texts, tmp_path / "alone", workers=1, block_bytes=3000)
    encode_text(texts, tmp_path / "corpus", cluster=cluster, block_bytes=3000)
    assert contents(tmp_path / "corpus") == contents(tmp_path / "alone")
    assert len(Corpus.open(tmp_path / "corpus").shards()) > 10


def stop_once(path):
    """Stop the worker that comes first, as one that hangs; whoever comes then passes."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return
    path.write_text(str(os.getpid()))
    os.kill(os.getpid(), signal.SIGSTOP)


def finish_or_stop(stopped, task):
    if task[1] == 4:
        stop_once(stopped)
    return encoding.finish_shard(task)


def be_impatient(monkeypatch):
    monkeypatch.setattr(copies, "PATIENCE", 0.2)
    monkeypatch.setattr(copies, "SLOW", 1)


def test_a_corpus_is_the_same_if_workers_hang(tmp_path, monkeypatch):
    """Two of three are stopped; that they wake up later changes nothing."""
    be_impatient(monkeypatch)
    stopped = [tmp_path / "stopped", tmp_path / "stopped later"]
    monkeypatch.setattr(building, "BlockEncoding", partial(MortalEncoding, fate=stop_once, met=stopped[0]))
    monkeypatch.setattr(finishing, "finish_shard", partial(finish_or_stop, stopped[1]))
    texts = write_texts(tmp_path)
    with Cluster.connect("local:3") as cluster:
        encode_text(texts, tmp_path / "corpus", cluster=cluster, block_bytes=3000)
        for path in stopped:
            os.kill(int(path.read_text()), signal.SIGCONT)
        assert list(cluster.map(abs, range(-9, 0))) == list(range(9, 0, -1))
        monkeypatch.undo()
        encode_text(texts, tmp_path / "alone", workers=1, block_bytes=3000)
        assert contents(tmp_path / "corpus") == contents(tmp_path / "alone")


def linger_once(begun, ended, item):
    """Linger in the worker that comes first to the third item."""
    if item == 2 and not begun.exists():
        begun.touch()
        linger(ended)
    return -item


def test_a_task_of_a_slow_worker_is_begun_again(cluster, tmp_path, monkeypatch):
    be_impatient(monkeypatch)
    lingering = partial(linger_once, tmp_path / "begun", tmp_path / "ended")
    assert list(cluster.map(lingering, range(6))) == [0, -1, -2, -3, -4, -5]
    (tmp_path / "ended").touch()


def test_a_corpus_is_the_same_after_a_worker_was_killed(cluster, tmp_path, monkeypatch):
    texts = write_texts(tmp_path)
    encode_text(texts, tmp_path / "alone", workers=1, block_bytes=3000)
    mortal = partial(MortalEncoding, fate=die_once, met=tmp_path / "killed")
    monkeypatch.setattr(building, "BlockEncoding", mortal)
    encode_text(texts, tmp_path / "corpus", cluster=cluster, block_bytes=3000)
    assert contents(tmp_path / "corpus") == contents(tmp_path / "alone")
    assert (tmp_path / "killed").exists()


@pytest.fixture
def full_disk(tmp_path):
    """A folder on a disk of its own, with room for 200 kB."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = shutil.which("mount")
    if not mount or subprocess.run([mount, "-t", "tmpfs", "-o", "size=200k", "tmpfs", folder]).returncode:
        pytest.skip("no disk can be mounted")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path, full_disk):
    write_texts(tmp_path)
    encode_text(tmp_path / "b.txt", full_disk / "corpus")
    before = contents(full_disk / "corpus")
    told = rf"cannot write the corpus in {full_disk}: No space left"  # the caller has to write there, too
    (tmp_path / "large.txt").write_text((tmp_path / "a.txt").read_text() * 20)
    with Cluster.connect("local:2") as cluster, pytest.raises(InputError, match=told):
        encode_text(tmp_path / "large.txt", full_disk / "corpus", cluster=cluster, block_bytes=9000)
    assert contents(full_disk / "corpus") == before
    assert [path.name for path in full_disk.iterdir()] == ["corpus"]


def test_a_full_disk_for_temporary_files_of_workers_is_told(tmp_path, full_disk, monkeypatch):
    encode_text(write_texts(tmp_path), tmp_path / "corpus", block_bytes=3000)
    corpus, target = Corpus.open(tmp_path / "corpus"), tmp_path / "counts"
    target.write_text("old")
    monkeypatch.setenv("TMPDIR", str(full_disk))
    (full_disk / "ballast").write_bytes(bytes(190_000))
    told = rf"on {socket.gethostname()}: cannot write temporary files in {full_disk}: No space left"
    with Cluster.connect("local:2") as cluster, pytest.raises(InputError, match=told):
        Cooccurrences.count(corpus, target, min_count=2, memory="130KB", cluster=cluster)
    assert target.read_text() == "old"


@pytest.mark.parametrize("memory", ["4GB", "130KB"])
def test_counts_are_those_of_one_machine_to_the_byte(cluster, tmp_path, memory):
    """With little memory a worker counts its rows in many chunks of the text."""
    encode_text(write_texts(tmp_path), tmp_path / "corpus", block_bytes=3000)
    corpus = Corpus.open(tmp_path / "corpus")
    Cooccurrences.count(corpus, tmp_path / "alone", min_count=2, workers=1)
    Cooccurrences.count(corpus, tmp_path / "counts", min_count=2, memory=memory, cluster=cluster)
    assert (tmp_path / "counts").read_bytes() == (tmp_path / "alone").read_bytes()


def small_counts(folder):
    encode_text(write_texts(folder), folder / "corpus", block_bytes=3000)
    return Cooccurrences.count(Corpus.open(folder / "corpus"), min_count=1)


def test_glove_is_that_of_one_machine_to_the_byte(cluster, tmp_path):
    counts, trainer = small_counts(tmp_path), GloVe(vector_size=16, epochs=2)
    alone, together = trainer.train(counts), trainer.train(counts, cluster=cluster)
    assert together.matrix.tobytes() == alone.matrix.tobytes()
    assert together.metadata == alone.metadata


class MortalWorker(PartsWorker):
    """The first that comes to the tenth diagonal is killed there."""

    def __init__(self, killed, *args):
        super().__init__(*args)
        self._killed = killed

    def train(self, incoming):
        if self._shift == 10:
            die_once(self._killed)
        return super().train(incoming)


def test_glove_is_the_same_after_a_worker_was_killed(cluster, tmp_path, monkeypatch):
    counts, trainer = small_counts(tmp_path), GloVe(vector_size=16, epochs=2)
    monkeypatch.setattr(moving_parts, "PartsWorker", partial(MortalWorker, tmp_path / "killed"))
    together = trainer.train(counts, cluster=cluster)
    assert (tmp_path / "killed").exists()
    assert together.matrix.tobytes() == trainer.train(counts).matrix.tobytes()


def test_any_executor_has_tasks_and_no_actors():
    with ThreadPoolExecutor(2) as pool, Cluster.over(pool, workers=2) as cluster:
        assert list(cluster.map(abs, [-1, 2])) == [1, 2]
        assert cluster.call(abs, cluster.put(-3)).result() == 3
        with pytest.raises(InputError, match="ThreadPoolExecutor has tasks only"):
            cluster.actor(Box, 1)


@NO_RAY
@pytest.mark.parametrize("form", ["127.0.0.1:{}", "ray://127.0.0.1:{}"])
def test_an_address_at_which_nobody_answers_is_refused_at_once(form, monkeypatch):
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    address = form.format(free_port())
    with pytest.raises(InputError, match=rf"no Ray cluster answers at '{address}' .*refused"):
        Cluster.connect(address)


@NO_RAY
def test_a_head_that_is_gone_is_named_at_once(monkeypatch):
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setenv("RAY_ADDRESS", address := f"127.0.0.1:{free_port()}")
    with pytest.raises(InputError, match=rf"no Ray cluster answers at '{address}' .*refused"):
        Cluster.connect("auto")


@NO_RAY
def test_a_process_is_in_one_ray_cluster(monkeypatch):
    """Ray's own error says so, too, but reads as if nobody answered."""
    monkeypatch.setattr("ray.is_initialized", lambda: True)
    with pytest.raises(InputError, match=r"connected to a Ray cluster already.*ray\.shutdown\(\)"):
        Cluster.connect("auto")


@pytest.mark.parametrize(
    "address", ["", "local", "local:0", "local:-1", "local:1025", "local:x", "host", "a b:1", "ray://"]
)
def test_an_address_of_another_form_is_refused(address):
    with pytest.raises(InputError, match=r"local:") as caught:
        Cluster.connect(address)
    assert repr(address) in str(caught.value)
