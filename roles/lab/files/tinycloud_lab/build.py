# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which artefacts there are, and which of them a lab needs."""

import os
from concurrent.futures import ThreadPoolExecutor

import host_roots
import network
from console import LabError

_ROOTS = {"bare": host_roots.bare_root, "compute": host_roots.compute_root}
IMAGES = ()
_ALL = {"root-bare": host_roots.bare_root, "root-compute": host_roots.compute_root,
        "repository": host_roots.repository}
NAMES = tuple(_ALL)


def ensure(cache, names):
    """Make what is missing of these, several at once; downloading and compressing overlap well."""
    artefacts = {name: _ALL[name](cache) for name in names}
    missing = [name for name, artefact in artefacts.items() if not artefact.ready]
    with ThreadPoolExecutor(max(2, (os.cpu_count() or 2) // 2)) as pool:
        for made in [pool.submit(artefacts[name].ensure) for name in missing]:
            made.result()
    return {"changed": bool(missing), "built": missing,
            "paths": {name: str(artefact.path) for name, artefact in artefacts.items()}}


def for_lab(cache, hosts, images):
    kinds = set(hosts.values())
    unknown = kinds - set(_ROOTS)
    if unknown:
        raise LabError(f"no such root: {', '.join(sorted(unknown))}; there are {', '.join(_ROOTS)}")
    roots = {kind: f"root-{kind}" for kind in kinds}
    repository = ["repository"] if "bare" in kinds else []
    paths = ensure(cache, [*roots.values(), *repository, *images])["paths"]
    serve = {"repo": paths["repository"]} if repository else {}
    return {
        "roots": {kind: f"{paths[name]}/root" for kind, name in roots.items()},
        "serve": serve,
        "kvm": False,
    }
