# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be different inside a disk: accounts, files, packages, services, what the first boot does, what is wiped.

libvirt knows nothing of this: no field here has a place in XML.
"""
from __future__ import annotations

import functools
import hashlib
import json
import posixpath
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    Enum,
    Field,
    FieldError,
    Flag,
    Int,
    Name,
    Node,
    Nodes,
    Size,
    Texts,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.sysprep import OPERATIONS

# Another way to do the same declaration is another recipe: it counts into the digest.
_VERSION = 1
_SALT = b"tinycloud.libvirt recipe"
_SECRETS = ("password", "root_password", "passphrase")


class Content(Field):
    """Any text, as it is."""

    def normalise(self, value):
        return str(value)


class GuestPath(Field):
    """An absolute path inside the disk."""

    def __init__(self, globs=False, **options):
        super().__init__(**options)
        self.globs = globs

    def normalise(self, value):
        text = str(value)
        if not text.startswith("/") or ".." in text.split("/") or "\0" in text or "\n" in text:
            raise FieldError("'%s' is not a path inside the disk: write an absolute one without '..'" % value)
        path = posixpath.normpath(text).replace("//", "/")
        if path == "/":
            raise FieldError("'/' is the whole disk; name something in it")
        return path


class GuestPaths(Field):
    type = "list"

    def spec(self):
        return dict(super().spec(), elements="str")

    def normalise(self, value):
        return [GuestPath().normalise(one) for one in value]


class Mode(Field):
    """Permissions in octal digits, as text (YAML would read 0644 as another number)."""

    def normalise(self, value):
        if not re.fullmatch(r"[0-7]{3,4}", str(value)):
            raise FieldError("'%s' is not a mode: write octal digits in quotes, for example '0644'" % value)
        return "%04o" % int(str(value), 8)


class Account(Field):
    """A name of a user or group, or a number."""

    _pattern = re.compile(r"[a-z_][a-z0-9_.-]{0,31}\$?|\d{1,10}", re.IGNORECASE)

    def normalise(self, value):
        if not self._pattern.fullmatch(str(value)):
            raise FieldError("'%s' is not the name (or number) of a user or group" % value)
        return str(value)


class Hash(Field):
    """A password as /etc/shadow has it."""

    def normalise(self, value):
        if not re.fullmatch(r"\$[^:\s]+", str(value)):
            raise FieldError("this is not a hash as /etc/shadow has it ($6$...); a password in plain text goes to the option beside it")
        return str(value)


class Host(Field):
    _pattern = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")

    def normalise(self, value):
        if not self._pattern.fullmatch(str(value)):
            raise FieldError("'%s' is not a host name" % value)
        return str(value)


class Word(Field):
    """A value that stands in a line of a configuration file."""

    def __init__(self, pattern, meaning, **options):
        super().__init__(**options)
        self.pattern = pattern
        self.meaning = meaning

    def normalise(self, value):
        if not re.fullmatch(self.pattern, str(value)):
            raise FieldError("'%s' is not %s" % (value, self.meaning))
        return str(value)


class Pattern(Field):
    def normalise(self, value):
        try:
            re.compile(str(value))
        except re.error as error:
            raise FieldError("'%s' is not a regular expression: %s" % (value, error)) from None
        return str(value)


class Placed(Model):
    """Whose a file is and who may use it."""

    keys = ("path",)
    path = GuestPath(required=True)
    owner = Account()
    group = Account()
    mode = Mode()


class File(Placed):
    content = Content()
    source = GuestPath()
    selinux_type = Word(r"[a-z0-9_]+", "an SELinux type")

    @classmethod
    def check(cls, declared):
        if (declared.get("content") is None) == (declared.get("source") is None):
            raise FieldError("write either content or source", ("content",))


class Directory(Placed):
    pass


class Link(Model):
    keys = ("path",)
    path = GuestPath(required=True)
    target = Content(required=True)


class Line(Model):
    """One line of a file. Several may speak of one file, so that no key tells them apart."""

    keys = ()
    path = GuestPath(required=True)
    regexp = Pattern()
    line = Word(r"[^\n]*", "one line")
    state = Enum(choices=["present", "absent"])

    @classmethod
    def check(cls, declared):
        if declared.get("state") == "absent":
            if declared.get("regexp") is None and declared.get("line") is None:
                raise FieldError("write the line, or a regexp that it matches", ("line",))
        elif declared.get("line") is None:
            raise FieldError("write the line that is to be there", ("line",))


class Augeas(Model):
    keys = ("path",)
    path = Word(r"/files/\S.*", "an Augeas path, which begins with /files/", required=True)
    value = Content()


class User(Model):
    name = Account(required=True)
    uid = Int(minimum=0, maximum=(1 << 32) - 2)
    comment = Word(r"[^:\n]*", "a comment without colon")
    home = GuestPath()
    shell = GuestPath()
    groups = Texts()
    password = Content(no_log=True)
    password_hash = Hash(no_log=True)
    locked = Flag()
    ssh_keys = Texts(no_log=False)
    sudo = Word(r"[^\n]+", "one rule of sudoers")

    @classmethod
    def check(cls, declared):
        if declared["name"].isdigit():
            raise FieldError("a user needs a name, not a number", ("name",))
        for option in ("groups", "ssh_keys"):
            for text in declared.get(option) or []:
                if "\n" in text.strip() or (option == "groups" and not re.fullmatch(r"[\w.-]+", text)):
                    raise FieldError("'%s' cannot be one of them" % text, (option,))
        _one_of(declared, "password", "password_hash")


class Packages(Model):
    """install, remove: names as the distribution's own tool takes them."""

    install = Texts()
    remove = Texts()
    update = Flag()

    @classmethod
    def check(cls, declared):
        for option in ("install", "remove"):
            for name in declared.get(option) or []:
                if not re.fullmatch(r"[A-Za-z0-9@/][A-Za-z0-9@/._+:=~-]*", name):
                    raise FieldError("'%s' is not the name of a package" % name, (option,))


