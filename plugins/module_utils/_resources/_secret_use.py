# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets as others refer to them: by name in declarations, by UUID (or usage) in libvirt's XML."""
from __future__ import annotations

import uuid

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.secret import Secret as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _volume_files

# What an element that refers to a secret by its usage says of the secret's type.
_TYPE_OF = {"ceph": "ceph", "iscsi": "iscsi", "chap": "iscsi", "passphrase": "volume"}
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:tinycloud:libvirt:secret")


def new_uuid(usage_type, name):
    """The UUID of a new secret: the same on every host, so that a VM that migrates finds its secrets again.

    libvirt has one secret for a type and a name at most.
    """
    return str(uuid.uuid5(_NAMESPACE, "%s/%s" % (usage_type, name)))


def found(world, name, usage_type=None):
    """Facts of the secrets that a name (or a UUID) may mean."""
    if name in world.secrets:
        return [world.secrets[name]]
    values = [(fact, model.read(fact.xml)) for fact in world.secrets.values()]
    return [fact for fact, value in values if value.get("name") == name and usage_type in (None, value.get("type"))]


def uuid_of(scene, usage_type, name):
    """The UUID that a secret has, or is going to have in this call; None where there will be none."""
    declared = scene.resources.get(("secret", name))
    if declared is not None and declared.usage_type(scene) == usage_type:
        return None if declared.absent else declared.uuid(scene)
    facts = found(scene.world, name, usage_type)
    return facts[0].uuid if facts else None


def refuse_unknown(resource, scene, option, usage_type, name):
    """Refuse a reference to a secret that neither is there nor comes into being in the same call."""
    if uuid_of(scene, usage_type, name) is None:
        raise resource.refusal("unknown_secret", "%s: there is no secret '%s' of type %s" % (option, name, usage_type),
                               "Make it with tinycloud.libvirt.secret first, or in the same call.")


def name_of(world, element, usage_type):
    """What users call the secret that a ``<secret uuid=... or usage=...>`` means: its name, else its UUID."""
    if element.get("usage"):
        return element.get("usage")
    fact = world.secrets.get(element.get("uuid"))
    value = model.read(fact.xml) if fact is not None else {}
    return value["name"] if value.get("name") and value.get("type") == usage_type else element.get("uuid")


def users(scene, fact):
    """What refers to a secret and stays after this call: ``the pool 'a'`` ..."""
    values = model.read(fact.xml)
    said = ["the pool '%s'" % name for name, pool in sorted(scene.world.pools.items())
            if _refers(pool.xml, values) and not scene.goes("pool", name)]
    said += ["the VM '%s'" % name for name, domain in sorted(scene.world.domains.items())
             if not scene.goes("vm", name) and any(_refers(xml, values) for xml in (domain.xml, domain.live_xml) if xml is not None)]
    for pool in sorted(scene.world.pools):
        keys = ["%s/%s" % (pool, name) for name, volume in sorted(scene.world.volumes(pool).items())
                if _refers(volume.xml, values) or _is_recorded(scene, pool, volume, values)]
        said += ["the volume '%s'" % key for key in keys if not scene.goes("volume", key)]
    return said


def _is_recorded(scene, pool, volume, values):
    """Whether the volume was made with this secret: of that libvirt itself knows nothing any more once it has looked at the pool again."""
    known = scene.once("recorded secrets", lambda _scene: {key for key, record in scene.registry.all("volume").items() if record.get("secret")})
    if "%s/%s" % (scene.world.pools[pool].uuid, volume.name) not in known:
        return False
    return _volume_files.record_of(scene, pool, volume).get("secret") in (values["uuid"], values.get("name"))


def _refers(xml, values):
    if any(element.get("secret") == values["uuid"] for element in xml.iter("encryption")):
        return True
    for element in xml.iter("secret"):
        kind = _TYPE_OF.get(element.get("type") or element.getparent().get("type"))
        if element.get("uuid") == values["uuid"] or (kind, element.get("usage")) == (values.get("type"), values.get("name")):
            return True
    return False
