"""Vera, who may not; strangers, who may not even ask; and foreign pages, which can do nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Attachment, Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.saving import ViewSettings, save_view
from makegood.desk.tests.asking import signed_in
from makegood.desk.urls import urlpatterns
from makegood.kit.paging import mark
from makegood.macros.actions import MacroWish, save_macro
from makegood.makegoods.actions import offer
from makegood.makegoods.approving import ask
from makegood.makegoods.tests.giving import matter, wish
from makegood.promises.actions import Word, make_promise
from makegood.sending.preparing import Wish, prepare_answer
from tests.ordered import a_product, an_order
from tests.world import HOUSE, conversation_of, write_form

OF_ONE = [
    ("get", "/conversations/{c}/"),
    ("get", "/conversations/{c}/news/"),
    ("get", "/conversations/{c}/before/{m}/"),
    ("get", "/conversations/{c}/customer/"),
    ("post", "/conversations/{c}/handles/{h}/"),
    ("post", "/conversations/{c}/seen/"),
    ("post", "/conversations/{c}/messages/"),
    ("post", "/conversations/{c}/prepared/"),
    ("post", "/conversations/{c}/undo/"),
    ("get", "/answers/{w}/"),
    ("post", "/answers/{w}/"),
    ("post", "/answers/{w}/writing/"),
    ("post", "/answers/{w}/leaving/"),
    ("post", "/answers/{w}/return/"),
    ("post", "/conversations/{c}/notes/"),
    ("post", "/conversations/{c}/drafts/reply/"),
    ("post", "/conversations/{c}/drafts/reply/preview/"),
    ("post", "/conversations/{c}/drafts/reply/files/"),
    ("post", "/conversations/{c}/drafts/reply/files/{a}/removal/"),
    ("post", "/conversations/{c}/promises/found/"),
    ("get", "/conversations/{c}/promises/times/"),
    ("post", "/conversations/{c}/promises/sentence/"),
    ("post", "/promises/{p}/keeping/"),
    ("post", "/promises/{p}/withdrawal/"),
    ("post", "/promises/{p}/time/"),
    ("post", "/promises/{p}/handing/"),
    ("get", "/promises/{p}/next/"),
    ("get", "/conversations/{c}/making-good/"),
    ("post", "/conversations/{c}/orders/"),
    ("post", "/conversations/{c}/orders/{o}/code/"),
    ("post", "/conversations/{c}/wanted/{t}/"),
    ("get", "/makegoods/{g}/"),
    ("post", "/makegoods/{g}/state/"),
    ("post", "/makegoods/{g}/words/"),
    ("get", "/approvals/{q}/"),
    ("post", "/promises/{p}/apology/"),
    ("post", "/promises/{p}/cause/"),
    ("get", "/conversations/{c}/visitor/"),
    ("get", "/conversations/{c}/handing/"),
    ("post", "/conversations/{c}/handing/"),
    ("get", "/chats/{c}/"),
    ("get", "/chats/{c}/news/"),
    ("post", "/chats/{c}/taking/"),
    ("post", "/chats/{c}/messages/"),
    ("post", "/chats/{c}/notes/"),
    ("post", "/chats/{c}/resolution/"),
    ("get", "/conversations/{c}/placed/"),
    ("get", "/conversations/{c}/assignment/"),
    ("post", "/conversations/{c}/assignment/"),
    ("get", "/conversations/{c}/tags/"),
    ("post", "/conversations/{c}/tags/"),
    ("get", "/conversations/{c}/rest/"),
    ("post", "/conversations/{c}/rest/"),
    ("post", "/conversations/{c}/acts/"),
    ("post", "/conversations/{c}/following/"),
    ("get", "/conversations/{c}/mentions/"),
    ("post", "/conversations/{c}/unread/"),
    ("get", "/conversations/{c}/beside/"),
    ("post", "/conversations/{c}/beside/"),
    ("post", "/conversations/{c}/beside/draft/"),
    ("post", "/conversations/{c}/resolution/"),
    ("post", "/conversations/{c}/resolution/undo/"),
    ("get", "/conversations/{c}/join/"),
    ("post", "/conversations/{c}/join/"),
    ("post", "/conversations/{c}/parting/"),
    ("post", "/conversations/{c}/likeness/"),
    ("post", "/conversations/{c}/participants/1/"),
    ("get", "/conversations/{c}/saved-replies/"),
    ("get", "/conversations/{c}/macros/"),
    ("get", "/conversations/{c}/macros/{k}/"),
    ("get", "/messages/{m}/split/"),
    ("post", "/messages/{m}/split/"),
    ("post", "/messages/{m}/belonging/"),
    ("post", "/messages/{m}/forward/"),
    ("get", "/messages/{m}/sent/"),
    ("post", "/messages/{m}/delivery/"),
    ("get", "/attachments/{a}/"),
    ("get", "/inbox/saved/{v}/"),
    ("get", "/views/{v}/"),
    ("post", "/views/{v}/"),
    ("post", "/views/{v}/removal/"),
]
OF_EVERYBODY = {
    *("home", "inbox", "view", "search", "search-options", "search-help", "me"),
    *("views", "new-view", "view-order", "answers", "habit"),
    *("bulk", "bulk-act", "bulk-begin", "bulk-stop", "bulk-undo"),
    *("look", "first-steps", "time-zone", "wishes", "browsers", "browser-removal", "digest-end"),
    *("makegoods", "makegoods-file", "approval-link"),
    *("day", "next", "standing", "expected", "chats", "chat-queue"),
    *(
        "notices",
        "notice-count",
        "notice-sounding",
        "notices-reading",
        "service-worker",
        "presence",
    ),
}
"""Of the agent who asks, and of nobody else: tried by `tests/gates`."""
OF_PEOPLE = {
    "fields", "customers", "person", "person-details", "person-tags", "person-notes",
    "person-note-removal", "person-fields", "person-consent", "person-block", "handle-block",
    "lifting", "network-lifting", "merging", "apart", "person-splitting", "copies", "copy",
    "forgetting", "order", "orders", "order-parcel", "order-scan", "new-segment", "segment",
    "segment-removal", "orders-late", "order-confirming", "orders-confirming", "product", "first",
    "errand", "errand-off", "errand-settled",
}  # fmt: skip
"""About customers: tried by `tests/gates`, and in `test_people.py`."""
OF_BESIDE = {
    "side", "side-seen", "side-state", "side-sent", "side-delivery", "side-file",
    "side-file-removal", "redaction", "spotted", "file-redaction", "rule-run",
    "disputes", "dispute", "dispute-evidence", "dispute-sending", "dispute-packet",
    "dispute-packet-file", "dispute-order", "dispute-letting-go",
}  # fmt: skip
"""By numbers of their own, or for leads alone: tried by `tests/gates`."""


@pytest.fixture
def numbers(lamp: Conversation, nora: Any, tomas: Any) -> dict[str, int]:
    draft = save_draft(lamp, "", purpose="reply", by=nora)
    file = attach_to_draft(draft, name="a.png", content_type="image/png", content=b"\x89PNG")
    message = reply_to(lamp, Reply(text="It left.", attachments=[file]), by=nora)
    Message.objects.filter(pk=message.pk).update(html="<p>It left.</p>")
    handle = lamp.participants.get().handle_id
    view = save_view(ViewSettings(name="Late", query="tag:none"), by=nora)
    macro = save_macro(None, MacroWish(name="Tag", acts=[("tag", "late")], agent=nora), by=nora)
    shared = prepare_answer(lamp, Reply(text="Dear"), Wish(state="shared"), by=nora)
    word = Word(words="I write", due_at=timezone.now() + timedelta(days=1), owner=nora)
    return {
        "p": make_promise(lamp, word, by=nora).pk,
        "g": offer(matter(lamp), wish(), by=nora).pk,
        "q": ask(matter(lamp), wish(50_00), by=nora).approval.pk,
        "w": shared.pk,
        "c": lamp.pk,
        "o": an_order().pk,
        "t": a_product().variants.earliest("pk").pk,
        "m": message.pk,
        "a": Attachment.objects.get().pk,
        "h": handle,
        "v": view.pk,
        "k": macro.pk,
    }


@pytest.mark.parametrize(("method", "address"), OF_ONE)
def test_vera_cannot_open_what_nora_can(
    numbers: dict[str, int], nora: Any, vera: Any, method: str, address: str
) -> None:
    address = address.format(**numbers)
    assert getattr(signed_in(vera), method)(address).status_code == 404
    assert getattr(signed_in(nora), method)(address).status_code != 404


@pytest.mark.parametrize(("method", "address"), OF_ONE)
def test_a_stranger_is_asked_to_sign_in(numbers: dict[str, int], method: str, address: str) -> None:
    answer = getattr(Client(), method)(address.format(**numbers))
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]


def test_no_address_of_the_desk_is_missing_here(numbers: dict[str, int]) -> None:
    resolver = get_resolver()
    tried = {resolver.resolve(address.format(**numbers)).url_name for _, address in OF_ONE}
    assert {pattern.name for pattern in urlpatterns} - OF_EVERYBODY - OF_PEOPLE - OF_BESIDE == tried


def test_vera_sees_an_empty_inbox_and_finds_nothing(lamp: Conversation, vera: Any) -> None:
    client = signed_in(vera)
    assert "Ida" not in client.get("/inbox/open/").content.decode()
    assert "Ida" not in client.get("/search/?q=lamp").content.decode()


def test_a_draft_is_its_writers_alone(lamp: Conversation, nora: Any, tomas: Any) -> None:
    draft = save_draft(lamp, "Dear Ida", purpose="reply", by=nora)
    file = attach_to_draft(draft, name="a.png", content_type="image/png", content=b"\x89PNG")
    client = signed_in(tomas)
    assert client.get(f"/attachments/{file.pk}/").status_code == 404
    assert "Dear Ida" not in client.get(f"/conversations/{lamp.pk}/").content.decode()


def test_a_foreign_page_has_no_origin_and_fetches_nothing(
    numbers: dict[str, int], nora: Any
) -> None:
    Message.objects.update(html='<p>Hi</p><img data-src="https://tracker.example/x.png">')
    client = signed_in(nora)
    policy = client.get(f"/messages/{numbers['m']}/sent/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "https:" not in policy
    asked = client.get(f"/messages/{numbers['m']}/sent/?pictures=all")
    assert "img-src data: https:" in asked.headers["Content-Security-Policy"]
    shown = client.get(f"/conversations/{numbers['c']}/").content.decode()
    assert "tracker.example" not in shown
    assert "Load pictures from outside" in shown


def test_a_picture_that_came_along_is_part_of_the_foreign_page(
    numbers: dict[str, int], nora: Any
) -> None:
    Attachment.objects.update(cid="lamp@example")
    Message.objects.update(html='<img data-cid="lamp@example">')
    shown = signed_in(nora).get(f"/messages/{numbers['m']}/sent/").content.decode()
    assert '<img src="data:' in shown
    assert "lamp@example" not in shown


def test_a_file_leaves_as_an_attachment(numbers: dict[str, int], nora: Any) -> None:
    answer = signed_in(nora).get(f"/attachments/{numbers['a']}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_a_conversation_looks_like_is_told_only_to_who_may_see_it(
    lamp: Conversation, vera: Any, tomas: Any, back: Any
) -> None:
    other = connect_inbox(InboxSettings(name="Back", kind="web"), teams=[back], by=HOUSE)
    again = conversation_of(write_form(other, "And now?", subject="Re: My lamp"))
    assert again.looks_like == lamp
    address = f"/conversations/{again.pk}/customer/"
    assert "Looks like" in signed_in(tomas).get(address).content.decode()
    shown = signed_in(vera).get(address).content.decode()
    assert "Looks like" not in shown
    assert f"#{lamp.pk}" not in shown


@pytest.mark.parametrize(
    "key",
    [
        ("ours", "2026-13-45 10:00", 1),
        ("ours", "2026-03-02 10:00", 1 << 70),
        ("\0", "2026-03-02 10:00", 1),
        ({}, [], None),
        ("ours", "2026-03-02 10:00", True),
    ],
)
def test_a_damaged_mark_begins_at_the_front(lamp: Conversation, nora: Any, key: Any) -> None:
    client = signed_in(nora)
    assert "My lamp" in client.get(f"/inbox/open/?after={mark(*key)}").content.decode()
    assert client.get(f"/inbox/resolved/?after={mark(*key[1:])}").status_code == 200
    found = client.get(f"/search/?q=lamp&after={mark(key[2])}")
    assert found.status_code == 200
    assert client.get(f"/live/poll/?after={'9' * 5000}").status_code == 200
