"""The signature under an answer: the agent's, then the inbox's, and never twice."""

from typing import Any

import pytest

from makegood.channels.models import Delivery, Inbox
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.signing import signature_of, signed
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
    assert signed(written, Agent(signature="Nora"), Inbox(signature="Shop")) == written


def test_half_a_signature_is_completed() -> None:
    written = signed("It left.\n\n-- \nNora", Agent(signature="Nora"), Inbox(signature="Shop"))
    assert written == "It left.\n\n-- \nNora\nShop"


def test_without_one_nothing_is_added() -> None:
    assert signed("It left.", Agent(), Inbox()) == "It left."
