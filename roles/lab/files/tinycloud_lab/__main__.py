# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's program: `python3 roles/lab/files/tinycloud_lab --help`.

Progress goes to stderr; the result, one JSON object, to stdout.
"""

import argparse
import json
import os
import sys

# The checkout this runs from stays as clean as it was.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import build  # noqa: E402
from cache import Cache  # noqa: E402
from console import Console, LabError  # noqa: E402
from lab import STATE, Lab  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="tinycloud_lab", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="no progress lines")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("build", help="make what labs are made from, where it is missing")
    one.add_argument("what", nargs="+", choices=build.NAMES)
    for verb in ("up", "reset"):
        one = verbs.add_parser(verb, help="bring a lab up" if verb == "up" else "throw its hosts' data away and bring it up")
        one.add_argument("lab")
        one.add_argument("--host", action="append", required=True, metavar="NAME=ROOT",
                         help="a host and its root (bare, compute, bare-bookworm, compute-bookworm); once for each host")
        one.add_argument("--image", action="append", default=[], choices=build.IMAGES,
                         help="a guest image to serve; once for each")
        one.add_argument("--dry-run", action="store_true", help="only say whether there is something to do")
    one = verbs.add_parser("down", help="remove a lab without a trace")
    one.add_argument("lab")
    one.add_argument("--dry-run", action="store_true", help="only say whether there is something to do")
    verbs.add_parser("status", help="say what there is").add_argument("lab")
    verbs.add_parser("purge", help="empty the cache")
    return parser.parse_args()


def main():
    args = arguments()
    if os.geteuid():
        raise LabError("the lab makes namespaces and mounts: run as root")
    console = Console(verbose=not args.quiet)
    cache = Cache(console)
    if args.verb == "build":
        return build.ensure(cache, args.what)
    if args.verb == "purge":
        if STATE.is_dir() and any(STATE.iterdir()):
            raise LabError(f"labs under {STATE} use the cache: take them down first")
        return {"changed": cache.purge()}
    lab = Lab(args.lab, console)
    if args.verb == "status":
        lab.use(lab.recorded())
        return {"changed": False, **lab.status()}
    if args.verb == "down":
        done = lab.traces() if args.dry_run else lab.down()
        return {"changed": bool(done), "done": done}
    hosts = dict(entry.partition("=")[::2] for entry in args.host)
    if args.dry_run:
        lab.use(hosts)
        done = lab.would(hosts, reset=args.verb == "reset")
    else:
        parts = build.for_lab(cache, hosts, args.image)
        with lab.locked():
            done = lab.up(hosts, **parts, reset=args.verb == "reset")
    return {"changed": bool(done), "done": done, **lab.status()}


if __name__ == "__main__":
    try:
        print(json.dumps(main(), default=str))
    except LabError as error:
        sys.exit(f"tinycloud_lab: {error}")
