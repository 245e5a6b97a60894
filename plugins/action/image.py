# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Brings the controller's file that an image is made of, and shows the module's progress."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.plugin_utils._uploading import UploadingAction
from ansible_collections.tinycloud.libvirt.plugins.plugin_utils._watched import Watched


class ActionModule(Watched, UploadingAction):
    """All of it."""
