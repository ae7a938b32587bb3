"""Notices on their way to browsers: rows until they leave, one try at a time, then gone.

A notice waits a moment before it leaves, and does not leave at all where it was read
meanwhile, the agent sits before the desk, lost sight of the conversation, or wants quiet.
"""

import hashlib
import json
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from makegood.channels.queries import may_see
from makegood.kit.egress import Unreachable
from makegood.kit.ids import digest
from makegood.kit.secrets import SecretDamaged, seal, unseal
from makegood.kit.text import plain_name
from makegood.kit.webpush import Subscription, push
from makegood.notices.kinds import LOOKS
from makegood.notices.models import Browser, Notice, Push, Wishes
from makegood.notices.queries import in_full, told
from makegood.notices.wishes import is_quiet, wishes_of
from makegood.presence.queries import is_here
from makegood.team.models import Agent

log = logging.getLogger(__name__)

A_MOMENT = timedelta(seconds=8)
"""Who is just reading it need not be told elsewhere."""
LEASE = timedelta(minutes=1)
PAUSES = [timedelta(seconds=s) for s in (30, 120, 600, 1800)]
RESTS = [timedelta(seconds=s) for s in (30, 120, 600, 1800, 7200)]
"""For so long a browser is left alone after it failed so often in a row."""
PATIENCE = 8
"""Failures in a row after which a browser is put aside, until its agent agrees anew."""
MOST_BROWSERS = 10
GONE = (404, 410)
PURPOSE = "push subscription"


def keep_browser(subscription: Subscription, name: str, *, by: Agent) -> Browser:
    """An agent agrees to be told in a browser. The same browser is one, whoever sits there."""
    subscription.check()
    place = digest(subscription.endpoint)
    now = timezone.now()
    told = json.dumps([subscription.endpoint, subscription.p256dh, subscription.auth])
    values = {
        "agent": by,
        "name": plain_name(name, 60) or _("A browser"),
        "sealed": seal(PURPOSE, place, told),
        "made_at": now,
        "failures": 0,
        "rests_until": None,
        "aside_at": None,
    }
    with transaction.atomic():
        browser, _made = Browser.objects.update_or_create(place_hash=place, defaults=values)
        older = Browser.objects.filter(agent=by).order_by("-made_at", "-pk")
        surplus = list(older.values_list("pk", flat=True)[MOST_BROWSERS:])
        Browser.objects.filter(pk__in=surplus).delete()
    return browser


def drop_browser(browser: Browser, *, by: Agent) -> None:
    """The agent does not want to be told in that browser any more."""
    Browser.objects.filter(pk=browser.pk, agent=by).delete()


def drop_place(endpoint: str, *, by: Agent) -> None:
    """The same, as the browser itself knows it."""
    Browser.objects.filter(place_hash=digest(endpoint), agent=by).delete()


def queue_push(notice: Notice, now: datetime) -> None:
    """Put a notice on its way to every browser of its agent, in the transaction that made it."""
    browsers = Browser.objects.filter(agent=notice.agent_id, aside_at=None)
    rows = [Push(browser=one, notice=notice, send_after=now + A_MOMENT) for one in browsers]
    Push.objects.bulk_create(rows, ignore_conflicts=True)


def push_next() -> int:
    """Send the notice that is due first, or find that nobody needs it; how many were tried."""
    now = timezone.now()
    is_due = _due(now).exists()  # without a writer's lock
    row = _lease(now) if is_due else None
    if row is None:
        return 0
    if not _is_wanted(row.notice, now):
        row.delete()
        return 1
    try:
        status = _send(row, now)
    except (Unreachable, SecretDamaged, ValueError, OSError) as trouble:
        log.info("A push did not get through.", extra={"push": row.pk, "why": str(trouble)})
        status = 0
    _settle(row, status, now)
    return 1


