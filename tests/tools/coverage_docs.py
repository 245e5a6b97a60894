# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the page that says which parts of libvirt's XML the options reach, measured on libvirt's own examples.

    tests/tools/coverage_docs.py           write
    tests/tools/coverage_docs.py --check   only say whether it has drifted, and fail if so
"""
from __future__ import annotations

import argparse
import collections
import difflib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "corpus"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[5]))

import kinds
import measure
import reasons
import source

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/docsite/rst/xml_coverage.rst"
HEAD = f"""\
..
  SPDX-License-Identifier: GPL-3.0-or-later

.. Written by tests/tools/coverage_docs.py

.. _ansible_collections.tinycloud.libvirt.docsite.xml_coverage:

Which parts of libvirt's XML the options reach
==============================================

libvirt's own tests hold examples of everything that its XML can say. Here is what the options of this collection
reach of those in libvirt {source.VERSION}, counted by the paths of attributes and elements. Each path counts by the part of its
places in which a value goes from the XML to the options and back unchanged.

What is not reached is left as it stands in existing definitions.

"""


def title(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n\n"


def prefixed(path: str) -> str:
    """A path with short names for namespaces: the last words of their addresses."""
    for uri, prefix in (("http://libvirt.org/schemas/domain/qemu/1.0", "qemu"), ("http://libvirt.org/schemas/network/dnsmasq/1.0", "dnsmasq")):
        path = path.replace(f"{{{uri}}}", f"{prefix}:")
    return path


def group_of(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[:2 if parts[0] == "devices" and len(parts) > 2 else 1]) if len(parts) > 1 else ""


def listing(paths: dict) -> str:
    """Paths below the element that they have in common, each with what is said of it."""
    groups = collections.defaultdict(list)
    for path, said in paths.items():
        path = prefixed(path)
        group = group_of(path)
        groups[group].append(f"``{path[len(group):].lstrip('/')}``{said}")
    rows = (f"* ``{group}``: {', '.join(members)}\n" if group else f"* {', '.join(members)}\n" for group, members in sorted(groups.items()))
    return "".join(rows) + "\n"


def because(kind, why: dict) -> str:
    """Beginnings of paths, how many paths these are, and why there is no option."""
    rows = [(begin, reason, len(why.get(reason, {}))) for begin, reason in reasons.REASONS[kind.name].items()]
    return "".join(f"* ``{begin}`` ({number} {'path' if number == 1 else 'paths'}): {reason}\n" for begin, reason, number in rows if number) + "\n"


def section(kind) -> str:
    found = measure.coverage(kind)
    text = title(kind.name, "-")
    text += f"{len(kind.documents)} examples, {len(found.paths)} paths, {found.percent:.1f} % reached.\n\n"
    if found.partly:
        text += "Reached in some places only:\n\n"
        text += listing({name: f" ({path.carried} of {path.total})" for name, path in found.partly.items()})
    why = collections.defaultdict(dict)
    for path in found.missing:
        why[reasons.reason_for(kind.name, path)][path] = ""
    unsaid = why.pop(None, {})
    if unsaid:
        text += "Not reached:\n\n" + listing(unsaid)
    if why:
        text += "Not reached for a reason:\n\n" + because(kind, why)
    return text


def page() -> str:
    return HEAD + "".join(section(kind) for kind in kinds.KINDS).rstrip() + "\n"


def main(check: bool) -> int:
    old, new = PAGE.read_text("utf-8") if PAGE.exists() else "", page()
    if new == old:
        return 0
    name = str(PAGE.relative_to(ROOT))
    if check:
        print(f"{name} has drifted; write it anew with tests/tools/coverage_docs.py")
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, name, n=1))
        return 1
    PAGE.write_text(new, "utf-8")
    print(f"{name}: written")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the page on how much of libvirt's XML the options reach.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail if the page has drifted")
    sys.exit(main(parser.parse_args().check))
