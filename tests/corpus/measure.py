# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of a document, and which of them a model carries: out of the XML into values, and into XML made from nothing."""
from __future__ import annotations

import collections
import dataclasses
import functools
import ipaddress
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import UNITS

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
SCALES = {**{unit.lower(): scale for unit, scale in UNITS.items()}, **SECONDS}
# What holds something, or says nothing.
HOLDERS = ("devices", "devices/interface/coalesce/rx")
# Where sizes of a document have no unit, libvirt means this one.
DEFAULT_UNIT = {"domain": "kib"}
# What the unit of an element is said of, beside its text.
MEASURED = ("size", "memory", "expiry", "value")
CPUS = re.compile(r"[0-9]{1,4}(-[0-9]{1,4})?(,\^?[0-9]{1,4}(-[0-9]{1,4})?)*")
# Below it is what other programs keep for themselves.
FOREIGN = "metadata"
# What definitions may have elsewhere, which libvirt takes all the same.
ELSEWHERE = {
    "os/nvram/source/@file": "os/nvram", "devices/graphics/@socket": "devices/graphics/listen/@socket",
    **{f"devices/disk/{name}": f"devices/disk/source/{name}" for name in ("auth", "encryption")},
}
# What is so anyway.
ANYWAY = {("os/nvram/@type", "file")}
# What an element says by being there alone.
BY_ITSELF = {"features/pmu": ("state", "on"), "features/vmcoreinfo": ("state", "on"), "features/async-teardown": ("enabled", "yes")}


def facts(tree, sized=()) -> collections.Counter:
    """Each attribute, each text, and each element that has neither nor children: (path, value), as often as it is there.

    Values are as libvirt takes them: numbers in any base, letters of any size, sizes with their units, masks as prefixes.

    :param sized: paths of the elements that may have a unit
    """
    written = collections.Counter(_facts(tree, "", DEFAULT_UNIT.get(tree.tag, "b"), sized))
    # What is written in both places is said once.
    found = collections.Counter()
    for (path, value), number in written.items():
        fact = ELSEWHERE.get(path, path), value
        found[fact] = max(found[fact], number)
    # A VM uses the memory that it has.
    anyway = ANYWAY | {("currentMemory", value) for path, value in found if path == "memory"}
    return collections.Counter({fact: number for fact, number in found.items() if fact not in anyway})


def _facts(element, path, unit, sized):
    children = [child for child in element if isinstance(child.tag, str)]
    text = (element.text or "").strip()
    scale = SCALES.get(element.get("unit", unit).lower(), 1) if path in sized else 1
    for name, value in element.attrib.items():
        if name == "netmask":
            yield f"{path}/@prefix", str(ipaddress.ip_network(f"0.0.0.0/{value}").prefixlen)
        elif name != "unit" or path not in sized:
            yield f"{path}/@{name}".lstrip("/"), canonical(value, scale if name in MEASURED else 1)
    if path in BY_ITSELF and not element.attrib:
        yield f"{path}/@{BY_ITSELF[path][0]}", BY_ITSELF[path][1]
    elif text or (not children and not element.attrib and path not in HOLDERS):
        yield path, canonical(text, scale)
    for child in children:
        if child.tag != FOREIGN:
            below = f"{path}/{child.tag}".lstrip("/")
            yield from _facts(child, ELSEWHERE.get(below, below), unit, sized)


def canonical(text: str, scale: int = 1) -> str:
    try:
        return str(int(text, 0) * scale)
    except ValueError:
        return members(text) if CPUS.fullmatch(text) else text.lower()


def members(text: str) -> str:
    """A set of CPUs or cells, number by number: 1-3,^2 is 1,3."""
    found = set()
    for part in text.split(","):
        first, _dash, last = part.lstrip("^").partition("-")
        numbers = range(int(first), int(last or first) + 1)
        found = found.difference(numbers) if part.startswith("^") else found.union(numbers)
    return ",".join(map(str, sorted(found)))


def sized_paths(trees) -> set:
    """Paths of the elements that have a unit somewhere."""
    found = set()
    for tree in trees:
        for element in tree.iter():
            if element.get("unit"):
                names = [element.tag, *(above.tag for above in element.iterancestors())][:-1]
                found.add("/".join(reversed(names)))
    return found


@dataclasses.dataclass
class Path:
    """How often a path is in the documents, in how many of its places a model carries it, and where not for the first time."""

    total: int = 0
    carried: int = 0
    lost: str = ""

    @property
    def part(self) -> float:
        return self.carried / self.total


class Coverage:
    """What a kind's model carries of all its documents."""

    def __init__(self, kind) -> None:
        self.paths: dict[str, Path] = collections.defaultdict(Path)
        sized = sized_paths(kind.documents.values())
        for name, tree in kind.documents.items():
            there = facts(tree, sized)
            rebuilt = facts(kind.model.build(kind.model.read(tree)), sized)
            for (path, value), number in there.items():
                seen = self.paths[path]
                seen.total += number
                seen.carried += min(number, rebuilt[path, value])
                if rebuilt[path, value] < number and not seen.lost:
                    seen.lost = f"{value!r} in {name}"

    @property
    def percent(self) -> float:
        """Each path counts by the part of its places in which it is carried."""
        return 100 * sum(path.part for path in self.paths.values()) / len(self.paths)

    def those(self, wanted) -> dict[str, Path]:
        return {name: path for name, path in sorted(self.paths.items()) if wanted(path)}

    @property
    def modelled(self) -> dict[str, Path]:
        return self.those(lambda path: path.carried)

    @property
    def partly(self) -> dict[str, Path]:
        return self.those(lambda path: 0 < path.carried < path.total)

    @property
    def missing(self) -> dict[str, Path]:
        return self.those(lambda path: not path.carried)


@functools.cache
def coverage(kind) -> Coverage:
    return Coverage(kind)
