# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image is declared as: where its bytes come from and what proves that they are the right ones.

libvirt knows volumes, not images: no field here has a place in XML.
"""
from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, Enum, Field, FieldError, Mapping, Name, Node, Nodes, Size, Texts,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import catalogue
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import Content, Origin, Recipe, Word
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size

FORMATS = ("qcow2", "raw")
# Where an image may come from: one of these.
ORIGINS = ("source", "upload", "base", "from_volume", "from_vm", "debian")
# Of the disk of a Debian that is made of packages; most of it is empty.
DEBIAN_SIZE = 2 << 30
SMALLEST_DEBIAN = 1 << 30
# Hexadecimal digits of each algorithm that is still collision resistant.
DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
_HEX = re.compile(r"[0-9a-f]+")
_GNU_LINE = re.compile(r"\\?(?P<digest>[0-9A-Fa-f]{40,128})[ \t]+\*?(?P<file>\S.*?)\s*")
_BSD_LINE = re.compile(r"(?P<algorithm>[A-Za-z0-9-]+) ?\((?P<file>.+)\) ?= ?(?P<digest>[0-9A-Fa-f]+)\s*")
_BARE_LINE = re.compile(r"(?P<digest>[0-9A-Fa-f]{40,128})\s*")


def local_path(source):
    """The path on the compute host that a source names, or None where it is on the network."""
    if source.startswith("/"):
        return source
    parts = urlsplit(source)
    return unquote(parts.path) if parts.scheme == "file" else None


def file_name(source):
    """The last part of a source's path: what a list of checksums calls it."""
    path = local_path(source)
    return posixpath.basename(unquote(urlsplit(source).path) if path is None else path)


def check_source(text):
    """Raises FieldError unless the text says where bytes can be read from."""
    if text.startswith("/"):
        return
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        raise FieldError("'%s' is not a URL" % text) from None
    if parts.scheme not in ("http", "https", "file"):
        raise FieldError("'%s' is neither an http, https or file URL nor an absolute path on the compute host" % text)
    if parts.scheme == "file":
        if host not in (None, "localhost") or not parts.path.startswith("/"):
            raise FieldError("'%s' names no file of the compute host: write file:///path or just /path" % text)
    elif not host:
        raise FieldError("'%s' names no host" % text)
    elif parts.username is not None or parts.password is not None:
        # It would be told in results, diffs and records.
        raise FieldError("a URL must carry no user name or password: put them into ~/.netrc on the compute host")


class Source(Field):
    """A URL or an absolute path on the compute host."""

    def normalise(self, value):
        text = str(value).strip()
        check_source(text)
        return text


class Checksum(Field):
    """``algorithm:digest``, or ``algorithm:source`` of a list of checksums."""

    def normalise(self, value):
        algorithm, colon, rest = str(value).strip().partition(":")
        algorithm = algorithm.lower().replace("-", "")
        if not colon or algorithm not in DIGITS:
            raise FieldError("'%s' is not a checksum: write sha256:<digest> or sha512:<URL of a SHA512SUMS file> (%s can be used)"
                             % (value, ", ".join(sorted(DIGITS))))
        if "/" in rest:
            check_source(rest)
            return "%s:%s" % (algorithm, rest)
        digest = rest.lower()
        if not _HEX.fullmatch(digest) or len(digest) != DIGITS[algorithm]:
            raise FieldError("'%s' is not a %s digest, which has %d hexadecimal digits" % (rest, algorithm, DIGITS[algorithm]))
        return "%s:%s" % (algorithm, digest)


def split_checksum(checksum):
    """(algorithm, digest or None, source of a list of checksums or None) of a checksum in canonical form."""
    algorithm, _colon, rest = checksum.partition(":")
    return (algorithm, None, rest) if "/" in rest else (algorithm, rest, None)


def known_sha256(checksum):
    """The sha256 that a checksum says by itself, or None."""
    algorithm, digest, _listed = split_checksum(checksum) if checksum else (None, None, None)
    return digest if algorithm == "sha256" else None


def digest_in_list(text, algorithm, name, only=False):
    """The digest of a file in a list of checksums (GNU, BSD, or one bare digest), or None.

    Lines for other algorithms and anything else (comments, signatures) count for nothing. A file of the very name
    goes before one of that name in a folder; where the list contradicts itself there is no answer.

    :param only: the list is about this file alone, whatever it calls it
    """
    exact, foldered, bare, others = set(), set(), set(), set()
    for line in text.splitlines():
        found = _BSD_LINE.fullmatch(line)
        if found and found["algorithm"].lower().replace("-", "") != algorithm:
            continue
        found = found or _GNU_LINE.fullmatch(line) or _BARE_LINE.fullmatch(line)
        if not found or len(found["digest"]) != DIGITS[algorithm]:
            continue
        listed = found.groupdict().get("file")
        digest = found["digest"].lower()
        if listed is None:
            bare.add(digest)
        elif listed in (name, "./" + name):
            exact.add(digest)
        elif posixpath.basename(listed) == name:
            foldered.add(digest)
        else:
            others.add(digest)
    answers = exact or foldered or bare or (others if only else set())
    return answers.pop() if len(answers) == 1 else None


