# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a machine this very machine, and must not be in an image: by virt-sysprep's names of operations.

https://libguestfs.org/virt-sysprep.1.html
"""
from __future__ import annotations

# Files (globs) whose content goes while they stay: programs expect them.
EMPTIED = {
    "machine-id": ("/etc/machine-id",),
    "lastlog": ("/var/log/lastlog", "/var/log/wtmp", "/var/log/btmp"),
}
# Files and directories (globs) that go.
REMOVED = {
    "machine-id": ("/var/lib/dbus/machine-id",),
    "ssh-hostkeys": ("/etc/ssh/ssh_host_*", "/etc/dropbear/dropbear_*_host_key"),
    "ssh-userdir": ("/root/.ssh", "/home/*/.ssh"),
    "bash-history": ("/root/.*_history", "/home/*/.*_history"),
    "dhcp-client-state": ("/var/lib/dhclient/*", "/var/lib/dhcp/*", "/var/lib/dhcpcd/*", "/var/lib/udhcpc/*",
                          "/var/lib/NetworkManager/*.lease", "/var/lib/systemd/network/*"),
    "net-hwaddr": ("/etc/udev/rules.d/70-persistent-net.rules",),
    "random-seed": ("/var/lib/random-seed", "/var/lib/systemd/random-seed", "/var/lib/systemd/credential.secret"),
    "logfiles": ("/var/log/*.log*", "/var/log/*.[0-9]*", "/var/log/*.gz", "/var/log/journal/*", "/var/log/audit/*", "/var/log/messages*",
                 "/var/log/syslog*", "/var/log/secure*", "/var/log/maillog*", "/var/log/cron*", "/var/log/dmesg*",
                 "/var/log/installer", "/var/log/anaconda*", "/root/anaconda-ks.cfg", "/root/install.log*"),
    "tmp-files": ("/tmp/*", "/tmp/.[!.]*", "/var/tmp/*", "/var/tmp/.[!.]*"),  # noqa: S108 (inside the guest)
    "mail-spool": ("/var/spool/mail/*", "/var/mail/*"),
    "crash-data": ("/var/crash/*", "/var/log/dump/*", "/var/lib/systemd/coredump/*"),
    "package-manager-cache": ("/var/cache/apt/archives/*.deb", "/var/cache/apt/*.bin", "/var/lib/apt/lists/*", "/var/cache/dnf/*",
                              "/var/cache/yum/*", "/var/cache/libdnf5/*", "/var/cache/zypp/*", "/var/cache/apk/*",
                              "/var/cache/pacman/pkg/*"),
    "cloud-init": ("/var/lib/cloud/*",),
}
OPERATIONS = tuple(sorted(set(EMPTIED) | set(REMOVED)))
# What people may have put there on purpose goes only when named.
_ON_PURPOSE = ("ssh-userdir",)
ALL = tuple(operation for operation in OPERATIONS if operation not in _ON_PURPOSE)


def chosen(operations):
    """The operations that a declaration means, each once."""
    return sorted({one for named in operations for one in (ALL if named == "all" else (named,))})
