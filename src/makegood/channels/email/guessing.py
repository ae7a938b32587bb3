"""The servers of a mailbox, guessed from its address: known providers, then the usual names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import dns.exception
import dns.resolver

LOOKUP_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Settings to begin with, and whether we know the provider or only suppose."""

    settings: dict[str, Any]
    is_known: bool
    needs_app_password: bool = False


class Names:
    """What the net says about a domain. Where it does not answer once, it is not asked again."""

    def __init__(self) -> None:
        self._answers = True

    def mail_servers(self, domain: str) -> Sequence[str]:
        """The names of its MX hosts, the nearest first."""
        found = sorted(self._ask(domain, "MX"), key=lambda record: int(record.preference))
        return [str(record.exchange).rstrip(".").lower() for record in found]

    def exists(self, host: str) -> bool:
        return bool(self._ask(host, "A") or self._ask(host, "AAAA"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        if not self._answers:
            return []
        try:
            return list(dns.resolver.resolve(name, kind, lifetime=LOOKUP_SECONDS))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, ValueError):
            return []
        except (dns.exception.DNSException, OSError):
            self._answers = False
            return []


def guess(address: str, names: Names | None = None) -> Guess:
    """How this address is most likely reached. Nothing is contacted but the name service."""
    domain = address.strip().lower().rpartition("@")[2].rstrip(".")
    known = _PROVIDERS.get(domain) or next(
        (provider for ending, provider in _FAMILIES.items() if domain.startswith(ending)), ""
    )
    if not known and names is not None:
        known = _by_mail_server(names.mail_servers(domain))
    if known:
        return _known(address, known)
    return Guess(settings=_supposed(address, domain, names), is_known=False)


def _by_mail_server(hosts: Sequence[str]) -> str:
    for host in hosts:
        for ending, provider in _BY_MAIL_SERVER.items():
            if host == ending or host.endswith("." + ending):
                return provider
    return ""


def _known(address: str, provider: str) -> Guess:
    imap, smtp, port, wants = _SERVERS[provider]
    settings = {
        "imap": _server(imap, 993, "tls", address),
        "smtp": _server(smtp, port, "tls" if port == 465 else "starttls", address),
        "auth": "xoauth2" if wants == "oauth" else "password",
    }
    return Guess(settings=settings, is_known=True, needs_app_password=wants == "app password")


def _supposed(address: str, domain: str, names: Names | None) -> dict[str, Any]:
    def first(hosts: Sequence[str]) -> str:
        exists: Callable[[str], bool] = names.exists if names else lambda _host: False
        return next((host for host in hosts if exists(host)), hosts[0])

    imap = first([f"imap.{domain}", f"mail.{domain}", domain])
    smtp = first([f"smtp.{domain}", f"mail.{domain}", domain])
    return {
        "imap": _server(imap, 993, "tls", address),
        "smtp": _server(smtp, 465, "tls", address),
        "auth": "password",
    }


def _server(host: str, port: int, security: str, username: str) -> dict[str, Any]:
    return {"host": host, "port": port, "security": security, "username": username.strip()}


# IMAP host (993, TLS), SMTP host, its port, and what signing in takes besides a password.
_SERVERS: dict[str, tuple[str, str, int, str]] = {
    "google": ("imap.gmail.com", "smtp.gmail.com", 465, "app password"),
    "microsoft": ("outlook.office365.com", "smtp.office365.com", 587, "oauth"),
    "outlook": ("outlook.office365.com", "smtp-mail.outlook.com", 587, "oauth"),
    "yahoo": ("imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465, "app password"),
    "aol": ("imap.aol.com", "smtp.aol.com", 465, "app password"),
    "apple": ("imap.mail.me.com", "smtp.mail.me.com", 587, "app password"),
    "gmx": ("imap.gmx.net", "mail.gmx.net", 465, ""),
    "gmx.com": ("imap.gmx.com", "mail.gmx.com", 465, ""),
    "web.de": ("imap.web.de", "smtp.web.de", 587, ""),
    "telekom": ("secureimap.t-online.de", "securesmtp.t-online.de", 465, "app password"),
    "freenet": ("mx.freenet.de", "mx.freenet.de", 465, ""),
    "mailbox.org": ("imap.mailbox.org", "smtp.mailbox.org", 465, ""),
    "posteo": ("posteo.de", "posteo.de", 465, ""),
    "ionos": ("imap.ionos.de", "smtp.ionos.de", 465, ""),
    "strato": ("imap.strato.de", "smtp.strato.de", 465, ""),
    "hosteurope": ("imap.hosteurope.de", "smtp.hosteurope.de", 465, ""),
    "ovh": ("ssl0.ovh.net", "ssl0.ovh.net", 465, ""),
    "gandi": ("mail.gandi.net", "mail.gandi.net", 465, ""),
    "infomaniak": ("mail.infomaniak.com", "mail.infomaniak.com", 465, ""),
    "fastmail": ("imap.fastmail.com", "smtp.fastmail.com", 465, "app password"),
    "zoho": ("imap.zoho.com", "smtp.zoho.com", 465, "app password"),
    "zoho.eu": ("imap.zoho.eu", "smtp.zoho.eu", 465, "app password"),
    "yandex": ("imap.yandex.com", "smtp.yandex.com", 465, "app password"),
    "mail.ru": ("imap.mail.ru", "smtp.mail.ru", 465, "app password"),
    "orange": ("imap.orange.fr", "smtp.orange.fr", 465, ""),
    "free": ("imap.free.fr", "smtp.free.fr", 465, ""),
    "laposte": ("imap.laposte.net", "smtp.laposte.net", 465, ""),
    "libero": ("imapmail.libero.it", "smtp.libero.it", 465, ""),
    "aruba": ("imaps.aruba.it", "smtps.aruba.it", 465, ""),
    "bluewin": ("imaps.bluewin.ch", "smtpauths.bluewin.ch", 465, ""),
    "transip": ("imap.transip.email", "smtp.transip.email", 465, ""),
    "one.com": ("imap.one.com", "send.one.com", 465, ""),
    "rackspace": ("secure.emailsrvr.com", "secure.emailsrvr.com", 465, ""),
    "amazon": ("imap.mail.eu-west-1.awsapps.com", "smtp.mail.eu-west-1.awsapps.com", 465, ""),
}

_PROVIDERS = {
    **dict.fromkeys(["gmail.com", "googlemail.com"], "google"),
    **dict.fromkeys(["msn.com", "passport.com"], "outlook"),
    **dict.fromkeys(["ymail.com", "rocketmail.com"], "yahoo"),
    **dict.fromkeys(["aol.com", "aim.com", "aol.de"], "aol"),
    **dict.fromkeys(["icloud.com", "me.com", "mac.com"], "apple"),
    **dict.fromkeys(["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.eu"], "gmx"),
    **dict.fromkeys(["gmx.com", "gmx.us", "gmx.co.uk"], "gmx.com"),
    **dict.fromkeys(["t-online.de", "magenta.de"], "telekom"),
    **dict.fromkeys(["posteo.de", "posteo.net", "posteo.at"], "posteo"),
    **dict.fromkeys(["fastmail.com", "fastmail.fm"], "fastmail"),
    **dict.fromkeys(["yandex.com", "yandex.ru", "ya.ru"], "yandex"),
    **dict.fromkeys(["mail.ru", "bk.ru", "inbox.ru", "list.ru"], "mail.ru"),
    **dict.fromkeys(["orange.fr", "wanadoo.fr"], "orange"),
    **{name: name for name in ("web.de", "mailbox.org", "zoho.eu", "one.com")},
    "freenet.de": "freenet",
    "zoho.com": "zoho",
    "free.fr": "free",
    "laposte.net": "laposte",
    "libero.it": "libero",
    "bluewin.ch": "bluewin",
}

_FAMILIES = {"outlook.": "outlook", "hotmail.": "outlook", "live.": "outlook", "yahoo.": "yahoo"}

_BY_MAIL_SERVER = {
    "google.com": "google",
    "googlemail.com": "google",
    "mail.protection.outlook.com": "microsoft",
    "kundenserver.de": "ionos",
    "ionos.com": "ionos",
    "rzone.de": "strato",
    "hosteurope.de": "hosteurope",
    "ovh.net": "ovh",
    "gandi.net": "gandi",
    "infomaniak.ch": "infomaniak",
    "mailbox.org": "mailbox.org",
    "messagingengine.com": "fastmail",
    "zoho.com": "zoho",
    "zoho.eu": "zoho.eu",
    "yandex.net": "yandex",
    "icloud.com": "apple",
    "aruba.it": "aruba",
    "transip.email": "transip",
    "one.com": "one.com",
    "emailsrvr.com": "rackspace",
    "awsapps.com": "amazon",
}
