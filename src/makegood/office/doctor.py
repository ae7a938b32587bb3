"""What is wrong with this install, and what to do about it, in words."""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.automatic.queries import stopped_inboxes
from makegood.channels.queries import all_inboxes, first_mailbox
from makegood.channels.troubles import troubled_inboxes
from makegood.kit.secrets import SecretDamaged
from makegood.ledger.queries import newest_event_at
from makegood.office.condition import condition
from makegood.office.database_safety import mode_of, unsafe_settings
from makegood.office.queries import owners_without_second_step
from makegood.team.queries import active_agents, has_agents
from makegood.watch.models import Alarm
from makegood.watch.queries import open_alarms

ADVICE = {
    "database": gettext_lazy("Look at the log of the server; if the disk is full, make room."),
    "disk": gettext_lazy(
        "Make room: below the reserve, mail is refused for now and stays with its sender."
    ),
    "intake": gettext_lazy("Is the worker running? See the log; what waits is kept."),
    "sending": gettext_lazy(
        "Is the worker running? See Office → Deliveries and the inbox's own words."
    ),
    "followers": gettext_lazy("Is the worker running? See the log for the follower's trouble."),
    "signals": gettext_lazy("What shops tell us is not read: see that the worker runs."),
    "fetching": gettext_lazy("See Office → Inboxes for what the mail server said."),
}

TOLD_ELSEWHERE = (Alarm.Cause.LOGIN, Alarm.Cause.NETWORK, Alarm.Cause.OUTBOX, Alarm.Cause.DISK)
"""The inbox's own words and the condition of the install say these already."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that the doctor looked at."""

    about: str
    says: str
    do: str = ""
    is_wrong: bool = True


def findings() -> Sequence[Finding]:
    """What is wrong with how the install is set up, or worth knowing."""
    return [found for look in LOOKS for found in look()]


def _database() -> Iterator[Finding]:
    do = _("Start Makegood by bin/serve, which brings its own SQLite; see docs/operating.md.")
    for words in unsafe_settings():
        yield Finding(about="database", says=words, do=do)


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(
            about="migrations",
            says=_("The database is older than the program."),
            do=_("Run bin/serve, or bin/makegood migrate."),
        )


def _files() -> Iterator[Finding]:
    for path, most in (
        (Path(settings.ROOT_KEY_PATH), 0o600),
        (Path(settings.DATA), 0o700),
        (Path(settings.FILES_ROOT), 0o700),
    ):
        if path.exists() and mode_of(path) & ~most:
            yield Finding(
                about="files",
                says=_("Others on this machine can read %(path)s.") % {"path": path},
                do=f"chmod {most:o} {path}",
            )


def _secrets() -> Iterator[Finding]:
    for inbox in all_inboxes():
        try:
            inbox.secrets()
        except SecretDamaged:
            yield Finding(
                about="root key",
                says=_("The root key does not open the password of %(inbox)s.")
                % {"inbox": inbox.name},
                do=_("Put back the root key that belongs to this data, or type the password anew."),
            )


def _address() -> Iterator[Finding]:
    url = urlsplit(settings.URL)
    if first_mailbox() is None and len(active_agents()) < 2:
        return  # somebody tries it at home
    if _is_here(url.hostname or ""):
        yield Finding(
            about="address",
            says=_("Links in mails lead to %(url)s, which only this machine can open.")
            % {"url": settings.URL},
            do=_("Set MAKEGOOD_URL to the address that people use."),
        )
    elif url.scheme != "https":
        yield Finding(
            about="address",
            says=_("Passwords travel in the clear to %(url)s.") % {"url": settings.URL},
            do=_("Put a proxy with TLS before it and set MAKEGOOD_URL to https://…"),
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _clock() -> Iterator[Finding]:
    newest = newest_event_at()
    if newest is not None and newest > timezone.now() + timedelta(minutes=2):
        yield Finding(
            about="clock",
            says=_("The clock went back: the ledger holds something from the future."),
            do=_("Set the clock, and let it follow a time server (timedatectl set-ntp true)."),
        )


def _inboxes() -> Iterator[Finding]:
    for inbox in troubled_inboxes():
        yield Finding(
            about="inbox",
            says=f"{inbox.name}: {inbox.trouble}",
            do=_("Office → Inboxes → %(inbox)s → Servers.") % {"inbox": inbox.name},
        )
    ours = {agent.email.partition("@")[2] for agent in active_agents()}
    for inbox in all_inboxes():
        domain = str(inbox.settings.get("reply_domain") or "")
        if domain and domain in ours:
            yield Finding(
                about="inbox",
                says=_("The reply domain %(domain)s is also where agents have their mail.")
                % {"domain": domain},
                do=_("Use a domain for replies where nobody has a mailbox."),
            )


def _alarms() -> Iterator[Finding]:
    """What the watch has raised and no other look here tells of."""
    for alarm in open_alarms():
        if alarm.cause not in TOLD_ELSEWHERE:
            says = f"{alarm.says}. {alarm.said}".strip()
            yield Finding(about="alarm", says=says, do=alarm.do)


def _machines() -> Iterator[Finding]:
    for valve in stopped_inboxes():
        yield Finding(
            about="automatic mail",
            says=_("%(inbox)s writes nothing by itself any more: %(reason)s")
            % {"inbox": valve.inbox.name, "reason": valve.closed_because},
            do=_("Office → Inboxes → %(inbox)s: look at the reason, then let it write again.")
            % {"inbox": valve.inbox.name},
        )


def _people() -> Iterator[Finding]:
    if not has_agents():
        says, do = _("Nobody can sign in yet."), "bin/makegood owner --email … --name …"
        yield Finding(about="people", says=says, do=do, is_wrong=False)
    for owner in owners_without_second_step():
        yield Finding(
            about="people",
            says=_("%(name)s is an owner and signs in by a password alone.") % {"name": owner.name},
            do=_("Their page → Signing in: switch on codes or add a passkey."),
            is_wrong=False,
        )


def _translations() -> Iterator[Finding]:
    for po in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            yield Finding(
                about="translations",
                says=_("The translation %(path)s is not compiled.") % {"path": po.parts[-3]},
                do="bin/serve",
            )


def symptoms() -> Sequence[Finding]:
    """What does not go as it should just now."""
    return [
        Finding(about=check.name, says=check.says, do=str(ADVICE[check.name]))
        for check in condition()
        if not check.is_ok
    ]


LOOKS: Sequence[Callable[[], Iterator[Finding]]] = (
    _database, _migrations, _files, _secrets, _address, _clock, _inboxes, _alarms, _machines,
    _people,
    _translations,
    )  # fmt: skip
