# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which networks, images and kinds of devices a tenant may use, whatever else there is on its hosts."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm

KINDS = ("networks", "images", "devices")
# Ways around every restriction: what is in there is libvirt's own language.
_XML = ("xml", "base_xml")
_OUTWARD = ("bridge", "private", "vepa", "passthrough", "hostdev")


def broken(demand, restrictions):
    """A sentence for each violation."""
    for entry in demand.entries:
        for kind, rule in (("networks", _networks), ("images", _images), ("devices", _devices)):
            if kind in restrictions:
                for said in rule(demand, entry.options, restrictions[kind] or []):
                    yield "%s: the VM '%s' %s" % (kind, entry.name, said)
        for option in _XML if restrictions else ():
            if entry.options.get(option):
                yield "%s: the VM '%s' has it, and nobody could tell what is in it" % (option, entry.name)
    if "networks" in restrictions:
        yield from _leading_out(demand, restrictions["networks"] or [])
    if "images" in restrictions:
        yield from _volumes(demand, restrictions["images"] or [])


def _listed(allowed):
    return ", ".join(allowed) or "none"


def _own_and(allowed):
    return " and ".join(["its own"] + ["'%s'" % name for name in allowed])


def _networks(demand, said, allowed):
    for interface in said.get("interfaces") or []:
        network = interface.get("network")
        if network and (demand.owns_network(network) or network in allowed):
            continue
        plugged = network or interface.get("bridge") or (interface.get("direct") or {}).get("dev") or "the host's own network"
        if plugged not in allowed:
            yield "is plugged into '%s', allowed are %s" % (plugged, _own_and(allowed))


def _leading_out(demand, allowed):
    """Networks of its own that are somebody else's: a bridge or a device of the host under another name."""
    for network in demand.networks:
        if network.get("mode") in _OUTWARD and network["name"] not in allowed and network.get("bridge") not in allowed:
            yield "networks: its network '%s' is of mode %s, which leads to the host's; allowed are: %s" % (
                network["name"], network["mode"], _listed(allowed))


def _images(demand, said, allowed):
    for disk in said.get("disks") or []:
        if disk.get("image"):
            if disk["image"] not in allowed:
                yield "has a disk of '%s', allowed are: %s" % (disk["image"], _listed(allowed))
        elif disk.get("volume"):
            if not demand.owns_volume(disk["volume"]):
                yield "has the volume '%s', allowed are its own, and disks of %s" % (disk["volume"], _listed(allowed))
        elif any(disk.get(source) for source in Disk.sources):
            yield "has a disk of the host or of another server, allowed are its own volumes, and disks of %s" % _listed(allowed)


def _volumes(demand, allowed):
    for volume in demand.volumes:
        for option in ("image", "copy_of"):
            if volume.get(option) and volume[option] not in allowed:
                yield "images: the volume '%s' is made of '%s', allowed are: %s" % (volume["name"], volume[option], _listed(allowed))
    for image in demand.images:
        if image["name"] not in allowed:
            yield "images: the image '%s' is declared, allowed are: %s" % (image["name"], _listed(allowed))


def _devices(_demand, said, allowed):
    kinds = {name for name, field in Vm.fields().items() if field.option and (field.path or "").startswith("devices/")}
    for name in sorted(kinds & set(said)):
        if said[name] and name not in allowed:
            yield "has %s, allowed are: %s" % (name, _listed(allowed))