def volume_name(name, sha256, image_format):
    """The volume that holds an image's content: ``debian-12-0123456789ab.qcow2``."""
    return "%s-%s.%s" % (name, sha256[:12], image_format)


def is_volume_of(name, volume):
    """Whether a volume's name says that it holds (or held) the content of the image."""
    return re.fullmatch(r"%s-[0-9a-f]{12}\.(%s)" % (re.escape(name), "|".join(FORMATS)), volume) is not None


class Headers(Mapping):
    """Headers of requests."""

    def normalise(self, value):
        for name, text in value.items():
            if not re.fullmatch(r"[A-Za-z0-9-]+", str(name)) or not re.fullmatch(r"[^\r\n]*", str(text)):
                raise FieldError("'%s' is no header of a request" % name)
        return {str(name): str(text) for name, text in value.items()}


class FromVolume(Model):
    name = Name(required=True, refers="volume")
    pool = Name(refers="pool")


class Debian(Model):
    """A Debian that is made of packages."""

    keys = ("suite",)
    suite = Word(r"[a-z][a-z0-9-]*", "a suite of Debian's, for example trixie", required=True)
    archives = Texts()
    packages = Texts()
    size = Size(grain=512)

    @classmethod
    def check(cls, declared):
        for option, pattern, meaning in (("archives", r"deb (\[[^\]\n]*\] )?\S+ \S+( \S+)*", "a line of apt's sources.list"),
                                         ("packages", r"[a-z0-9][a-z0-9.+-]+", "the name of a package")):
            for text in declared.get(option) or []:
                if not re.fullmatch(pattern, text):
                    raise FieldError("'%s' is not %s" % (text, meaning), (option,))
        if declared.get("size") is not None and declared["size"] < SMALLEST_DEBIAN:
            raise FieldError("a Debian needs %s at least" % describe_size(SMALLEST_DEBIAN), ("size",))


class CatalogueEntry(Model):
    name = Name(required=True)
    source = Content(required=True)
    checksum = Content()
    member = Content()
    format = Enum(choices=FORMATS)
    user = Content()


class Image(Model):
    name = Name(required=True, change=FIXED)
    pool = Name(refers="pool")
    source = Source()
    upload = Content()
    catalogue_ = Name()
    catalogue_entries = Nodes(CatalogueEntry)
    checksum = Checksum()
    member = Content()
    headers = Headers(no_log=True)
    base = Name(refers="image")
    from_volume = Node(FromVolume)
    from_vm = Node(Origin)
    debian = Node(Debian)
    customise = Node(Recipe)
    format = Enum(choices=FORMATS)

    @classmethod
    def check(cls, declared):
        origins = [option for option in ORIGINS if declared.get(option) is not None]
        if len(origins) > 1:
            raise FieldError("an image comes from one place, not from %s" % " and ".join(origins), (origins[1],))
        if declared.get("catalogue") is not None:
            if origins or declared.get("checksum") is not None:
                raise FieldError("it says where the image comes from: leave out %s" % (origins + ["checksum"])[0], ("catalogue",))
            if declared["catalogue"] not in cls.catalogue_of(declared):
                raise FieldError("'%s' is in no catalogue; there is %s" % (declared["catalogue"], ", ".join(sorted(cls.catalogue_of(declared)))),
                                 ("catalogue",))
        for option in ("checksum", "member", "headers"):
            if declared.get(option) is not None and origins not in ([], ["source"]) and (origins, option) != (["upload"], "member"):
                raise FieldError("it is for what is fetched from a source, and there is none", (option,))
        if declared.get("customise") and (not origins or origins[0] in ("source", "upload", "debian")):
            raise FieldError("write with it what it is applied to: base, from_volume or from_vm. What a source, an upload or Debian gives stays "
                             "as it is: make an image of it first, and name that as the base", ("customise",))

    @staticmethod
    def catalogue_of(declared):
        """Every entry by its name; the user's own go before ours."""
        return dict(catalogue.ENTRIES, **{entry["name"]: entry for entry in declared.get("catalogue_entries") or []})

    @classmethod
    def looked_up(cls, declared, architecture):
        """The declaration with what the catalogue says in it."""
        if declared.get("catalogue") is None:
            return declared
        entry = catalogue.resolved(cls.catalogue_of(declared)[declared["catalogue"]], architecture)
        said = {name: cls.fields()[name].normalise(entry[name]) for name in ("source", "checksum", "member", "format", "debian") if entry.get(name)}
        return dict(said, **dict(declared, user=entry.get("user")))
