"""Beside a promise that broke: an apology as a draft, a new time, and why it broke."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import drafts_of
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.promises.models import Cause, Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.promised import a_policy


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)


@pytest.fixture
def broken(lamp: Conversation) -> Promise:
    """Ida was to be answered an hour ago."""
    now = timezone.now()
    Promise.objects.filter(conversation=lamp).delete()
    since = now - timedelta(hours=3)
    one = Promise.objects.create(
        kind="first_answer", conversation=lamp, made_by="policy:1", made_at=since, since=since,
        seconds=7200, clock="always", version=a_policy(), due_at=now - timedelta(hours=1),
        warn_at=now - timedelta(hours=2), next_at=now - timedelta(hours=2),
    )  # fmt: skip
    tick(now)
    one.refresh_from_db()
    return one


def shown(client: Client, lamp: Conversation) -> str:
    return str(client.get(f"/conversations/{lamp.pk}/").content.decode())


def test_a_broken_promise_asks_for_what_comes_next(
    lamp: Conversation, broken: Promise, as_nora: Client
) -> None:
    page = shown(as_nora, lamp)
    assert "hint--broken" in page
    assert "nobody said yet why" in page
    words = re.search(r'data-words="([^"]+)" data-due="[^"]+"', page)
    assert words
    assert "and I am sorry that you had to wait.\n\nI will write to you again by" in words[1]


def test_nothing_is_asked_where_nothing_broke(lamp: Conversation, as_nora: Client) -> None:
    assert "hint--broken" not in shown(as_nora, lamp)


def test_without_script_the_apology_is_a_draft_and_nothing_is_sent(
    lamp: Conversation, broken: Promise, as_nora: Client, nora: Agent
) -> None:
    for _again in range(2):
        answer = as_nora.post(f"/promises/{broken.pk}/apology/", {"due": ""})
        assert answer.status_code == 302
    draft = drafts_of(lamp, nora)["reply"].text
    assert draft.count("You wrote to us on") == 1
    assert "I will write to you again" not in draft
    assert not Message.objects.filter(direction="outgoing").exists()
    assert not Promise.objects.filter(kind="personal").exists()


def test_the_apology_speaks_the_language_of_the_customer(
    lamp: Conversation, broken: Promise, as_nora: Client
) -> None:
    lamp.customer.language = "de"
    lamp.customer.save()
    page = shown(as_nora, lamp)
    assert "Sie haben uns am" in page
    assert "Ich melde mich bis" in page


def test_why_it_broke_is_chosen_and_stands_beside_the_promise(
    lamp: Conversation, broken: Promise, as_nora: Client
) -> None:
    sheet = as_nora.get(
        f"/promises/{broken.pk}/next/?on=here&ask=why",
        headers={**HTMX, "HX-Target": f"next-{broken.pk}-sheet"},
    ).content.decode()
    assert "too many at once" in sheet
    cause = Cause.objects.get(known="many")
    said = {"cause": cause.pk, "words": "A sale."}
    answer = as_nora.post(
        f"/promises/{broken.pk}/cause/", said, headers={**HTMX, "HX-Target": "hints"}
    )
    assert "too many at once, “A sale.”" in answer.content.decode()
    broken.refresh_from_db()
    assert (broken.cause, broken.asks_since) == (cause, None)


def test_who_chooses_nothing_is_told_so(broken: Promise, as_nora: Client) -> None:
    answer = as_nora.post(f"/promises/{broken.pk}/cause/", {"words": "Hm."}, headers=HTMX)
    assert answer.status_code == 422 or answer.status_code == 409
    broken.refresh_from_db()
    assert broken.asks_since


def test_the_page_without_script_offers_the_same(broken: Promise, as_nora: Client) -> None:
    page = as_nora.get(f"/promises/{broken.pk}/next/").content.decode()
    assert "Apologise, and write again by" in page
    assert "Note why" in page
