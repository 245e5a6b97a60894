# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound cards, and where the host plays them, https://libvirt.org/formatdomain.html#sound-devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, Int, Node, Switch, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device, Part
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import VirtioDriver

_WORD = {"pattern": ".{1,255}", "meaning": "a name in one line"}


class Sound(Device):
    tag = "sound"
    traits = ("model",)
    model = Enum("@model", choices=["ich9", "ich7", "ich6", "ac97", "es1370", "sb16", "pcspk", "usb", "virtio"], required=True)
    codecs = Texts("codec/@type", choices=["duplex", "micro", "output"])
    audio = Int("audio/@id", minimum=1, unset=1)
    multichannel = Switch("@multichannel")
    streams = Int("@streams", minimum=1)
    driver = Node(VirtioDriver, "driver")


class AudioSettings(Model):
    keys = ()
    frequency = Int("@frequency", minimum=1)
    channels = Int("@channels", minimum=1)
    format = Enum("@format", choices=["s8", "u8", "s16", "u16", "s32", "u32", "f32"])


class AudioEnd(Model):
    """Recording (input) or playing (output)."""

    keys = ()
    mixing_engine = Switch("@mixingEngine")
    fixed_settings = Switch("@fixedSettings")
    voices = Int("@voices", minimum=1)
    buffer_length = Int("@bufferLength", minimum=1)
    buffer_count = Int("@bufferCount", minimum=1)
    latency = Int("@latency", minimum=0)
    dev = Text("@dev", **_WORD)
    name_ = Text("@name", **_WORD)
    stream_name = Text("@streamName", **_WORD)
    server_name = Text("@serverName", **_WORD)
    client_name = Text("@clientName", **_WORD)
    connect_ports = Text("@connectPorts", **_WORD)
    exact_name = Switch("@exactName")
    try_poll = Switch("@tryPoll")
    settings = Node(AudioSettings, "settings")


class Audio(Part):
    """A backend of the host."""

    tag = "audio"
    keys = ("id",)
    id = Int("@id", minimum=1, required=True)
    type = Enum("@type", choices=["none", "alsa", "coreaudio", "dbus", "jack", "oss", "pulseaudio", "pipewire", "sdl", "spice", "file"],
                required=True)
    timer_period = Int("@timerPeriod", minimum=1)
    driver = Enum("@driver", choices=["esd", "alsa", "arts", "pulseaudio"])
    path = Text("@path", pattern="[^ ].*", meaning="a file's name")
    runtime_dir = AbsolutePath("@runtimeDir")
    server_name = Text("@serverName", **_WORD)
    try_mmap = Switch("@tryMMap")
    exclusive = Switch("@exclusive")
    dsp_policy = Int("@dspPolicy", minimum=0)
    input = Node(AudioEnd, "input")
    output = Node(AudioEnd, "output")

    @classmethod
    def is_implied(cls, values):
        return set(values) <= {"id", "type"} and values.get("id") == 1
