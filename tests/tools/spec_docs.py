# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the options of single modules into the documentation of what takes lists of them.

validate-modules wants every sub-option written out. Written by hand they would drift, so they are
copied, text and all, from the module that owns them. The place says what it wants:

    suboptions:
      # begin: options of pool as pools[], without adopt
      ...
      # end: options of pool

`options of image.customise as customise` are the sub-options of one of a module's options.
`uri` never comes along: one call has one connection. References such as O(type) become O(pools[].type).
What every changing module returns stands once, in common_results.yml beside this file, and is copied between
`# begin: common results` and `# end: common results`.

Places are looked for in plugins/modules/*.py and roles/*/meta/argument_specs.yml.

    tests/tools/spec_docs.py           write
    tests/tools/spec_docs.py --check   only say what has drifted, and fail if something has
"""
from __future__ import annotations

import argparse
import difflib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEVER = {"uri"}
LONGEST = 160

PLACE = re.compile(
    r"^(?P<indent> *)# begin: options of (?P<module>\w+)(?P<option>(?:\.\w+)?) as (?P<prefix>[\w.\[\]]+)(?:, without (?P<without>[\w, ]+))?\n"
    r"(?P<body>.*?)"
    r"^(?P=indent)# end: options of (?P=module)(?P=option)\n",
    re.MULTILINE | re.DOTALL,
)
RESULTS = re.compile(r"^# begin: common results\n(.*?)^# end: common results\n", re.MULTILINE | re.DOTALL)
DOCUMENTATION = re.compile(r"^DOCUMENTATION = r?(?P<quotes>\"{3}|'{3})(?P<text>.*?)(?P=quotes)", re.MULTILINE | re.DOTALL)
OPTIONS = re.compile(r"^options:\n(?P<text>(?:(?: .*)?\n)*)", re.MULTILINE)
OPTION = re.compile(r"^  (?P<name>\w+):", re.MULTILINE)
MARK = re.compile(r"^ *# (?:begin|end): options of .*\n", re.MULTILINE)
REFERENCE = re.compile(r"\bO\((?P<name>\w+)(?P<rest>[^)]*)\)")


class Mistake(Exception):
    """A place or a module is not written as this tool needs it."""


def options_of(source: str) -> dict[str, str]:
    """Text of each option in a module's own documentation, as it stands there (at an indentation of two)."""
    documentation = DOCUMENTATION.search(source)
    block = OPTIONS.search(documentation["text"]) if documentation else None
    if not block:
        raise Mistake("has no DOCUMENTATION with options")
    return parted(MARK.sub("", block["text"]))


def parted(text: str) -> dict[str, str]:
    starts = list(OPTION.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return {start["name"]: text[start.start():end].rstrip() + "\n" for start, end in zip(starts, ends)}


def suboptions_of(text: str) -> dict[str, str]:
    """The same of an option's own options, moved to the indentation of two."""
    return parted(re.sub(r"^ {4}", "", text.partition("    suboptions:\n")[2], flags=re.MULTILINE))


def moved(text: str, indent: int, prefix: str, known: set[str], nested: str) -> str:
    """An option's text at its new place: indented, its references to sibling options with the prefix."""
    def reference(found):
        return f"O({prefix}.{found['name']}{found['rest']})" if found["name"] in known else found[0]

    text = REFERENCE.sub(reference, text)
    text = re.sub(r"^( +)suboptions:( [&*]\w+)?$", rf"\1{nested}:\2", text, flags=re.MULTILINE)
    lines = [" " * (indent - 2) + line if line.strip() else "" for line in text.splitlines()]
    long = [line.strip() for line in lines if len(line) > LONGEST]
    if long:
        raise Mistake(f"a line gets too long where it is copied to, break it: {long[0]}")
    return "".join(f"{line}\n" for line in lines)


def generated(place: re.Match, modules: pathlib.Path, nested: str) -> str:
    path = modules / f"{place['module']}.py"
    if not path.exists():
        raise Mistake(f"asks for the options of {place['module']}, which is no module")
    without = NEVER | set(re.findall(r"\w+", place["without"] or ""))
    options = options_of(path.read_text("utf-8"))
    if place["option"]:
        options = suboptions_of(options[place["option"][1:]])
    unknown = without - NEVER - set(options)
    if unknown:
        raise Mistake(f"leaves out {', '.join(sorted(unknown))}, which {place['module']} does not have")
    wanted = {name: text for name, text in options.items() if name not in without}
    return "".join(moved(text, len(place["indent"]), place["prefix"], set(wanted), nested) for text in wanted.values())


def common_results() -> str:
    lines = (ROOT / "tests/tools/common_results.yml").read_text("utf-8").splitlines(True)
    return "".join(line for line in lines if not line.startswith("#"))


def renewed(text: str, modules: pathlib.Path, nested: str = "suboptions") -> str:
    """The text of a file with all its places filled anew."""
    def filled(place):
        begin, end = place.start("body") - place.start(), place.end("body") - place.start()
        return place[0][:begin] + generated(place, modules, nested) + place[0][end:]

    if len(re.findall(r"# (?:begin|end): options of", text)) != 2 * len(PLACE.findall(text)):
        raise Mistake("has a begin or an end without the other, or at another indentation")
    return RESULTS.sub(f"# begin: common results\n{common_results()}# end: common results\n", PLACE.sub(filled, text))


def files(root: pathlib.Path) -> list[pathlib.Path]:
    """What copies a part of one option first: others may copy that along."""
    found = sorted([*root.glob("plugins/modules/*.py"), *root.glob("roles/*/meta/argument_specs.yml")])
    return sorted(found, key=lambda path: not re.search(r"# begin: options of \w+\.", path.read_text("utf-8")))


def main(root: pathlib.Path, check: bool) -> int:
    status = 0
    for path in files(root):
        name = str(path.relative_to(root))
        old = path.read_text("utf-8")
        try:
            # Modules and roles call the same thing by different names.
            new = renewed(old, root / "plugins/modules", "options" if path.suffix == ".yml" else "suboptions")
        except Mistake as mistake:
            print(f"{name}: {mistake}")
            status = 1
            continue
        if new == old:
            continue
        if check:
            status = 1
            print(f"{name} has drifted; write it anew with tests/tools/spec_docs.py")
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, name, n=1))
        else:
            path.write_text(new, "utf-8")
            print(f"{name}: written")
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Copy the options of single modules to where lists of them are documented.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail if something has drifted")
    sys.exit(main(ROOT, parser.parse_args().check))
