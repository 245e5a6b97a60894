# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try everything on libvirt as the user that runs this, and say as JSON what libvirt let happen."""
from __future__ import annotations

import json

import libvirt

libvirt.registerErrorHandler(lambda *_: None, None)
DENIED = (libvirt.VIR_ERR_ACCESS_DENIED, libvirt.VIR_ERR_AUTH_FAILED)
EMPTY_DRIVE = "<disk type='file' device='cdrom'><target dev='sdz' bus='sata'/></disk>"


def may(action) -> bool:
    try:
        action()
    except libvirt.libvirtError as error:
        if error.get_error_code() not in DENIED:
            raise
        return False
    return True


def start_and_stop(vm) -> None:
    vm.create()
    vm.destroy()


def pause(vm) -> None:
    vm.suspend()
    vm.resume()


def attach(vm) -> None:
    vm.attachDeviceFlags(EMPTY_DRIVE, libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    vm.detachDeviceFlags(EMPTY_DRIVE, libvirt.VIR_DOMAIN_AFFECT_CONFIG)


def console(connection, vm) -> None:
    stream = connection.newStream(0)
    vm.openConsole(None, stream, libvirt.VIR_DOMAIN_CONSOLE_FORCE)
    stream.abort()


def read(connection, volume) -> None:
    stream = connection.newStream(0)
    volume.download(stream, 0, 512)
    stream.abort()


def all_actions(connection) -> dict[str, bool]:
    def vm(name):
        return connection.lookupByName(name)

    def network():
        return connection.networkLookupByName("lan")

    return {
        "list": sorted(one.name() for one in connection.listAllDomains()),
        "see own": may(lambda: vm("shop.idle").info()),
        "see other": may(lambda: vm("blog.web").info()),
        "start and stop own": may(lambda: start_and_stop(vm("shop.idle"))),
        "pause own": may(lambda: pause(vm("shop.web"))),
        "console of own": may(lambda: console(connection, vm("shop.web"))),
        "reset own": may(lambda: vm("shop.web").reset(0)),
        "start and stop other": may(lambda: start_and_stop(vm("blog.web"))),
        "console of other": may(lambda: console(connection, vm("blog.busy"))),
        "define own anew": may(lambda: connection.defineXML(vm("shop.idle").XMLDesc(0))),
        "attach to own": may(lambda: attach(vm("shop.idle"))),
        "memory of own": may(lambda: vm("shop.web").memoryPeek(0, 64, libvirt.VIR_MEMORY_PHYSICAL)),
        "see networks": may(lambda: network().bridgeName()),
        "change a network": may(lambda: network().setAutostart(network().autostart())),
        "read a volume": may(lambda: read(connection, connection.storagePoolLookupByName("default").listAllVolumes()[0])),
    }


try:
    print(json.dumps(all_actions(libvirt.open("qemu:///system"))))
except libvirt.libvirtError as refused:
    if refused.get_error_code() not in DENIED:
        raise
    print(json.dumps("nothing"))
