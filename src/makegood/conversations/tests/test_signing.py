"""The signature under an answer: the agent's, then the inbox's, and never twice."""

from typing import Any

import pytest

from makegood.channels.models import Delivery, Inbox
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.signing import Signed, refuse_unknown_fields, signature_of, signed
from makegood.kit.errors import Refused
from makegood.kit.markdown import written
from makegood.team.models import Agent

SHOP = "Lantern & Loom\nLamps made by hand"


@pytest.fixture
def signing(nora: Agent, mailbox: Inbox) -> Agent:
    Agent.objects.filter(pk=nora.pk).update(signature="Nora")
    Inbox.objects.filter(pk=mailbox.pk).update(signature=SHOP)
    nora.signature = "Nora"
    return nora


def test_both_stand_under_an_answer_in_text_and_html(signing: Agent, lamp: Any) -> None:
    reply_to(lamp, Reply(text="It left."), by=signing)
    outgoing = Delivery.objects.get().outgoing
    assert outgoing["text"] == f"It left.\n\n-- \nNora\n{SHOP}"
    assert "Nora<br>Lantern &amp; Loom<br>Lamps made by hand" in outgoing["html"]


@pytest.mark.parametrize(
    ("own", "shared", "both"),
    [
        ("Nora", "Shop", "Nora\nShop"),
        ("Nora", "", "Nora"),
        ("", "Shop", "Shop"),
        ("", "", ""),
        ("Nora\nShop", "Shop", "Nora\nShop"),
    ],
)
def test_an_agents_stands_before_the_inboxs(own: str, shared: str, both: str) -> None:
    assert signature_of(Agent(signature=own), Inbox(signature=shared)) == both


@pytest.mark.parametrize(
    "written",
    ["It left.\n\n-- \nNora\nShop", "It left.\nNora\nShop\n", "It left.\n\n--\nNora\n Shop"],
)
def test_what_is_signed_already_is_not_signed_again(written: str) -> None:
    found = signed(written, Agent(signature="Nora"), Inbox(signature="Shop"))
    assert found == Signed(text=written, signature="")


def test_half_a_signature_is_completed() -> None:
    found = signed("It left.\n\n-- \nNora", Agent(signature="Nora"), Inbox(signature="Shop"))
    assert found == Signed(text="It left.\n\n-- \nNora\nShop", signature="")


def test_without_one_nothing_is_added() -> None:
    assert signed("It left.", Agent(), Inbox()) == Signed(text="It left.", signature="")


def test_a_signature_is_formatted_and_its_fields_are_filled(signing: Agent, lamp: Any) -> None:
    Inbox.objects.update(signature="**{shop.name}**\n{inbox.address}")
    Agent.objects.update(signature="{agent.first_name|Your team} at [the shop](https://l.example)")
    reply_to(lamp, Reply(text="It left."), by=Agent.objects.get(pk=signing.pk))
    outgoing = Delivery.objects.get().outgoing
    assert outgoing["text"].endswith(
        "-- \nNora at the shop (https://l.example)\nLantern & Loom\nhello@lantern.example"
    )
    assert "<strong>Lantern &amp; Loom</strong>" in outgoing["html"]


def test_what_a_field_does_not_know_is_left_out() -> None:
    assert signature_of(Agent(signature="{agent.name}\nThe shop"), Inbox()) == "The shop"
    assert signature_of(Agent(signature="{agent.name|Us}"), Inbox()) == "Us"


def test_a_name_is_no_formatting() -> None:
    found = signature_of(Agent(name="*Nora*", signature="{agent.name}"), Inbox())
    assert written(found).text == "*Nora*"


def test_a_field_that_there_is_not_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="customer.name"):
        refuse_unknown_fields("{customer.name}")
    refuse_unknown_fields("{agent.name|x} {shop.name}")
