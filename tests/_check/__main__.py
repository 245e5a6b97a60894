# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of tests/check: which stages, on which ansible-core."""
from __future__ import annotations

import argparse
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import pythons
import session as sessions
from stages import STAGES


def arguments() -> argparse.Namespace:
    lines = "\n".join(f"  {name:<12} {stage.__doc__.splitlines()[0]}" for name, stage in STAGES.items())
    parser = argparse.ArgumentParser(
        prog="tests/check",
        description="Set this machine up and run the collection's tests (as root, on Debian 12).",
        epilog=f"stages, in order:\n{lines}\n\n"
        "Venvs, lab roots and images are cached in /var/cache/tinycloud-lab (TINYCLOUD_CACHE);\n"
        "the log of every step stays in its folder runs/.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="run only these (default: all)")
    parser.add_argument("--core", default=pythons.DEFAULT_CORE, choices=sorted(pythons.FIT), metavar="N",
                        help=f"ansible-core to test, {pythons.OLDEST} to {pythons.NEWEST} (default: %(default)s)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="only this integration target or scenario, or tests matching it (pytest -k); repeatable")
    parser.add_argument("--jobs", type=int, default=2, metavar="N",
                        help="contract test files, and integration targets (one compute host each), at a time (default: %(default)s)")
    parser.add_argument("--lab", default="check", metavar="NAME", help="name of the tests' lab (default: %(default)s)")
    parser.add_argument("--keep-lab", action="store_true", help="leave the lab running, for a closer look or the next run")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the output of every step, not only of failed ones")
    chosen = parser.parse_args()
    unknown = [stage for stage in chosen.stages if stage not in STAGES]
    if unknown:
        parser.error(f"no such stage: {', '.join(unknown)}. There are: {', '.join(STAGES)}.")
    return chosen


def main() -> int:
    chosen = arguments()
    if os.geteuid() != 0:
        sys.exit("tests/check installs packages and makes network namespaces: run it as root.")
    # Told to stop, still take down the lab.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with sessions.Session(chosen) as session:
        for name, stage in STAGES.items():
            if not chosen.stages or name in chosen.stages:
                session.stage(name, stage)
    return session.report.close()


if __name__ == "__main__":
    sys.exit(main())
