# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian trees and packages from the mirrors this machine itself is configured with."""

import glob
import os
import shutil

from console import LabError, run
from shared import mmdebstrap


def sources(suite):
    """The machine's own Debian archives, pointed at another suite."""
    lines = mmdebstrap.sources(suite)
    if not lines:
        raise LabError(
            "apt on this machine knows no Debian archive: the lab is built from Debian packages, "
            "so add Debian's archive to /etc/apt/sources.list.d and run `apt-get update`")
    return lines


def bootstrap(suite, tree, packages, console, subject, variant="minbase", hooks=(), options=()):
    """Make a Debian tree at `tree`; hooks are shell lines that see the tree as $1."""
    if not shutil.which("mmdebstrap"):
        raise LabError("mmdebstrap is missing: apt-get install mmdebstrap")
    run(mmdebstrap.command(suite, tree, packages, sources(suite), variant, hooks, options), console, subject)


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
