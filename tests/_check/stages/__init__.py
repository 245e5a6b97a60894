# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages, in the order in which they run: what is quick and finds most comes first."""
from __future__ import annotations

from stages import build, contract, corpus, integration, lint, sanity, scenarios, units

STAGES = {
    "lint": lint.run,
    "sanity": sanity.run,
    "units": units.run,
    "corpus": corpus.run,
    "contract": contract.run,
    "build": build.run,
    "integration": integration.run,
    "scenarios": scenarios.run,
}
