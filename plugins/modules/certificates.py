#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: certificates
short_description: Keep the certificates that libvirt's TLS connections need
version_added: 0.2.0
description:
  - Keeps a small certificate authority, and the certificates of servers and clients, in one directory. It is meant to run
    on the controller; the role P(tinycloud.libvirt.compute_host#role) does that and brings the files to the hosts.
  - Certificates are made anew before they expire, when a server's addresses change, and when the authority has changed.
  - An authority that is about to expire gets a successor. C(cacert.pem) then holds both until the old one has expired, so
    that servers still trust clients of the old one. Clients that get their files by hand need the new C(cacert.pem) and
    their new certificate.
  - In the directory are C(cacert.pem), C(crl.pem), C(servers/NAME/cert.pem) and C(servers/NAME/key.pem), the same under
    C(clients), and the authority's key in C(private), which only the owner can read. Keep a copy of the directory in a safe place.
  - Files of servers and clients that are no longer listed stay where they are, and stay valid unless they are O(revoked).
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
  directory:
    description: Absolute path of the directory; it is made if it is missing.
    type: str
    required: true
  authority:
    description: The authority, as it is made when there is none or the old one nears its end.
    type: dict
    suboptions:
      common_name:
        description: Its name; V(tinycloud), if omitted.
        type: str
      days:
        description: How long it is valid; 3650 days, if omitted.
        type: int
  days:
    description: How long certificates of servers and clients are valid; 397 days, if omitted.
    type: int
  renew_before:
    description: How many days before it expires a certificate, or the authority, is renewed; 30, if omitted.
    type: int
  servers:
    description: The servers, which can be clients of each other with the same certificate.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the server, and of the directory of its files.
        type: str
        required: true
      addresses:
        description: DNS names and IP addresses by which clients connect to it.
        type: list
        elements: str
        required: true
  clients:
    description: Names of the clients. Each has a certificate with C(CN=NAME) as its distinguished name.
    type: list
    elements: str
  revoked:
    description:
      - Names of former clients or servers whose certificates are refused from now on, all that were ever made for them.
      - A name that is taken out of the list again is not refused any more.
    type: list
    elements: str
requirements:
  - cryptography (Python library; Ansible itself needs it on the controller)
seealso:
  - name: TLS certificates
    description: What libvirt expects of them, and where.
    link: https://libvirt.org/kbase/tlscerts.html
"""

EXAMPLES = r"""
- name: Certificates for two hosts and for the backup job
  tinycloud.libvirt.certificates:
    directory: /etc/tinycloud/pki
    servers:
      - {name: host1, addresses: [host1.example.org, 192.0.2.11]}
      - {name: host2, addresses: [host2.example.org, 192.0.2.12]}
    clients: [backup]
    revoked: [laptop-of-joe]
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
certificates:
  description: What is in the directory now.
  returned: success
  type: dict
  contains:
    directory:
      description: Where it is.
      type: str
      sample: /etc/tinycloud/pki
    authorities:
      description: When each authority in C(cacert.pem) expires, the newest first.
      type: list
      elements: str
      sample: ["2036-11-17T09:14:02+00:00"]
    expires:
      description: When the certificate of each declared server and client expires.
      type: dict
      sample: {"host1": "2027-12-22T09:14:02+00:00", "backup": "2027-12-22T09:14:02+00:00"}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.certificates import Certificates
from ansible_collections.tinycloud.libvirt.plugins.module_utils._x509 import CRYPTOGRAPHY_IMPORT_ERROR


def main():
    run_host_resource(Certificates, ("cryptography", CRYPTOGRAPHY_IMPORT_ERROR))


if __name__ == "__main__":
    main()
