"""Training in rounds on a cluster: equality of bytes, what a round costs, and what that predicts.

`python -m tests.benchmarks.bench_cluster_rounds [hashes|faults|costs|groups|scale|accuracy|wikis ...]`, with
$EMBEDKIT_DATA set, on the beginning of Simple Wikipedia. Workers are processes of one machine, so costs are
processor seconds of all of them. `scale` fits a model to these costs, which predicts rounds of many machines,
and draws it as docs/cluster-scale.png; `accuracy` compares rounds of 8 and 32 workers with racing threads, in
threads but for 16-bit wires, as a cluster gives the same bytes; `wikis` does so over three seeds on the whole
of both Wikipedias.
"""

import functools
import hashlib
import os
import signal
import statistics
import sys
import tempfile
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import numpy as np

from embedkit import Cluster, Corpus, Doc2Vec, FastText, Word2Vec
from embedkit.progress import SILENT
from embedkit.text.corpus.corpus_place import CorpusPlace
from embedkit.text.reading.lines import read_lines
from embedkit.training.rounds.cluster_rounds import ClusterRounds
from embedkit.training.word2vec.expected_updates import expected_targets, sample_updates
from embedkit.training.word2vec.sampling import noise_probability
from embedkit.training.word2vec.trainer import Word2VecTrainer
from tests.benchmarks.bench_rounds import EPOCHS, MODELS, SEEDS, scores
from tests.benchmarks.bench_training import SETTINGS
from tests.benchmarks.data import find, interval, skipped

WORKERS = (1, 2, 4, 8)
WIRES = ("float32", "float16", "bfloat16")
ROUND = {"deterministic": True, "round_workers": 8}
SMALL, LARGE = 400_000, 2_500_000  # words of the corpora
DIMENSIONS = SETTINGS["vector_size"]
WORDS = 1 << 16  # of a worker and round, as in large corpora
PARTS = ("train", "add", "pack", "between", "receive", "merge", "apply")
GROUPED = 16  # workers of a round, in fewer and fewer groups
KINDS = {
    "skip-gram": Word2Vec(**SETTINGS, **ROUND, round_words=8192, epochs=1),
    "CBOW": Word2Vec(**SETTINGS, **ROUND, round_words=8192, epochs=1, model="cbow"),
    "hierarchical softmax": Word2Vec(
        **SETTINGS, **ROUND, round_words=8192, epochs=1, hierarchical_softmax=True
    ),
    "skip-gram in 4 groups": Word2Vec(**SETTINGS, **ROUND, round_groups=4, round_words=8192, epochs=1),
    "fastText": FastText(vector_size=20, **ROUND, round_words=8192, epochs=1),
    "doc2vec, dbow": Doc2Vec(vector_size=20, **ROUND, round_words=8192, epochs=1),
    "doc2vec, dm": Doc2Vec(vector_size=20, **ROUND, round_words=8192, epochs=1, model="dm"),
}
MACHINES, CORES = (8, 16, 32, 64), 64
NETWORKS = {"10 Gb/s": 1.25e9, "100 Gb/s": 12.5e9}  # bytes a second
VOCABULARIES = (10**5, 10**6, 10**7)
CORPORA = {10**9: 10**6, 10**10: 3 * 10**6, 10**11: 10**7, 10**12: 10**7}  # words, and words that are kept
SPREAD = 0.05  # of the speeds of machines: standard deviation, assumed
CALL = 1.1e-3  # seconds of a call to a worker by Ray, measured


def run():
    """Rows, each a dictionary of what is printed."""
    return list(rows_of(tuple(TABLES)))


def rows_of(parts):
    """The same, each as soon as it is there."""
    if not find("simplewiki.txt"):
        yield from skipped("cluster")
        return
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            yield from TABLES[part](Path(folder))


def beginning(folder, words):
    """The corpus of so many words at the beginning of Simple Wikipedia."""
    path = folder / f"{words}"
    if not path.exists():
        text, held = folder / f"{words}.txt", 0
        with text.open("w", encoding="utf-8") as stream:
            for line in read_lines(find("simplewiki.txt")):
                if (held := held + len(line.split())) > words:
                    break
                stream.write(line + "\n")
        Corpus.encode(text, path)
    return Corpus.open(path)


