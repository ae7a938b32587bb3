"""A macro does all of its acts or none, each by the action that the desk calls."""

from typing import Any

import pytest

from makegood.channels.models import Delivery
from makegood.conversations.actions import tag_conversation
from makegood.conversations.drafting import save_draft
from makegood.conversations.guarding import Stopped
from makegood.conversations.models import Draft, Message, Note
from makegood.conversations.overlooking import SomethingNewer
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.macros.actions import MacroWish, save_macro
from makegood.macros.models import Macro
from makegood.macros.running import Consent, preview, run_macro
from makegood.team.models import Agent
from tests.world import write_form

REPLY = "Dear {customer.first_name|there}, it left today."


@pytest.fixture
def make(olga: Any) -> Any:
    def make(*acts: tuple[str, str], name: str = "Late lamp") -> Macro:
        return save_macro(None, MacroWish(name=name, acts=acts), by=olga)

    return make


def tags(lamp: Any) -> list[str]:
    return list(lamp.tags.values_list("name", flat=True))


def test_all_acts_are_done_as_one(make: Any, lamp: Any, nora: Any, front: Any) -> None:
    tag_conversation(lamp, ["new"], by=nora)
    macro = make(
        ("assign", "me"), ("tag", "late"), ("untag", "new"), ("note", "Called the carrier."),
        ("reply", REPLY), ("resolve", ""),
    )  # fmt: skip
    run_macro(macro, lamp, by=nora)
    lamp.refresh_from_db()
    assert (lamp.assignee, lamp.status, tags(lamp)) == (nora, "resolved", ["late"])
    assert Message.objects.get(direction="outgoing").text == "Dear Ida, it left today."
    assert Note.objects.get().text == "Called the carrier."
    macro.refresh_from_db()
    assert macro.used == 1


def test_the_answer_of_a_macro_is_formatted(make: Any, lamp: Any, nora: Any) -> None:
    lamp.customer.name = "*Ida*"
    lamp.customer.save()
    run_macro(make(("reply", "**Dear** {customer.first_name|there}")), lamp, by=nora)
    message = Message.objects.get(direction="outgoing")
    assert message.html == "<p><strong>Dear</strong> *Ida*</p>"
    assert Delivery.objects.get().outgoing["text"].startswith("Dear *Ida*")


def test_the_ledger_names_the_macro_before_what_it_did(make: Any, lamp: Any, nora: Any) -> None:
    last = Event.objects.order_by("-pk").first()
    run_macro(make(("tag", "late"), ("resolve", "")), lamp, by=nora)
    kinds = Event.objects.filter(pk__gt=last.pk if last else 0, subjects__ref=lamp.ref)
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        "macro.ran",
        "conversation.tagged",
        "conversation.resolved",
    ]
    assert kinds.order_by("pk")[0].facts["title"] == "Late lamp"


def test_where_one_act_is_refused_nothing_was_done(
    make: Any, lamp: Any, nora: Any, vera: Any
) -> None:
    macro = make(("tag", "late"), ("assign", vera.ref), ("resolve", ""))
    events = Event.objects.count()
    with pytest.raises(Refused, match="Nothing was done. Act 2, Assign: Vera may not see"):
        run_macro(macro, lamp, by=nora)
    lamp.refresh_from_db()
    assert (tags(lamp), lamp.status, Event.objects.count()) == ([], "open", events)
    assert Macro.objects.get().used == 0


def test_what_the_guard_stops_stops_all_of_it(make: Any, lamp: Any, nora: Any) -> None:
    macro = make(("tag", "late"), ("reply", "Your name is {customer.first_name}."))
    type(lamp.customer).objects.update(name="")
    with pytest.raises(Stopped):
        run_macro(macro, lamp, by=nora)
    assert tags(lamp) == []


def test_something_newer_is_read_first(make: Any, lamp: Any, form: Any, nora: Any) -> None:
    macro, seen = make(("reply", REPLY)), lamp.last_message
    Message.objects.create(
        conversation=lamp, inbox=form, direction="incoming", text="It came!", at=lamp.last_at
    )
    type(lamp).objects.filter(pk=lamp.pk).update(last_message=seen + 1)
    with pytest.raises(SomethingNewer):
        run_macro(macro, lamp, consent=Consent(seen=seen), by=nora)


@pytest.mark.parametrize(("act", "purpose"), [("reply", "reply"), ("note", "note")])
def test_what_is_being_typed_is_never_thrown_away(
    make: Any, lamp: Any, nora: Any, act: str, purpose: str
) -> None:
    save_draft(lamp, "Half a sentence", purpose=purpose, by=nora)
    with pytest.raises(Refused, match="begun to write"):
        run_macro(make((act, "Hello.")), lamp, by=nora)
    assert Draft.objects.get().text == "Half a sentence"


def test_pressed_twice_it_answers_once(make: Any, lamp: Any, nora: Any) -> None:
    macro = make(("note", "Once."), ("reply", REPLY))
    for _press in range(2):
        run_macro(macro, lamp, consent=Consent(client_key="k"), by=nora)
    assert (Message.objects.filter(direction="outgoing").count(), Note.objects.count()) == (1, 1)


def test_the_preview_says_what_it_will_do_and_does_nothing(make: Any, lamp: Any, nora: Any) -> None:
    tag_conversation(lamp, ["late"], by=nora)
    macro = make(("tag", "late"), ("tag", "carrier"), ("open", ""), ("reply", REPLY))
    events = Event.objects.count()
    steps = preview(macro, lamp, by=nora)
    assert [step.is_so_already for step in steps] == [True, False, True, False]
    assert steps[1].says == "Put on the tag carrier"
    assert steps[3].text == "Dear Ida, it left today."
    assert (Event.objects.count(), tags(lamp)) == (events, ["late"])


def test_the_preview_names_what_is_not_filled_in(make: Any, lamp: Any, nora: Any) -> None:
    lamp.customer.name = ""
    step = preview(make(("note", "{customer.name}")), lamp, by=nora)[0]
    assert step.blanks == ("{customer.name}",)


def test_an_agent_who_is_gone_is_said_in_the_preview_and_refused(
    make: Any, lamp: Any, nora: Any, tomas: Any
) -> None:
    macro = make(("assign", tomas.ref))
    Agent.objects.filter(pk=tomas.pk).update(is_active=False)
    with pytest.raises(Refused, match="Nothing was done"):
        run_macro(macro, lamp, by=nora)


def test_every_act_can_be_run_alone(make: Any, lamp: Any, nora: Any, front: Any, form: Any) -> None:
    write_form(form, "Another matter", subject="Other", email="karim@example.com")
    for number, act in enumerate(
        [("assign", "nobody"), ("team", "Front"), ("snooze", "3h"), ("open", ""), ("untag", "x")]
    ):
        run_macro(make(act, name=f"No. {number}"), lamp, by=nora)
    lamp.refresh_from_db()
    assert (lamp.team, lamp.assignee, lamp.status) == (front, None, "open")