class Services(Model):
    enable = Texts()
    disable = Texts()

    @classmethod
    def check(cls, declared):
        for option in ("enable", "disable"):
            for name in declared.get(option) or []:
                if not re.fullmatch(r"[A-Za-z0-9@:_.\\-]+", name) or name.startswith("-"):
                    raise FieldError("'%s' is not the name of a service" % name, (option,))


class Nic(Model):
    """An interface of the guest, known by its name there."""

    name = Word(r"[A-Za-z0-9_.*-]{1,15}", "the name of an interface (en* for any wired one)", required=True)
    dhcp = Flag()
    addresses = Texts()
    gateway = Word(r"[0-9A-Fa-f:.]+", "an address")
    dns = Texts()


class Personal(Model):
    """What can be done to any disk in place."""

    root_password = Content(no_log=True)
    root_password_hash = Hash(no_log=True)
    root_locked = Flag()
    users = Nodes(User)
    hostname = Host()
    timezone = Word(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", "a time zone, for example Europe/Berlin")
    locale = Word(r"[A-Za-z0-9_.@-]+", "a locale, for example C.UTF-8")
    datasources = Texts()
    network = Nodes(Nic)
    directories = Nodes(Directory)
    files = Nodes(File)
    links = Nodes(Link)
    lines = Nodes(Line)
    augeas = Nodes(Augeas)
    delete = GuestPaths()
    packages = Node(Packages)
    services = Node(Services)
    commands = Texts()
    scripts = Texts()
    first_boot = Texts()
    sysprep = Texts(choices=["all", *OPERATIONS])
    passphrase = Content(no_log=True)

    @classmethod
    def check(cls, declared):
        _one_of(declared, "root_password", "root_password_hash")
        for name in declared.get("datasources") or []:
            if not re.fullmatch(r"[A-Za-z0-9]+", name):
                raise FieldError("'%s' is not the name of a datasource of cloud-init" % name, ("datasources",))


class VmRecipe(Personal):
    """What can be done to the disk of a VM that is being made."""

    grow = Flag()


class Recipe(Personal):
    """What can be done to a disk that becomes an image."""

    size = Size(grain=512)
    sparsify = Flag()
    compress = Flag()


class Origin(Model):
    """A disk of a VM."""

    name = Name(required=True, refers="vm")
    disk = Word(r"[a-z]+[0-9]*", "the name of a disk in the VM, for example vda")


def _one_of(declared, *options):
    if all(declared.get(option) is not None for option in options):
        raise FieldError("write only one of %s" % " and ".join(options), options[:1])


def needs_network(recipe):
    """Whether anything in it may have to be fetched from elsewhere."""
    packages = recipe.get("packages") or {}
    return bool(packages.get("install") or packages.get("update"))


def sources_of(recipe):
    """Paths on the compute host that a recipe takes files from."""
    return [file["source"] for file in recipe.get("files") or [] if file.get("source")]


def said(value):
    """A recipe without what is not said: null and empty change nothing, but that no SSH key at all is a wish."""
    if isinstance(value, dict):
        kept = {name: said(one) for name, one in value.items()}
        return {name: one for name, one in kept.items()
                if one is not None and one is not False and (one not in ({}, []) or name == "ssh_keys")}
    return [said(one) for one in value] if isinstance(value, list) else value


def digest(recipe, basis, contents):
    """The name of what a recipe makes of a basis: the same declaration has the same digest on every host.

    A digest can be seen, and the rest of a recipe be known: passwords are drawn out so that guessing them stays dear.

    :param basis: what it is applied to
    :param contents: sha256 of each file of the compute host that the recipe takes, by its path
    """
    text = json.dumps({"version": _VERSION, "basis": basis, "recipe": _without_secrets(said(recipe)), "contents": contents},
                      sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_secrets(value):
    if isinstance(value, dict):
        return {name: _drawn_out(one) if name in _SECRETS else _without_secrets(one) for name, one in value.items()}
    return [_without_secrets(one) for one in value] if isinstance(value, list) else value


@functools.lru_cache
def _drawn_out(secret):
    return hashlib.scrypt(secret.encode(), salt=_SALT, n=1 << 14, r=8, p=1, maxmem=1 << 26).hex()
