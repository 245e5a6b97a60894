# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of two compute hosts, one of Debian 12 and one of Debian 13, from bare to decommissioned.

In a lab of its own: made, run again (unchanged), people tried, certificates tried, rotated and revoked, settings changed
under a running guest, rebooted, and taken out of service without a trace.
"""
from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE / "tools"))

from own_lab import Lab, changed, insist, say  # noqa: E402

LAB = Lab("b", {"bare12": "bare-bookworm", "bare13": "bare"})
HOSTS = list(LAB.roots)
# Connecting takes a while where processors are emulated and busy, and being refused may mean waiting for nothing.
PATIENCE = 60

# What libvirt has to let each user do; `list` is checked by itself.
OWN = {"see own", "start and stop own", "pause own", "console of own", "reset own"}
OTHER = {"see other", "start and stop other", "console of other"}
SEE = {"see own", "see other", "see networks"}
CHANGE = {"define own anew", "attach to own", "memory of own", "change a network", "read a volume"}
ALL_VMS = ["blog.busy", "blog.web", "shop.idle", "shop.web"]
EXPECTED = {
    "root": (ALL_VMS, OWN | OTHER | SEE | CHANGE),
    "adam": (ALL_VMS, OWN | OTHER | SEE | CHANGE),
    "olga": (ALL_VMS, OWN | OTHER | SEE),
    "rita": (ALL_VMS, SEE),
    "sam": (["shop.idle", "shop.web"], OWN),
    "ben": (["blog.busy", "blog.web"], OTHER),
    "eve": None,
}

ACCESS = {"compute_host_access": {
    "operators": {"users": ["olga"]}, "readers": {"users": ["rita"]},
    "tenants": [{"name": "shop", "users": ["sam"]}, {"name": "blog", "groups": ["bloggers"]}],
}}


def tls(directory: pathlib.Path, revoked: tuple[str, ...] = (), renew_before: int = 30, **more) -> dict:
    clients = [name for name in ("backup", "joe") if name not in revoked]
    days = 800 if renew_before > 30 else 397
    return {"compute_host_tls": {
        "directory": str(directory), "clients": clients, "revoked": list(revoked), "renew_before": renew_before, "days": days, **more,
    }}


class Guest:
    """The running guest of a host: its QEMU and its boot stay the same through everything but a reboot of the host."""

    def __init__(self, host: str) -> None:
        self.host = host

    @property
    def process(self) -> str:
        return LAB.said(self.host, "cat /run/libvirt/qemu/shop.web.pid")

    @property
    def answers(self) -> bool:
        address = "$(virsh -q domifaddr shop.web | awk '{print $4}' | cut -d/ -f1)"
        return LAB.on(self.host, f"for i in $(seq {PATIENCE}); do ping -c1 -W1 {address} && exit 0; sleep 1; done; exit 1").returncode == 0


def role(options: dict, *arguments: str, **how) -> str:
    return LAB.play(str(HERE / "plays/compute_host.yml"), "-e", json.dumps(options), *arguments, **how)


def make() -> None:
    say("a dry run on bare hosts")
    dry = role(ACCESS, "--check")
    insist(all(changed(dry)[host] for host in HOSTS), "a dry run on a bare host says what it would change")
    insist(dry.count("Would install") == len(HOSTS), "it names the packages")
    for host in HOSTS:
        insist(LAB.on(host, "test -e /etc/libvirt -o -e /var/lib/tinycloud").returncode, f"the dry run left nothing on {host}")
    say("made")
    first = role(ACCESS)
    insist(all(changed(first)[host] > 5 for host in HOSTS), "the first run makes the hosts")
    say("again")
    insist(changed(role(ACCESS)) == dict.fromkeys(HOSTS, 0), "the second run changes nothing")
    say("in a dry run")
    insist(changed(role(ACCESS, "--check")) == dict.fromkeys(HOSTS, 0), "and a dry run says so")


def people() -> None:
    LAB.play(str(HERE / "plays/compute_host_people.yml"))
    for host in HOSTS:
        for user, expected in EXPECTED.items():
            found = json.loads(LAB.said(host, f"su {user} -s /bin/sh -c 'python3 -B /usr/local/lib/may.py'"))
            if expected is None:
                insist(found == "nothing", f"{user} gets no connection on {host}, but: {found}")
                continue
            vms, allowed = expected
            insist(found.pop("list") == vms, f"{user} sees {vms} on {host}, but: {found}")
            for action, done in found.items():
                insist(done == (action in allowed), f"{user} on {host}: '{action}' is {'allowed' if action in allowed else 'denied'}, but: {done}")
        say(f"{host}: {len(EXPECTED)} users did what they may and nothing else")


def connects(source: str, server: str, files: str, account: str | None = None) -> bool:
    """Whether a client with the certificates in a directory of `source`, and a file with an account, is let in by `server`."""
    parameters = f"pkipath={files}" + (f"&authfile={account}" if account else "")
    return LAB.on(source, f"timeout {PATIENCE} virsh -c 'qemu+tls://{server}/system?{parameters}' hostname </dev/null").returncode == 0


def give(host: str, name: str, authority: pathlib.Path, client: pathlib.Path | None) -> str:
    """Put a client's files on a host; where they are."""
    folder = f"/root/pki-{name}"
    LAB.said(host, f"rm -rf {folder}; mkdir {folder}")
    files = {"cacert.pem": authority} | ({"clientcert.pem": client / "cert.pem", "clientkey.pem": client / "key.pem"} if client else {})
    for target, source in files.items():
        LAB.on(host, f"cat > {folder}/{target}", input=source.read_text())
    return folder


