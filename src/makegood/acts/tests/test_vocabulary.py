from datetime import UTC, timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from makegood.acts import vocabulary
from makegood.acts.act import Act, Run
from makegood.acts.portraits import portraits
from makegood.acts.rests import rest_of, rest_times
from makegood.acts.vocabulary import (
    ACTS,
    acts_for_macros,
    acts_for_many,
    offer,
    read_act,
    told,
    write_act,
)
from makegood.calendars.actions import Wish as HoursWish
from makegood.calendars.actions import save_calendar
from makegood.calendars.reading import read_shifts
from makegood.conversations.actions import set_priority, tag_conversation
from makegood.conversations.models import Conversation
from makegood.kit.errors import Refused
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

TAKEN = {
    "assign": "me",
    "tag": "late, -old",
    "priority": "urgent",
    "mood": "angry",
    "snooze": "2d",
    "promise": "tomorrow noon: We look into it",
}
UNDONE = [act.name for act in acts_for_many()]


@pytest.fixture
def loom(form: Any, nora: Agent) -> Conversation:
    """A second matter, with a tag and a priority of its own; the first one's to join."""
    loom = conversation_of(write_form(form, "Where is my loom?", subject="My loom"))
    tag_conversation(loom, ["old"], by=nora)
    set_priority(loom, Conversation.Priority.HIGH, by=nora)
    return loom


def fresh(conversation: Conversation) -> Conversation:
    found = Conversation.objects.select_related("inbox", "team", "customer")
    return found.get(pk=conversation.pk)


@pytest.mark.parametrize("name", UNDONE)
def test_what_can_be_done_to_many_can_be_undone(
    name: str, lamp: Conversation, loom: Conversation, nora: Agent
) -> None:
    words = str(lamp.pk) if name in ("join", "link") else TAKEN.get(name, "")
    act, kept = ACTS[name], read_act(name, words)["with"]
    before = portraits([loom.pk], nora, act.touches)[loom.pk]
    act.do(kept, Run(conversation=fresh(loom), by=nora))
    after = portraits([loom.pk], nora, act.touches)[loom.pk]
    assert after != before or act.is_so(kept, before, nora)
    assert act.back is not None
    act.back(kept, Run(conversation=fresh(loom), by=nora), act.touched(kept, before))
    assert portraits([loom.pk], nora, act.touches)[loom.pk] == before


@pytest.mark.parametrize("name", UNDONE)
def test_what_is_done_is_so_afterwards(
    name: str, lamp: Conversation, loom: Conversation, nora: Agent
) -> None:
    words = str(lamp.pk) if name in ("join", "link") else TAKEN.get(name, "")
    words = "2031-01-01T09:00:00+00:00" if name == "snooze" else words
    act, kept = ACTS[name], read_act(name, words)["with"]
    act.do(kept, Run(conversation=fresh(loom), by=nora))
    assert act.is_so(kept, portraits([loom.pk], nora, act.touches)[loom.pk], nora)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("assign", "nora@lantern.example", "agent"),
        ("assign", "Front", "team"),
        ("team", "Front", "team"),
        ("tag", "#Late; VIP", "late, vip"),
        ("tag", "late, - Old", "late, -old"),
        ("untag", "old", "-old"),
        ("tag", "late, -late", "-late"),
        ("priority", "Urgent", "urgent"),
        ("snooze", "3 H", "3h"),
        ("snooze", "2031-01-01T09:00:00+01:00", "2031-01-01T09:00:00+01:00"),
        ("snooze", "Tomorrow", "tomorrow"),
        ("snooze", "customer", "customer"),
        ("snooze", "#12", "conversation:12"),
        ("open", "", ""),
        ("promise", "in 2 h", "in 2 h"),
        ("promise", " morgen Mittag:  Wir melden uns ", "morgen Mittag: Wir melden uns"),
        ("promise", "done 2 working days: We repair it", "done 2 working days: We repair it"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(
    name: str, typed: str, kept: str, nora: Agent, front: Any
) -> None:
    expected = {"agent": nora.ref, "team": front.ref}.get(kept, kept)
    act = read_act(name, typed)
    assert act["with"] == expected
    assert read_act(act["do"], write_act(act)) == act


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("fly", "", "no act"),
        ("assign", "nobody@here.example", "There is no agent"),
        ("assign", "team:99999", "There is no agent"),
        ("tag", " , -", "Name a tag"),
        ("priority", "burning", "urgent"),
        ("snooze", "soon", "Say until when"),
        ("snooze", "2031-02-30T09:00:00Z", "Say until when"),
        ("snooze", "2031-01-01T09:00", "Say until when"),
        ("join", "twelve", "no number"),
        ("promise", "soon: We look into it", "Say by when first"),
        ("promise", "done 2 h", "Say what will be done"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    name: str, typed: str, words: str, front: Any
) -> None:
    with pytest.raises(Refused, match=words):
        read_act(name, typed)


def test_an_act_is_told_by_names(nora: Agent, front: Any) -> None:
    assert told({"do": "assign", "with": nora.ref}) == "Nora"
    assert told({"do": "assign", "with": front.ref}) == "Front"
    assert "not here any more" in told({"do": "assign", "with": "team:99999"})


def test_what_speaks_to_the_customer_is_never_done_to_many() -> None:
    assert not {"reply", "note"} & {act.name for act in acts_for_many()}
    assert {"reply", "note"} <= {act.name for act in acts_for_macros()}


@pytest.fixture
def wave(monkeypatch: pytest.MonkeyPatch) -> Act:
    monkeypatch.setattr(vocabulary, "_KNOWN", known := dict(ACTS))
    monkeypatch.setattr(vocabulary, "ACTS", known)
    act = Act(
        name="wave",
        label="Wave",
        icon="hand",
        say=lambda _kept, _run: "",
        do=lambda _kept, _run: None,
    )
    offer(act)
    return act


def test_another_app_adds_an_act_once(wave: Act) -> None:
    offer(wave)
    assert wave in acts_for_macros()
    assert wave not in acts_for_many()
    with pytest.raises(ValueError, match="Two acts are called resolve"):
        offer(Act(**{**wave.__dict__, "name": "resolve"}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"do": "resolve"}, {"do": "resolve", "with": ""}),
        ({"do": "assign", "to": "team:3"}, {"do": "assign", "with": "team:3"}),
        ({"do": "tag", "add": ["late", "-x"], "remove": ["old"]},
         {"do": "tag", "with": "late, +-x, -old"}),
        ({"do": "snooze", "until": "2031-01-01T09:00:00+00:00"},
         {"do": "snooze", "with": "2031-01-01T09:00:00+00:00"}),
        ({"do": "join", "into": 12}, {"do": "join", "with": "12"}),
        ({"do": "read", "with": ""}, {"do": "read", "with": ""}),
    ],
)  # fmt: skip
def test_acts_on_many_that_were_kept_otherwise_are_carried_over(
    before: dict[str, Any], after: dict[str, Any], db: None
) -> None:
    carried = import_module("makegood.bulk.migrations.0002_one_vocabulary_of_acts")
    assert carried.as_one_string(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"do": "untag", "with": "new"}, {"do": "tag", "with": "-new"}),
        ({"do": "tag", "with": "-x"}, {"do": "tag", "with": "+-x"}),
        ({"do": "team", "with": "team:3"}, {"do": "assign", "with": "team:3"}),
        ({"do": "open", "with": ""}, {"do": "reopen", "with": ""}),
        ({"do": "reply", "with": "-1"}, {"do": "reply", "with": "-1"}),
    ],
)
def test_acts_of_macros_that_were_called_otherwise_are_carried_over(
    before: dict[str, str], after: dict[str, str]
) -> None:
    carried = import_module("makegood.macros.migrations.0002_one_vocabulary_of_acts")
    assert carried.as_named_today(before) == after


