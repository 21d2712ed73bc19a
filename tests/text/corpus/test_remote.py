"""Texts and corpora at addresses, in memory and on a server of S3 on this machine."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

from embedkit import Cluster, Cooccurrences, Corpus, remote_files
from embedkit.errors import FormatError, InputError
from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.corpus_place import CorpusPlace
from embedkit.text.formats.sources import expand
from embedkit.text.reading.block_places import BlockPlace, place_of
from embedkit.text.reading.blocks import read_blocks
from tests.notes import Notes
from tests.places import contents, put


def test_a_corpus_of_texts_elsewhere_is_that_of_texts_here(place, tmp_path):
    texts = {
        "a.txt": b"the cat sat\non a mat\n",
        "b.txt.gz": gzip.compress(b"the dog"),
        "c.csv": b"text\na b\n",
    }
    (tmp_path / "texts").mkdir()
    for name, content in texts.items():
        put(f"{place}/texts/{name}", content)
        (tmp_path / "texts" / name).write_bytes(content)
    put(f"{place}/texts/.hidden/d.txt", b"unseen")
    Corpus.encode(tmp_path / "texts", tmp_path / "here")
    Corpus.encode(f"{place}/texts", tmp_path / "fetched")
    assert contents(tmp_path / "fetched") == contents(tmp_path / "here")
    (only,) = expand(f"{place}/texts/*.csv")
    assert only.stored_name == "c.csv"


def test_a_corpus_is_put_elsewhere_and_opened_from_there(place, tmp_path):
    (tmp_path / "a.txt").write_text("the cat sat\n")
    made = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    assert [made.vocabulary.words[number] for number in next(iter(made))] == ["the", "cat", "sat"]
    here = Corpus.encode(tmp_path / "a.txt", tmp_path / "here")
    for path in (tmp_path / "cache" / "fetched").iterdir():
        path.rename(tmp_path / "moved")  # so that it is fetched
    fetched = Corpus.open(f"{place}/corpus")
    assert contents(fetched.path) == contents(here.path)
    assert fetched.fingerprint == here.fingerprint


def test_a_corpus_that_was_damaged_elsewhere_is_not_kept(place, tmp_path):
    (tmp_path / "a.txt").write_text("the cat sat\n")
    made = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    content = bytearray((made.path / "shard-00000.ids.npy").read_bytes())
    made.path.rename(tmp_path / "moved")
    content[-4:] = b"\0\0\0\0"
    put(f"{place}/corpus/shard-00000.ids.npy", bytes(content))
    with pytest.raises(FormatError, match="is damaged"):
        Corpus.open(f"{place}/corpus")
    assert list((tmp_path / "cache" / "fetched").iterdir()) == []


def test_only_a_corpus_is_replaced(place, tmp_path):
    (tmp_path / "a.txt").write_text("a cat\n")
    (tmp_path / "b.txt").write_text("a dog\n")
    Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    assert Corpus.encode(tmp_path / "b.txt", f"{place}/corpus").vocabulary.words == ("a", "dog")
    put(f"{place}/other/thing", b"precious")
    with pytest.raises(InputError, match="holds something else"):
        Corpus.encode(tmp_path / "a.txt", f"{place}/other")


def test_what_is_not_there_is_said(place):
    for name in ("nothing.txt", "nothing/*.txt"):
        with pytest.raises(InputError, match=rf"{place}/nothing"):
            expand(f"{place}/{name}")
    with pytest.raises(InputError, match="is no corpus"):
        Corpus.open(f"{place}/corpus")


def test_text_is_added_to_a_corpus_elsewhere(place, tmp_path):
    """Shards that are there are not put again, and the copy in the cache stays what it was."""
    for name, text in ("a.txt", "the cat sat\n"), ("b.txt", "a dog sat\n"):
        (tmp_path / name).write_text(text)
    begun = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    before = contents(begun.path)
    Corpus.encode(tmp_path / "a.txt", tmp_path / "here").append(tmp_path / "b.txt")
    unmoved = remote_files.version_of(f"{place}/corpus/shard-00000.ids.npy")
    grown = begun.append(tmp_path / "b.txt")
    assert contents(grown.path) == contents(tmp_path / "here")
    assert contents(begun.path) == before
    assert remote_files.version_of(f"{place}/corpus/shard-00000.ids.npy") == unmoved
    assert grown.address == f"{place}/corpus"


def test_fewer_shards_leave_none_of_those_that_were_there(place, tmp_path):
    (tmp_path / "a.txt").write_text("the cat sat\n")
    put(f"{place}/corpus/shard-00007.ids.npy", b"old")
    put(f"{place}/corpus/manifest.json", b"{}")
    made = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    names = {address.rpartition("/")[2] for address in remote_files.names_in(f"{place}/corpus")}
    assert names == {path.name for path in made.path.iterdir()}


def test_a_corpus_that_was_changed_meanwhile_stays_as_it_is(place, tmp_path):
    for name, text in ("a.txt", "the cat sat\n"), ("b.txt", "a dog sat\n"):
        (tmp_path / name).write_text(text)
    begun = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    other = Corpus.encode(tmp_path / "b.txt", f"{place}/corpus")
    with pytest.raises(InputError, match="changed by somebody else"):
        begun.append(tmp_path / "a.txt")
    assert Corpus.open(f"{place}/corpus").fingerprint == other.fingerprint


LINES = [f"line {n} with word{n % 97} and a naïve word{n % 13}" for n in range(400)]


@pytest.mark.parametrize("end", ["\n", ""])
def test_workers_read_text_at_an_address_themselves(place, tmp_path, end):
    text = ("\n".join(LINES) + end).encode()
    (tmp_path / "a.txt").write_bytes(text)
    put(f"{place}/a.txt", text)
    put(f"{place}/a.txt.gz", gzip.compress(text))
    encode_text(tmp_path / "a.txt", tmp_path / "alone", block_bytes=3000)
    read, places = [], BlockPlace.read
    with ThreadPoolExecutor(2) as pool, pytest.MonkeyPatch.context() as patch:
        cluster = Cluster.over(pool, 2)
        patch.setattr(BlockPlace, "read", lambda place: read.append(place) or places(place))
        encode_text(f"{place}/a.txt", tmp_path / "made", cluster=cluster, block_bytes=3000)
        assert len(read) == -(-len(text) // 3000)
        encode_text(f"{place}/a.txt.gz", tmp_path / "unpacked", cluster=cluster, block_bytes=3000)
        assert len(read) == -(-len(text) // 3000)
    shards = {name: data for name, data in contents(tmp_path / "alone").items() if name != "manifest.json"}
    for other in "made", "unpacked":
        made = contents(tmp_path / other)
        assert {name: made[name] for name in shards} == shards


def test_text_that_changes_on_the_way_to_a_worker_is_told(place):
    text = "\n".join(LINES).encode()
    put(f"{place}/a.txt", text)
    here, *_ = map(place_of, read_blocks(expand(f"{place}/a.txt"), 1000))
    assert isinstance(here, BlockPlace)
    put(f"{place}/a.txt", b"x" * len(text))
    with pytest.raises(FormatError, match=rf"{place}/a.txt was changed while it was read"):
        here.read()


def unseen(self, places):
    """What a cluster says whose only machine sees nothing of this one."""
    return next((f"far does not see {place}" for place in places), "")


@pytest.mark.parametrize("limit", [None, 50])
def test_workers_that_do_not_see_the_folder_send_what_they_make(tmp_path, monkeypatch, limit):
    (tmp_path / "a.txt").write_text("\n".join(LINES))
    encode_text(tmp_path / "a.txt", tmp_path / "alone", block_bytes=3000, max_vocabulary=limit)
    monkeypatch.setattr(Cluster, "told_unseen", unseen)
    notes = Notes()
    with Cluster.connect("local:2") as cluster:
        encode_text(
            tmp_path / "a.txt", tmp_path / "sent", cluster=cluster, block_bytes=3000, max_vocabulary=limit,
            progress=notes,
        )  # fmt: skip
    assert contents(tmp_path / "sent") == contents(tmp_path / "alone")
    assert any("so all shards are sent here" in note for note in notes.notes)


def test_machines_fetch_a_corpus_into_their_own_caches(place, tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("\n".join(LINES))
    corpus = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    alone = Cooccurrences.count(corpus, tmp_path / "alone", workers=1)
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "another machine"))
    with ThreadPoolExecutor(1) as pool:
        Cooccurrences.count(f"{place}/corpus", tmp_path / "counts", cluster=Cluster.over(pool, 1))
    assert (tmp_path / "counts").read_bytes() == (tmp_path / "alone").read_bytes()
    assert CorpusPlace.of(corpus).open().path.parent == tmp_path / "another machine" / "fetched"
    assert alone.nonzeros
    remote_files.remove(f"{place}/corpus/manifest.json")
    with ThreadPoolExecutor(1) as pool, pytest.raises(InputError, match=r"cannot read the corpus: .* is no"):
        CorpusPlace.of(corpus).check_on(Cluster.over(pool, 1))


def test_a_file_may_have_the_name_of_a_glob(place):
    put(f"{place}/a[1].txt", b"a cat")
    put(f"{place}/a1.txt", b"a dog")
    assert [source.name for source in expand(f"{place}/a[1].txt")] == [f"{place}/a[1].txt"]
    assert [source.name for source in expand(f"{place}/a*")] == [f"{place}/a1.txt", f"{place}/a[1].txt"]
    assert [source.name for source in expand(place)] == [f"{place}/a1.txt", f"{place}/a[1].txt"]
