# SPDX-License-Identifier: GPL-3.0-or-later
"""libvirt's own examples of XML, its schemas and its list of RPM packages, from Debian's source package: fetched when first needed, then kept.

    tests/corpus/source.py    print the folder they are in
"""
from __future__ import annotations

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

SUITE = "trixie"
VERSION = "11.3.0"
ARCHIVE = f"libvirt_{VERSION}.orig.tar.xz"
SHA256 = "6bcb0c42c4580436fea262ced56f68a6afe20f7390b1bea2116718cc034a0283"
KEPT = (".xml", ".rng", "libvirt.spec.in")
ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("TINYCLOUD_CACHE", "/var/cache/tinycloud-lab"))


def folder() -> pathlib.Path:
    """libvirt's source tree, as far as it is of use here."""
    tree = CACHE / f"corpus-libvirt-{VERSION}-{hashlib.sha256(repr(KEPT).encode()).hexdigest()[:8]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f".{tree.name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tree.exists():
            fetch(tree)
    return tree / f"libvirt-{VERSION}"


def fetch(tree: pathlib.Path) -> None:
    begun = tree.with_name(f"{tree.name}.part")
    shutil.rmtree(begun, ignore_errors=True)
    archive = download(begun)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{ARCHIVE} has the SHA-256 {found} instead of {SHA256}")
    with tarfile.open(archive) as opened:
        opened.extractall(begun, [member for member in opened if member.isfile() and member.name.endswith(KEPT)])
    shutil.rmtree(begun / "apt")
    begun.rename(tree)


def download(begun: pathlib.Path) -> pathlib.Path:
    """The upstream archive, by apt from the archives this machine is configured with; the machine's own lists stay as they are."""
    sys.path.insert(0, str(ROOT / "roles/lab/files/tinycloud_lab"))
    import debian

    apt = begun / "apt"
    for part in ("lists/partial", "cache/archives/partial"):
        (apt / part).mkdir(parents=True)
    (apt / "sources.list").write_text("".join(f"deb-src{line.removeprefix('deb')}\n" for line in debian.sources(SUITE)), "utf-8")
    options = {
        "Dir::State": apt, "Dir::Cache": apt / "cache",
        "Dir::Etc::SourceList": apt / "sources.list", "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null", "Dir::Etc::PreferencesParts": "/dev/null",
        "APT::Sandbox::User": "root",
    }
    command = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]
    subprocess.run([*command, "update"], stdout=sys.stderr, check=True)
    subprocess.run([*command, "source", "--download-only", "--tar-only", "libvirt"], stdout=sys.stderr, cwd=apt, check=True)
    return apt / ARCHIVE


if __name__ == "__main__":
    print(folder())
