# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does what a recipe says to a mounted system, in an order that lets each step build on those before.

Identity, accounts, files, packages, services, commands, what the first boot does; then what must not stay.
"""
from __future__ import annotations

import posixpath
import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _crypt, _progress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._appliance import ApplianceError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._guest import tail
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import guest_files, guest_system, sysprep
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.accounts import Accounts

_SHELLS = ("/bin/bash", "/bin/ash", "/bin/sh")


def customise(guest, recipe):
    """Apply everything that the recipe says, but for what concerns partitions and the image's file."""
    if any(recipe.get(option) is not None for option in ("root_password", "root_password_hash", "root_locked")):
        _root(guest, recipe)
    for option, step in _STEPS.items():
        if recipe.get(option):
            _progress.detail(option)
            step(guest, recipe[option])
    _relabel(guest)
    for one in recipe.get("files") or []:
        if one.get("selinux_type"):
            label = "system_u:object_r:%s:s0" % one["selinux_type"]
            guest.appliance.setxattr("security.selinux", label, len(label), one["path"])


def _accounts(guest):
    found = [guest.read("/etc/" + name) for name in ("passwd", "group", "shadow", "gshadow")]
    if found[0] is None or found[1] is None:
        raise Failure("unsupported_guest", "there is no /etc/passwd inside the disk: accounts cannot be changed")
    return Accounts(*found, day=int(time.time()) // 86400)


def _save(guest, accounts):
    for name in ("passwd", "group", "shadow", "gshadow"):
        table = getattr(accounts, name)
        if table is not None and guest.read("/etc/" + name) != table.text:
            guest.write("/etc/" + name, table.text)


def _hostname(guest, name):
    guest.write("/etc/hostname", name + "\n")
    hosts = guest.read("/etc/hosts")
    if guest.is_file("/etc/debian_version") and hosts is not None:
        guest.write("/etc/hosts", guest_files.hosts(hosts, name))
    # Guests from before systemd.
    network = guest.read("/etc/sysconfig/network")
    if network is not None and "HOSTNAME" in network:
        guest.write("/etc/sysconfig/network", guest_files.edited(network, "^HOSTNAME=", "HOSTNAME=" + name))


def _timezone(guest, zone):
    path = "/usr/share/zoneinfo/" + zone
    if guest.is_directory("/usr/share/zoneinfo") and not guest.is_file(path):
        raise Failure("unknown_timezone", "timezone: the disk knows no time zone '%s'" % zone, hint="Write for example Europe/Berlin.")
    guest.appliance.ln_sf(path, "/etc/localtime")
    if guest.is_file("/etc/timezone") or guest.is_file("/etc/debian_version"):
        guest.write("/etc/timezone", zone + "\n")


def _locale(guest, locale):
    path = "/etc/default/locale" if guest.is_file("/etc/debian_version") else "/etc/locale.conf"
    guest.write(path, guest_files.edited(guest.read(path) or "", "^LANG=", "LANG=" + locale))
    offered = guest.read("/etc/locale.gen")
    if offered is not None and guest.program(["locale-gen"]):
        wanted = "%s %s" % (locale, locale.partition(".")[2] or "UTF-8")
        guest.write("/etc/locale.gen", guest_files.edited(offered, None, wanted))
        guest.run("locale-gen", "locale: locale-gen")


def _datasources(guest, names):
    guest.write("/etc/cloud/cloud.cfg.d/99-tinycloud-datasource.cfg", guest_files.datasources(names))


def _network(guest, nics):
    for nic in nics:
        if guest.is_directory("/etc/NetworkManager/system-connections"):
            path = "/etc/NetworkManager/system-connections/%s.nmconnection" % guest_files.network_name(nic)
            guest.write(path, guest_files.network_manager(nic), "0600")
        elif guest.is_directory("/etc/network") and guest.program(["ifup"]):
            if guest.is_file("/etc/network/interfaces"):
                text = guest.read("/etc/network/interfaces")
                guest.write("/etc/network/interfaces", guest_files.edited(text, None, "source /etc/network/interfaces.d/*"))
            guest.write("/etc/network/interfaces.d/" + guest_files.network_name(nic), guest_files.interfaces(nic))
        else:
            guest.write("/etc/systemd/network/%s.network" % guest_files.network_name(nic), guest_files.networkd(nic))


def _root(guest, recipe):
    accounts = _accounts(guest)
    if recipe.get("root_password") is not None:
        accounts.set_password("root", _crypt.hashed(recipe["root_password"]))
    if recipe.get("root_password_hash") is not None:
        accounts.set_password("root", recipe["root_password_hash"])
    if recipe.get("root_locked"):
        accounts.lock("root")
    _save(guest, accounts)


def _users(guest, users):
    accounts = _accounts(guest)
    shell = next((one for one in _SHELLS if guest.is_file(one)), _SHELLS[-1])
    new = [accounts.ensure_user(user, shell) for user in users]
    for user in users:
        if user.get("password") is not None:
            accounts.set_password(user["name"], _crypt.hashed(user["password"]))
        if user.get("password_hash") is not None:
            accounts.set_password(user["name"], user["password_hash"])
        if user.get("locked"):
            accounts.lock(user["name"])
    _save(guest, accounts)
    for user, is_new in zip(users, new):
        _home(guest, user, accounts.owner(user["name"]), is_new)
        if user.get("sudo"):
            guest.write("/etc/sudoers.d/tinycloud-" + user["name"].replace(".", "_"),
                        guest_files.sudoers(user["name"], user["sudo"]), "0440", (0, 0))


def _home(guest, user, owner, is_new):
    uid, gid, home = owner
    if is_new and not guest.exists(home):
        guest.make_folder(posixpath.dirname(home))
        if guest.is_directory("/etc/skel"):
            guest.appliance.cp_a("/etc/skel", home)
        else:
            guest.make_folder(home)
        for path in guest.appliance.find(home):
            guest.appliance.lchown(uid, gid, "%s/%s" % (home, path.lstrip("/")))
        guest.settle(home, "0700", (uid, gid))
    if user.get("ssh_keys") is not None:
        guest.make_folder(home + "/.ssh")
        guest.settle(home + "/.ssh", "0700", (uid, gid))
        guest.write(home + "/.ssh/authorized_keys", "".join(key.strip() + "\n" for key in user["ssh_keys"]), "0600", (uid, gid))


def _place(guest, placed, default_mode=None):
    owner = None
    if placed.get("owner") is not None or placed.get("group") is not None:
        accounts = _accounts(guest)
        uid = accounts.uid(placed["owner"]) if placed.get("owner") is not None else -1
        gid = accounts.gid(placed["group"]) if placed.get("group") is not None else -1
        if uid is None or gid is None:
            raise Failure("unknown_account", "'%s': there is no %s inside the disk" % (
                placed["path"], "user '%s'" % placed["owner"] if uid is None else "group '%s'" % placed["group"]),
                hint="Declare it in users, or write its number.")
        owner = (uid, gid)
    guest.settle(placed["path"], placed.get("mode") or default_mode, owner)


def _directories(guest, directories):
    for one in directories:
        guest.make_folder(one["path"])
        _place(guest, one)


def _files(guest, files):
    for one in files:
        if guest.is_directory(one["path"]):
            raise Failure("file_conflict", "files: '%s' is a directory inside the disk" % one["path"])
        new = not guest.exists(one["path"])
        if one.get("source") is not None:
            guest.upload(one["source"], one["path"])
        else:
            guest.write(one["path"], one["content"])
        _place(guest, one, "0644" if new else None)


def _links(guest, links):
    for one in links:
        if guest.is_directory(one["path"]) and not guest.appliance.is_symlink(one["path"]):
            raise Failure("file_conflict", "links: '%s' is a directory inside the disk" % one["path"])
        guest.make_folder(posixpath.dirname(one["path"]))
        # -n, or the link would be made inside the directory that an old one leads to.
        guest.appliance.rm_f(one["path"])
        guest.appliance.ln_s(one["target"], one["path"])


def _lines(guest, lines):
    for one in lines:
        text = guest.read(one["path"])
        wanted = guest_files.edited(text or "", one.get("regexp"), one.get("line"), one.get("state") or "present")
        if wanted != (text or ""):
            guest.write(one["path"], wanted)


def _augeas(guest, settings):
    appliance = guest.appliance
    appliance.aug_init("/", 0)
    try:
        for one in settings:
            if one.get("value") is None:
                appliance.aug_rm(one["path"])
            else:
                appliance.aug_set(one["path"], one["value"])
        appliance.aug_save()
    except ApplianceError as error:
        raise Failure("augeas_failed", "augeas: %s" % tail(error.message),
                      hint="The path must be one that a lens of Augeas knows, below /files.") from None
    finally:
        appliance.aug_close()


def _delete(guest, patterns):
    for pattern in patterns:
        guest.remove(pattern)


def _packages(guest, packages):
    manager = guest.program(guest_system.PACKAGE_MANAGERS)
    if manager is None:
        raise Failure("unsupported_guest", "packages: no package manager that is known is inside the disk (%s)"
                      % ", ".join(guest_system.PACKAGE_MANAGERS))
    for line in guest_system.package_commands(manager, packages):
        guest.run(line, "packages: %s" % manager)


def _services(guest, services):
    manager = guest.program(guest_system.SERVICE_MANAGERS)
    if manager is None:
        raise Failure("unsupported_guest", "services: no service manager that is known is inside the disk (%s)"
                      % ", ".join(guest_system.SERVICE_MANAGERS))
    for line in guest_system.service_commands(manager, services):
        guest.run(line, "services: %s" % line)


def _commands(guest, lines):
    for index, line in enumerate(lines):
        guest.run(line, "commands[%d]" % index)


def _scripts(guest, scripts):
    for index, script in enumerate(scripts):
        path = "/.tinycloud-script"
        guest.write(path, _with_interpreter(script), "0700", (0, 0))
        try:
            guest.run(path, "scripts[%d]" % index)
        finally:
            guest.appliance.rm_f(path)


def _with_interpreter(script):
    return script if script.startswith("#!") else "#!/bin/sh\n" + script


def _first_boot(guest, scripts):
    folder = guest_files.FIRST_BOOT
    guest.write(folder + "/run", guest_files.first_boot_runner(), "0700", (0, 0))
    guest.make_folder(folder + "/scripts")
    for index, script in enumerate(scripts):
        guest.write("%s/scripts/%04d" % (folder, index), _with_interpreter(script), "0700", (0, 0))
    if guest.program(["systemctl"]):
        unit = "/etc/systemd/system/" + guest_files.FIRST_BOOT_UNIT
        guest.write(unit, guest_files.first_boot_unit())
        _links(guest, [{"path": "/etc/systemd/system/multi-user.target.wants/" + guest_files.FIRST_BOOT_UNIT, "target": unit}])
    elif guest.is_directory("/etc/local.d"):
        guest.write("/etc/local.d/tinycloud-first-boot.start", "#!/bin/sh\nexec %s/run\n" % folder, "0755")
        guest.run("rc-update add local default", "first_boot: rc-update")
    elif guest.is_file("/etc/rc.local"):
        text = guest_files.edited(guest.read("/etc/rc.local"), "^exit 0$", folder + "/run")
        guest.write("/etc/rc.local", text, "0755")
    else:
        raise Failure("unsupported_guest", "first_boot: neither systemd, OpenRC's local.d nor rc.local is inside the disk")


def _sysprep(guest, operations):
    for operation in sysprep.chosen(operations):
        for pattern in sysprep.REMOVED.get(operation, ()):
            guest.remove(pattern)
        for path in sysprep.EMPTIED.get(operation, ()):
            if guest.is_file(path):
                guest.appliance.truncate(path)


def _relabel(guest):
    """What was written has no SELinux labels yet: now where the appliance can, else at the first boot."""
    settings = guest.read("/etc/selinux/config")
    if settings is None:
        return
    said = guest_files.os_release(settings)
    specification = "/etc/selinux/%s/contexts/files/file_contexts" % said.get("SELINUXTYPE", "targeted")
    if said.get("SELINUX") == "disabled" or not guest.is_file(specification):
        return
    if guest.appliance.feature_available(["selinuxrelabel"]):
        guest.appliance.selinux_relabel(specification, "/", force=True)
    else:
        guest.appliance.touch("/.autorelabel")


_STEPS = {
    "hostname": _hostname, "timezone": _timezone, "locale": _locale, "datasources": _datasources, "network": _network,
    "users": _users, "directories": _directories, "files": _files, "links": _links, "lines": _lines, "augeas": _augeas,
    "delete": _delete, "packages": _packages, "services": _services, "commands": _commands, "scripts": _scripts,
    # What is to happen at the first boot is no trace of this one.
    "sysprep": _sysprep, "first_boot": _first_boot,
}
