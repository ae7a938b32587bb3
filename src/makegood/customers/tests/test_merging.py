from typing import Any

import pytest

from makegood.conversations.models import Conversation
from makegood.customers.actions import (
    Details,
    change_details,
    fill_customer_fields,
    note_on_customer,
    tag_customer,
    tell_apart,
)
from makegood.customers.blocking import block_customer, block_on
from makegood.customers.finding import named_like
from makegood.customers.likeness import alike
from makegood.customers.merging import merge_customers, merges_of, sides_of, split_customers
from makegood.customers.models import Customer
from makegood.fields.actions import Wish, save_field
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from tests.world import EARLIER, arrive, conversation_of, mail_bytes


@pytest.fixture
def ida(lamp: Conversation) -> Customer:
    return lamp.customer


@pytest.fixture
def twin(mailbox: Any) -> Customer:
    """Ida again, from work: another customer until somebody says so."""
    return conversation_of(writes(mailbox, "Any news?")).customer


def writes(mailbox: Any, text: str, sender: str = "Ida Berg <ida.berg@work.example>") -> str:
    return arrive(mailbox, mail_bytes(text, sender=sender, subject=text))


def conversations_of(customer: Customer) -> set[str]:
    mine = Conversation.objects.filter(customer=customer)
    return set(mine.values_list("subject", flat=True))


def test_a_merge_brings_everything_together(ida, twin, nora):
    tag_customer(twin, ["vip"], by=nora)
    note_on_customer(twin, "Call her at work.", by=nora)
    merge_customers(ida, twin, by=nora)
    assert conversations_of(ida) == {"My lamp", "Any news?"}
    assert {one.address for one in ida.handles.all()} == {
        "ida@example.com", "ida.berg@work.example",
    }  # fmt: skip
    assert [tag.word for tag in ida.tags.all()] == ["vip"]
    assert [note.text for note in ida.notes.all()] == ["Call her at work."]
    assert "Nora merged Ida Berg into Ida Berg" in [
        event.sentence() for event in Event.objects.about(ida.ref)
    ]


def test_each_line_is_chosen(ida, twin, nora, olga):
    size = save_field(None, Wish(name="Size"), by=olga)
    plan = save_field(None, Wish(name="Plan"), by=olga)
    fill_customer_fields(ida, {"size": "S", "plan": "gold"}, role="agent", by=nora)
    fill_customer_fields(twin, {"size": "M", "plan": "silver"}, role="agent", by=nora)
    change_details(twin, Details(name="Ida B.", language="de"), by=nora)
    merge_customers(ida, twin, take={"name", f"field:{size.pk}"}, by=nora)
    ida.refresh_from_db()
    assert (ida.name, ida.language) == ("Ida B.", "de"), "what the kept one lacked came along"
    said = {side.key: side.kept for side in sides_of(ida, twin)}
    assert (said[f"field:{size.pk}"], said[f"field:{plan.pk}"]) == ("M", "gold")


def test_a_merge_is_undone_a_week_later(ida, twin, nora, mailbox):
    change_details(twin, Details(name="Ida at work"), by=nora)
    merge = merge_customers(ida, twin, take={"name"}, by=nora)
    writes(mailbox, "From work, later")
    writes(mailbox, "From home, later", sender="Ida <ida@example.com>")
    change_details(
        Customer.objects.get(pk=ida.pk), Details(name="Ida at work", language="sv"), by=nora
    )
    split_customers(merge, by=nora)
    ida.refresh_from_db()
    twin.refresh_from_db()
    assert conversations_of(ida) == {"My lamp", "From home, later"}
    assert conversations_of(twin) == {"Any news?", "From work, later"}
    assert (ida.name, ida.language) == ("Ida Berg", "sv"), "what somebody changed since stays"
    assert twin.name == "Ida at work"
    assert [one.address for one in twin.handles.all()] == ["ida.berg@work.example"]
    assert merges_of(ida) == []
    with pytest.raises(Refused, match="undone already"):
        split_customers(merge, by=nora)


def test_no_circle_can_close(ida, twin, nora):
    merge_customers(ida, twin, by=nora)
    for kept, absorbed in ((twin, ida), (ida, twin), (ida, ida)):
        with pytest.raises(Refused):
            merge_customers(kept, absorbed, by=nora)


def test_merges_within_merges_come_apart_in_any_order(ida, twin, nora, mailbox):
    third = conversation_of(writes(mailbox, "Third", sender="Ida <ida@third.example>")).customer
    inner = merge_customers(twin, third, by=nora)
    outer = merge_customers(ida, twin, by=nora)
    assert conversations_of(ida) == {"My lamp", "Any news?", "Third"}
    split_customers(inner, by=nora)
    assert (conversations_of(ida), conversations_of(third)) == ({"My lamp", "Any news?"}, {"Third"})
    split_customers(outer, by=nora)
    assert (conversations_of(ida), conversations_of(twin)) == ({"My lamp"}, {"Any news?"})


def test_who_was_blocked_stays_so_after_a_merge(ida, twin, nora):
    block_customer(twin, reason="Threats.", by=nora)
    merge_customers(ida, twin, by=nora)
    assert block_on("email", "ida.berg@work.example", EARLIER) is not None
    assert block_on("email", "ida@example.com", EARLIER) is None


def test_likeness_says_its_reasons_and_can_be_denied(ida, twin, nora, olga):
    save_field(None, Wish(name="Phone", is_telling=True), by=olga)
    fill_customer_fields(ida, {"phone": "+49 170 1234567"}, role="agent", by=nora)
    fill_customer_fields(twin, {"phone": "0170 123 45 67"}, role="agent", by=nora)
    (found,) = alike(ida)
    assert found.customer == twin
    assert found.reasons == ["The same name", "The same Phone: +49 170 1234567"]
    tell_apart(twin, ida, by=nora)
    assert alike(ida) == []


def test_the_same_name_at_the_same_domain_is_a_reason(mailbox):
    one = conversation_of(writes(mailbox, "A", "Karim Adl <karim@adl.example>")).customer
    conversation_of(writes(mailbox, "B", "Adl, Karim <k.adl@adl.example>"))
    conversation_of(writes(mailbox, "C", "Karim Adl <office@adl.example>"))
    (found,) = alike(one)
    assert found.reasons == ["The same name, and both at adl.example"]


@pytest.mark.parametrize("typed", ["ida", "BERG", "ida@exa", "berg ida", "example.com"])
def test_somebody_is_found_by_the_beginning_of_a_word(ida, typed):
    assert ida in named_like(Customer.objects.all(), typed)


def test_somebody_is_found_by_a_new_name_and_a_tag_and_not_by_the_old_one(ida, nora):
    change_details(ida, Details(name="Ída Müller"), by=nora)
    tag_customer(ida, ["Loud Lamps"], by=nora)
    for typed in ("muller", "Müller", "loud"):
        assert ida in named_like(Customer.objects.all(), typed), typed
    ida.handles.update(name="")
    change_details(ida, Details(name="Ida Mann"), by=nora)
    assert not named_like(Customer.objects.all(), "muller").exists()