def digest(trained, folder):
    """The beginning of the hash of the file."""
    trained.save(path := folder / "saved.safetensors")
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def hashes(folder):
    """How many different files threads and worker processes make."""
    corpus = beginning(folder, SMALL)
    for name, trainer in KINDS.items():
        found = {digest(trainer.train(corpus), folder)}
        for workers in WORKERS:
            with Cluster.connect(f"local:{workers}") as cluster:
                found.add(digest(trainer.train(corpus, cluster=cluster), folder))
        yield {
            "what": f"{name}, different files of threads and of {', '.join(map(str, WORKERS))} workers",
            "value": f"{len(found)}: {' '.join(sorted(found))}",
        }
    for wire in WIRES[1:]:
        found = set()
        for workers in WORKERS:
            with Cluster.connect(f"local:{workers}") as cluster:
                trainer = replace(KINDS["skip-gram"], wire=wire)
                found.add(digest(trainer.train(corpus, cluster=cluster), folder))
        yield {
            "what": f"skip-gram, {wire}, different files of {', '.join(map(str, WORKERS))} workers",
            "value": f"{len(found)}: {' '.join(sorted(found))}",
        }


def faults(folder):
    """One of four worker processes is killed at some moment, several times."""
    corpus, trainer = beginning(folder, SMALL), replace(KINDS["skip-gram"], epochs=2)
    expected, survived = digest(trainer.train(corpus), folder), 0
    moments = np.linspace(0.5, 6, 6)
    for seconds in moments:
        with Cluster.connect("local:4") as cluster:
            made, actor = [], cluster._engine.actor
            cluster._engine.actor = lambda *args, made=made, actor=actor: (
                made.append(actor(*args)) or made[-1]
            )
            killing = Timer(seconds, lambda made=made: os.kill(made[1]._process.pid, signal.SIGKILL))
            killing.start()
            survived += digest(trainer.train(corpus, cluster=cluster), folder) == expected
            killing.cancel()
    yield {
        "what": f"skip-gram, 1 of 4 workers killed after {moments[0]:g} to {moments[-1]:g} s",
        "value": f"the same bytes in {survived} of {len(moments)}",
    }


def costs(folder):
    """Processor seconds of the parts of a round, and bytes that travel."""
    for (wire, processes), cost in measured(folder).items():
        yield _cost_row(f"{wire}, {processes} process{'es' * (processes > 1)}", cost, 8)


def groups(folder):
    """The same where the changes of several workers are added up before they travel, on two processes."""
    for (wire, number), cost in measured_groups(folder).items():
        yield _cost_row(f"{wire}, {GROUPED} workers in {number} groups, 2 processes", cost, GROUPED)


def _cost_row(what, cost, workers):
    words, seconds = workers * WORDS, sum(cost[part] for part in PARTS)
    parts = ", ".join(f"{part} {1e3 * cost[part]:.0f}" for part in PARTS)
    return {
        "what": f"{what}, {words:,} words a round",
        "value": f"{cost['bytes'] / words:.0f} bytes a word, {seconds:.2f} s a round; ms: {parts}",
    }


@functools.cache
def measured(folder):
    """For each wire and number of processes, what a round costs all of them together."""
    return {
        (wire, processes): _measured(folder, processes, wire, 8, 8)
        for wire, processes in product(WIRES, WORKERS)
    }


@functools.cache
def measured_groups(folder):
    """For each wire and number of groups, what a round costs two processes."""
    return {
        (wire, number): _measured(folder, 2, wire, GROUPED, number)
        for wire, number in product(("float32", "bfloat16"), (GROUPED, 4, 2))
    }


