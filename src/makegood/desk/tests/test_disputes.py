import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.disputes.models import Answer, Dispute
from makegood.disputes.tests.samples import stripe_dispute, stripe_event
from makegood.disputes.tests.test_packet import IDA, PARCEL
from makegood.disputes.tests.test_taking import an_order, take
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

LATE = int((timezone.now() + timedelta(days=2)).timestamp())


@pytest.fixture
def as_tomas(client: Client, tomas: Agent) -> Client:
    client.force_login(tomas)
    return client


@pytest.fixture
def disputed(lamp: Conversation) -> Dispute:
    an_order(shipments=(PARCEL,), buyer=IDA)
    found = stripe_dispute(evidence_details={"due_by": LATE})
    take(stripe_event("charge.dispute.created", found))
    return Dispute.objects.get()


def _page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_without_any_dispute_the_page_says_what_it_is_for(as_tomas: Client) -> None:
    assert "may it stay so" in _page(as_tomas, "/disputes/")


def test_the_next_deadline_stands_first(disputed: Dispute, as_tomas: Client) -> None:
    later = stripe_dispute(id="du_2", evidence_details={"due_by": LATE + 999_999}, charge="ch_2",
                           reason="duplicate")  # fmt: skip
    take(stripe_event("charge.dispute.created", later))
    page = _page(as_tomas, "/disputes/")
    assert page.index("not received") < page.index("paid twice")
    assert "claim--at-risk" in page


def test_before_it_goes_it_is_read_in_the_language_it_goes_in(
    disputed: Dispute, tomas: Agent, as_tomas: Client
) -> None:
    Agent.objects.filter(pk=tomas.pk).update(language="de")
    page = _page(as_tomas, f"/disputes/{disputed.pk}/sending/")
    assert "Belege abschicken" in page
    assert "Parcels and their scans" in page
    assert "Pakete und ihre Scans" not in page


def test_how_it_ended_is_counted_by_month_and_reason(disputed: Dispute, as_tomas: Client) -> None:
    over = stripe_dispute(status="won")
    hours = (timezone.now().timestamp() - stripe_at()) / 3600
    take(stripe_event("charge.dispute.closed", over, hours=hours))
    page = _page(as_tomas, "/disputes/")
    assert "Won and lost" in page
    assert "€84.00" in page
    assert "No dispute is open" in page


def stripe_at() -> float:
    return Dispute.objects.get().told_at.timestamp()


def test_a_dispute_is_gone_over_looked_at_and_sent(disputed: Dispute, as_tomas: Client) -> None:
    address = f"/disputes/{disputed.pk}/"
    page = _page(as_tomas, address)
    assert "Parcels and their scans" in page
    said = {"piece": ["parcel:s1", "order"], "statement": "It came.", "then": "send"}
    response = as_tomas.post(f"{address}evidence/", said)
    assert response["Location"] == f"{address}sending/"
    looked = _page(as_tomas, f"{address}sending/")
    assert "It came." in looked
    assert "Where is my lamp?" not in looked
    digest = looked.partition('name="digest" value="')[2].partition('"')[0]
    as_tomas.post(f"{address}sending/", {"how": "hand", "digest": digest})
    assert Answer.objects.get().digest == digest
    assert "sent it by hand" in _page(as_tomas, address)


def test_the_archive_opens_without_us(disputed: Dispute, as_tomas: Client) -> None:
    response = as_tomas.get(f"/disputes/{disputed.pk}/packet.zip")
    whole = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.namelist() == ["evidence.html", "packet.css"]
        page = archive.read("evidence.html").decode()
    assert "00340434161094" in page
    assert 'href="packet.css"' in page
    assert "<script" not in page


def test_it_stands_beside_its_conversation_and_on_its_order(
    disputed: Dispute, lamp: Conversation, as_tomas: Client
) -> None:
    for address in (
        f"/conversations/{lamp.pk}/customer/",
        f"/conversations/{disputed.conversation_id}/customer/",
        f"/orders/{disputed.order_id}/",
    ):
        assert f"/disputes/{disputed.pk}/" in _page(as_tomas, address)


def test_its_conversation_opens_though_nobody_wrote(disputed: Dispute, as_tomas: Client) -> None:
    page = _page(as_tomas, f"/conversations/{disputed.conversation_id}/")
    assert "Dispute about order #1001" in page
    assert "Dispute about order #1001" in _page(as_tomas, "/inbox/waiting/")


def test_an_order_is_found_by_its_number(form: Inbox, as_tomas: Client) -> None:
    order = an_order(charge="elsewhere")
    take(stripe_event("charge.dispute.created", stripe_dispute(evidence={})))
    dispute = Dispute.objects.get()
    page = _page(as_tomas, f"/disputes/{dispute.pk}/?number=1001")
    assert "It is this one" in page
    as_tomas.post(f"/disputes/{dispute.pk}/order/", {"order": str(order.pk)})
    dispute.refresh_from_db()
    assert dispute.order == order


def test_vera_finds_nothing_of_a_dispute_that_is_not_hers(
    disputed: Dispute, client: Client, vera: Agent
) -> None:
    client.force_login(vera)
    assert client.get(f"/disputes/{disputed.pk}/").status_code == 404
    assert client.get(f"/disputes/{disputed.pk}/packet.zip").status_code == 404
    assert "Ida" not in _page(client, "/disputes/")


def test_an_agent_sees_and_does_not_send(disputed: Dispute, client: Client, nora: Agent) -> None:
    client.force_login(nora)
    page = _page(client, f"/disputes/{disputed.pk}/")
    assert "Look at it and send" not in page
    assert client.post(f"/disputes/{disputed.pk}/sending/").status_code == 404


def test_files_of_messages_go_into_the_archive_under_harmless_names(
    mailbox: Inbox, form: Inbox, as_tomas: Client
) -> None:
    about = conversation_of(write_form(form, "See the picture", subject="Order 1001"))
    assert about.pk
    an_order()
    take(stripe_event("charge.dispute.created", stripe_dispute()))
    pk = Dispute.objects.get().pk
    assert as_tomas.get(f"/disputes/{pk}/packet.zip").status_code == 200
