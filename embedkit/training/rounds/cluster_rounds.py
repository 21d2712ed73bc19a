"""`ClusterRounds`: rounds whose workers are dealt to the machines of a cluster, with the bytes of one."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, pairwise
from typing import Any, TypeVar

from embedkit.cluster.cluster import Cluster
from embedkit.cluster.engine import Actor, Reference
from embedkit.errors import EmbedkitError, WorkerDiedError
from embedkit.progress import Progress
from embedkit.training.rounds.replica import Applied, Outcome, Replica, RoundTrainer
from embedkit.training.rounds.wire import WireType

Item = TypeVar("Item")
PATIENCE = 60.0  # seconds in which a replica is to take the place of one that was lost
AHEAD = 2  # rounds that are under way at once: the machines need not wait for this one to hear of the first
DEATHS = 3  # of machines while the cluster is mended after one: then it is of no use
ALL_LOST = (
    "all workers of the cluster were lost; start others and train again, which goes on from the last "
    "checkpoint"
)
LATEST_SHARE = 0.2  # of the speed of a machine that its latest round makes


@dataclass
class Round:
    """A round under way.

    Attributes:
        number: counted from the beginning of training.
        epoch: the epoch.
        turn: the number by which noise words are dealt.
        pieces: what its workers train on.
        shares: the groups of workers that each replica trains.
        applied: what each replica says at its end.
    """

    number: int
    epoch: int
    turn: int
    pieces: list[Any]
    shares: list[range] = field(default_factory=list)
    applied: list[Reference[Applied]] = field(default_factory=list)


@dataclass(eq=False)
class Member:
    """A replica of the model: its actor, how many workers train at once there, and how many in a second."""

    actor: Actor
    threads: int
    speed: float


class ClusterRounds:
    """The replicas of a model on a cluster, which train in rounds.

    One that is lost is replaced by another, which takes the state of one that is left, and the round is done
    again; where no machine takes its place in time, the others do its work. The faster a replica has trained
    its groups of workers, the more of them it is given: bytes do not depend on it.

    Args:
        cluster: where to train.
        build: makes the model on each machine.
        trainer: the model here, whose state is where training begins, and which has the state of the replicas
            whenever `train` ends.
        wire: the kind of numbers that travel.
        progress: where it is told that a replica was lost.
    """

    def __init__(
        self, cluster: Cluster, build: Callable[[], RoundTrainer], trainer: RoundTrainer, wire: WireType,
        progress: Progress,
    ) -> None:  # fmt: skip
        assert trainer.rounds  # noqa: S101 - only what trains in rounds has replicas
        self._cluster, self._trainer, self._progress = cluster, trainer, progress
        self._build, self._wire = build, wire
        self._workers, self._group_size = trainer.rounds.workers, trainer.rounds.group_size
        self._number = 0
        self._members = [self._new_member(cores, float(cores)) for cores in cluster.actor_cores]

    @property
    def threads(self) -> int:
        """Workers that train at once."""
        return sum(member.threads for member in self._members)

    def _new_member(self, threads: int, speed: float) -> Member:
        actor = self._cluster.actor(Replica, self._build, self._wire, threads)
        return Member(actor, threads, speed)

    def _restored(
        self, done: int, members: Sequence[Member], state: Reference[Any] | None
    ) -> list[Reference[None]]:
        """These members told to go on from a state after so many rounds."""
        return [
            member.actor.call("restore", done, place, len(self._members), state)
            for place, member in enumerate(self._members)
            if member in members
        ]

    def train(self, epoch: int, pieces: Iterable[Any], number: int) -> Iterator[tuple[Any, Outcome]]:
        """Train on pieces of an epoch in rounds; gives each with what its worker returned.

        Rounds are numbered from `number` on, by which noise words are dealt.
        """
        if self._number == 0:
            self._start()
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
            if current.shares:
                self._learn_speeds(current.shares, applied.seconds)
            yield from zip(current.pieces, applied.results, strict=True)
        self._take_state()

    def _begun(self, current: Round) -> Round:
        """The round, begun by all members."""
        number, workers, places = current.number, len(current.pieces), len(self._members)
        groups, numbered = -(-workers // self._group_size), list(enumerate(current.pieces))
        parts: list[list[Reference[Any]]] = [[] for _ in range(places)]
        current.shares = shares_of(groups, [member.speed for member in self._members])
        for member, share in zip(self._members, current.shares, strict=True):
            at_once = max(1, member.threads // self._group_size)  # groups
            for begin in range(share.start, share.stop, at_once):
                end = min(begin + at_once, share.stop)
                some = numbered[begin * self._group_size : end * self._group_size]
                made = member.actor.call_parts("train", places, number, current.epoch, current.turn, some)
                for owner, part in enumerate(made):
                    parts[owner].append(part)
        merged = [
            member.actor.call("merge", number, workers, *own)
            for member, own in zip(self._members, parts, strict=True)
        ]
        current.applied = [member.actor.call("apply", number, *merged) for member in self._members]
        return current

    def _learn_speeds(self, shares: Sequence[range], seconds: Sequence[float]) -> None:
        """Correct the speeds by what the members trained in so many seconds."""
        mean = sum(member.speed for member in self._members) / len(self._members)
        for member, share, spent in zip(self._members, shares, seconds, strict=True):
            latest = len(share) / spent if share else mean  # which lets one without work try again
            member.speed += LATEST_SHARE * (latest - member.speed)

    def _start(self) -> None:
        """Give all members the state that is here."""
        state = self._cluster.put(self._trainer.tensors())

        def restore() -> None:
            if not self._replace_lost():
                raise EmbedkitError(ALL_LOST)
            self._cluster.get(self._restored(0, self._members, state))

        _again_after_deaths(restore)

    def _mend(self, waiting: Iterable[Round]) -> None:
        """Replace members that are lost, and begin the rounds anew that were not done anywhere."""
        done, source = _again_after_deaths(self._mended)
        for current in waiting:
            if current.number < done:
                current.applied, current.shares = [source.call("applied", current.number)], []
            else:
                self._begun(current)

    def _mended(self) -> tuple[int, Actor]:
        """Bring all members to the state of the one that has done most; returns how many rounds, and it."""
        done = self._replace_lost()
        most = max(done.values(), default=-1)
        if most < 0:
            raise EmbedkitError(ALL_LOST)
        self._progress.note(
            f"Warning: a worker of the cluster was lost; {len(self._members)} go on with round {most + 1}"
        )
        level = [member for member, number in done.items() if number == most]
        behind = [member for member in self._members if member not in level]
        state = level[0].actor.call("state") if behind else None
        self._cluster.get(self._restored(most, level, None) + self._restored(most, behind, state))
        return most, level[0].actor

    def _replace_lost(self) -> dict[Member, int]:
        """Put new members in the place of lost ones; returns how many rounds all have done, new ones -1."""
        done = {member: _rounds_done(member) for member in self._members}
        lost = [member for member, number in done.items() if number is None]
        for member in lost:
            member.actor.close()
        newcomers = [self._new_member(member.threads, member.speed) for member in lost]
        left = {member: number for member, number in done.items() if number is not None}
        left |= dict.fromkeys(self._arrived(newcomers), -1)
        self._members = list(left)
        return left

    def _arrived(self, members: Sequence[Member]) -> list[Member]:
        """Those of new members that are there in time."""
        coming = {member.actor.call("done"): member for member in members}
        arrived: list[Member] = []
        end = time.monotonic() + PATIENCE
        while coming and (left := end - time.monotonic()) > 0:
            for call in self._cluster.wait(list(coming), left):
                arrived.append(coming.pop(call))
        for member in coming.values():
            member.actor.close()
        return arrived

    def _take_state(self) -> None:
        """Have the matrices here as the replicas have them."""
        while True:
            try:
                state = self._members[0].actor.call("state").result()
                break
            except WorkerDiedError:
                self._mend([])
        for name, tensor in self._trainer.tensors().items():
            tensor[:] = state[name]

    def close(self) -> None:
        """End the replicas."""
        for member in self._members:
            member.actor.close()


def _rounds_done(member: Member) -> int | None:
    """How many rounds a replica has done, -1 without a state; None if it is lost."""
    try:
        done: int = member.actor.call("done").result()
    except WorkerDiedError:
        return None
    return done


def _again_after_deaths(do: Callable[[], Item]) -> Item:
    """What `do` returns; it is called again if a worker dies meanwhile, but not for ever."""
    for _ in range(DEATHS):
        try:
            return do()
        except WorkerDiedError as error:
            death = error
    raise death


def shares_of(groups: int, speeds: Sequence[float]) -> list[range]:
    """The groups of a round that each machine trains, so that all end at about the same time.

    Example:
        >>> from embedkit.training.rounds.cluster_rounds import shares_of
        >>> shares_of(8, [1.0, 1.0, 0.4])
        [range(0, 4), range(4, 7), range(7, 8)]
    """
    counts = [0] * len(speeds)
    for _ in range(groups):
        soonest = min(range(len(speeds)), key=lambda place: (counts[place] + 1) / speeds[place])
        counts[soonest] += 1
    ends = list(accumulate(counts, initial=0))
    return [range(begin, end) for begin, end in pairwise(ends)]