def _measured(folder, processes, wire, workers, groups):
    corpus = beginning(folder, LARGE)
    vocabulary = corpus.vocabulary.prefix(min_count=SETTINGS["min_count"])
    rounds = {"deterministic": True, "round_workers": workers, "round_groups": groups, "round_words": WORDS}
    parameters = Word2Vec(**SETTINGS, **rounds, wire=wire)
    trainer = Word2VecTrainer(parameters, corpus, vocabulary)
    with Cluster.connect(f"local:{processes}") as cluster:
        build = partial(Word2VecTrainer.on, CorpusPlace.of(corpus), parameters)
        rounds = ClusterRounds(cluster, build, trainer, wire, SILENT)
        pieces = list(trainer.pieces())
        whole = len(pieces) // workers * workers
        list(rounds.train(0, pieces[:workers], 0))  # compiles, and touches memory for the first time
        _costs(rounds)
        list(rounds.train(0, pieces[workers:whole], 1))
        total = _costs(rounds)
    return {name: cost / (whole // workers - 1) for name, cost in total.items()}


def _costs(rounds):
    """What all replicas spent since they were asked for last."""
    each = [member.actor.call("costs").result() for member in rounds._members]
    return {name: sum(cost.get(name, 0) for cost in each) for name in (*PARTS, "bytes")}


class Rows(NamedTuple):
    """The rows of both matrices that a worker and a group change in a round, and those that any changes."""

    worker: float
    group: float
    all: float


def expected_rows(counts, words, workers, groups):
    """By the chances of words to be kept, and to be drawn as noise; rare noise is dealt to workers."""
    parameters = Word2Vec(**SETTINGS)
    targets = expected_targets(parameters, counts, counts.sum(), words)
    noise = sample_updates(targets, counts, parameters.negative, parameters.ns_exponent) - targets
    share = noise_probability(counts, parameters.ns_exponent).cumsum() > 0.5
    dealt = share & (targets < 1)

    def changed_by(some):
        """Rows that any of so many workers changes."""
        inputs = 1 - np.exp(-some * targets)
        plain = 1 - np.exp(-some * (targets + noise))
        is_dealt = some / workers  # to one of these
        own = (1 - np.exp(-some * targets - workers * noise)) * is_dealt + inputs * (1 - is_dealt)
        return float((inputs + np.where(dealt, own, plain)).sum())

    return Rows(changed_by(1), changed_by(workers // groups), changed_by(workers))


def zipfian(vocabulary, words):
    """Counts of words by the law of Zipf and Mandelbrot, of which each occurs 5 times at least."""
    chances = 1 / (np.arange(vocabulary) + 2.7)
    return np.maximum(chances / chances.sum() * words, 5).astype(np.int64)


class Model(NamedTuple):
    """Seconds: to train on a word, and to pack, receive, merge and apply a row, each of one core."""

    word: float
    add: float
    pack: float
    receive: float
    merge: float
    apply: float

    @classmethod
    def fitted(cls, found, grouped, rows, group_rows, wire):
        """To the costs of all numbers of processes and of groups, for which so many rows were changed."""
        some = {workers: cost for (kind, workers), cost in found.items() if kind == wire and workers > 1}

        def mean(part, units):
            return statistics.median(cost[part] / units(workers) for workers, cost in some.items())

        return cls(
            mean("train", lambda workers: 8 * WORDS),
            grouped[wire, 2]["add"] / (GROUPED * group_rows.worker),
            mean("pack", lambda workers: 8 * rows.worker),
            mean("receive", lambda workers: 8 * rows.worker * (1 - 1 / workers)),
            mean("merge", lambda workers: 8 * rows.worker),
            mean("apply", lambda workers: workers * rows.all),
        )

    def parts(self, machines, rows, network, row_bytes, groups):
        """Seconds of the parts of a round of a worker a core, in so many groups."""
        others, on_one = 1 - 1 / machines, groups // machines
        owned = groups * rows.group / machines  # rows that reach an owner
        travel = (owned * others + rows.all * others) * row_bytes
        return {
            "train": WORDS * self.word * (1 + SPREAD * np.sqrt(2 * np.log(machines))),
            "add": rows.worker * self.add if on_one < CORES else 0.0,
            "pack": on_one * rows.group * self.pack / min(CORES, on_one * machines),
            "travel": travel / network,
            "receive": owned * others * self.receive / min(CORES, groups),
            "merge": owned * self.merge / CORES,
            "apply": rows.all * self.apply / CORES,
            "calls": max(0.0, 3 * machines * CALL - WORDS * self.word),
        }


def memory(machines, vocabulary, rows, row_bytes, groups):
    """Bytes of a machine: the model, where each worker finds its rows, and rows of its own and on the way."""
    on_one, row = groups // machines, 4 * 112
    model, places = 2 * vocabulary * row, 2 * 4 * (CORES + groups - on_one) * vocabulary
    own, received = CORES * rows.worker * row, groups * rows.group / machines * row
    way = (on_one * rows.group + 2 * rows.all) * row_bytes
    return {"model": model, "places": places, "rows": own + received + way}


def scale(folder):
    """What the model predicts of many machines."""
    found = measured(folder)
    corpus = beginning(folder, LARGE)
    counts = corpus.vocabulary.prefix(min_count=SETTINGS["min_count"]).counts
    here, grouped = expected_rows(counts, WORDS, 8, 8), expected_rows(counts, WORDS, GROUPED, 2)
    for workers in WORKERS[1:]:
        expected = (8 * here.worker * (1 - 1 / workers) + here.all * (workers - 1)) * (4 + 4 * DIMENSIONS)
        yield {
            "what": f"MB a round that travel between {workers} workers, measured and by the model",
            "value": f"{found['float32', workers]['bytes'] / 1e6:.0f}, {expected / 1e6:.0f}",
        }
    yield {
        "what": f"MB a round that travel between 2 groups of {GROUPED // 2}, measured and by the model",
        "value": f"{measured_groups(folder)['float32', 2]['bytes'] / 1e6:.0f}, "
        f"{(grouped.group + grouped.all) * (4 + 4 * DIMENSIONS) / 1e6:.0f}",
    }
    models = {wire: Model.fitted(found, measured_groups(folder), here, grouped, wire) for wire in WIRES[::2]}
    for wire, model in models.items():
        each = ", ".join(f"{name} {1e9 * value:.0f}" for name, value in model._asdict().items())
        yield {"what": f"{wire}, ns a word and ns a row", "value": each}
    yield from _predictions(models)
    draw(models, Path("docs", "cluster-scale.png"))


def _predictions(models):
    yield {
        "what": f"one machine of {CORES} cores that only trains",
        "value": f"{CORES / models['float32'].word / 1e6:.0f} M words/s",
    }
    for (words, vocabulary), machines, is_grouped in product(CORPORA.items(), (8, 64), (False, True)):
        number = machines if is_grouped else machines * CORES
        rows = expected_rows(zipfian(vocabulary, words), WORDS, machines * CORES, number)
        held = memory(machines, vocabulary, rows, 4 + 4 * DIMENSIONS, number)
        told = []
        for (name, network), wire in product(NETWORKS.items(), ("float32", "bfloat16")):
            parts = models[wire].parts(machines, rows, network, _row_bytes(wire), number)
            whole = sum(parts.values())
            most = max(parts, key=parts.get)
            speed = machines * CORES * WORDS / whole
            told.append(f"{name} {wire} {speed / 1e6:.0f} M words/s ({most} {parts[most] / whole:.0%})")
        yield {
            "what": f"{words:.0e} words, {vocabulary:.0e} in the vocabulary, {machines} machines, "
            f"{number} groups",
            "value": f"{'; '.join(told)}; GB a machine: "
            + ", ".join(f"{name} {size / 1e9:.1f}" for name, size in held.items()),
        }


def _row_bytes(wire):
    return 4 + (4 if wire == "float32" else 2) * DIMENSIONS


def draw(models, path):
    """Speed by machines, for vocabularies and networks, and memory by vocabulary."""
    from embedkit.plots.canvas import new_figure, write_figure

    figure = new_figure(10, 5)
    speed, space = figure.subplots(1, 2)
    for color, vocabulary in enumerate(VOCABULARIES):
        counts = zipfian(vocabulary, 10**10)
        rows = [expected_rows(counts, WORDS, machines * CORES, machines) for machines in MACHINES]
        for (name, network), style in zip(NETWORKS.items(), (":", "-"), strict=True):
            seconds = [
                models["bfloat16"].parts(machines, some, network, _row_bytes("bfloat16"), machines)
                for machines, some in zip(MACHINES, rows, strict=True)
            ]
            speeds = [
                machines * CORES * WORDS / sum(each.values())
                for machines, each in zip(MACHINES, seconds, strict=True)
            ]
            speed.plot(
                MACHINES, speeds, f"o{style}", color=f"C{color}", label=f"{vocabulary:,} words, {name}"
            )
        held = [
            sum(memory(machines, vocabulary, some, _row_bytes("float32"), machines).values()) / 1e9
            for machines, some in zip(MACHINES, rows, strict=True)
        ]
        space.plot(MACHINES, held, "o-", color=f"C{color}")
    alone = CORES / models["float32"].word
    speed.axhline(alone, color="gray", linewidth=1, label="one machine that only trains")
    speed.plot(MACHINES, [n * alone for n in MACHINES], "k--", linewidth=1, label="machines that only train")
    for ax, title, unit in (
        (speed, "Speed, bfloat16", "words/s"),
        (space, "Memory, float32", "GB a machine"),
    ):
        ax.set(xscale="log", yscale="log", xlabel=f"machines of {CORES} cores", ylabel=unit, title=title)
        ax.set_xticks(MACHINES, MACHINES)
        ax.minorticks_off()
    figure.legend(*speed.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    write_figure(figure, path)


def accuracy(folder, words=LARGE, seeds=(1,), sizes=(8, 32)):
    """Rounds of so many workers and racing threads after five epochs, over seeds."""
    corpus = beginning(folder, words)
    racing = [scores(corpus, "skipgram", seed) for seed in seeds]
    for workers in sizes:
        settings = {"deterministic": True, "round_workers": workers}
        own = [scores(corpus, "skipgram", seed, **settings) for seed in seeds]
        yield from _beside(f"{workers} workers", own, racing, len(seeds))
    for wire in WIRES[1:]:
        with Cluster.connect("local:2") as cluster:
            settings = {"deterministic": True, "round_workers": 8, "wire": wire}
            own = [scores(corpus, "skipgram", seed, cluster, **settings) for seed in seeds]
        yield from _beside(f"8 workers, {wire}", own, racing, len(seeds))


def wikis(folder):
    """Rounds of 8 and 32 workers and racing threads on all of both Wikipedias, over seeds."""
    for file, epochs in {"enwiki.txt": 2, "simplewiki.txt": EPOCHS}.items():
        corpus = Corpus.encode(find(file), folder / Path(file).stem)
        for model in MODELS:
            racing = [scores(corpus, model, seed, epochs=epochs) for seed in SEEDS]
            for workers in (8, 32):
                rounds = {"deterministic": True, "round_workers": workers, "epochs": epochs}
                own = [scores(corpus, model, seed, **rounds) for seed in SEEDS]
                yield from _beside(f"{file}, {model}, {workers} workers", own, racing, len(SEEDS))


def _beside(what, own, racing, seeds):
    for name in own[0]:
        ours, theirs = ([each[name] for each in some] for some in (own, racing))
        yield {
            "what": f"{name}, {what}, {seeds} seed{'s' * (seeds > 1)}",
            "value": f"{interval(ours)}; racing threads {interval(theirs)}; difference "
            f"{statistics.mean(ours) - statistics.mean(theirs):+.2f}",
        }


TABLES = {
    "hashes": hashes, "faults": faults, "costs": costs, "groups": groups, "scale": scale,
    "accuracy": accuracy, "wikis": wikis,
}  # fmt: skip

if __name__ == "__main__":
    for row in rows_of(sys.argv[1:] or tuple(TABLES)):
        sys.stdout.write(" | ".join(row.values()) + "\n")
        sys.stdout.flush()
