"""For whom an authority may vouch: what its certificate allows of those below it (RFC 5280).

Whether a certificate was withdrawn is not asked: lists of withdrawn ones (CRL) and answers about
one (OCSP) lie on servers that the certificate names, and a mail must not make us call anybody.
"""

from collections.abc import Sequence
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from .addresses import canonical

Kind = TypeVar("Kind", bound=x509.ExtensionType)


def may_vouch(authority: x509.Certificate, below: Sequence[x509.Certificate]) -> bool:
    """Whether it may stand behind these certificates, the signer's first."""
    basic = _extension(authority, x509.BasicConstraints)
    if basic is None or not basic.ca:
        return False
    if basic.path_length is not None and len(below) - 1 > basic.path_length:
        return False
    usage = _extension(authority, x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        return False
    limits = _extension(authority, x509.NameConstraints)
    return limits is None or all(_is_within(each, limits) for each in below)


def is_for_mail(certificate: x509.Certificate) -> bool:
    """Whether a certificate that says what it is for names mail, or anything."""
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    allowed = (
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    )
    return purposes is None or any(each in purposes for each in allowed)


def names_an_authority(certificate: x509.Certificate) -> bool:
    """Whether a certificate may vouch for others."""
    try:
        basic = _extension(certificate, x509.BasicConstraints)
    except ValueError:
        return False
    return basic is not None and basic.ca


def addresses_of(certificate: x509.Certificate) -> list[str]:
    """The addresses that a certificate is for."""
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)
    named = [str(each.value) for each in found]
    try:
        more = _extension(certificate, x509.SubjectAlternativeName)
    except ValueError:
        more = None
    named += more.get_values_for_type(x509.RFC822Name) if more else []
    return list(dict.fromkeys(filter(None, map(canonical, named))))


def _extension(certificate: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _is_within(certificate: x509.Certificate, limits: x509.NameConstraints) -> bool:
    """Whether every name of a certificate lies where its authority may vouch."""
    permitted, excluded = limits.permitted_subtrees or (), limits.excluded_subtrees or ()
    for name in _names(certificate):
        kind = type(name)
        wanted = [each for each in permitted if isinstance(each, kind)]
        if wanted and not any(_holds(each, name) for each in wanted):
            return False
        if any(_holds(each, name) for each in excluded if isinstance(each, kind)):
            return False
    return True


def _names(certificate: x509.Certificate) -> list[x509.RFC822Name | x509.DirectoryName]:
    subject = [certificate.subject] if list(certificate.subject) else []
    addresses = [x509.RFC822Name(each) for each in addresses_of(certificate) if each.isascii()]
    return [*addresses, *map(x509.DirectoryName, subject)]


def _holds(limit: x509.GeneralName, name: x509.RFC822Name | x509.DirectoryName) -> bool:
    """Whether a name lies within a limit; `.shop.test` is every host below that domain."""
    if isinstance(limit, x509.DirectoryName) and isinstance(name, x509.DirectoryName):
        rdns = list(limit.value.rdns)
        return list(name.value.rdns)[: len(rdns)] == rdns
    wanted, address = str(limit.value).lower(), str(name.value)
    if "@" in wanted:
        return canonical(wanted) == address
    domain = address.rpartition("@")[2]
    return domain.endswith(wanted) if wanted.startswith(".") else domain == wanted
