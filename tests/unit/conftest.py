# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Examples take the time they take: on a busy machine a deadline says nothing about the code."""
from __future__ import annotations

from hypothesis import settings
from hypothesis.database import InMemoryExampleDatabase

# Without a database, as on CI, each of a test's many cases asks the settings of the case before it, down to the first.
settings.register_profile("patient", deadline=None, database=InMemoryExampleDatabase())
settings.load_profile("patient")