def expired(directory: pathlib.Path) -> pathlib.Path:
    """A client whose certificate was good until yesterday."""
    program = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "import pathlib\n"
        "from ansible_collections.tinycloud.libvirt.plugins.module_utils import _x509\n"
        "folder, target = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])\n"
        "authority = _x509.Certificate((folder / 'cacert.pem').read_bytes())\n"
        "by = _x509.load_key((folder / ('private/cakey-%x.pem' % authority.serial)).read_bytes())\n"
        "key = _x509.new_key()\n"
        "began = _x509.now\n"
        "_x509.now = lambda: began() - _x509.datetime.timedelta(days=3)\n"
        "target.mkdir()\n"
        "(target / 'cert.pem').write_bytes(_x509.issue('late', [], key, authority, by, 2))\n"
        "(target / 'key.pem').write_bytes(_x509.key_pem(key))\n"
    )
    target = directory / "late"
    subprocess.run([sys.executable, "-c", program, os.environ["ANSIBLE_COLLECTIONS_PATH"], str(directory / "pki"), str(target)], check=True)
    return target


def certificates(directory: pathlib.Path) -> None:
    pki, other = directory / "pki", directory / "other"
    both = role(ACCESS | tls(pki), fails=True)
    insist("a client on another machine is no process here" in both, "polkit and certificates together are refused with the reason")
    role(tls(pki))
    insist(changed(role(tls(pki))) == dict.fromkeys(HOSTS, 0), "once let in, nothing is left to change")
    insist(json.loads(LAB.said("bare12", "su adam -s /bin/sh -c 'python3 -B /usr/local/lib/may.py'")) != "nothing", "the group libvirt has its access back")
    LAB.play(str(HERE / "plays/certificates_of_another.yml"), "-e", json.dumps({"directory": str(other)}))
    source, server = "bare13", "10.99.0.11"
    authority = pki / "cacert.pem"
    joe = give(source, "joe", authority, pki / "clients/joe")
    backup = give(source, "backup", authority, pki / "clients/backup")
    insist(connects(source, server, joe), "a client with a certificate gets in")
    insist(not connects(source, server, give(source, "none", authority, None)), "one without does not")
    insist(not connects(source, server, give(source, "other", authority, other / "clients/joe")), "one of another authority does not")
    insist(not connects(source, server, give(source, "late", authority, expired(directory))), "one that has expired does not")
    doubting = give(source, "doubt", other / "cacert.pem", pki / "clients/joe")
    insist(not connects(source, server, doubting), "a client that trusts another authority does not connect")
    insist(LAB.said("bare12", "su eve -s /bin/sh -c 'cat /etc/pki/CA/cacert.pem'"), "anybody can read the authority's certificate")
    insist(LAB.on("bare12", "su eve -s /bin/sh -c 'cat /etc/pki/libvirt/private/serverkey.pem'").returncode, "nobody can read the key")
    insist(LAB.on("bare12", "ss -Hltn | grep -q :16509").returncode, "nothing listens for TCP without TLS")
    say("certificates let in whom they should")

    guests = {host: Guest(host) for host in HOSTS}
    before = {host: (guest.process, LAB.said(host, "pidof libvirtd || echo idle")) for host, guest in guests.items()}
    serial = LAB.said("bare12", "sha256sum /etc/pki/libvirt/servercert.pem")
    role(tls(pki, renew_before=398))
    insist(serial != LAB.said("bare12", "sha256sum /etc/pki/libvirt/servercert.pem"), "the server's certificate is another one")
    for host, guest in guests.items():
        insist(guest.process == before[host][0], f"the guest on {host} lives through the rotation")
        insist(LAB.said(host, "pidof libvirtd || echo idle") in (before[host][1], "idle"), f"the daemon on {host} was not restarted for it")
    insist(connects(source, server, joe), "clients get in as before")
    role(tls(pki, revoked=("joe",)))
    insist(not connects(source, server, joe), "a revoked client does not get in any more")
    insist(connects(source, server, backup), "the other one still does")
    say("certificates were renewed and revoked under running guests")


