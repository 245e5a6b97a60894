# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that only newer versions of libvirt know: an older one would pass over them without a word."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._field_error import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Node, Nodes


def check_versions(resource, hypervisor):
    """Refuse a declared option that the host's libvirt is too old for; raises Refusal."""
    for option, since in _newer(resource.model, resource.declared, ()):
        if hypervisor.version < tuple(int(part) for part in since.split(".")):
            raise resource.refusal("libvirt_too_old", "%s: libvirt %s or newer is needed, and this host has %s"
                                   % (FieldError("", option).option_path, since, ".".join(str(part) for part in hypervisor.version)),
                                   "Leave it out, or update libvirt there.")


def _newer(model, declared, above):
    """(path of the option, its libvirt) of every declared option that has not always been there."""
    fields = {} if model is None else model.fields()
    for name, value in declared.items():
        field = fields.get(name)
        if field is None or value is None:
            continue
        if field.needs(value):
            yield above + (name,), field.needs(value)
        if isinstance(field, Node):
            yield from _newer(field.model, value, above + (name,))
        elif isinstance(field, Nodes):
            for index, item in enumerate(value):
                yield from _newer(field.model, item, above + (name, index))
