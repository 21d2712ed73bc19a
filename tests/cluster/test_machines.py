"""Machines that do not fit together are refused, by name."""

import pytest

from embedkit.cluster.machines import check_alike, check_versions, least_loaded, this_machine, told_unseen
from embedkit.errors import InputError

HERE = this_machine()


def test_machines_of_one_kind_fit_together():
    check_versions(HERE, [HERE, HERE._replace(host="b")])
    check_alike([HERE, HERE._replace(host="b")], allow_other_processors=False)


def test_another_version_of_embedkit_is_refused_by_the_name_of_the_machine():
    with pytest.raises(InputError, match=rf"workers on b have embedkit 0\.0\.1, and this is {HERE.embedkit}"):
        check_versions(HERE, [HERE, HERE._replace(host="b", embedkit="0.0.1")])


@pytest.mark.parametrize("package", ["python", "numpy", "numba"])
def test_other_packages_are_refused_where_bytes_must_be_equal(package):
    with pytest.raises(InputError, match=rf"a has {package} .* and b 0\.0\.1"):
        check_alike([HERE._replace(host="a"), HERE._replace(host="b", **{package: "0.0.1"})], True)


@pytest.mark.parametrize("difference", [{"processor": "z80"}, {"features": "+mmx"}])
def test_another_processor_is_refused_unless_it_is_allowed(difference):
    machines = [HERE._replace(host="a"), HERE._replace(host="b", **difference)]
    with pytest.raises(InputError, match=r"processor of a is .* and that of b"):
        check_alike(machines, allow_other_processors=False)
    check_alike(machines, allow_other_processors=True)


def test_actors_are_dealt_by_cores_and_take_the_place_of_those_that_are_closed():
    hosts, held = ["a", "b", "a", "a", "a"], []
    for _ in hosts:
        held.append(least_loaded(hosts, held))
    assert held[:2] == ["a", "b"]
    assert sorted(held) == sorted(hosts)
    assert least_loaded(hosts, ["a", None]) == "b"


def test_machines_that_do_not_see_a_file_as_it_is_here_are_named(tmp_path):
    file = tmp_path / "text"
    file.write_text("here")

    def each_machine(function, looks):
        here = function(looks)
        file.write_text("another text")
        there = function(looks)
        file.unlink()
        return {"a": here, "b": there, "c": function(looks)}

    assert told_unseen(each_machine, [tmp_path, file]) == f"b does not see {file} (nor 1 other machine)"
    assert told_unseen(lambda function, looks: {"a": function(looks)}, [tmp_path]) == ""
