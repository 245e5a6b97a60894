# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which artefacts there are, and which of them a lab needs."""

import functools
import os
from concurrent.futures import ThreadPoolExecutor

import guest_images
import host_roots
import kvm
from console import LabError

_IMAGES = {"tiny": guest_images.tiny, "debian-12": guest_images.debian_12}
_ROOTS = {
    f"{kind}{host_roots.suffix(suite)}": functools.partial(make, suite=suite)
    for kind, make in (("bare", host_roots.bare_root), ("compute", host_roots.compute_root))
    for suite in host_roots.SUITES
}
_ALL = {
    **{f"root-{name}": make for name, make in _ROOTS.items()},
    **{f"repository{host_roots.suffix(suite)}": functools.partial(host_roots.repository, suite=suite)
       for suite in host_roots.SUITES},
    **{f"image-{name}": make for name, make in _IMAGES.items()},
}
IMAGES, NAMES = tuple(_IMAGES), tuple(_ALL)


def ensure(cache, names):
    """Make what is missing of these, several at once: downloading and unpacking overlap well."""
    artefacts = {name: _ALL[name](cache) for name in names}
    missing = [name for name, artefact in artefacts.items() if not artefact.ready]
    for name in set(artefacts) - set(missing):
        artefacts[name].ensure()
    if missing:
        cache.console.say("cache", f"{len(missing)} of {len(artefacts)} to build: {', '.join(missing)}")
    with ThreadPoolExecutor(max(2, (os.cpu_count() or 2) // 2)) as pool:
        building = [pool.submit(artefacts[name].ensure) for name in missing]
        for number, build in enumerate(building, 1):
            build.result()
            cache.console.say("cache", f"{number} of {len(missing)} built")
    return {"changed": bool(missing), "built": missing,
            "paths": {name: artefact.path for name, artefact in artefacts.items()}}


def for_lab(cache, hosts, images):
    """What `Lab.up` needs for hosts {name: root} and images, made where it is missing."""
    kinds = sorted(set(hosts.values()))
    unknown = set(kinds) - set(_ROOTS)
    if unknown:
        raise LabError(f"no such root: {', '.join(sorted(unknown))}; there are {', '.join(_ROOTS)}")
    # The smallest guest is wanted in any case: it is what tells whether KVM works.
    images = sorted({"tiny", *images})
    repositories = {f"repository{host_roots.suffix(host_roots.suite_of(kind))}" for kind in kinds if host_roots.is_bare(kind)}
    paths = ensure(
        cache, [*(f"root-{kind}" for kind in kinds), *sorted(repositories), *(f"image-{name}" for name in images)])["paths"]
    roots = {kind: paths[f"root-{kind}"] / "root" for kind in kinds}
    files = {name: paths[f"image-{name}"] / f"{name}.qcow2" for name in images}
    return {
        "roots": roots,
        "serve": {
            **{name: paths[name] for name in repositories},
            **{f"images/{path.name}": path for path in files.values()},
        },
        "sums": {"images/SHA256SUMS": guest_images.sums(files.values())},
        "kvm": kvm.works(cache, files["tiny"], *_qemu(roots, paths)),
    }


def _qemu(roots, paths):
    """A root that has QEMU and None, or a bare one and the repository that QEMU can be had from."""
    kind = min(roots, key=host_roots.is_bare)
    return roots[kind], paths[f"repository{host_roots.suffix(host_roots.suite_of(kind))}"] if host_roots.is_bare(kind) else None
