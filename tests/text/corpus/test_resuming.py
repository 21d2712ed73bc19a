"""An interrupted run goes on where it was, and the result is that of a run that nobody interrupted."""

import os
import signal

import numpy as np
import pytest

from embedkit import leftovers
from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.corpus import block_encoding
from embedkit.text.corpus.building import append_text, encode_text
from tests.marks import NEEDS_LOCKS

pytestmark = NEEDS_LOCKS
LINES = [f"line {number} of {number % 7} naïve words, and more: {number % 13}\n" for number in range(200)]
BLOCKS = {"block_bytes": 1000, "workers": 1}


class Interrupting(Progress):
    """Interrupts the run when so many blocks are done, and keeps what it is told."""

    def __init__(self, blocks=None, kill=False):
        self.left, self.kill, self.notes = blocks, kill, []

    def update(self, completed, figures=""):
        if self.left is not None:
            self.left -= 1
            if not self.left:
                if self.kill:
                    os.kill(os.getpid(), signal.SIGKILL)
                raise KeyboardInterrupt

    def note(self, message):
        self.notes.append(message)


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("".join(LINES))
    return path


@pytest.fixture
def encoded(monkeypatch):
    """The numbers of the blocks that were tokenized."""
    numbers, write = [], block_encoding.write_shard

    def recorded(numbered, folder, number, *rest):
        numbers.append(number)
        return write(numbered, folder, number, *rest)

    monkeypatch.setattr(block_encoding, "write_shard", recorded)
    return numbers


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def interrupt(text, target, blocks, **options):
    with pytest.raises(KeyboardInterrupt):
        encode_text(text, target, progress=Interrupting(blocks), **BLOCKS, **options)
    return leftovers.unfinished_path(target.parent, target.name)


def go_on(text, target, **options):
    told = Interrupting()
    encode_text(text, target, progress=told, **BLOCKS, **options)
    return told.notes


def test_finished_blocks_are_not_read_again(text, tmp_path, encoded):
    encode_text(text, tmp_path / "whole", **BLOCKS)
    blocks = len(encoded)
    encoded.clear()
    interrupt(text, tmp_path / "corpus", 4)
    assert encoded == [0, 1, 2, 3, 4]  # the next was in flight
    assert go_on(text, tmp_path / "corpus") == [f"continuing: 5 of {blocks} blocks were done"]
    assert encoded == list(range(blocks))
    assert files(tmp_path / "corpus") == files(tmp_path / "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "text.txt", "whole"]


def test_it_goes_on_after_a_kill(text, tmp_path, encoded):
    encode_text(text, tmp_path / "whole", **BLOCKS)
    blocks = len(encoded)
    child = os.fork()
    if not child:
        encode_text(text, tmp_path / "corpus", progress=Interrupting(3, kill=True), **BLOCKS)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    encoded.clear()
    go_on(text, tmp_path / "corpus")
    assert encoded == list(range(4, blocks))
    assert files(tmp_path / "corpus") == files(tmp_path / "whole")


def test_it_goes_on_while_shards_get_their_ids(text, tmp_path, monkeypatch):
    encode_text(text, tmp_path / "whole", **BLOCKS)

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("embedkit.text.corpus.finishing.fingerprint_of", interrupted)
        with pytest.raises(KeyboardInterrupt):
            encode_text(text, tmp_path / "corpus", **BLOCKS)
    go_on(text, tmp_path / "corpus")
    assert files(tmp_path / "corpus") == files(tmp_path / "whole")


def changed_text(text, _):
    """The same size, other words from the middle on."""
    text.write_text("".join(LINES).replace("line 99 of", "Line 99 as"))


def longer_text(text, _):
    text.write_text("".join(LINES) + "more")


def shorter_text(text, _):
    text.write_text("".join(LINES[:90]))


def foreign_shard(_, folder):
    (folder / "shard-00001.local_ids.npy").write_bytes((folder / "shard-00002.local_ids.npy").read_bytes())


def cut_shard(_, folder):
    with (folder / "shard-00001.local_ids.npy").open("r+b") as stream:
        stream.truncate(200)


def zeros(_, folder):
    """What a loss of power can leave of what was written just before."""
    path = folder / "shard-00002.local_offsets.npy"
    np.save(path, np.zeros_like(np.load(path)))


def cut_record(_, folder):
    with (folder / "shard-00000.record.npz").open("r+b") as stream:
        stream.truncate(300)


def exchanged_records(_, folder):
    one, other = folder / "shard-00000.record.npz", folder / "shard-00001.record.npz"
    one.rename(folder / "x")
    other.rename(one)
    (folder / "x").rename(other)


def other_job(_, folder):
    (folder / "job.json").write_text("{}")


def rubbish(_, folder):
    (folder / "shard-00099.ids.npy").write_bytes(b"rubbish")
    (folder / "job.json").unlink()
    (folder / "sub").mkdir()


@pytest.mark.parametrize(
    "change",
    [
        changed_text, longer_text, shorter_text, foreign_shard, cut_shard, zeros, cut_record,
        exchanged_records, other_job, rubbish,
    ],
)  # fmt: skip
def test_what_is_stale_or_damaged_is_made_again(text, tmp_path, change):
    folder = interrupt(text, tmp_path / "corpus", 5)
    change(text, folder)
    go_on(text, tmp_path / "corpus")
    encode_text(text, tmp_path / "whole", **BLOCKS)
    assert files(tmp_path / "corpus") == files(tmp_path / "whole")


@pytest.mark.parametrize("options", [{"tokenizer": "whitespace"}, {"encoding_errors": "replace"}])
def test_another_recipe_begins_anew(text, tmp_path, encoded, options):
    interrupt(text, tmp_path / "corpus", 5)
    encoded.clear()
    assert go_on(text, tmp_path / "corpus", **options) == []
    assert encoded[0] == 0
    encode_text(text, tmp_path / "whole", **BLOCKS, **options)
    assert files(tmp_path / "corpus") == files(tmp_path / "whole")


def test_an_error_leaves_nothing(text, tmp_path):
    text.write_bytes("".join(LINES).encode() + b"\xff")
    with pytest.raises(InputError, match="0xff"):
        encode_text(text, tmp_path / "corpus", **BLOCKS)
    assert list(tmp_path.iterdir()) == [text]


def test_appending_goes_on_and_leaves_the_old_corpus_until_then(text, tmp_path, encoded):
    for name in ("whole", "corpus"):
        encode_text(text, tmp_path / name, **BLOCKS)
    (tmp_path / "more.txt").write_text("and words of more text\n" * 200)
    append_text(tmp_path / "more.txt", tmp_path / "whole", **BLOCKS)
    before = files(tmp_path / "corpus")
    with pytest.raises(KeyboardInterrupt):
        append_text(tmp_path / "more.txt", tmp_path / "corpus", progress=Interrupting(2), **BLOCKS)
    assert files(tmp_path / "corpus") == before
    encoded.clear()
    told = Interrupting()
    append_text(tmp_path / "more.txt", tmp_path / "corpus", progress=told, **BLOCKS)
    assert told.notes == ["continuing: 3 of 5 blocks were done"]
    assert len(encoded) == 2
    assert files(tmp_path / "corpus") == files(tmp_path / "whole") != before
