from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.conversations.actions import add_note
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Attachment, Conversation, Message, Note, Token
from makegood.conversations.queries import timeline_of
from makegood.conversations.replying import Reply, reply_to
from makegood.customers.models import Handle
from makegood.ledger.models import Event
from makegood.portal.tests.asking import fill_in
from tests.world import arrive, mail_bytes

CANARY = "canary-in-the-notes"


def conversation() -> Conversation:
    return Conversation.objects.get()


def answer(nora: Any, text: str, state: str = "sent", **more: Any) -> Message:
    message = reply_to(conversation(), Reply(text=text, **more), by=nora)
    Message.objects.filter(pk=message.pk).update(delivery_state=state)
    return message


def test_looking_proves_nothing_and_shows_nothing(link: str, client: Client) -> None:
    shown = client.get(link)
    assert "Was it you" in shown.content.decode()
    assert "Where is my lamp" not in shown.content.decode()
    assert Handle.objects.get().verified_at is None
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert client.post(f"{link}messages/", {"text": "Hi"}).status_code == 404


def test_a_press_proves_the_address_once(link: str, client: Client) -> None:
    for _again in range(2):
        assert client.post(f"{link}confirmation/").status_code == 302
    assert Handle.objects.get().verified_at is not None
    assert Message.objects.get().trust == "verified"
    assert Event.objects.filter(kind="conversation.confirmed").count() == 1
    assert "Where is my lamp?" in client.get(link).content.decode()
    told = [e.event.sentence() for e in timeline_of(conversation()) if e.event]
    assert "ida@example.com confirmed: this was me" in told


def test_the_customer_reads_what_was_answered(confirmed: str, client: Client, nora: Any) -> None:
    answer(nora, "It left on Friday.")
    answer(nora, "Still in the outbox.", state="queued")
    shown = client.get(confirmed).content.decode()
    assert "It left on Friday." in shown
    assert "Nora" in shown
    assert "Still in the outbox" not in shown


def test_an_answer_through_the_link_joins_and_is_trusted(
    confirmed: str, client: Client, nora: Any
) -> None:
    answer(nora, "It left on Friday.")
    file = SimpleUploadedFile("box.png", b"\x89PNG", content_type="image/png")
    assert (
        fill_in(client, confirmed_form(confirmed), text="Here!", attachments=[file]).status_code
        == 302
    )
    message = Message.objects.order_by("-pk")[0]
    assert (message.text, message.trust) == ("Here!", "verified")
    assert conversation().is_waiting()
    assert "private link" in message.joined_because
    shown = client.get(confirmed).content.decode()
    assert "Here!" in shown
    assert "box.png" in shown


def confirmed_form(link: str) -> str:
    return link


@pytest.fixture(autouse=True)
def _the_answer_form_posts_beside_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """`fill_in` opens and posts at one address; here the form's own action is another."""
    post = Client.post

    def to_its_action(self: Client, path: str, *args: Any, **kwargs: Any) -> Any:
        is_page = path.startswith("/c/") and path.count("/") == 3
        return post(self, f"{path}messages/" if is_page else path, *args, **kwargs)

    monkeypatch.setattr(Client, "post", to_its_action)


def test_no_living_link_is_stored_with_an_answer(confirmed: str, client: Client) -> None:
    fill_in(client, confirmed, text="Here!")
    raw = bytes(Arrival.objects.get(origin="link").raw or b"").decode()
    token = raw.partition('"token": "')[2].partition('"')[0]
    assert len(token) == 26
    assert client.get(f"/c/{token}/").status_code == 404
    assert client.get(confirmed).status_code == 200


def test_a_note_can_never_be_seen(confirmed: str, client: Client, nora: Any) -> None:
    draft = save_draft(conversation(), CANARY, purpose="note", by=nora)
    file = attach_to_draft(draft, name=f"{CANARY}.png", content_type="image/png", content=b"\x89P")
    add_note(conversation(), CANARY, attachments=[file], by=nora)
    save_draft(conversation(), CANARY, purpose="reply", by=nora)
    answer(nora, "It left on Friday.")
    fill_in(client, confirmed, text="Thank you")
    assert Note.objects.get().text == CANARY
    for address in (confirmed, f"{confirmed}files/{file.pk}/"):
        shown = client.get(address)
        assert CANARY not in shown.content.decode()
    assert client.get(f"{confirmed}files/{file.pk}/").status_code == 404
    outbox = "".join(str(one.outgoing) for one in Delivery.objects.all())
    assert CANARY not in outbox


def test_others_words_and_machines_words_stay_inside(
    confirmed: str, client: Client, mailbox: Inbox, nora: Any
) -> None:
    sent = answer(nora, "It left on Friday.")
    delivery = Delivery.objects.get(about=sent.ref)
    came = {"sender": "Spy <spy@example.net>", "in_reply_to": delivery.key}
    arrive(mailbox, mail_bytes("I am Spy", **came), to=[delivery.outgoing["reply_to"]])
    arrive(
        mailbox,
        mail_bytes("I am away", auto_submitted="auto-replied", in_reply_to=delivery.key),
        to=[delivery.outgoing["reply_to"]],
    )
    assert conversation().messages.count() == 4
    shown = client.get(confirmed).content.decode()
    assert "I am Spy" not in shown
    assert "I am away" not in shown


def test_files_of_ones_own_conversation_only(
    confirmed: str, client: Client, form: Inbox, nora: Any
) -> None:
    draft = save_draft(conversation(), "", purpose="reply", by=nora)
    mine = attach_to_draft(draft, name="label.pdf", content_type="x/y", content=b"%PDF-1")
    answer(nora, "The label.", attachments=[mine])
    served = client.get(f"{confirmed}files/{mine.pk}/")
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in served.headers["Content-Security-Policy"]
    file = SimpleUploadedFile("secret.png", b"\x89PNG")
    fill_in(client, f"/write/{form.public_id}/", email="karim@example.com", attachments=[file])
    theirs = Attachment.objects.get(name="secret.png")
    assert client.get(f"{confirmed}files/{theirs.pk}/").status_code == 404


def test_saying_no_closes_the_link_and_tells_the_agents(link: str, client: Client) -> None:
    assert "Thank you for telling us" in client.post(f"{link}denial/").content.decode()
    assert client.get(link).status_code == 404
    assert Message.objects.get().trust == "suspicious"
    told = [e.event.sentence() for e in timeline_of(conversation()) if e.event]
    assert "ida@example.com says: this was not me" in told


def test_a_link_that_is_damaged_revoked_or_of_another_kind_opens_nothing(
    confirmed: str, client: Client
) -> None:
    assert client.get(confirmed[:-2] + "/").status_code == 404
    reply_token = Delivery.objects.get().outgoing["reply_to"].partition("+r.")[2][:26]
    assert client.get(f"/c/{reply_token}/").status_code == 404
    Token.objects.filter(purpose="link").update(revoked_at="2026-01-01T00:00:00Z")
    assert client.get(confirmed).status_code == 404


def test_somebody_elses_form_in_a_known_name_shows_nothing_of_before(
    confirmed: str, client: Client, form: Inbox
) -> None:
    fill_in(client, f"/write/{form.public_id}/", text="I am Ida, believe me")
    later = Conversation.objects.latest("pk")
    assert later.messages.get().trust == "unverified"
    assert "believe me" not in client.get(confirmed).content.decode()


def test_presses_need_the_pages_own_word(link: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{link}confirmation/").status_code == 403
