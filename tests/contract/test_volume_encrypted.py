# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted volumes: made with a secret of the same call, a guest's disks, and nothing without what opens them."""
from __future__ import annotations

import json
import subprocess

import pytest
from household import VM, Household

LOCK = {"format": "luks", "secret": "payroll"}


@pytest.fixture
def house(daemon, daemon_uri, tmp_path):
    for secret in daemon.listAllSecrets():
        secret.undefine()
    return Household(daemon_uri, daemon, tmp_path)


@pytest.fixture
def shop(tmp_path):
    """An environment that has a secret, a volume that is encrypted with it, and a VM with that for a disk."""
    return {
        "name": "shop", "pools": [{"name": "default", "path": str(tmp_path / "pool")}],
        "secrets": [{"name": "payroll", "type": "volume", "private": True, "value": "passphrase"}],
        "volumes": [{"name": "data", "size": "4MiB", "format": "raw", "encryption": LOCK}],
        "vms": [dict(VM, name="till", state="running", disks=[{"volume": "data", "encryption": LOCK}])],
    }


def told(domain, command, **arguments):
    import libvirt_qemu
    return json.loads(libvirt_qemu.qemuMonitorCommand(domain, json.dumps({"execute": command, "arguments": arguments}), 0))["return"]


def test_what_a_guest_writes_to_it_is_read_with_the_passphrase_only(house, shop, tmp_path):
    house.apply(shop)
    domain, path = house.domain("shop.till"), tmp_path / "pool" / "shop.data"
    assert "usage='shop.payroll'" in domain.XMLDesc()
    disk = next(one["qdev"] for one in told(domain, "query-block") if "inserted" in one)
    answer = told(domain, "human-monitor-command", **{"command-line": f'qemu-io -d {disk} "write -P 7 0 65536"'})
    assert "error" not in answer.lower()
    domain.destroy()
    assert bytes([7]) * 512 not in path.read_bytes()
    opened = ["qemu-io", "-r", "--object", "secret,id=s,data=passphrase", "--image-opts", f"driver=luks,key-secret=s,file.filename={path}"]
    read = subprocess.run([*opened, "-c", "read -P 7 0 65536"], check=True, capture_output=True, text=True).stdout
    assert "verification failed" not in read


def test_its_secret_stays_as_long_as_the_volume(house, shop):
    """libvirt forgets what opens a volume as soon as it looks at the pool again; then the data would be lost with the secret."""
    del shop["vms"]
    shop["volumes"].append({"name": "copy", "clone": {"name": "data"}})
    house.apply(shop)
    pool = house.connection.storagePoolLookupByName("default")
    pool.refresh()
    assert "payroll" not in pool.storageVolLookupByName("shop.data").XMLDesc()
    gone = [{"name": "payroll", "state": "absent"}]
    for left in (["shop.copy", "shop.data"], ["shop.copy"]):
        code, message = house.refused({"name": "shop", "secrets": gone})
        assert (code, [name in message for name in left]) == ("secret_in_use", [True] * len(left))
        house.apply({"name": "shop", "volumes": [{"name": "data", "state": "absent"}]})
    house.apply({"name": "shop", "secrets": gone, "volumes": [{"name": "copy", "state": "absent"}]})
    assert house.connection.listAllSecrets() == []


def test_a_secret_that_is_not_there_is_said_before_anything_is_made(house, shop):
    del shop["secrets"], shop["vms"]
    code, message = house.refused(shop)
    assert (code, message.partition(":")[0]) == ("unknown_secret", "encryption.secret")
    house.apply({"name": "shop", "pools": shop["pools"]})
    vm = dict(VM, name="till", disks=[{"volume": "data", "encryption": LOCK}])
    other = [{"name": "other", "type": "volume", "value": "passphrase"}]
    code, message = house.refused({"name": "shop", "secrets": other, "vms": [vm], "volumes": [{"name": "data", "size": "4MiB"}]})
    assert (code, message.partition(":")[0]) == ("unknown_secret", "disks[0].encryption.secret")
