# SPDX-License-Identifier: GPL-3.0-or-later
"""What users get: the tarball, its installation, the documentation, the changelog."""
from __future__ import annotations

import pathlib


def modules(collection: pathlib.Path) -> list[str]:
    return sorted(path.stem for path in (collection / "plugins/modules").glob("*.py") if not path.stem.startswith("_"))


def at_home(session, environment: dict[str, str]) -> dict[str, str]:
    """Antsibull's programs write a log into the home folder: let that be this run's own."""
    return {**environment, "HOME": str(session.folder)}


def run(session) -> None:
    """build, offline installation, ansible-doc of every module, changelog, documentation site"""
    core, tools = session.core, session.tools
    installed = session.installed
    collection = installed / "ansible_collections/tinycloud/libvirt"
    user = {"env": session.environment(core, installed), "cwd": session.folder}
    session.check("installed offline", [core / "bin/ansible-galaxy", "collection", "verify", "--offline", "tinycloud.libvirt", "-p", installed], **user)
    for name in modules(collection):
        session.check(f"ansible-doc {name}", [core / "bin/ansible-doc", "-t", "module", f"tinycloud.libvirt.{name}"], **user)
    source = {"env": at_home(session, session.environment(tools)), "cwd": session.collection}
    session.check("changelog", [tools / "bin/antsibull-changelog", "lint", "-v"], **source)
    session.check("collection docs", [tools / "bin/antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=self", "."], **source)
    documentation_site(session, installed)


def documentation_site(session, installed: pathlib.Path) -> None:
    tools = session.tools
    docsite = session.folder / "docsite"
    docsite.mkdir()
    options = {"env": at_home(session, session.environment(tools, installed)), "cwd": docsite}
    # Lenient about labels of other sites: those are not asked for here. Our own references are checked above.
    init = [tools / "bin/antsibull-docs", "sphinx-init", "--use-current", "--lenient", "--squash-hierarchy", "--dest-dir", docsite, "tinycloud.libvirt"]
    session.must("docsite-init", init, **options)
    with open(docsite / "conf.py", "a", encoding="utf-8") as conf:
        conf.write("\nintersphinx_mapping = {}\n")
    session.check("documentation site", [docsite / "build.sh"], **options)
