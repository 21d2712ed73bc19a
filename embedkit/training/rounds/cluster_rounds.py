"""`ClusterRounds`: rounds whose workers are dealt to the machines of a cluster, with the bytes of one machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, pairwise
from typing import Any

from embedkit.cluster.cluster import Actor, Cluster, Reference
from embedkit.errors import EmbedkitError, WorkerDiedError
from embedkit.progress import Progress
from embedkit.training.rounds.replica import Applied, Replica, Result, RoundTrainer
from embedkit.training.rounds.wire import WireType

AHEAD = 2  # rounds that are under way at once: the machines need not wait for this one to hear of the first
DEATHS = 3  # of machines while the cluster is mended after one: then it is of no use
LATEST_SHARE = 0.2  # of the speed of a machine that its latest round makes


@dataclass
class Round:
    """A round under way.

    Attributes:
        number: counted from the beginning of training.
        epoch: the epoch.
        turn: the number by which noise words are dealt.
        pieces: what its workers train on.
        shares: the workers that each replica trains.
        applied: what each replica says at its end.
    """

    number: int
    epoch: int
    turn: int
    pieces: list[Any]
    shares: list[range] = field(default_factory=list)
    applied: list[Reference[Applied]] = field(default_factory=list)


class ClusterRounds:
    """The replicas of a model on a cluster, which train in rounds.

    A machine that is lost is replaced by another, which takes the state of one that is left; the round is
    done again. The faster a machine has trained its workers, the more of them it is given: bytes do not
    depend on it.

    Args:
        cluster: where to train.
        build: makes the model on each machine.
        trainer: the model here, whose state is where training begins, and which gets the state after each
            epoch.
        wire: the kind of numbers that travel.
        progress: where it is told that a machine was lost.
    """

    def __init__(
        self, cluster: Cluster, build: Callable[[], RoundTrainer], trainer: RoundTrainer, wire: WireType,
        progress: Progress,
    ) -> None:  # fmt: skip
        assert trainer.rounds  # noqa: S101 - only what trains in rounds has replicas
        self._cluster, self._trainer, self._progress = cluster, trainer, progress
        self._workers, self._number = trainer.rounds.workers, 0
        self._threads = [1] * cluster.workers
        self._build, self._wire = build, wire
        self._actors = [self._new_actor(place) for place in range(len(self._threads))]
        self._speeds = [float(threads) for threads in self._threads]
        state = cluster.put(list(trainer.matrices))
        cluster.get([actor.call("restore", 0, state) for actor in self._actors])

    def _new_actor(self, place: int) -> Actor:
        places = len(self._threads)
        return self._cluster.actor(Replica, self._build, place, places, self._wire, self._threads[place])

    def train(self, epoch: int, pieces: Iterable[Any], number: int) -> Iterator[tuple[Any, Result]]:
        """Train on pieces of an epoch in rounds; gives each with what its worker returned.

        Rounds are numbered from `number` on, by which noise words are dealt. At the end the model here has the
        state of the replicas.
        """
        upcoming, waiting, turn = iter(pieces), deque[Round](), number
        while True:
            while len(waiting) < AHEAD and (batch := list(islice(upcoming, self._workers))):
                waiting.append(self._begun(Round(self._number, epoch, turn, batch)))
                self._number, turn = self._number + 1, turn + 1
            if not waiting:
                break
            try:
                applied = self._cluster.get(waiting[0].applied)[0]
            except WorkerDiedError:
                self._mend(waiting)
                continue
            current = waiting.popleft()
            self._learn_speeds(current.shares, applied.seconds)
            yield from zip(current.pieces, applied.results, strict=True)
        self._take_state()

    def _begun(self, current: Round) -> Round:
        """The round, begun on all machines."""
        number, workers, places = current.number, len(current.pieces), len(self._actors)
        parts: list[list[Reference[Any]]] = [[] for _ in range(places)]
        current.shares = shares_of(workers, self._speeds)
        for actor, threads, share in zip(self._actors, self._threads, current.shares, strict=True):
            for begin in range(share.start, share.stop, threads):
                some = [(w, current.pieces[w]) for w in range(begin, min(begin + threads, share.stop))]
                made = actor.call_parts("train", places, number, current.epoch, current.turn, some)
                for owner, part in enumerate(made):
                    parts[owner].append(part)
        merged = [
            actor.call("merge", number, workers, *own) for actor, own in zip(self._actors, parts, strict=True)
        ]
        current.applied = [actor.call("apply", number, *merged) for actor in self._actors]
        return current

    def _learn_speeds(self, shares: Sequence[range], seconds: Sequence[float]) -> None:
        """Correct the speeds by what the machines trained in so many seconds."""
        for place, (share, spent) in enumerate(zip(shares, seconds, strict=True)):
            if spent > 0:
                latest = len(share) / spent
                self._speeds[place] += LATEST_SHARE * (latest - self._speeds[place])

    def _mend(self, waiting: Iterable[Round]) -> None:
        """Replace machines that are lost, and begin the rounds anew that were not done anywhere."""
        for _ in range(DEATHS):
            try:
                done, source = self._mended()
                break
            except WorkerDiedError as error:
                death = error
        else:
            raise death
        for current in waiting:
            if current.number < done:
                current.applied = [source.call("applied", current.number)]
            else:
                self._begun(current)

    def _mended(self) -> tuple[int, Actor]:
        """Bring all machines to the state of the one that has done most; returns how many rounds, and it."""
        done = [self._rounds_done(actor) for actor in self._actors]
        most = max(done)
        if most < 0:
            raise EmbedkitError(
                f"all {len(done)} workers of the cluster were lost; start them again, and training with "
                "resume from its last checkpoint"
            )
        source = self._actors[done.index(most)]
        lost = [place for place, number in enumerate(done) if number < 0]
        self._progress.note(
            f"Warning: lost {len(lost)} of {len(done)} workers of the cluster; round {most + 1} is done again"
        )
        for place in lost:
            self._actors[place].close()
            self._actors[place] = self._new_actor(place)
        behind = [actor for actor, number in zip(self._actors, done, strict=True) if number < most]
        level = [actor for actor in self._actors if actor not in behind]
        restored = [actor.call("restore", most) for actor in level]
        if behind:
            state = source.call("state")
            restored += [actor.call("restore", most, state) for actor in behind]
        self._cluster.get(restored)
        return most, source

    def _rounds_done(self, actor: Actor) -> int:
        """How many rounds a replica has done, -1 if it is lost."""
        try:
            done: int = actor.call("done").result()
        except WorkerDiedError:
            return -1
        return done

    def _take_state(self) -> None:
        """Have the matrices here as the replicas have them."""
        while True:
            try:
                state = self._actors[0].call("state").result()
                break
            except WorkerDiedError:
                self._mend([])
        for own, given in zip(self._trainer.matrices, state, strict=True):
            own[:] = given

    def close(self) -> None:
        """End the replicas."""
        for actor in self._actors:
            actor.close()


def shares_of(workers: int, speeds: Sequence[float]) -> list[range]:
    """The workers of a round that each machine trains, so that all end at about the same time.

    Example:
        >>> from embedkit.training.rounds.cluster_rounds import shares_of
        >>> shares_of(8, [1.0, 1.0, 0.4])
        [range(0, 4), range(4, 7), range(7, 8)]
    """
    counts = [0] * len(speeds)
    for _ in range(workers):
        soonest = min(range(len(speeds)), key=lambda place: (counts[place] + 1) / speeds[place])
        counts[soonest] += 1
    ends = list(accumulate(counts, initial=0))
    return [range(begin, end) for begin, end in pairwise(ends)]
