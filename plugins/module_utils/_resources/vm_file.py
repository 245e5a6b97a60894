# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file in a guest, by its agent: read, or written where it is another one."""
from __future__ import annotations

import base64
import hashlib
import posixpath
import secrets

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Name, Size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import Content, GuestPath, Mode
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_command import Stream, quick
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_verb import OfVm

_LARGEST = 64 << 20
# The draft lies beside it, so that it takes its place at once. What is there keeps its owner.
_PUBLISH = """
if [ -e "$2" ]; then chown "$(stat -c %u:%g "$2")" "$1" || exit 1; fi
chmod "$3" "$1" && mv -f "$1" "$2"
"""


class VmFileOptions(Model):
    """The options of the module vm_file."""

    name = Name(required=True, refers="vm")
    path = GuestPath(required=True)
    content = Content()
    mode = Mode()
    max_size = Size(default="1MiB")

    @classmethod
    def check(cls, declared):
        if declared.get("max_size") and declared["max_size"] > _LARGEST:
            raise FieldError("at most 64MiB", ("max_size",))
        if declared.get("mode") is not None and declared.get("content") is None:
            raise FieldError("it is for the file that content is written to", ("mode",))


class _There:
    """The file as it is: ``content`` is what was taken of it, ``mode`` None where there is none."""

    def __init__(self, mode=None, content=b"", size=0):
        self.mode = mode
        self.content = content
        self.size = size


class VmFile(OfVm):
    kind = "vm_file"
    model = VmFileOptions

    def check(self, scene):
        self.check_agent(scene)
        path, there = self.declared["path"], self._there(scene)
        if self.declared.get("content") is None:
            if there.mode is None:
                raise self.refusal("unknown_file", "path: there is no file '%s' in the VM '%s'" % (path, self.name))
            if there.size > self.declared["max_size"]:
                raise self.refusal("file_too_large", "path: '%s' has %d bytes" % (path, there.size), "Raise max_size, up to 64MiB.")
        elif quick(self.agent(scene), 'test -d "$1"', posixpath.dirname(path))[0]:
            raise self.refusal("unknown_directory", "path: there is no directory '%s' in the VM '%s'" % (posixpath.dirname(path), self.name),
                               "Make it first, with tinycloud.libvirt.vm_exec.")

    def _there(self, scene):
        return scene.once((self.kind, self.key), self._look)

    def _look(self, scene):
        agent, path = self.agent(scene), self.declared["path"]
        code, said = quick(agent, 'if test -d "$1"; then exit 3; fi; test -e "$1" || exit 4; stat -L -c %a "$1"', path)
        if code == 3:
            raise self.refusal("is_directory", "path: '%s' is a directory in the VM '%s'" % (path, self.name))
        if code == 4:
            return _There()
        if code:
            raise Failure("command_failed", "path: the guest '%s' cannot tell of '%s'" % (self.name, path), self.key,
                          "The guest needs stat, as of coreutils or busybox.")
        return _There("%04o" % int(said, 8), *agent.read(path, self.declared["max_size"]))

    def plan(self, scene):
        plan = self.new_plan(scene)
        if self.declared.get("content") is None:
            return plan
        there, wanted = self._there(scene), self.declared["content"].encode()
        mode = self.declared.get("mode") and "%04o" % int(self.declared["mode"], 8)
        if there.mode is None:
            plan.verb, plan.summary = CREATE, self.declared["path"]
        if there.mode is None or there.content != wanted or there.size != len(wanted):
            was = None if there.mode is None else Stream(there.content, there.size).text or "(no text)"
            plan.changes.append(Change(("content",), was, self.declared["content"], None))
        if mode and there.mode != mode:
            plan.changes.append(Change(("mode",), there.mode, mode, None))
        if plan.changes:
            plan.act("write " + self.declared["path"], lambda: self._write(scene, wanted, mode or there.mode or "0600"))
        return plan

    def _write(self, scene, content, mode):
        agent, path = self.agent(scene), self.declared["path"]
        draft = "%s/.%s.%s" % (posixpath.dirname(path).rstrip("/"), posixpath.basename(path), secrets.token_hex(4))
        try:
            # Nobody else may read it on its way.
            if quick(agent, 'umask 077 && : > "$1"', draft)[0]:
                raise Failure("command_failed", "path: the guest '%s' cannot write in '%s'" % (self.name, posixpath.dirname(path)), self.key)
            agent.write(draft, content)
            if quick(agent, _PUBLISH, draft, path, mode)[0]:
                raise Failure("command_failed", "path: the guest '%s' cannot put '%s' in its place" % (self.name, path), self.key)
        finally:
            quick(agent, 'rm -f "$1"', draft)

    def facts(self, scene):
        there = self._there(scene)
        if there.mode is None:
            return None
        facts = {"name": self.name, "path": self.declared["path"], "size": there.size, "mode": there.mode, "content": None, "content_base64": None}
        if self.declared.get("content") is None:
            text = Stream(there.content, there.size).text
            facts.update(content=text, content_base64=base64.b64encode(there.content).decode() if text is None else None,
                         sha256=hashlib.sha256(there.content).hexdigest())
        else:
            facts["sha256"] = hashlib.sha256(self.declared["content"].encode()).hexdigest()
        return facts
