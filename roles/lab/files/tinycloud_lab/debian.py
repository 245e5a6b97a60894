# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian trees made with mmdebstrap from the mirrors this machine itself is configured with."""

import glob
import os
import shutil
import subprocess
from pathlib import Path

from console import LabError, run

_FIELDS = "$(REPO_URI)\t$(RELEASE)\t$(ORIGIN)\t$(LABEL)"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def sources(suite):
    """The machine's own Debian archives, pointed at another suite, as one-line sources.

    apt is asked rather than its files read: it knows both formats, proxies and mirrors lists.
    """
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", _FIELDS, "Created-By: Packages"],
        text=True, capture_output=True, check=False).stdout
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
        signed = f"[signed-by={_KEYRING}] " if Path(_KEYRING).exists() else ""
        entry = f"deb {signed}{uri} {suite}{pocket} main"
        if entry not in lines:
            lines.append(entry)
    if not lines:
        raise LabError(
            "apt on this machine knows no Debian archive: the lab is built from Debian packages, "
            "so add Debian's archive to /etc/apt/sources.list.d and run `apt-get update`")
    return lines


def bootstrap(suite, tree, packages, console, subject, variant="minbase", hooks=(), options=()):
    """Make a Debian tree at `tree`; hooks are shell lines that see the tree as $1."""
    if not shutil.which("mmdebstrap"):
        raise LabError("mmdebstrap is missing: apt-get install mmdebstrap")
    argv = ["mmdebstrap", "--mode=root", f"--variant={variant}", "--format=directory",
            f"--include={','.join(packages)}",
            # Nothing here outlives a power cut, so syncing each package to disk is wasted time.
            "--dpkgopt=force-unsafe-io",
            *_machine_apt_options(), *options]
    # How this machine reaches its archives (a proxy, say) is nobody else's business.
    forget = 'rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"'
    argv += [f"--customize-hook={hook}" for hook in (*hooks, forget)]
    argv += [suite, str(tree), *sources(suite)]
    run(argv, console, subject)


def _machine_apt_options():
    """The machine's own ways to reach its archives: mmdebstrap does not read them by itself."""
    dump = subprocess.run(
        ["apt-config", "dump", "--no-empty"], text=True, capture_output=True, check=False).stdout
    wanted = ("Acquire::http", "Acquire::https", "Acquire::Check-", "Acquire::Retries")
    return [f"--aptopt={line.rstrip(';')}" for line in dump.splitlines() if line.startswith(wanted)]


def download(suite, against, packages, into, console, subject):
    """Fetch the packages a root lacks to get `packages`, and index them as a flat repository."""
    state = into / ".apt"
    for part in ("lists/partial", "cache/archives/partial"):
        (state / part).mkdir(parents=True)
    (state / "sources.list").write_text("\n".join(sources(suite)) + "\n")
    options = {
        "Dir::State::lists": state / "lists",
        "Dir::State::status": against / "var/lib/dpkg/status",
        "Dir::Cache": state / "cache",
        "Dir::Cache::archives": state / "cache/archives",
        "Dir::Etc::SourceList": state / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-q"] + [f"-o{key}={value}" for key, value in options.items()]
    console.say(subject, f"reading the package lists of {suite}")
    run([*apt, "update"])
    console.say(subject, "downloading what a bare host needs to become a compute host")
    run([*apt, "install", "--yes", "--download-only", "--no-install-recommends", *packages])
    for package in glob.glob(f"{state}/cache/archives/*.deb"):
        # apt escapes the epoch's colon in file names, which a web server would need escaped again.
        shutil.move(package, into / os.path.basename(package).replace("%3a", "_"))
    shutil.rmtree(state)
