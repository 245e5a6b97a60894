# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user of plain ansible-playbook sees of a task that takes long: its progress, and of short ones nothing more than always."""
from __future__ import annotations

import os
import pathlib
import subprocess
import sys

PLAY = pathlib.Path(__file__).resolve().parent / "plays/progress.yml"


def main() -> None:
    command = [pathlib.Path(sys.executable).parent / "ansible-playbook", "-i", os.environ["TINYCLOUD_INVENTORY"], PLAY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.startswith("host2: ")]
    if done.returncode or "host2: image test-progress: build, commands" not in said:
        sys.exit(f"no progress was shown:\n{done.stdout}\n{done.stderr}")
    if any("test-progress-base" in line or "pool" in line for line in said) or len(said) != len(set(said)):
        sys.exit("too much was shown:\n" + "\n".join(said))


if __name__ == "__main__":
    main()
