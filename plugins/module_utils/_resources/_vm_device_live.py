# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a running guest gets changes of its devices: each field says whether they are updated, or plugged in anew."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, REPLUG
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Devices, Part
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.peripherals import Peripherals
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_devices, _vm_policy

# Lists of devices, and single ones, that come and go while the guest runs.
_LISTS = dict({"disks": Disk, "interfaces": Interface},
              **{name: field.model for name, field in Peripherals.fields().items() if isinstance(field, Devices)})
_SINGLES = {name: field for name, field in Peripherals.fields().items() if field.change == REPLUG}
DEVICES = set(_LISTS) | set(_SINGLES)

# What a field's ``by`` names, each called with the domain, the changes of one device and its declared item.
CALLS = {None: _vm_devices.update_fields, "io_tune": _vm_devices.tune_io}


def _by_device(changes):
    found = {}
    for change in changes:
        # Some have no name, and are as alike as two of them can be.
        single = change.path[0] in _SINGLES
        found.setdefault(change.path[:1] if single else (change.path[:2], id(change.declared), id(change.element)), []).append(change)
    return list(found.values())


def _comes(change):
    return change.element is None


def _goes(change):
    return change.declared is None and change.path[0] not in _SINGLES


def _fits(change, guest):
    device = _LISTS.get(change.path[0])
    return not issubclass(device, Part) or device.fits(guest) if device else True


def following(changes, guest, releases):
    """The changes of devices that the running guest can take now; those of a device that is plugged in anew all come along.

    :param releases: whether the guest runs, and so can let go of a device
    """
    found = []
    for group in _by_device(changes):
        if _comes(group[0]) and not _fits(group[0], guest):
            continue
        if releases and any(change.how == REPLUG for change in group):
            for change in group:
                change.how = REPLUG
            found.extend(group)
        else:
            found.extend(change for change in group if change.how == LIVE and (releases or not _goes(change)))
    return found


class Follow:
    """The doing of it: what goes is unplugged before anything new is plugged in.

    :param fact: the VM as it is
    :param whole: the declaration with the data's places and names for new devices
    """

    def __init__(self, fact, whole):
        self.fact = fact
        self.handle = fact.handle
        self.whole = whole

    def run(self, changes):
        plugged = []
        for group in _by_device(changes):
            first = group[0]
            running = self._running(first)
            if _comes(first) or first.how == REPLUG:
                plugged.append((first, running))
            if _goes(first) or first.how == REPLUG and running is not None:
                _vm_devices.detach(self.handle, running)
        for group in _by_device(changes):
            if group[0] not in [change for change, _running in plugged] and not _goes(group[0]):
                for call, some in self._calls(group):
                    CALLS[call](self.handle, some, self._item(group[0]))
        for change, running in plugged:
            self._plug(change, running)

    def _running(self, change):
        """The device as the running VM shows it, or None."""
        single = _SINGLES.get(change.path[0])
        return change.element if single is None else single.place(self.fact.live_xml)

    @staticmethod
    def _calls(changes):
        found = {}
        for change in changes:
            found.setdefault(change.by, []).append(change)
        return found.items()

    def _item(self, change):
        """What is declared of the device; of disks and interfaces, with what follows from it."""
        option = change.path[0]
        if option in _SINGLES:
            return self.whole[option]
        if _LISTS[option] in (Disk, Interface):
            return next(item for item in self.whole[option] if str(_LISTS[option].identity(item)) == change.path[1])
        return change.declared

    def _plug(self, change, running):
        item = self._item(change)
        if item is None:
            return
        if item.get("bus") == "scsi":
            controller = _vm_policy.ensure_scsi(self.fact.live_xml)
            if controller is not None:
                _vm_devices.attach(self.handle, controller)
        _vm_devices.attach(self.handle, self._element(change, item, running))

    def _element(self, change, item, unplugged):
        """The device to plug in: as the definition has it, or as it was unplugged, with what is declared; or a new one."""
        single = _SINGLES.get(change.path[0])
        device = _LISTS[change.path[0]] if single is None else single.model
        defined = device.match(item, self.fact.xml.findall("devices/" + device.tag)) if single is None else single.place(self.fact.xml)
        if defined is None and unplugged is None:
            return device.build(item)
        element = _xml.copy(unplugged if defined is None else defined)
        if defined is None:
            _path.drop(element, "alias")
            if device is Interface:
                # A tap device of libvirt's.
                _path.drop(element, "target")
        if unplugged is None or not _same_place(element, unplugged):
            # Something else may be plugged in there.
            _path.drop(element, "address")
        return device.write(element, item)


def _same_place(one, other):
    places = [device.find("address") for device in (one, other)]
    return all(place is not None for place in places) and dict(places[0].attrib) == dict(places[1].attrib)