def account(host: str, name: str, password: str) -> str:
    """Put an account where virsh finds it, https://libvirt.org/auth.html#client-configuration; where that is."""
    path = f"/root/account-{name}-{password}"
    LAB.said(host, f"cat > {path}",
             input=f"[credentials-c]\nauthname={name}\npassword={password}\n\n[auth-libvirt-default]\ncredentials=c\n")
    return path


def accounts(directory: pathlib.Path) -> None:
    source, server = "bare13", "10.99.0.11"
    files, stranger = "/root/pki-backup", "/root/pki-other"
    first, second = (tls(directory / "pki", ("joe",), accounts=[{"name": "backup", "password": password}]) for password in ("blue", "green"))
    role(first)
    insist(changed(role(first)) == dict.fromkeys(HOSTS, 0), "with accounts, too, nothing is left to change")
    blue, green = account(source, "backup", "blue"), account(source, "backup", "green")
    insist(connects(source, server, files, blue), "a certificate and a password let in")
    insist(not connects(source, server, files), "a certificate alone does not any more")
    insist(not connects(source, server, files, green), "nor does a wrong password")
    insist(not connects(source, server, stranger, blue), "nor a password without a certificate")
    role(second)
    insist(connects(source, server, files, green) and not connects(source, server, files, blue), "another password counts at once")
    insist(LAB.said("bare12", "stat -c '%a %U' /etc/libvirt/passwd.db") == "600 root", "only root reads the passwords")
    role(tls(directory / "pki", ("joe",)))
    insist(connects(source, server, files), "without accounts a certificate is enough again")
    insist(LAB.on("bare12", "test -e /etc/libvirt/passwd.db").returncode, "and the passwords are gone")
    say("accounts let in whom they should")


def firewalls(directory: pathlib.Path) -> None:
    """A firewall that is on is told what is listened for, and from where, and told otherwise when it is not any more."""
    pki = directory / "pki"
    servers = {"bare12": "10.99.0.11", "bare13": "10.99.0.12"}
    clients = {"bare12": "bare13", "bare13": "bare12"}
    LAB.said("bare12", "apt-get -q -y install --no-install-recommends ufw && ufw allow 22/tcp && ufw --force enable")
    LAB.said("bare13", "apt-get -q -y install --no-install-recommends firewalld && firewall-cmd --list-services | grep -qw ssh")

    def reach() -> set[str]:
        return {host for host in HOSTS if LAB.on(clients[host], f"nc -zw 5 {servers[host]} 16514").returncode == 0}

    role(tls(pki, ("joe",)))
    insist(reach() == set(), "nobody is let through who was not named")
    opened = tls(pki, ("joe",), sources=["10.99.0.0/24"])
    role(opened)
    insist(reach() == set(HOSTS), "who was named is let through")
    insist(changed(role(opened)) == dict.fromkeys(HOSTS, 0), "with firewalls, too, nothing is left to change")
    LAB.said("bare12", "ufw reload")
    LAB.said("bare13", "firewall-cmd --reload")
    insist(reach() == set(HOSTS), "and stays so when the firewall reads its rules anew")
    for host in HOSTS:
        insist(Guest(host).answers, f"the guest on {host} is reached as before")
    role(tls(pki, ("joe",), sources=["10.99.0.77"]))
    insist(reach() == set(), "who is named no more is let through no more")
    LAB.said("bare12", "ufw --force disable")
    LAB.said("bare13", "systemctl disable --now firewalld")
    say("firewalls were opened and closed")


