"""Which orders stand beside a conversation, in which order, and of which nothing may be told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from makegood.acts.filling import Setting, fill
from makegood.channels.models import Delivery, Inbox
from makegood.concerns.actions import attach_order, detach_order
from makegood.concerns.models import Proof
from makegood.concerns.naming import MOST, numbers_in_words
from makegood.concerns.proving import TRIES, check_code, send_code
from makegood.concerns.queries import order_meant, orders_beside
from makegood.conversations.finding import Finder
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.desk.tests.asking import signed_in
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.shop.models import Order
from tests.ordered import an_order
from tests.world import arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db
TELLS = "{order.number|?} {order.total|?} {order.status|?} {order.tracking|?}"


@pytest.fixture
def asked(mailbox: Inbox) -> Conversation:
    """Ida asks for an order that Ann placed."""
    return conversation_of(arrive(mailbox, mail_bytes("Where is my order #1001, please?")))


def _beside(conversation: Conversation) -> list[tuple[str, str, bool]]:
    return [(one.order.number, one.why.value, one.is_theirs) for one in orders_beside(conversation)]


def _facts(*kinds: str) -> list[str]:
    return list(Event.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True))


def _code(proof: Proof) -> str:
    outgoing = Delivery.objects.get(about=proof.ref).outgoing
    (code,) = [word for word in outgoing["text"].split() if word.isdecimal() and len(word) == 6]
    return str(code)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_what_is_named_stands_first_and_is_told_to_nobody_else(asked: Any, nora: Any) -> None:
    an_order("#1001")
    an_order("#2002", email="ida@example.com")
    assert _beside(asked) == [("#1001", "named", False), ("#2002", "address", True)]
    assert fill("{order.number}", Setting(conversation=asked, agent=nora)).text == "#2002"


def test_where_nothing_may_be_told_the_fallback_stands(asked: Any, nora: Any) -> None:
    an_order("#1001")
    setting = Setting(conversation=asked, agent=nora, language="en")
    assert fill(TELLS, setting).text == "? ? ? ?"
    attach_order(asked, Order.objects.get(), by=nora)
    assert fill(TELLS, setting).text == "? ? ? ?"


def test_their_own_order_fills_the_fields(asked: Any, nora: Any) -> None:
    an_order("#1001", email="ida@example.com")
    setting = Setting(conversation=asked, agent=nora, language="de")
    assert fill(TELLS, setting).text == "#1001 25,00 € noch nicht versendet ?"


def test_an_order_is_attached_once_and_taken_off_again(asked: Any, nora: Any) -> None:
    far = an_order("#9009")
    attach_order(asked, far, by=nora)
    attach_order(asked, far, by=nora)
    assert _beside(asked) == [("#9009", "attached", False)]
    detach_order(asked, far, by=nora)
    detach_order(asked, far, by=nora)
    assert _beside(asked) == []
    assert _facts("order.attached", "order.detached") == ["order.attached", "order.detached"]


def test_the_code_of_its_own_mailbox_shows_that_an_order_is_theirs(asked: Any, nora: Any) -> None:
    order = an_order("#1001")
    proof = send_code(asked, order, by=nora)
    sent = Delivery.objects.get(about=proof.ref).outgoing
    code = _code(proof)
    assert [one["address"] for one in sent["to"]] == ["ann@example.com"]
    assert code not in Proof.objects.get().mark
    assert not check_code(asked, order, _wrong(code), by=nora)
    assert order_meant(asked) is None
    assert check_code(asked, order, f" {code[:3]} {code[3:]} ", by=nora)
    assert _beside(asked) == [("#1001", "named", True)]
    assert order_meant(asked) == order
    assert _facts("order.code_sent", "order.code_wrong", "order.proven") == [
        "order.code_sent", "order.code_wrong", "order.proven",
    ]  # fmt: skip


def test_a_code_ends_after_too_many_tries(asked: Any, nora: Any) -> None:
    order = an_order("#1001")
    code = _code(send_code(asked, order, by=nora))
    for _try in range(TRIES):
        assert not check_code(asked, order, _wrong(code), by=nora)
    with pytest.raises(Refused):
        check_code(asked, order, code, by=nora)
    assert order_meant(asked) is None


def test_a_code_ends_with_its_time_and_with_the_next_one(asked: Any, nora: Any) -> None:
    order = an_order("#1001")
    first = _code(send_code(asked, order, by=nora))
    second = _code(send_code(asked, order, by=nora))
    assert first == second or not check_code(asked, order, first, by=nora)
    Proof.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        check_code(asked, order, second, by=nora)
    assert order_meant(asked) is None


def test_only_so_many_codes_go_to_one_order_in_a_day(asked: Any, nora: Any) -> None:
    order = an_order("#1001")
    for _code_sent in range(3):
        send_code(asked, order, by=nora)
    with pytest.raises(Refused):
        send_code(asked, order, by=nora)
    assert Delivery.objects.filter(about__startswith="proof:").count() == 3


def test_a_code_holds_for_its_own_order_and_conversation(
    asked: Any, mailbox: Inbox, nora: Any
) -> None:
    order, other = an_order("#1001"), an_order("#1002")
    code = _code(send_code(asked, order, by=nora))
    elsewhere = conversation_of(
        arrive(mailbox, mail_bytes("#1001", sender="eve@example.com", subject="Mine"))
    )
    for conversation, meant in ((asked, other), (elsewhere, order)):
        with pytest.raises(Refused):
            check_code(conversation, meant, code, by=nora)
    assert check_code(asked, order, code, by=nora)
    assert order_meant(elsewhere) is None


def test_nothing_is_to_be_proven_of_their_own(asked: Any, nora: Any) -> None:
    own = an_order("#1001", email="ida@example.com")
    with pytest.raises(Refused):
        send_code(asked, own, by=nora)


def test_order_finds_the_conversations_of_whoever_placed_it(
    asked: Any, lamp: Any, nora: Any, vera: Any
) -> None:
    an_order("#7007", email="ida@example.com")
    far = an_order("#9009")
    attach_order(asked, far, by=nora)
    assert asked.pk in _asked_for("order:7007", nora)
    assert _asked_for("order:9009", nora) == [asked.pk]
    assert _asked_for("order:9009", vera) == []


def _asked_for(query: str, agent: Any) -> list[int]:
    return [row.pk for row in Finder(understand(query, agent)).page("").rows]


def test_an_agent_attaches_and_proves_on_the_page(asked: Any, nora: Any) -> None:
    order, client = an_order("#9009"), signed_in(nora)
    here = f"/conversations/{asked.pk}/orders/"
    assert client.post(here, {"number": "nothing"}).status_code == 409
    assert client.post(here, {"number": "9009"}).status_code == 302
    assert "ask for proof" in client.get(f"/conversations/{asked.pk}/customer/").text
    assert client.post(f"{here}{order.pk}/code/", {"do": "send"}).status_code == 302
    code = _code(Proof.objects.get())
    said = {"do": "check", "code": _wrong(code)}
    assert client.post(f"{here}{order.pk}/code/", said).status_code == 409
    assert "tries left: 4" in client.get(f"/conversations/{asked.pk}/customer/").text
    client.post(f"{here}{order.pk}/code/", {"do": "check", "code": code})
    assert "shown by a code" in client.get(f"/conversations/{asked.pk}/customer/").text
    client.post(here, {"order": order.pk, "do": "detach"})
    assert "#9009" not in client.get(f"/conversations/{asked.pk}/customer/").text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Order #1001-B, please", ["1001b"]),
        ("my 3 lamps of 1001.", ["1001"]),
        ("A12 and #77 and 77", ["a12"]),
        ("", []),
    ],
)
def test_numbers_are_taken_out_of_words(words: str, found: list[str]) -> None:
    assert numbers_in_words([words]) == found


@given(st.lists(st.text(max_size=300), max_size=5))
def test_no_words_make_more_numbers_than_are_asked_for(texts: list[str]) -> None:
    found = numbers_in_words(texts)
    assert len(found) == len(set(found)) <= MOST
    assert all(any(letter.isdigit() for letter in one) for one in found)
