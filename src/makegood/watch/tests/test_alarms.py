"""Alarms: raised once where something lasts, closed by themselves, without flapping."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from makegood.channels.actions import note_inbox_trouble
from makegood.channels.models import Inbox
from makegood.ledger.models import Event
from makegood.office.doctor import findings
from makegood.watch.alarms import Cause, Shows, Sighting, keep_alarms
from makegood.watch.looking import sightings
from makegood.watch.marks import is_full, is_refused_login
from makegood.watch.models import Alarm, Watched
from makegood.watch.probing import watched
from makegood.watch.queries import open_alarms

NOW = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
MINUTE = timedelta(minutes=1)


def see(inbox: Inbox, shows: Shows, at: timedelta, cause: str = Cause.NETWORK) -> int:
    return keep_alarms([Sighting(cause=cause, inbox=inbox, shows=shows, said="BYE")], NOW + at)


def told() -> list[str]:
    kinds = Event.objects.filter(kind__startswith="alarm.").order_by("pk")
    return [kind.removeprefix("alarm.") for kind in kinds.values_list("kind", flat=True)]


def test_what_lasts_is_raised_once_and_closed_once(mailbox: Inbox) -> None:
    for minute in range(30):
        see(mailbox, Shows.WRONG, minute * MINUTE)
    assert told() == ["raised"]
    for minute in range(30, 60):
        see(mailbox, Shows.WELL, minute * MINUTE)
    assert told() == ["raised", "closed"]
    assert Alarm.objects.count() == 1


def test_what_does_not_last_is_never_said(mailbox: Inbox) -> None:
    for minute in range(0, 60, 2):
        see(mailbox, Shows.WRONG, minute * MINUTE)
        see(mailbox, Shows.WELL, (minute + 1) * MINUTE)
    assert told() == []
    assert not Alarm.objects.exists()


def test_what_comes_and_goes_does_not_flap(mailbox: Inbox) -> None:
    for minute in range(12):
        see(mailbox, Shows.WRONG, minute * MINUTE)
    for minute in range(12, 60, 2):
        see(mailbox, Shows.WELL, minute * MINUTE)
        see(mailbox, Shows.WRONG, (minute + 1) * MINUTE)
    assert told() == ["raised"]


def test_what_is_neither_wrong_nor_well_changes_nothing(mailbox: Inbox) -> None:
    see(mailbox, Shows.WRONG, 0 * MINUTE, Cause.FULL)
    see(mailbox, Shows.NEITHER, 60 * MINUTE, Cause.FULL)
    assert told() == ["raised"]


def test_an_alarm_of_a_paused_inbox_closes(mailbox: Inbox) -> None:
    see(mailbox, Shows.WRONG, 0 * MINUTE, Cause.FULL)
    keep_alarms([], NOW + MINUTE)
    assert told() == ["raised", "closed"]


def test_where_all_is_well_nothing_is_written(
    mailbox: Inbox, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        see(mailbox, Shows.WELL, 0 * MINUTE)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("IMAP mx: [AUTHENTICATIONFAILED] Invalid credentials (Failure)", Cause.LOGIN),
        ("SMTP mx: 535 5.7.8 Username and Password not accepted", Cause.LOGIN),
        ("IMAP mx: AUTHENTICATE failed. Token expired", Cause.LOGIN),
        ("IMAP mx: [OVERQUOTA] Quota exceeded", Cause.FULL),
        ("IMAP mx: [Errno 111] Connection refused", Cause.NETWORK),
        ("IMAP mx: The server did not answer in time.", Cause.NETWORK),
    ],
)
def test_a_servers_words_are_told_apart(mailbox: Inbox, words: str, cause: str) -> None:
    note_inbox_trouble(mailbox, words)
    wrong = [one.cause for one in sightings(NOW) if one.shows == Shows.WRONG and one.inbox]
    assert wrong == [cause]
    assert is_refused_login(words) == (cause == Cause.LOGIN)
    assert is_full(words) == (cause == Cause.FULL)


@pytest.mark.parametrize(
    ("used", "shows"), [(50, Shows.WELL), (92, Shows.NEITHER), (95, Shows.WRONG)]
)
def test_a_mailbox_is_full_from_95_and_roomy_below_90_per_cent(
    mailbox: Inbox, used: int, shows: Shows
) -> None:
    row = watched(mailbox)
    Watched.objects.filter(pk=row.pk).update(mailbox={"quota": {"used": used, "limit": 100}})
    assert of(Cause.FULL).shows == shows


@pytest.mark.parametrize(
    ("days", "shows"), [(30, Shows.WELL), (17, Shows.NEITHER), (13, Shows.WRONG)]
)
def test_a_certificate_that_ends_is_told_two_weeks_before(
    mailbox: Inbox, days: int, shows: Shows
) -> None:
    ends = (NOW + timedelta(days=days, hours=1)).isoformat()
    one = {"kind": "imap", "host": "mx", "port": 993, "ends_at": ends}
    Watched.objects.filter(pk=watched(mailbox).pk).update(certificates=[one])
    assert of(Cause.CERTIFICATE).shows == shows


def test_mail_that_was_not_fetched_is_told(mailbox: Inbox) -> None:
    Watched.objects.filter(pk=watched(mailbox).pk).update(mailbox={"unfetched": 3})
    assert (of(Cause.FOLDER).shows, of(Cause.FOLDER).values) == (Shows.WRONG, {"n": 3})


def test_a_full_disk_and_a_broken_record_are_told(mailbox: Inbox, settings: LazySettings) -> None:
    settings.DISK_RESERVE_BYTES = 1 << 62
    record = {"name": "spf", "state": "broken", "why": "spf none"}
    Watched.objects.filter(pk=watched(mailbox).pk).update(records=[record])
    assert of(Cause.DISK).shows == Shows.WRONG
    assert of(Cause.RECORD).values == {"record": "SPF"}


def of(cause: str) -> Sighting:
    return next(one for one in sightings(NOW) if one.cause == cause)


@pytest.fixture
def raised(mailbox: Inbox) -> Alarm:
    return Alarm.objects.create(
        cause=Cause.PROBE, inbox=mailbox, key="x", first_seen_at=NOW, last_seen_at=NOW,
        raised_at=timezone.now(), values={"inbox": "Hello", "to": "hello@lantern.example"},
    )  # fmt: skip


SAYS = "Hello: a test message to hello@lantern.example did not come back"


def test_the_desk_tells_those_who_can_act_what_is_wrong(
    as_olga: Client, as_tomas: Client, as_nora: Client, raised: Alarm
) -> None:
    place = f"/office/inboxes/{raised.inbox_id}/health/"
    assert SAYS in (page := as_olga.get("/inbox/waiting/").text)
    assert place in page
    assert SAYS in (page := as_tomas.get("/inbox/waiting/").text)
    assert place not in page, "a lead cannot open the office"
    assert SAYS not in (page := as_nora.get("/inbox/waiting/").text)
    assert "Mail may come or leave late" in page


def test_agents_hear_only_of_what_they_may_notice(as_nora: Client, raised: Alarm) -> None:
    Alarm.objects.update(cause=Cause.CERTIFICATE)
    assert "Mail may come or leave late" not in as_nora.get("/inbox/waiting/").text


def test_a_calm_desk_says_nothing(as_olga: Client, mailbox: Inbox) -> None:
    assert "Mail may come or leave late" not in as_olga.get("/inbox/waiting/").text


def test_the_doctor_and_the_pages_tell_the_same(as_olga: Client, raised: Alarm) -> None:
    assert [one.says for one in open_alarms()] == [SAYS]
    assert any(SAYS in found.says and found.do for found in findings())
    for place in ("/office/health/", f"/office/inboxes/{raised.inbox_id}/health/"):
        assert SAYS in as_olga.get(place).text


def test_an_owner_asks_for_a_test_a_look_and_a_range(as_olga: Client, mailbox: Inbox) -> None:
    place = f"/office/inboxes/{mailbox.pk}/health/"
    assert "Not tested yet" in as_olga.get(place).text
    for act in ("test", "look"):
        assert as_olga.post(f"{place}{act}/")["Location"] == place
    row = Watched.objects.get()
    assert row.asked_at is not None
    assert row.next_look_at <= timezone.now()
    Inbox.objects.update(settings={**mailbox.settings, "imap": {"host": "mx"}})
    as_olga.post(f"{place}reading/", {"first": "9", "last": "5000000"})
    row.refresh_from_db()
    assert row.read_again == {"first": 9, "last": 2008}, "not everything at once"
    as_olga.post(f"{place}probes/", {"is_on": "no"})
    row.refresh_from_db()
    assert row.sends_probes is False
    assert "Test every day" in as_olga.get(place).text


def test_a_range_that_makes_no_sense_is_refused(as_olga: Client, mailbox: Inbox) -> None:
    place = f"/office/inboxes/{mailbox.pk}/health/reading/"
    answer = as_olga.post(place, {"first": "x", "last": "2"}, follow=True)
    assert "Give the first and the last number" in answer.text
    assert not Watched.objects.exists()
