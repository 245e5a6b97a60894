# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the checkout where ansible-test and ansible-lint want it: below ansible_collections, outside any git checkout."""
from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

LEFT_OUT = {".git", ".ansible", ".cache", ".hypothesis", ".pytest_cache", ".ruff_cache", ".venv", "__pycache__"}


def files(checkout: pathlib.Path) -> list[str]:
    """Tracked and new files, without what git ignores. Without git (an unpacked archive): all but the usual leavings."""
    # The checkout may belong to another user, which git takes for an attack unless told.
    git = ["git", "-c", f"safe.directory={checkout}", "-C", str(checkout)]
    listing = subprocess.run([*git, "ls-files", "-z", "-co", "--exclude-standard"], capture_output=True, text=True, check=False)
    if (checkout / ".git").exists() and listing.returncode == 0:
        return sorted({name for name in listing.stdout.split("\0") if name and os.path.lexists(checkout / name)})
    found = []
    for folder, folders, names in os.walk(checkout):
        folders[:] = [name for name in folders if name not in LEFT_OUT and not os.path.islink(os.path.join(folder, name))]
        found += [os.path.relpath(os.path.join(folder, name), checkout) for name in names if not name.endswith((".pyc", ".tar.gz"))]
    return sorted(found)


def copy(checkout: pathlib.Path, collection: pathlib.Path) -> pathlib.Path:
    for name in files(checkout):
        target = collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(checkout / name, target, follow_symlinks=False)
    return collection
