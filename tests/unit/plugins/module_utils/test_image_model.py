# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources, checksums, lists of checksums, names of volumes."""
from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import catalogue
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import image as model

SHA256 = hashlib.sha256(b"content").hexdigest()
SHA512 = hashlib.sha512(b"content").hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def normalise(**options):
    return model.Image.normalise(dict({"name": "i"}, **options))


@pytest.mark.parametrize("source", [
    "http://example.org/a.qcow2", "https://example.org:8443/dir/a.qcow2?x=1", "https://[fd00::1]/a", "file:///srv/a.qcow2",
    "file://localhost/srv/a.qcow2", "/srv/a.qcow2",
])
def test_sources(source):
    assert normalise(source=" %s " % source)["source"] == source


@pytest.mark.parametrize("source", [
    "a.qcow2", "./a.qcow2", "ftp://example.org/a", "http://", "http:///a", "file://other/a", "file:a", "", "http://[fd00::1/a",
    "https://user:secret@example.org/a", "https://user@example.org/a",
])
def test_bad_sources(source):
    with pytest.raises(FieldError) as error:
        normalise(source=source)
    assert error.value.option_path == "source"
    assert "secret" not in error.value.message


@pytest.mark.parametrize("said, canonical", [
    ("sha256:" + SHA256, "sha256:" + SHA256), ("SHA-256:" + SHA256.upper(), "sha256:" + SHA256), ("sha512:" + SHA512, "sha512:" + SHA512),
    ("sha512:https://example.org/SHA512SUMS", "sha512:https://example.org/SHA512SUMS"), ("sha256:/srv/SUMS", "sha256:/srv/SUMS"),
])
def test_checksums(said, canonical):
    assert normalise(checksum=said)["checksum"] == canonical


@pytest.mark.parametrize("said", [
    SHA256, "sha256", "sha256:", "sha256:" + SHA512, "sha512:" + SHA256, "md5:" + "0" * 32, "sha256:" + "g" * 64, "sha256:dir/SUMS",
    "sha256:ftp://example.org/SUMS",
])
def test_bad_checksums(said):
    with pytest.raises(FieldError) as error:
        normalise(checksum=said)
    assert error.value.option_path == "checksum"


def test_parts_of_a_checksum():
    assert model.split_checksum("sha256:" + SHA256) == ("sha256", SHA256, None)
    assert model.split_checksum("sha512:https://example.org/S") == ("sha512", None, "https://example.org/S")
    assert model.known_sha256("sha256:" + SHA256) == SHA256
    assert model.known_sha256("sha512:" + SHA512) is None
    assert model.known_sha256(None) is None


@pytest.mark.parametrize("source, path, name", [
    ("/srv/a b.qcow2", "/srv/a b.qcow2", "a b.qcow2"), ("file:///srv/a%20b.qcow2", "/srv/a b.qcow2", "a b.qcow2"),
    ("https://example.org/x/a%2Bb.qcow2?download=1", None, "a+b.qcow2"), ("/srv/100%25.img", "/srv/100%25.img", "100%25.img"),
])
def test_where_a_source_is(source, path, name):
    assert model.local_path(source) == path
    assert model.file_name(source) == name


@pytest.mark.parametrize("line", [
    "%s  a.qcow2", "%s *a.qcow2", "%s a.qcow2", "%s  ./a.qcow2", "%s  images/a.qcow2", "SHA256 (a.qcow2) = %s", "SHA256(a.qcow2)= %s",
    "sha256 (images/a.qcow2) = %s", "%s", "%s  a.qcow2\r",
])
@pytest.mark.parametrize("upper", [False, True])
def test_a_line_of_a_list(line, upper):
    digest = SHA256.upper() if upper else SHA256
    assert model.digest_in_list("# comment\n\n%s\n" % (line % digest), "sha256", "a.qcow2") == SHA256


@pytest.mark.parametrize("text", [
    "", "nothing here", "%s  b.qcow2" % SHA256, "SHA512 (a.qcow2) = %s" % SHA512, "%s  a.qcow2" % SHA512, "<html>a.qcow2</html>",
    "%s  a.qcow2\n%s  a.qcow2" % (SHA256, OTHER), "%s  aa.qcow2" % SHA256, "%s\n%s" % (SHA256, OTHER),
])
def test_a_list_without_an_answer(text):
    assert model.digest_in_list(text, "sha256", "a.qcow2") is None


def test_the_very_name_goes_before_one_in_a_folder():
    text = "%s  old/a.qcow2\n%s  a.qcow2\n%s  sub/b.qcow2" % (OTHER, SHA256, OTHER)
    assert model.digest_in_list(text, "sha256", "a.qcow2") == SHA256


def test_the_same_file_twice_is_no_contradiction():
    assert model.digest_in_list("%s  a\nSHA256 (a) = %s" % (SHA256, SHA256), "sha256", "a") == SHA256


FILES = strategies.text(strategies.sampled_from("abcXYZ019._-+() "), min_size=1, max_size=20).map(str.strip).filter(
    lambda name: name and name not in (".", ".."))


