"""Nobody's words go into anybody's mailbox in our name (security.md T15)."""

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from random import Random
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.automatic.refusing import mailbox_of
from makegood.channels.email.composing import compose
from makegood.channels.models import Delivery, Inbox
from makegood.channels.outgoing import from_json
from makegood.portal.actions import Written, submit_form
from makegood.portal.budgets import BUDGETS, Budget

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
NUMBERS = count()
SUBMISSIONS, VICTIMS = 300, 3


@pytest.fixture
def without_other_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what holds is the budget of each address alone."""
    for name in BUDGETS:
        if name != "confirmations-to-an-address":
            monkeypatch.setitem(BUDGETS, name, Budget(10**12, BUDGETS[name].period))


def test_hundreds_of_forms_bring_a_victim_one_mail_a_day(
    form: Inbox, without_other_limits: None
) -> None:
    random = Random(1)
    with time_machine.travel(BEGAN, tick=False) as clock:
        for number in range(SUBMISSIONS):
            clock.shift(timedelta(days=3) / SUBMISSIONS)
            victim = number % VICTIMS
            address = random.choice(["v{}@x.example", "V{}@X.example", "v{}+{}@x.example"])
            text = f"buy pills {number}"
            said = Written(key=f"{number}", text=text, email=address.format(victim, number))
            assert submit_form(form, said).startswith("message:")
    sent: dict[str, list[datetime]] = {}
    for delivery in Delivery.objects.order_by("queued_at"):
        mailbox = mailbox_of(delivery.outgoing["to"][0]["address"])
        sent.setdefault(mailbox, []).append(delivery.queued_at)
    assert len(sent) == VICTIMS
    for moments in sent.values():
        assert len(moments) <= 3
        gaps = [b - a for a, b in pairwise(moments)]
        assert all(gap >= timedelta(days=1) for gap in gaps)


WORDS = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=4, max_size=40
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=WORDS, subject=WORDS, text=WORDS)
def test_no_word_of_a_stranger_is_in_the_mail(
    form: Inbox, without_other_limits: None, name: str, subject: str, text: str
) -> None:
    """The mail of two strangers differs in the address and in what we drew by chance alone."""
    number = next(NUMBERS)
    plain = Written(key=f"a{number}", text="x", email=f"a{number}@x.example")
    loud = Written(
        key=f"b{number}", text=text, name=name, subject=subject, email=f"b{number}@x.example"
    )
    mails = []
    for written in (plain, loud):
        submit_form(form, written)
        mails.append(_mail_to(written.email))
    assert mails[0] == mails[1]
    Delivery.objects.all().delete()


def _mail_to(address: str) -> list[Any]:
    """Everything in the mail but the address, the tokens and the moment."""
    delivery = Delivery.objects.latest("pk")
    outgoing = delivery.outgoing
    assert outgoing["to"] == [{"address": address, "name": ""}]
    chance = [outgoing["key"], outgoing["reply_to"]]
    chance += [word for word in outgoing["text"].split() if "/c/" in word]
    content = compose(from_json(outgoing), lambda _sha: b"", at=delivery.queued_at).decode()
    assert "Auto-Submitted: auto-generated" in content
    said = [outgoing["subject"], outgoing["text"], outgoing["html"], outgoing["sender"]]
    text = repr(said)
    for word in chance:
        text = text.replace(word, "…")
    return [text, outgoing["references"], outgoing["in_reply_to"], outgoing["files"]]


def test_the_mail_speaks_the_inboxs_language(form: Inbox) -> None:
    Inbox.objects.filter(pk=form.pk).update(language="de")
    form.refresh_from_db()
    submit_form(form, Written(key="k", text="Hallo", email="ida@example.com"))
    assert "jemand hat Lantern & Loom" in Delivery.objects.get().outgoing["text"]
