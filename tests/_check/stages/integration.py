# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as installed, on the lab's compute hosts: one role for each target."""
from __future__ import annotations

import concurrent.futures
import pathlib
import queue

ALL_HOSTS = "tinycloud/both_hosts"
HELPER = "hidden"


def aliases(target: pathlib.Path) -> set[str]:
    """What a target says about itself, in the file that ansible-test keeps for that."""
    path = target / "aliases"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {line.split("#")[0].strip() for line in lines} - {""}


def targets(session) -> list[pathlib.Path]:
    folder = session.collection / "tests/integration/targets"
    found = [target for target in sorted(folder.glob("*")) if (target / "tasks/main.yml").exists() and HELPER not in aliases(target)]
    wanted = session.options.only
    return [target for target in found if not wanted or target.name in wanted]


def play(session, name: str, host: str | None) -> None:
    runner = session.collection / "tests/integration/run_target.yml"
    command = session.lab.playbook("-i", session.lab.inventory, runner, "-e", f"target_name={name}", "-e", f"output_dir={session.folder}")
    limit = ["--limit", host] if host else []
    session.check(f"{name} on {host or 'both hosts'}", command + limit, env=session.lab.environment(), cwd=session.collection)


def run(session) -> None:
    """the targets in tests/integration/targets, against libvirtd and real guests in the lab"""
    chosen = targets(session)
    if not chosen:
        return
    session.lab.up()
    wide = [target.name for target in chosen if ALL_HOSTS in aliases(target)]
    for name in wide:
        play(session, name, None)
    narrow = [target.name for target in chosen if target.name not in wide]
    # A target has its host to itself, so that as many run at once as there are hosts.
    free = queue.SimpleQueue()
    hosts = session.lab.hosts[:max(1, session.options.jobs)]
    for host in hosts:
        free.put(host)

    def on_free_host(name: str) -> None:
        host = free.get()
        try:
            play(session, name, host)
        finally:
            free.put(host)

    with concurrent.futures.ThreadPoolExecutor(len(hosts)) as pool:
        # list() raises here what a thread raised.
        list(pool.map(on_free_host, narrow))