@pytest.mark.parametrize("night", ["2026-03-29T00:30:00+00:00", "2026-10-25T00:30:00+00:00"])
def test_hours_pass_as_they_pass_on_the_night_of_another_clock(nora: Any, night: str) -> None:
    """Berlin: in March two o'clock does not come, in October it comes twice."""
    nora.time_zone = "Europe/Berlin"
    with time_machine.travel(night, tick=False):
        now = timezone.now()
        for hours in (1, 2, 3):
            until = rest_of(f"{hours}h", nora).until
            assert until
            assert until.astimezone(UTC) - now == timedelta(hours=hours)
        morning = rest_of("tomorrow", nora).until
        assert morning
        assert timezone.localtime(morning, nora.zone).hour == 9


def test_tomorrow_is_when_somebody_is_there_again(nora: Any, olga: Any, front: Any) -> None:
    """Friday noon in Berlin, and the team works from Tuesday to Friday, from half past eight."""
    week = [(), *[read_shifts("8:30-17")] * 4, (), ()]
    wish = HoursWish(name="Front", zone="Europe/Berlin", week=week, whose=[front.ref])
    save_calendar(None, wish, by=olga)
    nora.time_zone = "Europe/Berlin"
    with time_machine.travel("2026-03-06T11:00:00+00:00", tick=False):
        offered = {one.word: one.at for one in rest_times(timezone.now(), nora)}
        until = rest_of("tomorrow", nora).until
        for_nobody = rest_of("tomorrow").until
    assert until
    assert for_nobody
    assert until == offered["tomorrow"]
    assert timezone.localtime(until, nora.zone).isoformat() == "2026-03-10T08:30:00+01:00"
    assert for_nobody < until


def test_what_rests_rests_until_its_own_inbox_opens(
    lamp: Conversation, nora: Any, olga: Any, front: Any
) -> None:
    """The team begins at half past eight; for this inbox somebody is there from ten."""
    for name, begins, whose in (("Front", "8:30", front.ref), ("Form", "10", lamp.inbox.ref)):
        week = [read_shifts(f"{begins}-17")] * 7
        wish = HoursWish(name=name, zone="Europe/Berlin", week=week, whose=[whose])
        save_calendar(None, wish, by=olga)
    nora.time_zone = "Europe/Berlin"
    with time_machine.travel("2026-03-06T11:00:00+00:00", tick=False):
        offered = {one.word: one.at for one in rest_times(timezone.now(), nora, lamp)}
        rests = {"its own": rest_of("tomorrow", nora, lamp), "usual": rest_of("tomorrow", nora)}
        vocabulary.act_named("snooze").do("tomorrow", Run(conversation=lamp, by=nora))
    lamp.refresh_from_db()
    at = {name: f"{timezone.localtime(one.until, nora.zone):%H:%M}" for name, one in rests.items()}
    assert at == {"its own": "10:00", "usual": "08:30"}
    assert lamp.snoozed_until == rests["its own"].until == offered["tomorrow"]
