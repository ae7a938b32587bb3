"""Addresses that customers cannot open, or should not: ours, somebody's template's, nobody's."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from makegood.guard.sheet import Finding, Severity, Sheet
from makegood.kit.rx import rx

_LINK = rx(
    r"(?:https?|ftp|file|smb)://(?:\[[0-9a-f:.]+\])?[^\s<>\"'`»”)\]}|]+|\\\\[\w.-]{2,60}\\[\w$.-]+",
    ignore_case=True,
)
_MAIL = rx(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_TEMPLATES = ("example.com", "example.org", "example.net", "domain.com", "yourdomain.com",
              "yourshop.com", "yourcompany.com", "yoursite.com", "yourwebsite.com",
              "mystore.com", "meinshop.de", "ihre-domain.de", "musterfirma.de")  # fmt: skip
_NOWHERE = (".test", ".example", ".invalid")
_INSIDE = (".internal", ".intranet", ".corp", ".localdomain", ".localhost", ".home.arpa")
_PERHAPS_INSIDE = (".local", ".lan", ".home")
_STAGES = ("staging", "stage", "preprod", "preview", "uat", "qa", "sandbox", "test", "dev")

Told = tuple[Severity, str] | None


def odd_links(sheet: Sheet) -> Iterator[Finding]:
    """Links into our own desk, to a template's example, or to where only we can go."""
    way = _("Put in the address that your customer can open.")
    for match in _LINK.finditer(sheet.written):
        link = match.group(0).rstrip(".,;:!?")
        told = None if sheet.is_theirs(link) else _of_link(sheet, link)
        if told is not None:
            span = (match.start(), match.start() + len(link))
            yield sheet.found("link", told[0], told[1], span, way=way)


def _of_link(sheet: Sheet, link: str) -> Told:
    if link.startswith("\\\\") or link.lower().startswith(("file:", "smb:")):
        return Severity.REFUSE, _("This leads to a file of your own machine:")
    try:
        url = urlsplit(link)
        host = (url.hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    if sheet.house and _is_house(url, urlsplit(sheet.house)):
        if url.path.startswith(tuple(sheet.open_paths)):
            return None
        return Severity.REFUSE, _("This leads into your own desk, which customers cannot open:")
    if host in {urlsplit(sheet.house).hostname, *(one.rpartition("@")[2] for one in sheet.ours)}:
        return None
    return _of_host(host)


def _is_house(url: SplitResult, house: SplitResult) -> bool:
    try:
        return (url.hostname, url.port) == (house.hostname, house.port)
    except ValueError:
        return False


def _of_host(host: str) -> Told:
    if address := _as_number(host):
        if address.is_loopback or address.is_unspecified:
            return Severity.REFUSE, _("This leads to nowhere but the machine of whoever reads it:")
        private = Severity.QUESTION, _("Only somebody in the same house can open this:")
        return private if address.is_private or address.is_link_local else None
    if host == "localhost" or host.endswith(".localhost"):
        return Severity.REFUSE, _("This leads to nowhere but the machine of whoever reads it:")
    if is_of_a_template(host):
        return Severity.REFUSE, _("This address is an example out of a template:")
    if "." not in host or host.endswith(_INSIDE):
        return Severity.REFUSE, _("Only somebody in your own house can open this:")
    if host.endswith(_PERHAPS_INSIDE):
        return Severity.QUESTION, _("Only somebody in the same house can open this:")
    first = host.partition(".")[0]
    if host.count(".") >= 2 and first.split("-")[0] in _STAGES:
        return Severity.QUESTION, _("This looks like a shop that is only for trying:")
    return None


def _as_number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_of_a_template(host: str) -> bool:
    """Whether a host exists in books and templates alone (RFC 2606)."""
    bare = host.removeprefix("www.")
    return bare in _TEMPLATES or host.endswith((*_NOWHERE, ".example.com", ".example.org"))


def odd_addresses(sheet: Sheet) -> Iterator[Finding]:
    """Mail addresses out of a template; not our own, and not those of whoever takes part."""
    known = {one.lower() for one in (*sheet.ours, *sheet.taking_part, *sheet.recipients)}
    homes = {one.rpartition("@")[2] for one in known}
    for match in _MAIL.finditer(sheet.written):
        address = match.group(0).lower().rstrip(".")
        host = address.rpartition("@")[2]
        if not is_of_a_template(host) or host in homes or sheet.is_theirs(address):
            continue
        reason = _("This mail address is an example out of a template:")
        way = _("Put in the address that is meant.")
        yield sheet.found("address", Severity.REFUSE, reason, match.span(), way=way)
