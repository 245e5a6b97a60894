# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's clock and what its ticks come from, https://libvirt.org/formatdomain.html#time-keeping"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Node, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

# Which offset each of the other options goes with.
_GOES_WITH = {"timezone": ("timezone",), "basis": ("variable",), "start": ("absolute",), "adjustment": ("utc", "localtime", "variable")}


class Catchup(Model):
    tag = "catchup"
    keys = ()
    threshold = Int("@threshold", minimum=1)
    slew = Int("@slew", minimum=1)
    limit = Int("@limit", minimum=1)


class Timer(Model):
    tag = "timer"
    name = Enum("@name", choices=["platform", "hpet", "kvmclock", "pit", "rtc", "tsc", "hypervclock", "armvtimer"], required=True)
    present = Switch("@present")
    tickpolicy = Enum("@tickpolicy", choices=["delay", "catchup", "merge", "discard"])
    track = Enum("@track", choices=["boot", "guest", "wall", "realtime"])
    frequency = Int("@frequency", minimum=1)
    mode = Enum("@mode", choices=["auto", "native", "emulate", "paravirt", "smpsafe"])
    catchup = Node(Catchup, "catchup")

    @classmethod
    def check(cls, declared):
        if declared.get("catchup") and declared.get("tickpolicy") not in (None, "catchup"):
            raise FieldError("goes with 'tickpolicy: catchup' only", ("catchup",))
        for option in ("frequency", "mode"):
            if declared.get(option) is not None and declared["name"] != "tsc":
                raise FieldError("only the timer tsc has it", (option,))


class Clock(Model):
    tag = "clock"
    keys = ()
    offset = Enum("@offset", choices=["utc", "localtime", "timezone", "variable", "absolute"], unset="utc")
    timezone = Text("@timezone", pattern=r"[A-Za-z0-9_.+:/-]+", meaning="a time zone, such as Europe/Vienna")
    basis = Enum("@basis", choices=["utc", "localtime"], unset="utc")
    # A running guest that sets its clock changes it there.
    adjustment = Text("@adjustment", pattern="reset|[-+]?[0-9]+", meaning="a number of seconds or 'reset'", live=False, generated=True)
    start = Int("@start", minimum=0, since="8.4")
    timers = Nodes(Timer, "timer")

    @classmethod
    def check(cls, declared):
        offset = declared.get("offset")
        for option, offsets in _GOES_WITH.items():
            if offset is not None and declared.get(option) is not None and offset not in offsets:
                raise FieldError("goes with 'offset: %s' only" % "' or '".join(offsets), (option,))
        for option in ("timezone", "start"):
            if (offset,) == _GOES_WITH[option] and declared.get(option) is None:
                raise FieldError("'offset: %s' needs it" % offset, (option,))

    @classmethod
    def write(cls, element, declared):
        offset = declared.get("offset")
        if offset is not None and offset != element.get("offset"):
            # What went with the offset that was.
            for option in _GOES_WITH:
                element.attrib.pop(option, None)
        return super().write(element, declared)
