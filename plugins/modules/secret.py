#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: secret
short_description: Manage libvirt secrets
version_added: 0.2.0
description:
  - Defines, sets, changes and removes the secrets that libvirt keeps for storage pools, encrypted volumes, TLS keys
    and virtual TPMs, see U(https://libvirt.org/formatsecret.html).
  - A value goes in and never comes out, it stands in no difference, log, command line or result.
  - A changed value is noticed. The value of a secret that is not private is read back and compared. Of a private one a
    salted, slow digest of what was set last is kept in C(/var/lib/tinycloud/registry), where only root can read it, and
    not in the description, which every user who may read from libvirt sees. Where that digest is missing, the value is
    set again. A private value that somebody else set is not noticed.
  - A new secret gets a UUID that follows from its type and name, the same on every host.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description:
      - Name of the secret, by which pools and volumes refer to it. Libvirt keeps it as the secret's usage, and has one
        secret for a type and a name at most.
      - Of O(type=volume), it may be the absolute path of the volume.
    type: str
    required: true
  type:
    description:
      - What the secret is for. V(volume) opens encrypted (LUKS) volumes, V(ceph) and V(iscsi) log in to storage,
        V(tls) opens the keys of TLS certificates, V(vtpm) the state of virtual TPMs.
      - Required for a new secret. It cannot change.
    type: str
    choices: [ceph, iscsi, tls, volume, vtpm]
  description:
    description: Text for people. Every user who may read from libvirt sees it.
    type: str
  private:
    description:
      - Whether libvirt hands the value to nobody but its own drivers. Not so, if omitted for a new secret.
      - A private secret stays private until it is removed.
    type: bool
  ephemeral:
    description: Whether the secret is kept in memory only, and is gone when libvirt's daemon ends. Not so, if omitted for a new secret.
    type: bool
  value:
    description:
      - The value as text. If omitted, it is left alone.
      - Ansible masks this text wherever it stands in a result, so it must not be part of a resource's name.
    type: str
  value_base64:
    description: The value in base64, for what is not text. Ceph hands out its keys like that.
    type: str
  state:
    description:
      - V(present) is defined.
      - V(absent) is removed, with its value. It is refused while pools, volumes or VMs refer to it.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: tinycloud.libvirt.secret_info
  - module: tinycloud.libvirt.pool
  - module: tinycloud.libvirt.volume
"""

EXAMPLES = r"""
- name: The passphrase of an encrypted volume
  tinycloud.libvirt.secret:
    name: db-data
    type: volume
    private: true
    value: "{{ vault_db_passphrase }}"

- name: A Ceph key, as ceph auth get-key prints it
  tinycloud.libvirt.secret:
    name: client.libvirt
    type: ceph
    value_base64: "{{ vault_ceph_key }}"
"""

RETURN = r"""
secret:
  description: The secret as it is now, without its value; null where it does not exist.
  returned: success
  type: dict
  sample: {"name": "db-data", "type": "volume", "uuid": "b2f0a3f0-39d5-5c36-9d41-4ad21c1e4d1b", "description": null,
           "private": true, "ephemeral": false}
# begin: common results
plan:
  description: What was (in check mode, would be) done, per resource with its changed fields.
  returned: success
  type: list
  elements: dict
summary:
  description: The plan as text, one line per resource and the totals.
  returned: success
  type: list
  elements: str
restart_required:
  description: Recorded changes that wait for a restart of the resource, with the fields' names.
  returned: success
  type: list
  elements: dict
  sample: [{"resource": "vm web", "fields": ["memory"]}]
notes:
  description: Remarks on what was left alone and why.
  returned: success
  type: list
  elements: str
failure:
  description: What failed, for programs.
  returned: failure
  type: dict
  sample: {"code": "invalid_option", "message": "memory: the size '512' has no unit: write '512MiB' or '512GiB'",
           "resource": "vm web", "hint": "what to do about it"}
# end: common results
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.secret import Secret


def main():
    run_resource(Secret)


if __name__ == "__main__":
    main()
