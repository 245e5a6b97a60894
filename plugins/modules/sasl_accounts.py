#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: sasl_accounts
short_description: Manage accounts with which clients log in to libvirt
version_added: 0.2.0
description:
  - Keeps the accounts in libvirt's SASL database, C(/etc/libvirt/passwd.db), which clients on other machines log in with
    where C(auth_tls) is C(sasl) in the daemon's settings. The role P(tinycloud.libvirt.compute_host#role) sets all that up.
  - An account that an earlier run made and this one does not list is removed. Accounts that others made are left alone,
    and refused where they bear a listed name.
  - Passwords cannot be compared with those in the database, so a salted digest of each is kept where only root can read it.
    A password that somebody else changed is therefore not noticed.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
attributes:
  action_group:
    description: It takes no connection, so there is nothing to set for it in common with the others.
    support: none
    membership: []
options:
  accounts:
    description: The accounts; V([]) keeps none any more, and with the last account the database goes as well.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the account, of letters, digits and C(. _ -). Its realm is the host's own name, as libvirt expects.
        type: str
        required: true
      password:
        description: Its password. It is never shown, and the database, which has to hold it as it is, can be read by root only.
        type: str
        required: true
requirements:
  - saslpasswd2 on the compute host (sasl2-bin in Debian, cyrus-sasl-lib in Fedora, cyrus-sasl in SUSE)
seealso:
  - module: tinycloud.libvirt.daemon_conf
  - module: tinycloud.libvirt.certificates
  - name: Authentication in libvirt
    description: What SASL does for libvirt.
    link: https://libvirt.org/auth.html
"""

EXAMPLES = r"""
- name: Let the backup server log in
  tinycloud.libvirt.sasl_accounts:
    accounts:
      - name: backup
        password: "{{ vault_backup_password }}"
"""

RETURN = r"""
sasl_accounts:
  description: The accounts that are managed here.
  returned: success
  type: dict
  contains:
    database:
      description: The file that holds them.
      type: str
      sample: /etc/libvirt/passwd.db
    realm:
      description: The realm they are in.
      type: str
      sample: host1
    accounts:
      description: Their names.
      type: list
      elements: str
      sample: [backup]
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

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_host_resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.sasl_accounts import SaslAccounts


def main():
    run_host_resource(SaslAccounts)


if __name__ == "__main__":
    main()
