# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups counted out and bundles merged."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _groups
from ansible_collections.tinycloud.libvirt.plugins.module_utils._field_error import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._flavors import FLAVORS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm

VALUES = st.dictionaries(st.sampled_from(["title", "vcpus", "memory", "cpu"]), st.sampled_from([1, None, "x", {"a": 1}, {"a": 2, "b": None}]))


def options(*vms, **more):
    return [entry.options for entry in _groups.expanded(list(vms), **more)]


@pytest.mark.parametrize("name, count, names", [
    ("web", 2, ["web-1", "web-2"]), ("web", 1, ["web-1"]), ("web", 0, []), ("web{n:02}", 2, ["web01", "web02"]), ("a{n}b", 11, None),
])
def test_names(name, count, names):
    found = [one["name"] for one in options({"name": name, "count": count})]
    assert found == (names if names is not None else [f"a{number}b" for number in range(1, 12)])


def test_without_a_count_nothing_is_a_pattern():
    assert options({"name": "web{n}"}) == [{"name": "web{n}"}]


def test_numbers_reach_volumes_and_addresses_count_up():
    second = options({"name": "db", "count": 2, "disks": [{"image": "d"}, {"volume": "data-{n}", "name": "data"}],
                      "interfaces": [{"network": "n", "address": "10.0.0.255"}, {"network": "m", "address": "fd00::9"}, {"network": "o"}]})[1]
    assert second["disks"] == [{"image": "d"}, {"volume": "data-2", "name": "data"}]
    assert [one.get("address") for one in second["interfaces"]] == ["10.0.1.0", "fd00::a", None]


def test_the_vm_goes_over_its_profiles_and_these_over_the_flavor():
    assert options({"name": "a", "flavor": "m1.small", "profiles": ["one", "two"], "title": "own"},
                   profiles={"one": {"title": "1", "vcpus": 3, "cpu": {"mode": "x", "model": "y"}}, "two": {"title": "2", "cpu": {"mode": "z"}}}) == [
        {"name": "a", "title": "own", "vcpus": 3, "memory": "2GiB", "cpu": {"mode": "z", "model": "y"}}]


def test_own_flavors_replace_those_of_the_catalogue():
    assert options({"name": "a", "flavor": "m1.small"}, flavors={"m1.small": {"vcpus": 7}}) == [{"name": "a", "vcpus": 7}]


def test_null_in_a_vm_takes_back_what_a_profile_says():
    assert options({"name": "a", "profiles": ["p"], "title": None}, profiles={"p": {"title": "t"}}) == [{"name": "a", "title": None}]


def test_a_group_comes_after_every_member_of_another():
    entries = _groups.expanded([{"name": "web", "count": 2, "after": ["db", "one"]}, {"name": "db", "count": 2}, {"name": "one"}])
    assert [entry.after for entry in entries] == [["db-1", "db-2", "one"]] * 2 + [[], [], []]


@pytest.mark.parametrize("vms, path, said", [
    ([{"name": "a", "flavor": "huge"}], "vms[0].flavor", "there is no flavor 'huge'; there are: c1.large"),
    ([{"name": "b"}, {"name": "a", "profiles": ["no"]}], "vms[1].profiles[0]", "there is no profile 'no'; there are: none"),
    ([{"name": "a", "count": -1}], "vms[0].count", "-1 is less than"),
    ([{"name": "a", "count": 2}, {"name": "a-2"}], "vms[1]", "'a-2' stands more than once"),
    ([{"name": "a", "count": 2, "interfaces": [{"network": "n", "mac": "02:00:00:00:00:01"}]}], "vms[0].interfaces[0].mac", "cannot share a MAC"),
    ([{"name": "a", "count": 2, "interfaces": [{"network": "n", "address": "255.255.255.255"}]}], "vms[0].interfaces[0].address", "is not an IP address, or"),
    ([{"name": "a", "after": ["c"]}], "vms[0].after[0]", "there is no VM and no group 'c'"),
    ([{"name": "x"}, {"name": "a", "after": ["b"]}, {"name": "b", "after": ["a"]}], "vms[1].after", "these VMs wait for each other: a, b"),
])
def test_bad_input_names_its_option(vms, path, said):
    with pytest.raises(FieldError) as refused:
        _groups.expanded(vms)
    assert refused.value.option_path == path
    assert said in refused.value.message


def test_the_catalogue_is_made_of_options_of_vms():
    for bundle in FLAVORS.values():
        assert set(Vm.normalise(bundle)) == {"vcpus", "memory"}


@given(VALUES, VALUES, VALUES)
def test_the_last_to_say_something_is_heard(first, second, own):
    whole = _groups.merged(dict(own, name="a", profiles=["1", "2"]), {"1": first, "2": second}, {})
    for name in set(first) | set(second) | set(own):
        last = next(bundle[name] for bundle in (own, second, first) if name in bundle)
        assert whole[name] == last or isinstance(last, dict) and last.items() <= whole[name].items()