def _due(now: datetime) -> QuerySet[Push]:
    """What may leave now: to no browser that rests, and to each one after the other."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    awake = Q(browser__rests_until=None) | Q(browser__rests_until__lte=now)
    busy = Push.objects.filter(browser=OuterRef("browser"), leased_until__gte=now)
    return Push.objects.filter(free, awake, ~Exists(busy), send_after__lte=now)


@transaction.atomic
def _lease(now: datetime) -> Push | None:
    due = _due(now).select_for_update(skip_locked=True, of=("self",))
    rows = due.select_related("browser", "notice__agent", "notice__conversation")
    row = rows.order_by("send_after", "pk").first()
    if row is not None:
        row.leased_until, row.fence, row.attempts = now + LEASE, row.fence + 1, row.attempts + 1
        row.save(update_fields=["leased_until", "fence", "attempts"])
    return row


def _is_wanted(notice: Notice, now: datetime) -> bool:
    agent = notice.agent
    if notice.read_at or not agent.is_active or is_here(agent, now):
        return False
    one = notice.conversation
    sees = one is None or may_see(agent, one.inbox_id)
    return sees and not is_quiet(wishes_of(agent), now)


def _send(row: Push, now: datetime) -> int:
    """The answer of the push service. Raises `Unreachable`."""
    browser = row.browser
    endpoint, p256dh, auth = json.loads(
        unseal(PURPOSE, browser.place_hash, browser.sealed).reveal()
    )
    to = Subscription(endpoint=endpoint, p256dh=p256dh, auth=auth)
    content = json.dumps(message_of(row.notice, wishes_of(row.notice.agent))).encode()
    topic = hashlib.sha256(f"{row.notice.conversation_id}".encode()).hexdigest()[:32]
    owner = settings.URL if settings.IS_HTTPS else "mailto:postmaster@localhost"
    return push(content, to, owner=owner, topic=topic, now=now.timestamp()).status


def message_of(notice: Notice, wishes: Wishes) -> dict[str, str]:
    """What the browser shows: the reason alone, or names and words where the agent wants them."""
    (full,) = told(in_full(Notice.objects.filter(pk=notice.pk)))
    with translation.override(notice.agent.language or settings.LANGUAGE_CODE):
        if notice.conversation_id is None:
            said = {"title": str(LOOKS[notice.kind].words), "body": ""}
            return {**said, "url": reverse("desk:orders-late"), "tag": "orders"}
        number = f"#{notice.conversation_id}"
        (full,) = told([full.notice])
        shown = {"title": str(notice.get_kind_display()), "body": number}
        if wishes.shows_words:
            there = full.notice.conversation
            customer = there.customer.name if there else ""
            words = [f"{customer} {number}".strip(), full.said[:140]]
            shown = {"title": full.words, "body": "\n".join(filter(None, words))}
    path = reverse("desk:conversation", args=[notice.conversation_id])
    return {**shown, "url": path, "tag": f"conversation-{notice.conversation_id}"}


def _settle(row: Push, status: int, now: datetime) -> None:
    """What left is gone; a browser that is no more is forgotten; the rest is tried again."""
    held = Push.objects.filter(pk=row.pk, fence=row.fence)
    if 200 <= status < 300:
        held.delete()
        worked = {"worked_at": now, "failures": 0, "rests_until": None}
        Browser.objects.filter(pk=row.browser_id).update(**worked)
    elif status in GONE:
        Browser.objects.filter(pk=row.browser_id).delete()
    elif _let_rest(row.browser_id, status, now):
        log.warning("A browser is put aside.", extra={"browser": row.browser_id})
    elif row.attempts > len(PAUSES) or (400 <= status < 500 and status != 429):
        log.warning("A push was given up.", extra={"push": row.pk, "status": status})
        held.delete()
    else:
        held.update(send_after=now + PAUSES[row.attempts - 1], leased_until=None)


@transaction.atomic
def _let_rest(pk: int, status: int, now: datetime) -> bool:
    """A browser whose service hangs, fails or is busy is left alone, for longer each time.

    Whether it failed so often that it is put aside: then nothing waits for it any more.
    """
    if 400 <= status < 500 and status != 429:
        return False
    browser = Browser.objects.select_for_update().filter(pk=pk).first()
    if browser is None:
        return False
    browser.failures += 1
    browser.rests_until = now + RESTS[min(browser.failures, len(RESTS)) - 1]
    if browser.failures >= PATIENCE:
        browser.aside_at = now
        Push.objects.filter(browser=browser).delete()
    browser.save(update_fields=["failures", "rests_until", "aside_at"])
    return browser.aside_at is not None
