"""The campaign in short: some damaged files of every format are read or refused, and nothing else."""

import pytest

from tests.campaigns.fuzz_vectors import READ, REFUSED, WRITTEN, case, outcome, seeds

FILES = 40


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return seeds(tmp_path_factory.mktemp("seeds"))


@pytest.mark.parametrize("name", [*WRITTEN, "sparse", "gensim", "gzip", "zip", "tar"])
def test_damaged_files_are_read_or_refused(made, tmp_path, name):
    contents, beside = made
    path = tmp_path / f"v.{name}"
    if name in beside:
        path.with_name(beside[name][0]).write_bytes(beside[name][1])
    path.write_bytes(contents[name])
    assert outcome(path, 0) == READ
    found = {}
    for number in range(FILES):
        path.write_bytes(case(name, number, "short", contents))
        found[number] = outcome(path, number)
    assert set(found.values()) <= {READ, REFUSED}, found
    assert REFUSED in found.values()


def test_damage_is_damage_and_always_the_same(made):
    contents, _ = made
    for name in contents:
        cases = [case(name, number, "short", contents) for number in range(FILES)]
        assert cases == [case(name, number, "short", contents) for number in range(FILES)]
        assert sum(content != contents[name] for content in cases) > FILES / 2