@given(files=strategies.lists(FILES, unique=True, min_size=1, max_size=8), style=strategies.sampled_from(["gnu", "binary", "bsd"]))
def test_every_file_of_a_list_is_found(files, style):
    form = {"gnu": "{0}  {1}", "binary": "{0} *{1}", "bsd": "SHA256 ({1}) = {0}"}[style]
    digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in files}
    text = "".join(form.format(digest, name) + "\n" for name, digest in digests.items())
    for name, digest in digests.items():
        assert model.digest_in_list(text, "sha256", name) == digest


@given(text=strategies.text(), name=strategies.text(min_size=1))
def test_any_list_is_survived(text, name):
    found = model.digest_in_list(text, "sha256", name)
    assert found is None or len(found) == 64


def test_names_of_volumes():
    assert model.volume_name("debian-12", SHA256, "qcow2") == "debian-12-%s.qcow2" % SHA256[:12]
    assert model.is_volume_of("debian-12", "debian-12-%s.qcow2" % SHA256[:12])
    assert model.is_volume_of("a.b", "a.b-0123456789ab.raw")
    for other in ("a-b-0123456789ab.raw", "axb-0123456789ab.raw", "a.b-0123456789ab.iso", "a.b-0123456789AB.raw", "a.b-0123.raw", "a.b.raw"):
        assert not model.is_volume_of("a.b", other)
    assert not model.is_volume_of("a", "a-b-0123456789ab.raw")


@pytest.mark.parametrize("architecture, deb", [("x86_64", "amd64"), ("aarch64", "arm64")])
@pytest.mark.parametrize("name", sorted(set(catalogue.ENTRIES) - {"debian-local"}))
def test_every_entry_of_the_catalogue_is_whole(name, architecture, deb):
    declared = model.Image.looked_up(model.Image.normalise({"name": "i", "catalogue": name}), architecture)
    assert declared["source"].startswith("https://")
    assert architecture in declared["source"] or deb in declared["source"]
    assert "{" not in declared["source"] + declared.get("checksum", "")
    assert declared["user"]
    if "checksum" in declared:
        _algorithm, digest, listed = model.split_checksum(declared["checksum"])
        assert digest is None
        assert model.urlsplit(listed).netloc == model.urlsplit(declared["source"]).netloc


@pytest.mark.parametrize("family", ["debian", "ubuntu", "fedora", "centos-stream", "rocky", "alma", "opensuse-leap", "alpine", "cirros"])
def test_well_known_distributions_have_an_entry(family):
    entries = [name for name in catalogue.ENTRIES if name.rpartition("-")[0] == family]
    assert entries
    # All but the last of these prove what they publish.
    assert all(("checksum" in catalogue.ENTRIES[name]) == (family != "cirros") for name in entries if name != "debian-local")


def test_one_entry_needs_no_server_of_images():
    declared = model.Image.looked_up(model.Image.normalise({"name": "i", "catalogue": "debian-local"}), "x86_64")
    assert declared["debian"]["suite"]
    assert declared["user"] == "debian"
    assert "source" not in declared


@pytest.mark.parametrize("said, option", [
    ({"suite": "../etc"}, "suite"), ({"suite": "trixie", "size": "512MiB"}, "size"), ({"suite": "trixie", "packages": ["--help"]}, "packages"),
    ({"suite": "trixie", "archives": ["http://deb.debian.org"]}, "archives"), ({"suite": "trixie", "archives": ["deb http://a trixie main\nx"]}, "archives"),
])
def test_a_debian_that_cannot_be(said, option):
    with pytest.raises(FieldError) as error:
        model.Image.normalise({"name": "i", "debian": said})
    assert error.value.option_path.startswith("debian." + option)


def test_users_have_a_catalogue_of_their_own():
    entries = [{"name": "debian-12", "source": "/srv/{deb}.img", "format": "raw", "user": "me"}]
    declared = model.Image.normalise({"name": "i", "catalogue": "debian-12", "catalogue_entries": entries})
    assert {"source": "/srv/amd64.img", "format": "raw", "user": "me"}.items() <= model.Image.looked_up(declared, "x86_64").items()


@pytest.mark.parametrize("said", [{"catalogue": "debian-0"}, {"catalogue": "debian-12", "source": "/a"}, {"catalogue": "debian-12", "base": "a"}])
def test_a_catalogue_is_asked_for_what_it_has(said):
    with pytest.raises(FieldError):
        model.Image.normalise(dict(said, name="i"))


def test_a_list_of_one_file_alone():
    text = "%s  another-name-of-it.qcow2\n" % ("a" * 64)
    assert model.digest_in_list(text, "sha256", "a.qcow2") is None
    assert model.digest_in_list(text, "sha256", "a.qcow2", only=True) == "a" * 64
    assert model.digest_in_list(text + text.replace("a" * 64, "b" * 64), "sha256", "a.qcow2", only=True) is None
