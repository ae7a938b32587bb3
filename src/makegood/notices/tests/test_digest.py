"""Mail of what nobody has seen: once, only to who wants it and is not there, with a way out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.channels.email.composing import compose
from makegood.channels.models import Delivery
from makegood.channels.outgoing import from_json
from makegood.conversations.actions import add_note
from makegood.conversations.models import Conversation
from makegood.ledger.followers import catch_up
from makegood.notices.actions import forget_old_notices, read_notices_of
from makegood.notices.digest import end_path, send_due_digests
from makegood.notices.models import Notice, Wishes
from makegood.notices.wishes import Wanted, change_wishes
from makegood.presence.actions import Spot, beat
from makegood.team.models import Agent

WAYS = {"mention": ["page", "mail"]}
NOON = datetime.fromisoformat("2026-03-02T12:00:00+01:00")


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def wants(agent: Agent, digest: str = "hourly", **more: Any) -> None:
    change_wishes(Wanted(ways=WAYS, digest=digest, **more), by=agent)


def mention(lamp: Conversation, by: Agent, words: str = "@Nora, it is lost.") -> None:
    add_note(lamp, words, by=by)
    catch_up("notices")


def mails(agent: Agent) -> list[dict[str, Any]]:
    sent = Delivery.objects.filter(about=agent.ref).order_by("pk")
    return [one.outgoing for one in sent]


def test_what_is_unseen_for_a_while_is_mailed_once(
    lamp: Conversation, nora: Agent, tomas: Agent, noon: Any
) -> None:
    wants(nora)
    mention(lamp, tomas)
    assert send_due_digests() == 0, "it may still be read by itself"
    noon.shift(timedelta(minutes=11))
    assert send_due_digests() == 1
    noon.shift(timedelta(hours=3))
    assert send_due_digests() == 0
    (mail,) = mails(nora)
    assert mail["subject"] == "1 conversation concerns you"
    assert f"/conversations/{lamp.pk}/" in mail["text"]
    assert "lost" not in mail["text"]
    assert "Ida" not in mail["text"]


def test_no_more_than_one_an_hour_and_words_where_they_are_wanted(
    lamp: Conversation, nora: Agent, tomas: Agent, noon: Any
) -> None:
    wants(nora, shows_words=True)
    for minutes in (11, 20, 45):
        mention(lamp, tomas)
        noon.shift(timedelta(minutes=minutes))
        send_due_digests()
    first, second = mails(nora)
    assert "Tomas mentioned you: @Nora, it is lost." in first["text"]
    assert second["text"].count("mentioned you") == 2


def test_a_daily_one_comes_in_the_morning(
    lamp: Conversation, nora: Agent, tomas: Agent, noon: Any
) -> None:
    wants(nora, digest="daily")
    Wishes.objects.update(digest_at=timezone.now())
    mention(lamp, tomas)
    noon.move_to(NOON + timedelta(hours=18))
    assert send_due_digests() == 0
    noon.move_to(NOON + timedelta(hours=20, minutes=5))
    assert send_due_digests() == 1


def test_who_is_there_has_read_it_wants_quiet_or_none_gets_no_mail(
    lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent, noon: Any
) -> None:
    wants(nora, digest="never")
    mention(lamp, tomas, "@Nora and @Olga")
    noon.shift(timedelta(minutes=11))
    assert send_due_digests() == 0
    clock = timezone.localtime()
    wants(nora, quiet=((clock - timedelta(hours=1)).time(), (clock + timedelta(hours=1)).time()))
    assert send_due_digests() == 0
    wants(nora)
    beat("p", Spot(), by=nora)
    assert send_due_digests() == 0
    noon.shift(timedelta(minutes=2))
    read_notices_of(lamp, by=nora)
    assert send_due_digests() == 0
    assert mails(nora) == mails(olga) == []


def test_one_press_ends_it_and_a_look_does_not(
    lamp: Conversation, nora: Agent, tomas: Agent, noon: Any
) -> None:
    wants(nora)
    mention(lamp, tomas)
    noon.shift(timedelta(minutes=11))
    send_due_digests()
    (mail,) = mails(nora)
    written = compose(from_json(mail), lambda _hash: b"").decode()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in written
    link = end_path(nora)
    assert link in mail["text"]
    assert link in written.replace("\r\n ", "")
    program = Client(enforce_csrf_checks=True)
    assert program.get(link).status_code == 200
    assert Wishes.objects.get(agent=nora).digest == "hourly"
    assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Wishes.objects.get(agent=nora).digest == "never"
    assert program.post(link.replace(f"/{nora.pk}/", f"/{tomas.pk}/")).status_code == 404


def test_what_is_a_quarter_old_is_forgotten(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    mention(lamp, tomas)
    assert forget_old_notices(timezone.now()) == 0
    assert forget_old_notices(timezone.now() + timedelta(days=91))
    assert not Notice.objects.exists()