def settings() -> None:
    guests = {host: Guest(host) for host in HOSTS}
    before = {host: guest.process for host, guest in guests.items()}
    for host in HOSTS:
        LAB.said(host, "echo 'keepalive_interval = 7' >> /etc/libvirt/libvirtd.conf; echo '# by hand' >> /etc/libvirt/qemu.conf")
    wish = {"compute_host_qemu_conf": {"max_queued": 5, "security_default_confined": 0}, "swappiness": 20}
    output = role(wish)
    insist(LAB.on("bare13", "ss -Hltn | grep -q :16514").returncode, "nothing listens for TLS any more")
    insist(output.count("RUNNING HANDLER [tinycloud.libvirt.compute_host : Restart libvirt]") == 1, "libvirt is restarted once")
    for host, guest in guests.items():
        insist(guest.process == before[host] and guest.answers, f"the guest on {host} lives through the restart")
        insist("keepalive_interval = 7" in LAB.said(host, "cat /etc/libvirt/libvirtd.conf").splitlines(), "the administrator's settings stay")
        insist("# by hand" in LAB.said(host, "cat /etc/libvirt/qemu.conf"), "and the administrator's comments")
        insist(LAB.said(host, "cat /proc/sys/vm/swappiness") == "20", "the kernel is told at once")
    output = role(dict(wish, compute_host_qemu_conf={"max_queued": "many"}), fails=True)
    insist("settings.max_queued" in output, "a value that libvirt cannot read is refused by name")
    insist("max_queued = 5" in LAB.said("bare12", "cat /etc/libvirt/qemu.conf"), "and the file stays as it is")
    say("settings were changed under running guests")


def reboot() -> None:
    boots = {host: LAB.said(host, "cat /proc/1/stat | cut -d' ' -f22") for host in HOSTS}
    LAB.play(str(HERE / "plays/reboot.yml"))
    for host in HOSTS:
        insist(LAB.said(host, "cat /proc/1/stat | cut -d' ' -f22") != boots[host], f"{host} was rebooted")
        for command in ("net-list --name", "pool-list --name", "list --name"):
            wanted = {"net-list --name": "lan", "pool-list --name": "default", "list --name": "shop.web"}[command]
            LAB.said(host, f"for i in $(seq {PATIENCE}); do virsh -q {command} | grep -qx '{wanted} *' && exit 0; sleep 1; done; exit 1")
        insist(Guest(host).answers, f"the guest on {host} is back")
        insist(LAB.said(host, "cat /proc/sys/net/ipv4/ip_forward") == "1", "addresses are forwarded again")
    say("pool, network and guest came back after a reboot")


def decommission() -> None:
    absent = {"compute_host_state": "absent"}
    output = role(absent, fails=True)
    insist("shop.web" in output and "Move or remove them" in output, "a host with VMs stays, and it is said which")
    insist(LAB.said("bare12", "virsh -q list --name") == "shop.web", "nothing was changed")
    for host in HOSTS:
        LAB.on(host, "for vm in $(virsh list --all --name); do virsh destroy $vm; virsh undefine --nvram --managed-save $vm; done")
        LAB.said(host, "echo kept > /srv/vms/data")
    role(absent)
    for host in HOSTS:
        insist(LAB.said(host, "cat /srv/vms/data") == "kept", "what is in the pools stays")
        for trace in ("/var/lib/tinycloud", "/etc/polkit-1/rules.d/60-tinycloud.rules", "/etc/pki/libvirt/servercert.pem",
                      "/etc/sysctl.d/80-tinycloud.conf", "/etc/apt/sources.list.d/lab.list", "/etc/systemd/system/nftables.service.d",
                      "/usr/sbin/libvirtd"):
            insist(LAB.on(host, f"test -e {trace}").returncode, f"{trace} is gone from {host}")
    insist(changed(role(absent)) == dict.fromkeys(HOSTS, 0), "a second run has nothing left to do")
    say("taken out of service")


def main() -> None:
    with LAB, tempfile.TemporaryDirectory() as folder:
        make()
        people()
        certificates(pathlib.Path(folder))
        accounts(pathlib.Path(folder))
        firewalls(pathlib.Path(folder))
        settings()
        reboot()
        decommission()


if __name__ == "__main__":
    main()
