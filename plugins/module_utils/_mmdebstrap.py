# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian trees from the archives that this machine itself is configured with, by mmdebstrap.

The standard library is all that is used here: the lab's program, which knows nothing of Ansible, shares it.
"""
from __future__ import annotations

import os
import subprocess

_FIELDS = "$(REPO_URI)\t$(RELEASE)\t$(ORIGIN)\t$(LABEL)"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_REACHING = ("Acquire::http", "Acquire::https", "Acquire::Check-", "Acquire::Retries")


def sources(suite):
    """The machine's own Debian archives, pointed at another suite, as one-line sources; none where apt knows none.

    apt is asked rather than its files read: it knows both formats, proxies and mirrors lists.
    """
    listing = _said(["apt-get", "indextargets", "--format", _FIELDS, "Created-By: Packages"])
    lines = []
    for line in listing.splitlines():
        uri, release, origin, label = line.split("\t")
        # Before the first `apt-get update` apt leaves the placeholders of Origin and Label as they are.
        if origin not in ("Debian", "$(ORIGIN)"):
            continue
        security = label == "Debian-Security" or release.endswith("-security")
        pocket = "-security" if security else "-updates" if release.endswith("-updates") else ""
        if not security and not pocket and "-" in release:
            continue
        signed = "[signed-by=%s] " % _KEYRING if os.path.exists(_KEYRING) else ""
        entry = "deb %s%s %s%s main" % (signed, uri, suite, pocket)
        if entry not in lines:
            lines.append(entry)
    return lines


def command(suite, tree, packages, archives, variant="minbase", hooks=(), options=()):
    """The command that makes a Debian tree at ``tree``; hooks are shell lines that see the tree as $1."""
    # Nothing here outlives a power cut, so syncing each package to disk is wasted time.
    argv = ["mmdebstrap", "--mode=root", "--variant=%s" % variant, "--format=directory",
            "--include=%s" % ",".join(packages), "--dpkgopt=force-unsafe-io"]
    # The machine's own ways to reach its archives: mmdebstrap does not read them by itself.
    dump = _said(["apt-config", "dump", "--no-empty"])
    argv += ["--aptopt=%s" % line.rstrip(";") for line in dump.splitlines() if line.startswith(_REACHING)]
    # How this machine reaches its archives (a proxy, say) is nobody else's business.
    forget = 'rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"'
    return argv + list(options) + ["--customize-hook=%s" % hook for hook in (*hooks, forget)] + [suite, str(tree), *archives]


def _said(argv):
    try:
        return subprocess.run(argv, text=True, capture_output=True, check=False).stdout
    except FileNotFoundError:
        # There are hosts without apt.
        return ""
