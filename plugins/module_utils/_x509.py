# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys, certificates and revocation lists as PEM text. The only file that imports cryptography.

What libvirt asks of them: https://libvirt.org/kbase/tlscerts.html
"""
from __future__ import annotations

import datetime
import ipaddress

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    CRYPTOGRAPHY_IMPORT_ERROR = None
except ImportError as error:
    CRYPTOGRAPHY_IMPORT_ERROR = error

_BEGIN = b"-----BEGIN CERTIFICATE-----"
_BEGIN_LIST = b"-----BEGIN X509 CRL-----"


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def _aware(thing, attribute):
    """A moment of a certificate; older versions of the library leave the time zone (UTC) out."""
    moment = getattr(thing, attribute + "_utc", None)
    return getattr(thing, attribute).replace(tzinfo=datetime.timezone.utc) if moment is None else moment


def _name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _alternative(address):
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def canonical(addresses):
    """Names and IP addresses as a certificate would have them."""
    return sorted({str(_alternative(address).value) for address in addresses})


class Certificate:
    """A certificate that is there already."""

    def __init__(self, pem):
        self.pem = pem
        self._held = x509.load_pem_x509_certificate(pem)

    @classmethod
    def bundle(cls, pem):
        """All certificates of a file, in order."""
        return [cls(_BEGIN + part) for part in pem.split(_BEGIN)[1:]]

    @property
    def serial(self):
        return self._held.serial_number

    @property
    def expires(self):
        return _aware(self._held, "not_valid_after")

    @property
    def addresses(self):
        try:
            found = self._held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return []
        return sorted(str(one.value) for one in found)

    def is_of(self, authority):
        """Whether this authority's key signed it."""
        try:
            authority._held.public_key().verify(
                self._held.signature, self._held.tbs_certificate_bytes, ec.ECDSA(self._held.signature_hash_algorithm))
        except _INVALID:
            return False
        return True


if CRYPTOGRAPHY_IMPORT_ERROR is None:
    from cryptography.exceptions import InvalidSignature as _INVALID


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def load_key(pem):
    return serialization.load_pem_private_key(pem, None)


def key_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _builder(subject, issuer, public_key, days):
    # A clock that is a little behind shall not take it for a certificate of the future.
    began = now() - datetime.timedelta(minutes=10)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
            .serial_number(x509.random_serial_number()).not_valid_before(began)
            .not_valid_after(now() + datetime.timedelta(days=days)))


def _usage(signs_others):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    wanted = {"key_cert_sign", "crl_sign"} if signs_others else {"digital_signature", "key_encipherment"}
    return x509.KeyUsage(**{name: name in wanted for name in names})


def authority(common_name, key, days):
    """The PEM of a certificate that can sign others."""
    # A successor may bear the same name, and who looks for an issuer goes by the name: so each has a number, too.
    number = "%x" % x509.random_serial_number()
    name = x509.Name([*_name(common_name), x509.NameAttribute(NameOID.SERIAL_NUMBER, number[:8])])
    builder = (_builder(name, name, key.public_key(), days)
               .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
               .add_extension(_usage(True), critical=True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def issue(common_name, addresses, key, by, by_key, days):
    """The PEM of a certificate signed by an authority: of a server if it has addresses, else of a client."""
    purposes = ([ExtendedKeyUsageOID.SERVER_AUTH] if addresses else []) + [ExtendedKeyUsageOID.CLIENT_AUTH]
    builder = (_builder(_name(common_name), by._held.subject, key.public_key(), days)
               .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
               .add_extension(_usage(False), critical=True)
               .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), critical=False))
    if addresses:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_alternative(address) for address in addresses]), critical=False)
    return builder.sign(by_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class RevocationList:
    """What one authority has revoked."""

    def __init__(self, pem):
        self._held = x509.load_pem_x509_crl(pem)

    @classmethod
    def bundle(cls, pem):
        """All lists of a file, in order."""
        return [cls(_BEGIN_LIST + part) for part in pem.split(_BEGIN_LIST)[1:]]

    @property
    def serials(self):
        return sorted(one.serial_number for one in self._held)

    def is_of(self, authority):
        return self._held.is_signature_valid(authority._held.public_key())


def revocation_list(serials, by, by_key):
    """The PEM of a list that is good for as long as its authority."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(by._held.subject).last_update(now()).next_update(by.expires)
    for serial in serials:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now()).build())
    return builder.sign(by_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
