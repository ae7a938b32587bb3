"""Why a machine of ours does not write: whom it never writes to, and how much it may.

The other side's headers are asked first, but never believed: a budget holds whatever they say.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from makegood.automatic.models import AutomaticMail, Valve
from makegood.channels.models import Inbox
from makegood.customers.actions import canonical_address
from makegood.customers.models import Handle
from makegood.team.models import Agent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOBODYS = (
    "noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply",
    "do.not.reply", "dont-reply", "nicht-antworten", "nichtantworten", "ne-pas-repondre",
    "nepasrepondre", "no-responder", "noresponder", "non-rispondere", "nao-responda",
    "mailer-daemon", "postmaster", "bounce", "bounces", "daemon", "abuse", "listserv",
    "majordomo", "root", "cron", "www-data", "autoresponder", "auto-reply",
    "notifications", "notification", "unknown",
)  # fmt: skip
NOBODYS_BEGINNINGS = (
    *(f"{word}{end}" for word in NOBODYS[:14] for end in "-_.+="),
    "owner-", "bounce+", "bounces+", "bounce-", "bounces-", "mailer-daemon+", "prvs=",
)  # fmt: skip
NOBODYS_ENDS = ("-owner", "-request", "-bounces", "-bounce", "-noreply", "-no-reply", "+noreply")


@dataclass(frozen=True)
class Limit:
    """So many in such a time."""

    most: int
    period: timedelta


TO_ONE_AN_HOUR = Limit(1, HOUR)
TO_ONE_A_DAY = Limit(3, DAY)
ABOUT_ONE_A_DAY = Limit(3, DAY)
OF_AN_INBOX = Limit(600, HOUR)
"""More by one rule is a storm, whatever makes it: the inbox stops until a person has looked."""
SHARE = 4
"""One domain gets no more than this part of it: nobody alone can make an inbox stop."""


def mailbox_of(address: str) -> str:
    """Addresses that one person makes of one mailbox count as one: `ida+a@x` is `ida@x`."""
    local, _at, domain = canonical_address("email", address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def why_not_to(address: str) -> str:
    """Why a machine never writes to this address; empty where it may."""
    if is_nobodys(address):
        return _("Nobody reads what is sent to %(address)s") % {"address": address}
    if is_ours(address):
        return _("%(address)s is an address of our own") % {"address": address}
    handle = Handle.objects.filter(kind="email", address=canonical_address("email", address))
    known = handle.first()
    if known is not None and known.bounced_at is not None:
        return _("%(address)s does not take mail") % {"address": address}
    if known is not None and known.complained_at is not None:
        return _("%(address)s called our mail spam") % {"address": address}
    return ""


def is_nobodys(address: str) -> bool:
    """Whether an address says by itself that no person reads there."""
    local, at, domain = address.lower().rpartition("@")
    if not at or not local or "." not in domain or domain.endswith(".invalid"):
        return True
    if local in NOBODYS or local.endswith(NOBODYS_ENDS):
        return True
    return local.startswith(NOBODYS_BEGINNINGS)


def is_ours(address: str) -> bool:
    """Whether what we write there comes back to us, or to one of us."""
    bare = mailbox_of(address)
    domain = bare.rpartition("@")[2]
    if Agent.objects.filter(email__iexact=bare).exists():
        return True
    for inbox in Inbox.objects.filter(kind="email").only("address", "settings"):
        names = [inbox.address, *map(str, inbox.settings.get("aliases", ()))]
        if bare in map(mailbox_of, names) or domain == inbox.settings.get("reply_domain"):
            return True
    return False


def why_too_much(inbox: Inbox, address: str, about: str, now: datetime) -> str:
    """Which budget is used up; empty where none is. The caller holds the inbox's valve."""
    written = AutomaticMail.objects.filter(state=AutomaticMail.State.QUEUED)
    pair = written.filter(inbox=inbox, mailbox=mailbox_of(address))
    if _is_spent(pair, TO_ONE_AN_HOUR, now):
        return _("We wrote there by machine within the last hour")
    if _is_spent(pair, TO_ONE_A_DAY, now):
        return _("We wrote there by machine %(n)s times within a day") % {"n": TO_ONE_A_DAY.most}
    if _is_spent(written.filter(about=about), ABOUT_ONE_A_DAY, now):
        return _("Of this we wrote by machine %(n)s times within a day") % {
            "n": ABOUT_ONE_A_DAY.most
        }
    domain = _house_of(address)
    of_house = Q(mailbox__endswith=f"@{domain}") | Q(mailbox__endswith=f".{domain}")
    share = Limit(max(1, most_an_hour(inbox) // SHARE), HOUR)
    if _is_spent(written.filter(of_house, inbox=inbox), share, now):
        return _("We wrote to %(domain)s by machine %(n)s times within the last hour") % {
            "domain": domain,
            "n": share.most,
        }
    return ""


def most_an_hour(inbox: Inbox) -> int:
    """How much an inbox may write by one rule within an hour."""
    return int(inbox.settings.get("automatic_an_hour", OF_AN_INBOX.most))


def _house_of(address: str) -> str:
    """Whose domain an address is of: whoever has one, has as many below it as they want."""
    from makegood.channels.email.authentication import organisation  # reads the suffix list

    domain = mailbox_of(address).rpartition("@")[2]
    return organisation(domain) or domain


def is_storm(valve: Valve, rule: str, now: datetime) -> bool:
    """Whether an inbox has written so much by machine that something must be wrong."""
    since = max(filter(None, (now - OF_AN_INBOX.period, valve.opened_at)))
    written = AutomaticMail.objects.filter(inbox=valve.inbox, rule=rule, state="queued")
    return written.filter(at__gt=since).count() >= most_an_hour(valve.inbox)


def _is_spent(written: "QuerySet[AutomaticMail]", limit: Limit, now: datetime) -> bool:
    return written.filter(at__gt=now - limit.period)[: limit.most].count() >= limit.most
