"""What a contact form says where nothing is known yet of how long an answer takes."""

import pytest
from django.test import Client
from django.utils import translation

from makegood.channels.models import Inbox
from makegood.portal.chat.greeting import forget_greetings, greeting
from makegood.promises.foretelling import promised_by_chat, promised_by_form
from makegood.promises.models import Policy, PolicyVersion
from tests.promised import MONDAY


def a_first_answer(condition: str, seconds: int, clock: str = "hours") -> None:
    """A policy that is asked before those out of the box."""
    policy = Policy.objects.create(name=condition or "All", position=-1)
    PolicyVersion.objects.create(
        policy=policy,
        number=1,
        condition=condition,
        targets={"first_answer": {"seconds": seconds, "clock": clock}},
        published_at=MONDAY,
    )


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a test before this one was told is not told again."""
    forget_greetings()


@pytest.mark.django_db
def test_a_new_shop_says_what_its_policy_promises() -> None:
    assert promised_by_form() == "We answer within 8 business hours."


@pytest.mark.django_db
def test_a_chat_says_what_is_promised_to_chats(chat: Inbox) -> None:
    with translation.override("en"):
        assert promised_by_chat() == "We answer within 5 minutes."
        assert greeting(chat, "en")["wait"] == "We answer within 5 minutes."
    with translation.override("de"):
        assert greeting(chat, "de")["wait"] == "Wir antworten innerhalb von 5 Minuten."


@pytest.mark.django_db
def test_a_chat_that_says_nothing_of_its_waits_promises_nothing_beforehand(chat: Inbox) -> None:
    chat.settings["hides_waits"] = True
    assert greeting(chat, "en")["wait"] == ""


@pytest.mark.django_db
def test_what_another_channel_promises_is_not_said() -> None:
    a_first_answer("channel:chat", 300)
    assert promised_by_form() == "We answer within 8 business hours."


@pytest.mark.django_db
def test_where_it_depends_on_who_writes_the_longest_is_said() -> None:
    a_first_answer("tag:vip", 3600)
    assert promised_by_form() == "We answer within 8 business hours."
    a_first_answer("tag:slow", 24 * 3600)
    assert promised_by_form() == "We answer within 24 business hours."


@pytest.mark.django_db
def test_clocks_that_cannot_be_compared_say_nothing() -> None:
    a_first_answer("tag:vip", 3600, clock="always")
    assert promised_by_form() == ""


@pytest.mark.django_db
def test_minutes_and_hours_around_the_clock_are_said_as_they_are() -> None:
    a_first_answer("channel:web", 1800, clock="always")
    assert promised_by_form() == "We answer within 30 minutes."
    PolicyVersion.objects.filter(condition="channel:web").update(
        targets={"first_answer": {"seconds": 7200, "clock": "always"}}
    )
    assert promised_by_form() == "We answer within 2 hours."


@pytest.mark.django_db
def test_where_nothing_is_promised_nothing_is_said() -> None:
    Policy.objects.update(is_on=False)
    assert promised_by_form() == ""


def test_the_form_of_a_new_shop_says_so(client: Client, form: Inbox) -> None:
    page = client.get(f"/write/{form.public_id}/").content.decode()
    assert "We answer within 8 business hours." in page
    form.settings["hides_waits"] = True
    form.save()
    page = client.get(f"/write/{form.public_id}/").content.decode()
    assert "business hours" not in page
