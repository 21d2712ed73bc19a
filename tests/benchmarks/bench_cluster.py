"""What a cluster of worker processes costs: processor seconds, and bytes to and from the workers.

Usage: python -m tests.benchmarks.bench_cluster TEXT... [--workers 1 2 4 8] [--epochs 3]

The same text is tokenized, counted and trained on by GloVe without a cluster and on local:N for each N.
Prints the processor seconds of all processes together, those of the caller, the bytes that went to the
workers and came back, and whether the result has the same bytes as without a cluster.
"""

import argparse
import os
import resource
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from embedkit import Cluster, Cooccurrences, Corpus, GloVe
from embedkit.parallel import processes


class Traffic:
    """Counts what goes over the pipes of worker processes."""

    def __init__(self):
        self.sent = self.received = 0
        send, receive = processes._send, processes._receive

        def counted_send(parcel, pipe):
            self.sent += sum(part.nbytes for part in parcel)
            send(parcel, pipe)

        def counted_receive(pipe):
            parcel = receive(pipe)
            self.received += sum(part.nbytes for part in parcel)
            return parcel

        processes._send, processes._receive = counted_send, counted_receive


def digest(paths):
    whole = sha256()
    for path in sorted(paths):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def tokenized(folder, texts, epochs, cluster):
    Corpus.encode(texts, folder / "corpus", cluster=cluster)
    return digest((folder / "corpus").iterdir())


def counted(folder, texts, epochs, cluster):
    Cooccurrences.count(Corpus.open(folder / "corpus"), folder / "counts", min_count=100, cluster=cluster)
    return digest([folder / "counts"])


def trained(folder, texts, epochs, cluster):
    vectors = GloVe(epochs=epochs).train(folder / "counts", cluster=cluster)
    return sha256(vectors.matrix.tobytes()).hexdigest()


def seconds():
    """Processor seconds of this process, and of children that have ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime


def tell(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", nargs="+")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    traffic = Traffic()
    tell("task         workers  all CPU s  caller CPU s      sent  received  same bytes")
    with tempfile.TemporaryDirectory() as name:
        for task in (tokenized, counted, trained):
            expected = None
            for workers in [0, *options.workers]:
                traffic.sent = traffic.received = 0
                before = seconds()
                cluster = Cluster.connect(f"local:{workers}") if workers else None
                made = task(Path(name), options.texts, options.epochs, cluster)
                if cluster:
                    cluster.close()
                own, children = (after - start for after, start in zip(seconds(), before, strict=True))
                expected = expected or made
                tell(
                    f"{task.__name__:<10} {workers or f'{os.cpu_count()} threads':>9} {own + children:10.1f} "
                    f"{own:13.1f} {traffic.sent / 1e6:7.1f}MB {traffic.received / 1e6:7.1f}MB  "
                    f"{'yes' if made == expected else 'NO'}"
                )


if __name__ == "__main__":
    main()
